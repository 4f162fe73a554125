"""The calibration of verdicts: sketches estimate similarity, scenes keep their promises, fits find known weights."""

import gzip
import json
import random
import runpy
import sys

import numpy as np
import pytest

from twinstream_reformer import calibrate
from twinstream_reformer.calibrate import counts, kept_links, told
from twinstream_reformer.calibration.links import Links, links
from twinstream_reformer.calibration.passages import features, passages
from twinstream_reformer.calibration.regression import fit, probabilities, reliability
from twinstream_reformer.calibration.scenes import SCENES, Member, edited, scene
from twinstream_reformer.calibration.sketches import Sketcher, kept_encodings, similarity


def text(seed, count=40):
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghij", k=draw.randint(3, 8))) for _ in range(80)]
    return " ".join(" ".join(draw.choices(words, k=9)).capitalize() + "." for _ in range(count))


TEXTS = [text(seed) for seed in range(12)]


def test_sketches_estimate_similarity():
    words = [f"word{n}" for n in range(400)]
    sketcher = Sketcher(seed=1)
    one, other = sketcher.shingles(" ".join(words[:300])), sketcher.shingles(" ".join(words[100:]))
    assert len(one) == 298
    # 198 shingles in common of 398; 256 components of 4 bits leave a standard error of 0.03.
    assert similarity(sketcher.signature(one), sketcher.signature(other)) == pytest.approx(198 / 398, abs=0.1)
    assert sketcher.signature(one).max() == 15


def test_links_know_twins_and_crowds_and_leave_exact_copies_out():
    words = TEXTS[0].split()
    same = [Member(0, " ".join(words[n:])) for n in range(5)]
    found = list(links([same[0], Member(1, TEXTS[1]), *same], Sketcher()))
    assert [part.twins.tolist() for part in found] == [[True] * count for count in (1, 2, 3, 4)]
    assert [part.crowded for part in found] == [False, False, False, True]
    assert found[0].features().shape == (1, 5)
    assert found[-1].features()[:, 2] == pytest.approx(np.log(found[-1].longer / found[-1].shorter))


def test_links_have_the_cosine_of_encodings_of_six_bits():
    encodings = np.array([[0.8, 0.6, 0, 0], [0.8, -0.6, 0, 0.01]], np.float32)
    kept = kept_encodings(encodings)
    # 0.6 / 0.8 of 31 squared is 720.75, which lies nearer to 27 squared than to 26 squared.
    assert kept[0] == pytest.approx(np.array([961, 729, 0, 0]) / np.hypot(961, 729))
    # 0.01 / 0.8 of 961 is 12.01: 9 is nearer than 16.
    assert kept[1] * np.abs(kept[1]).max() ** -1 == pytest.approx([1, -729 / 961, 0, 9 / 961])
    words = TEXTS[0].split()
    pair = [Member(0, TEXTS[0]), Member(0, " ".join(words[:-20]))]
    (found,) = links(pair, Sketcher(), lambda texts: encodings[: len(texts)])
    assert found.cosine == pytest.approx([kept[0] @ kept[1]])
    assert found.only(np.array([True])).cosine == found.cosine and len(found.only(np.array([False])).twins) == 0
    assert found.with_cosine()[0, -1] == pytest.approx(-np.log(1.005 - kept[0] @ kept[1]), rel=1e-5)


def test_passages_tell_what_is_contained():
    assert features(256, 256, 100, 400)[1] > 20
    # 80 of 100 among 400: similarity 80 / 420, and as many components equal as that makes likely.
    assert features(round(256 * (1 / 16 + 15 / 16 * 80 / 420)), 256, 100, 400)[1] == pytest.approx(0, abs=0.1)
    pairs = list(passages(TEXTS, TEXTS, 1, 5))
    assert pairs == list(passages(TEXTS, TEXTS, 1, 5))
    deviations = {label: [row[1] for row, found in pairs if found is label] for label in (False, True)}
    assert np.mean(deviations[True]) > np.mean(deviations[False])


def test_edits_change_the_share_of_words_asked_for():
    words = TEXTS[0].split()
    changed = edited(TEXTS[0], ["strange"], random.Random(1), 0.2).split()
    assert 0.1 < changed.count("strange") / len(words) < 0.22
    assert len(changed) == pytest.approx(len(words), rel=0.05)


@pytest.mark.parametrize("kind", [kind for kind, _ in SCENES], ids=lambda kind: kind.__name__)
def test_a_scene_depends_on_its_seed_alone(kind):
    first = kind(TEXTS[0], TEXTS[1:], random.Random(5))
    assert first == kind(TEXTS[0], TEXTS[1:], random.Random(5))
    assert len(first) > 1


def test_a_fit_finds_the_weights_that_made_the_labels():
    random_numbers = np.random.default_rng(3)
    columns = np.stack([np.ones(20_000), random_numbers.normal(size=20_000), random_numbers.normal(3, 2, 20_000)], 1)
    wanted = np.array([-1.0, 2.0, 0.5])
    expected = probabilities(columns, wanted)
    labels = (random_numbers.random(20_000) < expected).astype(float)
    assert fit(columns, labels, np.ones(20_000)) == pytest.approx(wanted, abs=0.15)
    assert reliability(expected, labels, np.ones(len(labels)))[1] < 0.02


