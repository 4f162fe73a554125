"""The labelled sample: what is kept, and what it was made from."""

import json
import random

import numpy as np
import pytest

from twinstream_reformer.train import main
from twinstream_reformer.training import labels
from twinstream_reformer.training.errors import TrainingError
from twinstream_reformer.training.teacher import Teacher


class MadeUpTeacher:
    """Counts what it is asked; of a text it says its length."""

    tokenizer_json = json.dumps({"model": {"vocab": {str(token): token for token in range(150)}}})

    def __init__(self, name: str = "one") -> None:
        self.name, self.texts = name, 0

    def sha256(self) -> str:
        return self.name

    def encode_tokens(self, rows):
        return np.zeros((len(rows), 384), np.float16)

    def encode(self, texts):
        self.texts += len(texts)
        return np.array([[len(text) / 1000] * 384 for text in texts], np.float16)


def write_corpus(folder, documents: int = 40) -> None:
    folder.mkdir()
    for source in "ab":
        draw = random.Random(source)
        words = ["".join(draw.choices("cdefgh", k=6)) for _ in range(99)]
        rows = [" ".join(" ".join(draw.choices(words, k=9)).capitalize() + "." for _ in range(40))
                for _ in range(documents)]
        (folder / f"{source}.jsonl").write_text("".join(json.dumps({"text": row}) + "\n" for row in rows))


@pytest.fixture
def label(tmp_path):
    """Labels in run/labels, by default with what it was called with before; returns the teacher."""
    write_corpus(tmp_path / "corpus")
    write_corpus(tmp_path / "pairs", 2)

    def call(corpus="corpus", exclude=("pairs",), teacher="one", sentences=60, passages=40, captions=300, seed=1,
             shards=None):
        teacher = MadeUpTeacher(teacher)
        labels.label(tmp_path / "run" / "labels", tmp_path / corpus, [tmp_path / name for name in exclude], teacher,
                     sentences, passages, captions, seed, shards)
        return teacher

    return call


def test_labelling_goes_on_where_it_stopped(label, tmp_path):
    """More shards later are no difference; a file that was half written is none."""
    folder = tmp_path / "run" / "labels"
    label(shards=2)
    with pytest.raises(TrainingError, match="No sentences are labelled"):
        labels.load(folder)
    (folder / "new.part").write_bytes((folder / "tokens.npy").read_bytes()[:100])
    label()
    data = labels.load(folder)
    assert label().texts == 0
    assert len(data.sentences) == len(data.sentence_vectors) > 0 and len(data.captions) == 300
    assert np.allclose(data.caption_vectors[:, 0], [len(text) / 1000 for text in data.captions], atol=1e-3)
    assert sum(map(len, data.documents)) == len(data.passage_vectors) == len(data.queries) == len(data.query_vectors)


def test_a_shard_whose_writing_fails_is_not_there(label, tmp_path, monkeypatch):
    def torn(out, array):
        out.write(b"half")
        raise OSError("disk full")

    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(np, "save", torn)
        label()
    assert not list((tmp_path / "run" / "labels").glob("*.npy"))
    label()
    labels.load(tmp_path / "run" / "labels")


@pytest.mark.parametrize("change, before, now", [
    ({"seed": 2}, "seed 1", "has 2"), ({"sentences": 70}, "sentences 60", "has 70"),
    ({"passages": 50}, "passages 40", "has 50"), ({"captions": 310}, "captions 300", "has 310"),
    ({"teacher": "two"}, "teacher one", "has two"), ({"exclude": ()}, "exclude pairs/a.jsonl of", "has nothing"),
    ({"corpus": "pairs"}, "corpus corpus/a.jsonl of", "has pairs/a.jsonl of")])
def test_labels_of_something_else_are_refused(label, change, before, now):
    label()
    with pytest.raises(TrainingError) as refused:
        label(**change)
    assert before in str(refused.value) and now in str(refused.value) and "choose another RUN" in str(refused.value)
    label()


def test_a_corpus_that_grew_is_something_else(label, tmp_path):
    label()
    with (tmp_path / "corpus" / "b.jsonl").open("a") as more:
        more.write('{"text": "One more."}\n')
    with pytest.raises(TrainingError, match=r"with corpus corpus/b.jsonl of \d+ bytes, this .* corpus/b.jsonl of"):
        label()


def test_labels_that_do_not_say_what_they_are_from_are_refused(label, tmp_path):
    label()
    (tmp_path / "run" / "labels" / labels.MADE_FROM).unlink()
    with pytest.raises(TrainingError, match="--keep-labels"):
        label()
    labels.load(tmp_path / "run" / "labels")


def test_an_empty_sample_leaves_nothing_behind(label, tmp_path):
    """A wrong folder first, then the right one."""
    with pytest.raises(TrainingError, match="There is no folder"):
        label(corpus="copus")
    with pytest.raises(TrainingError, match="gives no sentences"):
        label(exclude=("corpus",))
    assert not (tmp_path / "run").exists()
    label()


def test_what_the_command_lacks_is_said(tmp_path, capsys):
    write_corpus(tmp_path / "corpus", 1)
    (tmp_path / "dev.jsonl").write_text('{"s1": "a", "s2": "b", "score": 1}\n' * 2)
    (tmp_path / "empty.jsonl").write_text("")
    command = [str(tmp_path / "run"), "--corpus", str(tmp_path / "corpus"), "--teacher", str(tmp_path / "teacher")]
    with pytest.raises(SystemExit):
        main(command)
    assert "--dev" in capsys.readouterr().err
    for options, said in ((["--dev", "no.jsonl"], "no file no.jsonl"),
                          (["--dev", str(tmp_path / "empty.jsonl")], "empty.jsonl has 0 pairs"),
                          (["--dev", str(tmp_path / "dev.jsonl")], "teacher holds no *.onnx"),
                          (["--dev", str(tmp_path / "dev.jsonl"), "--keep-labels"], "There are no labels in"),
                          (["--dev", str(tmp_path / "dev.jsonl"), "--captions", "9"], "--captions is 9")):
        assert main(command + options) == 2
        assert said in capsys.readouterr().err


def test_a_teachers_sum_is_of_both_files(tmp_path, monkeypatch):
    monkeypatch.setattr("onnxruntime.InferenceSession", lambda *arguments: None)
    sums = set()
    for model, vocabulary in (("a", "x"), ("b", "x"), ("a", "y")):
        (tmp_path / "model.onnx").write_text(model)
        (tmp_path / "tokenizer.json").write_text(json.dumps({
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
            "pre_tokenizer": None, "post_processor": None, "decoder": None,
            "model": {"type": "WordLevel", "vocab": {vocabulary: 0}, "unk_token": vocabulary}}))
        sums.add(Teacher(tmp_path).sha256())
    assert len(sums) == 3
