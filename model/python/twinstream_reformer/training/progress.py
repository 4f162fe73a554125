"""The log of losses, as JSON lines, and its plot."""

from __future__ import annotations

import json
from pathlib import Path


#: Steps to a point of the plot.
SMOOTHED = 15


class LossLog:
    """Appends to ``losses.jsonl`` of a folder. A resumed run drops what was logged after its checkpoint."""

    def __init__(self, folder: Path, tokens: int) -> None:
        self._path = folder / "losses.jsonl"
        kept = [row for row in self.rows() if row["tokens"] <= tokens] if self._path.is_file() else []
        self._path.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")

    def rows(self) -> list[dict]:
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()]

    def add(self, **values) -> None:
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(values) + "\n")


def plot(folder: Path) -> Path | None:
    """Draws ``losses.png`` from ``losses.jsonl``: losses, and the development score, by tokens. None without matplotlib."""
    try:
        import matplotlib
    except ImportError:
        return None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = [json.loads(line) for line in (folder / "losses.jsonl").read_text(encoding="utf-8").splitlines()]
    figure, (top, bottom) = pyplot.subplots(2, 1, sharex=True, figsize=(8, 7))
    for kind, name in (("sentence", "cosine"), ("sentence", "similarity"), ("document", "cosine"),
                       ("document", "contrast"), ("long", "cosine")):
        points = [(row["tokens"] / 1e6, row[name]) for row in rows if row.get("kind") == kind]
        means = [tuple(sum(axis) / SMOOTHED for axis in zip(*points[i : i + SMOOTHED]))
                 for i in range(0, len(points) - SMOOTHED + 1, SMOOTHED)]
        if means:
            top.plot(*zip(*means), label=f"{name}, {kind} batches")
    top.set_yscale("log")
    top.set_ylabel(f"loss, mean of {SMOOTHED} steps")
    top.legend()
    scores = [(row["tokens"] / 1e6, row["score"]) for row in rows if "score" in row]
    if scores:
        bottom.plot(*zip(*scores), marker="o")
    bottom.set_ylabel("Spearman, STS-B dev")
    bottom.set_xlabel("million tokens")
    figure.savefig(folder / "losses.png", dpi=110)
    pyplot.close(figure)
    return folder / "losses.png"