def test_reliability_by_hand():
    rows, error = reliability(np.array([0.05, 0.95, 0.95, 1.0]), np.array([0, 1, 0, 1.0]), np.ones(4))
    assert rows[0] == (1, 0.05, 0) and rows[9][0] == 3
    assert error == pytest.approx((0.05 + 3 * abs(2.9 / 3 - 2 / 3)) / 4)


def test_a_lone_stranger_counts_half():
    assert counts(np.array([True, False]), crowded=False) == pytest.approx([1, 0.5])
    assert counts(np.array([True, False]), crowded=True) == pytest.approx([1, 1])
    rows, error = reliability(np.array([0.65, 0.65, 0.65]), np.array([1.0, 0, 0]), np.array([1, 0.5, 0.5]))
    assert rows[6] == (3, pytest.approx(0.65), 0.5) and error == pytest.approx(0.15)


def test_scenes_have_no_empty_texts():
    for seed in range(30):
        assert all(member.text.strip() for member in scene(TEXTS[seed % 12], TEXTS, random.Random(seed)))


def test_kept_links_are_those_of_the_stream():
    few = Links(np.array([0.26, 0.3, 0.5]), *np.array([[100, 100, 100], [160, 100, 160]]), np.array([False, True, False]))
    # Nothing but the likeness in length counts: the first is not of like length.
    likeness = np.array([-1.0, 0, 0, 2, 0])
    (kept,) = kept_links([few], likeness)
    assert kept.jaccard.tolist() == [0.3, 0.5] and kept.twins.tolist() == [True, False]
    assert not list(kept_links([few.only(np.array([True, False, False]))], likeness))
    crowd = Links(np.array([0.26, 0.5, 0.5, 0.5, 0.5]), np.full(5, 100), np.full(5, 160), np.zeros(5, bool))
    assert list(kept_links([crowd], likeness)) == [crowd]


def test_the_command_prints_coefficients_and_tables(tmp_path, capsys):
    with gzip.open(tmp_path / "texts.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": text(seed, 20)}) + "\n" for seed in range(160))
    assert calibrate.main([str(tmp_path), "--bases", "50", "--held-out", "30", "--seed", "2"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("sparse (") and "\ncrowded (" in printed
    assert "\ncontained (" in printed
    assert printed.count("expected calibration error") == 3
    assert printed.count("with strangers counted in full") == 1
    with pytest.raises(SystemExit):
        calibrate.main([str(tmp_path), "--bases", "500"])
    assert "lower --bases" in capsys.readouterr().err


def write(folder, name, texts):
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / name, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": each}) + "\n" for each in texts)
    return folder


def test_texts_of_a_measuring_set_are_dropped(tmp_path, capsys):
    measured = text(3, 20)
    corpus = write(tmp_path / "corpus", "texts.jsonl.gz", [text(seed, 20) for seed in range(161)])
    sets = write(tmp_path / "sets", "set.jsonl.gz", [" ".join(measured.split()[: len(measured.split()) // 3])])
    index = calibrate.RunIndex()
    index.add_folder(sets)
    texts, dropped = calibrate.bases(corpus, 2, index)
    assert dropped == 1 and len(texts) == 160 and measured not in texts
    assert calibrate.bases(corpus, 2, calibrate.RunIndex())[1] == 0
    assert calibrate.main([str(corpus), "--exclude", str(sets), "--bases", "50", "--held-out", "30"]) == 0
    assert capsys.readouterr().out.startswith("1 of 161 texts dropped")


def test_what_is_told_right_by_hand():
    named, twins = np.array([True, True, False, False]), np.array([1.0, 0, 0, 1])
    assert told(named, twins, np.ones(4)) == "told right 0.500, precision 0.500"
    assert told(named, twins, counts(twins, crowded=False)) == "told right 0.500, precision 0.667"
    assert told(named & ~named, twins, np.ones(4)) == "told right 0.500, precision - (none named)"


def test_what_the_command_cannot_use_is_said_in_a_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["calibrate", str(tmp_path / "missing")])
    monkeypatch.delitem(sys.modules, "twinstream_reformer.calibrate")  # runpy warns of a module that is there already
    with pytest.raises(SystemExit) as end:
        runpy.run_module("twinstream_reformer.calibrate", run_name="__main__")
    said = capsys.readouterr().err
    assert end.value.code == 2 and said.startswith(f"calibrate: There is no folder {tmp_path / 'missing'}")


def test_scenes_without_a_crowd_are_refused(tmp_path, monkeypatch, capsys):
    corpus = write(tmp_path / "corpus", "texts.jsonl.gz", [text(seed, 20) for seed in range(20)])
    lone = Links(np.array([0.5]), np.array([100]), np.array([100]), np.array([True]))
    monkeypatch.setattr(calibrate, "stream", lambda *_: iter([lone]))
    with pytest.raises(SystemExit):
        calibrate.main([str(corpus), "--bases", "5", "--held-out", "3"])
    assert "--bases have no document whose neighbourhood is crowded" in capsys.readouterr().err
