"""What is measured on is left out of training."""

import gzip
import json
import lzma
import re

import pytest

from twinstream_reformer.training import corpus
from twinstream_reformer.training.corpus import RunIndex, draw_sample, passages, read_documents, sentences
from twinstream_reformer.training.errors import TrainingError


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def index_of(folder, texts) -> RunIndex:
    write(folder / "pairs.jsonl.gz", [{"s1": text} for text in texts])
    index = RunIndex()
    index.add_folder(folder)
    return index


def prose(name: str, count: int) -> str:
    return " ".join(f"Sentence {name}{n} says something {name} about the matter {n}." for n in range(count))


def test_a_document_that_shares_its_runs_is_left_out(tmp_path):
    measured = prose("m", 20)
    write(tmp_path / "sets" / "deep" / "pairs.jsonl.gz", [{"s1": measured, "score": 3}])
    write(tmp_path / "corpus" / "web.jsonl.gz",
          [{"text": prose("a", 30)}, {"text": "A header. " + measured}, {"text": prose("b", 30)}])
    index = RunIndex()
    index.add_folder(tmp_path / "sets")
    assert index.shared(measured.upper()) == 1 and index.shared(prose("a", 30)) < 0.2
    sample = draw_sample(tmp_path / "corpus", index, 300, 300, 500, seed=1)
    everything = " ".join(sample.sentences + [part for document in sample.documents for part in document])
    assert sample.excluded == 1 and "m3" not in everything
    assert "Sentence a" in everything and "Sentence b" in everything
    passage_words = [set(part.lower().replace(".", "").split()) for document in sample.documents for part in document]
    assert len(sample.queries) == len(passage_words) and len(set(sample.captions)) == 500
    assert all(words & set(query.lower().split()) for query, words in zip(sample.queries, passage_words))


def test_a_short_text_counts_as_one_run(tmp_path):
    write(tmp_path / "pairs.jsonl.gz", [{"s1": "A man is dancing."}])
    index = RunIndex()
    index.add_folder(tmp_path)
    assert index.shared("a man is DANCING") == 1 and index.shared("a man is singing") == 0


def test_made_up_texts_of_a_measuring_set_are_left_out(tmp_path):
    """Captions and queries that stand there word for word, whatever their case and stops, and longer ones that share
    runs. The others stay what they are."""
    write(tmp_path / "corpus" / "web.jsonl.gz", [{"text": prose(name, 30)} for name in "abcdefgh"])
    free = draw_sample(tmp_path / "corpus", RunIndex(), 300, 300, 500, seed=1)
    long = next(text for text in free.captions if len(text.split()) > 9)
    gone = [free.captions[7], free.captions[100], long, free.queries[3], free.queries[5]]
    index = index_of(tmp_path / "sets", [f"{text.upper().rstrip('.')} !" for text in gone[:2] + gone[3:]]
                     + [f"They say: {long} And more."])
    sample = draw_sample(tmp_path / "corpus", index, 300, 300, 500, seed=1)
    assert not any(index.measured(text) for text in sample.captions + sample.queries)
    assert not set(gone) & set(sample.captions + sample.queries)
    kept = [text for text in free.captions if not index.measured(text)]
    assert len(set(sample.captions)) == 500 and sample.captions[: len(kept)] == kept
    assert len(sample.queries) == len(free.queries)
    assert all(new == old for new, old in zip(sample.queries, free.queries) if not index.measured(old))
    assert (sample.documents, sample.sentences) == (free.documents, free.sentences)


def test_a_passage_whose_every_query_is_measured_is_named(tmp_path, monkeypatch):
    write(tmp_path / "corpus" / "web.jsonl.gz", [{"text": "Gas is light."}])
    monkeypatch.setattr(corpus, "query", lambda passage, draw: "What is gas")
    with pytest.raises(TrainingError, match='"Gas is light."'):
        draw_sample(tmp_path / "corpus", index_of(tmp_path / "sets", ["what is gas?"]), 300, 300, 500, seed=1)


