"""The script that measures datasketch for `evaluate neardup`: its scores of pairs, and files that have few rows."""

import importlib.util
import json
import sys
import types
from pathlib import Path

import pytest

SCRIPT = "topology/src/main/resources/dev/twinstream/app/datasketch_neardup.py"


@pytest.fixture
def peer(monkeypatch):
    """The script as a module; scores need no datasketch."""
    monkeypatch.setitem(sys.modules, "datasketch", types.SimpleNamespace(MinHash=None, MinHashLSH=None))
    spec = importlib.util.spec_from_file_location("datasketch_neardup", Path(__file__).parents[3] / SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_scores_of_pairs(peer):
    assert peer.pair_scores([1, 1, 2], [0, 0, 0]) == pytest.approx((0, 1 / 3, 1, 0.5))
    assert peer.pair_scores([1, 1, 1], [0, 0, 1]) == pytest.approx((0, 1, 1 / 3, 0.5))
    assert peer.pair_scores([1, 1], [0, 1]) == pytest.approx((0, 1, 0, 0))


def test_one_document_has_no_pairs(peer):
    assert peer.pair_scores([1], [0]) == (1, 1, 1, 1)


def test_a_file_without_documents_is_named(peer, monkeypatch, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    monkeypatch.setattr(sys, "argv", ["datasketch_neardup.py", str(empty)])
    with pytest.raises(SystemExit, match="empty.jsonl has no documents"):
        peer.main()


def test_rows_that_are_no_documents_are_left_out(peer, tmp_path):
    document = {"id": "a", "cluster": 1, "text": "one two"}
    rows = [{**document, "text": 5}, {**document, "deleted": True}, {"id": "b", "text": "one"}, [document]]
    lines = ["\ufeff" + json.dumps(document), "no row", "", *map(json.dumps, rows)]
    file = tmp_path / "rows.jsonl"
    file.write_bytes("\n".join(lines).encode() + b'\n{"id": "\xff", "cluster": 1, "text": "one"}\n')
    assert peer.read(str(file)) == [document]
