"""Warm start, a run that is resumed, batches, losses."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tiny_run import ENCODING, WORDS, tiny_config, tiny_data, tiny_run, tiny_start, tiny_tokenizer
from twinstream_reformer.text_encoder import TextEncoder, pad
from twinstream_reformer.training import batches
from twinstream_reformer.training.errors import TrainingError
from twinstream_reformer.training.losses import contrast_loss, similarity_loss
from twinstream_reformer.training.warm_start import principal_axes, sif_weights, static_vectors


@pytest.fixture(scope="module")
def data():
    return tiny_data()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    torch.set_num_threads(1)  # more only wait for each other at this size
    monkeypatch.setattr(batches, "SENTENCE_TOKENS", 200)
    monkeypatch.setattr(batches, "DOCUMENT_TOKENS", 400)
    monkeypatch.setattr(batches, "LONG_TOKENS", 800)
    monkeypatch.setattr(batches, "CAPTION_RUN", 8)


def test_the_warm_start_knows_the_teacher_before_its_first_step(data):
    """Its encodings agree with those of a teacher that is a mean of static vectors; its layers add nothing."""
    student = tiny_start(data).eval()
    _, axes = principal_axes(data.sentence_vectors, ENCODING, centre=False)
    rows = [row.ids for row in tiny_tokenizer().encode_batch(data.sentences)]
    targets = torch.from_numpy(data.sentence_vectors).float() @ axes
    cosine = F.cosine_similarity(student.encode(rows), targets).mean()
    assert cosine > 0.85
    ids, mask = pad(rows[:4])
    embedded = student.reformer.embeddings(ids)
    states = student.reformer(ids, mask)
    assert torch.allclose(states, student.reformer.encoder.layer_norm(torch.cat([embedded, embedded], -1)), atol=1e-5)


def test_rare_tokens_weigh_more():
    weights = sif_weights([[1] * 90 + [2] * 9 + [3]], 5)
    assert weights[1] < weights[2] < weights[3] < weights[4] <= 1


def test_static_vectors_are_the_principal_components(data):
    static = static_vectors(data.token_vectors, 24)
    assert static.shape == (WORDS, 24) and float(static.mean(dim=0).abs().max()) < 1e-3
    spread = static.var(dim=0)
    assert torch.all(spread[:-1] >= spread[1:] - 1e-6)


def test_a_resumed_run_equals_an_uninterrupted_one(data, tmp_path):
    """Sentences, captions, documents and long documents, weights bit for bit; the log too."""
    whole = tiny_run(tmp_path / "whole", data, 9000)
    whole.train()
    assert all(whole.progress.seen.values())
    for until in (2000, 8400, 9000):
        resumed = tiny_run(tmp_path / "resumed", data, 9000)
        resumed.train(until)
    for name, weight in whole.encoder.state_dict().items():
        assert torch.equal(weight, resumed.encoder.state_dict()[name]), name
    steps = [[row for row in run.log.rows() if "kind" in row] for run in (whole, resumed)]
    assert steps[0] == steps[1]


def spread(student: TextEncoder) -> float:
    """A score that is a function of the weights."""
    rows = [[n, n + 1] for n in range(2, WORDS - 1)]
    probe = torch.randn(ENCODING, generator=torch.Generator().manual_seed(1))
    return float((student.encode(rows) @ probe).std())


def best_of(folder) -> dict:
    values = json.loads((folder / "best" / "progress.json").read_text())
    return {name: values[name] for name in ("step", "tokens", "best")}


def test_which_weights_are_best_does_not_hang_on_the_clock(data, tmp_path):
    """Saved after every step or never, in one piece or in three: the same are scored, at the marks and at the end."""
    scored = []
    for name, seconds, stops in (("often", 0, [9000]), ("never", 1e9, [9000]), ("pieces", 1e9, [1700, 5000, 9000])):
        for until in stops:
            run = tiny_run(tmp_path / name, data, 9000, spread, score_tokens=1000, checkpoint_seconds=seconds)
            run.train(until)
        scored.append([row for row in run.log.rows() if "score" in row])
    assert scored[0] == scored[1] == scored[2] and 9 <= len(scored[0]) <= 10
    best = max(scored[0], key=lambda row: row["score"])
    for name in ("often", "never", "pieces"):
        assert best_of(tmp_path / name)["step"] == best["step"]
    run.train()  # a finished run has nothing to do
    assert [row for row in run.log.rows() if "score" in row] == scored[0]


@pytest.mark.parametrize("killed", ["in the weights", "before it makes way", "between the two",
                                    "before the checkpoint"])
def test_a_kill_neither_forgets_nor_lowers_the_best(data, tmp_path, monkeypatch, killed):
    scores = iter([0.1, 0.9])
    tiny_run(tmp_path, data, 9000, lambda _: next(scores), score_tokens=3000).train(2000)

    def kill(*arguments):
        raise KeyboardInterrupt

    run = tiny_run(tmp_path, data, 9000, lambda _: next(scores), score_tokens=3000)
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        if killed == "in the weights":
            broken.setattr(TextEncoder, "save", lambda self, folder: (folder.mkdir(), kill()))
        elif killed == "before the checkpoint":
            broken.setattr(torch, "save", kill)
        else:
            rename, name = Path.rename, "best" if killed == "before it makes way" else "best.new"
            broken.setattr(Path, "rename", lambda path, to: kill() if path.name == name else rename(path, to))
        run.train()
    resumed = tiny_run(tmp_path, data, 9000, lambda _: 0.9 if resumed.progress.tokens < 6000 else 0.5,
                       score_tokens=3000)
    assert resumed.progress.best == (0.9 if killed in ("between the two", "before the checkpoint") else 0.1)
    resumed.train()
    found = best_of(tmp_path)
    assert found["best"] == 0.9 and 3000 <= found["tokens"] < 6000
    assert resumed.progress.best == 0.9
    TextEncoder.load(tmp_path / "best")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("best")) == ["best"]


def test_without_long_documents_the_others_take_their_place(data, tmp_path):
    few = cut(data, 3)
    assert not batches.Batches(few, tiny_tokenizer(), 1).has_long
    run = tiny_run(tmp_path, few, 3000)
    run.train()
    assert run.progress.tokens >= 3000 and run.progress.seen["long"] == 0


@pytest.mark.parametrize("kind", ["sentence", "caption", "document", "long"])
def test_a_kind_without_texts_is_an_error(data, kind):
    nothing = {"sentence": {"sentences": []}, "caption": {"captions": data.captions[:8]}, "document": {"documents": []}}
    few = cut(data, 3) if kind == "long" else dataclasses.replace(data, **nothing[kind])
    with pytest.raises(TrainingError, match=f"one {kind} batch"):
        batches.Batches(few, tiny_tokenizer(), 1).get(kind, 0)


def cut(data, most: int):
    """Of each document the first passages."""
    kept, start = [], 0
    for document in data.documents:
        kept += range(start, start + min(most, len(document)))
        start += len(document)
    return dataclasses.replace(data, documents=[document[:most] for document in data.documents],
                               queries=[data.queries[index] for index in kept],
                               passage_vectors=data.passage_vectors[kept], query_vectors=data.query_vectors[kept])


def test_training_lowers_the_loss(data, tmp_path):
    run = tiny_run(tmp_path, data, 30000)
    run.train()
    rows = [row for row in run.log.rows() if row.get("kind") == "sentence"]
    first, last = (np.mean([5 * row["cosine"] + row["similarity"] for row in part]) for part in (rows[:10], rows[-10:]))
    assert last < 0.95 * first, (first, last)
    kept = TextEncoder.load(tmp_path / "best")
    assert kept.config == tiny_config()


def test_a_documents_segments_have_the_targets_of_its_passages(data):
    made = batches.Batches(data, tiny_tokenizer(), 1)
    for kind in ("document", "long"):
        batch = made.get(kind, 0)
        place, passages = 0, [passage for document in data.documents for passage in document]
        for ids, mask, segments in zip(batch.ids, batch.mask, batch.segment_ids):
            assert torch.equal(segments >= 0, mask.bool())
            for segment in range(int(segments.max()) + 1):
                index = passages.index(" ".join(f"w{n}" for n in ids[segments == segment]))
                assert np.allclose(batch.targets[place], data.passage_vectors[index].astype(np.float32))
                place += 1
        assert place == len(batch.targets) == len(batch.queries[0]) and len(batch.copies[0]) == len(batch.ids)
        for ids, mask, target in zip(*batch.queries, batch.query_targets):
            at = data.queries.index(" ".join(f"w{n}" for n in ids[mask.bool()]))
            assert np.allclose(target, data.query_vectors[at].astype(np.float32))


def test_a_batch_of_captions_holds_neighbours(data):
    batch = batches.Batches(data, tiny_tokenizer(), 1).get("caption", 0)
    texts = [" ".join(f"w{n}" for n in ids[mask.bool()]) for ids, mask in zip(batch.ids, batch.mask)]
    at = [data.captions.index(text) for text in texts]
    runs = [at[start : start + batches.CAPTION_RUN] for start in range(0, len(at), batches.CAPTION_RUN)]
    assert len(runs) == batches.CAPTION_RUNS and all(run == list(range(run[0], run[0] + len(run))) for run in runs)
    assert np.allclose(batch.targets, data.caption_vectors[at].astype(np.float32))


def test_losses_are_least_where_the_student_is_right():
    draw = torch.Generator().manual_seed(1)
    teacher = F.normalize(torch.randn(12, 20, generator=draw), dim=-1)
    other = F.normalize(torch.randn(12, 8, generator=draw), dim=-1)
    assert similarity_loss(teacher, teacher) < 1e-6 < similarity_loss(other, teacher)
    assert contrast_loss(teacher, teacher) < 0.1 < contrast_loss(teacher, teacher.flip(0))