def test_sources_without_a_share_of_their_own_share_the_rest(tmp_path):
    for number in range(6):
        write(tmp_path / f"s{number}.jsonl.gz", [{"text": prose(f"{'abcdef'[number]}{n}x", 40)} for n in range(60)])
    sample = draw_sample(tmp_path, RunIndex(), 60, 60, 500, seed=1)
    # A source may pass its 10 by the rest of its last document.
    assert 54 <= len(sample.sentences) <= 60 and 60 <= sum(map(len, sample.documents)) <= 6 * (10 + 5)


def test_a_small_corpus_gives_sentences_too(tmp_path):
    write(tmp_path / "web.jsonl.gz", [{"text": prose(name, 40)} for name in "abcd"])
    sample = draw_sample(tmp_path, RunIndex(), 160_000, 15_000, 500, seed=1)
    assert len(sample.documents) == 2 and len(sample.sentences) == 16
    assert not any(text in " ".join(part for document in sample.documents for part in document)
                   for text in sample.sentences)


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_a_folder_without_text_is_an_error(tmp_path, folder):
    """A misspelt --exclude would let the measuring sets in."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no")
    with pytest.raises(TrainingError, match=folder):
        RunIndex().add_folder(tmp_path / folder)
    with pytest.raises(TrainingError, match=folder):
        draw_sample(tmp_path / folder, RunIndex(), 10, 10, 500, seed=1)


def test_blank_lines_are_skipped_and_a_source_may_be_missing(tmp_path):
    (tmp_path / "web.jsonl").write_text('{"text": "a b", "source": null}\n\n  \n{"text": "c", "source": "s"}\n'
                                        '{"text": "d"}\n')
    assert [(one.source, one.text) for one in read_documents(tmp_path)] == [("web", "a b"), ("s", "c"), ("web", "d")]
    assert len(draw_sample(tmp_path, RunIndex(), 1000, 1000, 300, seed=1).documents) == 2


@pytest.mark.parametrize("line, said", [
    ('{"id": 1}', 'has nothing as "text"'), ('{"text": null}', 'has null as "text"'),
    ('{"text": 5}', 'has 5 as "text"'), ('["a"]', 'is ["a"]'), ('{"text": "a"', "is not JSON"),
    ('{"text": "a", "source": [2]}', 'has [2] as "source"')])
def test_a_line_that_cannot_be_read_is_named(tmp_path, line, said):
    (tmp_path / "web.jsonl").write_text('{"text": "a b"}\n\n' + line + "\n")
    with pytest.raises(TrainingError, match=re.escape(f"{tmp_path / 'web.jsonl'}:3 {said}")):
        list(read_documents(tmp_path))


LINES = "".join(json.dumps({"text": prose(name, 40)}) + "\n" for name in "abcd").encode()


UNREADABLE = {
    "cut.jsonl.gz": gzip.compress(LINES)[:-30], "damaged.jsonl.gz": gzip.compress(LINES)[:20] + b"\xff" * 60,
    "none.jsonl.gz": LINES, "cut.jsonl.xz": lzma.compress(LINES)[:-30],
    "damaged.jsonl.xz": lzma.compress(LINES)[:40] + b"\xff" * 60, "latin.jsonl": LINES + '{"text": "é"}'.encode("latin-1")}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_to_its_end_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(UNREADABLE[name])
    with pytest.raises(TrainingError, match=re.escape(f"{tmp_path / name} cannot be read (")):
        list(read_documents(tmp_path))


def test_passages_hold_the_text_in_order():
    text = prose("p", 40) + " " + "endless " * 50
    cut = passages(text, words=30, most=100)
    assert " ".join(cut).split() == text.split()
    assert all(len(part.split()) <= 30 for part in cut) and len(passages(text, 30, 3)) == 3
    assert sentences("One. Two!\n\nthree") == ["One.", "Two!", "three"]
