"""Measures a trained encoder beside its baselines, each figure with its 95% bootstrap interval.

    python -m twinstream_reformer.evaluate RUN DATA --ops LIBRARY [--bundle FOLDER] [--rows NAME...] [--sets NAME...]

RUN: the folder of a training run (labels, best/), made where there is none. DATA: the folder with pairs/, retrieval/
and neardup/; mean_ndcg is the mean over the sets of retrieval/. Rows: bundle
(as it ships, under ONNX Runtime), and of it: bundle-512 (texts cut to 512 tokens), bundle-local (LSH layers attend
locally), bundle-2-rounds and bundle-4-rounds (of hashing; the bundle must have been exported with as many). no-attention
(the checkpoint with attention outputs zeroed), static (baseline), teacher (first 256 tokens), teacher-windows (the mean
over all windows of 256 tokens). Writes RUN/results.json, adding to what is there, and
prints the table.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from tokenizers import Tokenizer

from .evaluation.encoders import Bundle, Encode, checkpoint_encoder, static_encoder, teacher_encoder, teacher_windows
from .evaluation.neardup import FILES, neardup
from .evaluation.pairs import pair_correlation, read_pairs
from .evaluation.retrieval import SETS, mean_retrieval, retrieval
from .evaluation.statistics import Interval
from .training import labels
from .training.errors import in_a_line

#: Arguments of :class:`Bundle` by row.
BUNDLES: dict[str, dict] = {"bundle": {}, "bundle-512": {}, "bundle-local": {"local": True},
                            "bundle-2-rounds": {"rounds": 2}, "bundle-4-rounds": {"rounds": 4}}
ROWS = (*BUNDLES, "no-attention", "static", "teacher", "teacher-windows")


def measures(data: Path) -> dict[str, Callable[[Encode], Interval]]:
    """Every set's measure, by name."""
    found: dict[str, Callable[[Encode], Interval]] = {}
    for name in ("stsb_dev", "sick_trial"):
        found[name] = lambda encode, path=data / "pairs" / f"{name}.jsonl.gz": pair_correlation(encode, read_pairs(path))
    for name in SETS:
        found[name] = lambda encode, folder=data / "retrieval" / name: retrieval(encode, folder)
    found["mean_ndcg"] = lambda encode: mean_retrieval(encode, [data / "retrieval" / name for name in SETS])
    for name in FILES:
        found[name] = lambda encode, path=data / "neardup" / f"{name}.jsonl.gz": neardup(encode, path)
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--ops", type=Path, help="the native ops, for the bundle's rows")
    parser.add_argument("--bundle", type=Path, help="for the bundle's rows")
    parser.add_argument("--teacher", type=Path, help="the teacher's folder, for its row")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=["static", "bundle"])
    parser.add_argument("--sets", nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    known = measures(options.data)
    unknown = set(options.sets or ()) - set(known)
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for row in options.rows:
        if wanted := lacking(row, options):
            parser.error(f"row {row} wants {wanted}")
    options.run.mkdir(parents=True, exist_ok=True)
    file = options.run / "results.json"
    for row in options.rows:
        encode = _encoder(row, options)
        for name in options.sets or known:
            started = time.monotonic()
            interval = known[name](encode)
            # Read anew each time: another evaluation may add its rows meanwhile.
            results = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
            results.setdefault(name, {})[row] = [interval.value, interval.low, interval.high]
            file.write_text(json.dumps(results, indent=1), encoding="utf-8")
            print(f"{row} on {name}: {interval} in {time.monotonic() - started:.0f} s", flush=True)
    print(table(json.loads(file.read_text(encoding="utf-8"))))
    return 0


def lacking(row: str, options: argparse.Namespace) -> str:
    """What the row is made of and is not there; empty if nothing."""
    if row in BUNDLES:
        return "" if options.bundle and options.ops else "--bundle FOLDER and --ops LIBRARY"
    if row.startswith("teacher"):
        return "" if options.teacher else "--teacher FOLDER"
    parts = [options.run / name for name in ("tokenizer.json", "best" if row == "no-attention" else "labels")]
    return ", ".join(f"{part}, which is not there" for part in parts if not part.exists())


def table(results: dict[str, dict[str, list[float]]]) -> str:
    """Markdown: a line a set, a column a row name."""
    columns = [row for row in ROWS if any(row in values for values in results.values())]
    lines = ["| set | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(columns)]
    for name, values in results.items():
        cells = [str(Interval(*values[column])) if column in values else "" for column in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _encoder(row: str, options: argparse.Namespace) -> Encode:
    if row in BUNDLES:
        bundle = Bundle(options.bundle, options.ops, options.threads, **BUNDLES[row])
        return lambda texts: bundle.encode(texts, 512 if row == "bundle-512" else None)
    if row == "teacher":
        return teacher_encoder(options.teacher)
    if row == "teacher-windows":
        return teacher_windows(options.teacher)
    if row == "no-attention":
        return checkpoint_encoder(options.run / "best", options.run / "tokenizer.json", attention=False)
    return static_encoder(labels.load(options.run / "labels"), Tokenizer.from_file(str(options.run / "tokenizer.json")))


if __name__ == "__main__":
    sys.exit(in_a_line("evaluate", main))
