"""The calibration of verdicts: sketches estimate similarity, scenes keep their promises, fits find known weights."""

import gzip
import json
import random

import numpy as np
import pytest

from twinstream_reformer import calibrate
from twinstream_reformer.calibration.links import links
from twinstream_reformer.calibration.regression import fit, probabilities, reliability
from twinstream_reformer.calibration.scenes import SCENES, Member, scene
from twinstream_reformer.calibration.sketches import Sketcher


def text(seed, count=40):
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghij", k=draw.randint(3, 8))) for _ in range(80)]
    return " ".join(" ".join(draw.choices(words, k=9)).capitalize() + "." for _ in range(count))


TEXTS = [text(seed) for seed in range(12)]


def test_sketches_estimate_similarity():
    words = [f"word{n}" for n in range(400)]
    size_a, a = Sketcher(seed=1).sketch(" ".join(words[:300]))
    assert size_a == 298
    sketcher = Sketcher(seed=1)
    _, a = sketcher.sketch(" ".join(words[:300]))
    _, b = sketcher.sketch(" ".join(words[100:]))
    # 198 shingles in common of 398; 256 components leave a standard error of 0.03.
    assert ((a == b).mean() - 1 / 256) / (1 - 1 / 256) == pytest.approx(198 / 398, abs=0.1)


def test_links_know_twins_and_crowds():
    same = Member(0, TEXTS[0])
    found = list(links([same, Member(1, TEXTS[1]), same, same, same, same], Sketcher()))
    assert [part.twins.tolist() for part in found] == [[True] * count for count in (1, 2, 3, 4)]
    assert [part.crowded for part in found] == [False, False, False, True]
    assert found[-1].features()[0, 3] == 0


@pytest.mark.parametrize("kind", [kind for kind, _ in SCENES], ids=lambda kind: kind.__name__)
def test_a_scene_depends_on_its_seed_alone(kind):
    first = kind(TEXTS[0], TEXTS[1:], random.Random(5))
    assert first == kind(TEXTS[0], TEXTS[1:], random.Random(5))
    assert len(first) > 1


def test_a_fit_finds_the_weights_that_made_the_labels():
    random_numbers = np.random.default_rng(3)
    features = np.stack([np.ones(20_000), random_numbers.normal(size=20_000), random_numbers.normal(3, 2, 20_000)], 1)
    wanted = np.array([-1.0, 2.0, 0.5])
    expected = probabilities(features, wanted)
    labels = (random_numbers.random(20_000) < expected).astype(float)
    assert fit(features, labels, np.ones(20_000)) == pytest.approx(wanted, abs=0.15)
    assert reliability(expected, labels)[1] < 0.02


def test_reliability_by_hand():
    rows, error = reliability(np.array([0.05, 0.95, 0.95, 1.0]), np.array([0, 1, 0, 1.0]))
    assert rows[0] == (1, 0.05, 0) and rows[9][0] == 3
    assert error == pytest.approx((0.05 + 3 * abs(2.9 / 3 - 2 / 3)) / 4)


def test_scenes_have_no_empty_texts():
    for seed in range(30):
        assert all(member.text.strip() for member in scene(TEXTS[seed % 12], TEXTS, random.Random(seed)))


def test_the_command_prints_coefficients_and_tables(tmp_path, capsys):
    with gzip.open(tmp_path / "texts.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": text(seed, 20)}) + "\n" for seed in range(160))
    assert calibrate.main([str(tmp_path), "--bases", "50", "--held-out", "30", "--seed", "2"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("sparse (") and "\ncrowded (" in printed
    assert printed.count("expected calibration error") == 2
    with pytest.raises(SystemExit):
        calibrate.main([str(tmp_path), "--bases", "500"])
    assert "lower --bases" in capsys.readouterr().err
