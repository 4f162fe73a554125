"""The bench of one attention layer: how it times, and which numbers it takes."""

import pytest
import torch

from twinstream_reformer import bench, bench_attention


def test_each_timed_run_follows_an_untimed_one_of_its_own(monkeypatch):
    """Or threads of the side before, which wait busily for more to do, falsify it."""
    monkeypatch.setattr(bench, "SETTLE_SECONDS", 0)
    ran = []
    sides = {name: lambda states, name=name: ran.append(name) for name in ("ours", "theirs")}
    found = bench_attention.seconds(sides, torch.zeros(1, 64, 256), 3)
    assert ran == ["ours", "ours", "theirs", "theirs"] * 3
    assert set(found) == {"ours", "theirs"} and all(value > 0 for value in found.values())


@pytest.mark.parametrize("wrong, said", [
    ("--length 100", "--length is 100; a multiple of 64"), ("--length 0", "--length is 0"), ("--rounds 2 0", "--rounds has 0"),
    ("--runs 0", "--runs is 0")])
def test_numbers_that_cannot_be_measured_are_refused(wrong, said, capsys):
    with pytest.raises(SystemExit):
        bench_attention.main(["library.so", *wrong.split()])
    assert said in capsys.readouterr().err
