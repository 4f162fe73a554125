"""Full attention beside the kernels: what is printed, and what is said where there is no GPU."""

import pytest
import torch

from twinstream_reformer import bench_gpu


def test_without_a_gpu_one_sentence_says_so(monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit) as end:
        bench_gpu.main(["cuda_test"])
    said = capsys.readouterr()
    assert end.value.code == 77 and said.out == ""
    assert said.err == (f"bench_gpu: PyTorch {torch.__version__} sees no GPU: run this where there is one, with a PyTorch "
                        "built for CUDA\n")


def test_times_in_half_precision_get_their_peer_beside():
    lines = ["NVIDIA H200, compute capability 9.0", "float32     4096 tokens: LSH    1.000 ms, local    0.500 ms",
             "float16    65536 tokens: LSH    2.500 ms, local    0.500 ms", "cuda_test: all passed"]
    asked = []
    found = list(bench_gpu.beside(lines, lambda kind, length: asked.append((kind, length)) or 10.0))
    assert asked == [("float16", 65536)] and found[:2] + found[3:] == lines[:2] + lines[3:]
    assert found[2] == lines[2] + ", full attention   10.000 ms, 4.0 times LSH"


def test_the_peer_runs_in_the_types_of_cuda_test():
    """Lines in the form of times.cc."""
    for kind in bench_gpu.TYPES:
        assert bench_gpu._TIME.match(f"{kind:<9s} {4096:7d} tokens: LSH {1.5:8.3f} ms, local {1:8.3f} ms").groups() == (
            kind, "4096", "1.500")
