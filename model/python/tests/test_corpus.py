"""What is measured on is left out of training."""

import gzip
import json

from twinstream_reformer.training.corpus import RunIndex, draw_sample, passages, sentences


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


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
    assert sample.excluded == 1 and "m3" not in everything and "a3" in everything
    passage_words = [set(part.lower().replace(".", "").split()) for document in sample.documents for part in document]
    assert len(sample.queries) == len(passage_words) and len(set(sample.captions)) == 500
    assert all(words & set(query.lower().split()) for query, words in zip(sample.queries, passage_words))


def test_a_short_text_counts_as_one_run(tmp_path):
    write(tmp_path / "pairs.jsonl.gz", [{"s1": "A man is dancing."}])
    index = RunIndex()
    index.add_folder(tmp_path)
    assert index.shared("a man is DANCING") == 1 and index.shared("a man is singing") == 0


def test_passages_hold_the_text_in_order():
    text = prose("p", 40) + " " + "endless " * 50
    cut = passages(text, words=30, most=100)
    assert " ".join(cut).split() == text.split()
    assert all(len(part.split()) <= 30 for part in cut) and len(passages(text, 30, 3)) == 3
    assert sentences("One. Two!\n\nthree") == ["One.", "Two!", "three"]
