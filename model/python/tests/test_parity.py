"""Ours against the reference: its recorded outputs, and itself where it can be installed."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from models import initialized, small, tokens
from twinstream_reformer.checkpoint import CheckpointError, build, load_model
from twinstream_reformer.modeling import ReformerModelWithLMHead, initialize
from twinstream_reformer.parity import config_of, find_cases, main, run_case

CASES = Path(os.environ.get("TWINSTREAM_PARITY_CASES", Path(__file__).parents[4] / "shared" / "reformer-parity"))


def recorded() -> list[Path]:
    return find_cases([str(CASES)]) if CASES.is_dir() else []


@pytest.mark.skipif(not CASES.is_dir(), reason=f"the reference's vectors are not at {CASES}")
@pytest.mark.parametrize("folder", recorded(), ids=lambda folder: folder.name)
def test_recorded_outputs(folder, tmp_path):
    assert run_case(folder, tmp_path) <= 1e-4


SHAPES = {
    "mixed": dict(),
    "causal": dict(is_decoder=True),
    "wide windows": dict(lsh_num_chunks_before=2, lsh_num_chunks_after=1, local_num_chunks_after=1),
    "factorized": dict(num_buckets=(4, 6)),
    "unequal chunks": dict(local_attn_chunk_length=24, attn_layers=("lsh", "local")),
    "local alone": dict(attn_layers=("local", "local"), lsh_attn_chunk_length=None, num_buckets=None),
    "learned positions": dict(axial_pos_embds=False),
    "chunked feed-forward": dict(chunk_size_feed_forward=7, hidden_act="gelu"),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("length", [5, 16, 17, 90, 192])
def test_the_reference_live(name, length):
    transformers = pytest.importorskip("transformers", reason="Hugging Face Transformers is not installed")
    config = small(**SHAPES[name])
    ours = initialized(config)
    values = config.to_dict()
    values["num_buckets"] = list(config.num_buckets) if isinstance(config.num_buckets, tuple) else config.num_buckets
    values["chunk_size_feed_forward"] = 0  # the reference wants a divisor of the length; the result is the same
    reference = transformers.ReformerModel(transformers.ReformerConfig(**values)).eval()
    loaded = reference.load_state_dict(ours.state_dict(), strict=False)
    assert not loaded.unexpected_keys
    ids = tokens(2, length)
    mask = torch.ones_like(ids)
    mask[1, length * 3 // 4 :] = 0
    with torch.no_grad():
        expected = reference(ids, attention_mask=mask).last_hidden_state
        found = ours(ids, mask)
    assert (found - expected)[mask == 1].abs().max().item() <= 1e-4


def test_automatic_buckets_of_a_row_that_only_padding_takes_over_a_chunk(tmp_path):
    """Five tokens are padded to twelve: two chunks of six, which the reference hashes into four buckets."""
    config = small(num_buckets=None, local_attn_chunk_length=4, lsh_attn_chunk_length=6)
    (tmp_path / "config.json").write_text(json.dumps(config.to_dict()))
    assert config_of(tmp_path, 5).num_buckets == 4
    assert config_of(tmp_path, 4).num_buckets is None
    transformers = pytest.importorskip("transformers", reason="Hugging Face Transformers is not installed")
    ours, ids = initialized(config), tokens(2, 5)
    reference = transformers.ReformerModel(transformers.ReformerConfig(**config.to_dict())).eval()
    reference.load_state_dict(ours.state_dict(), strict=False)
    with torch.no_grad():
        expected = reference(ids).last_hidden_state
    np.savez(tmp_path / "weights.npz", **{name: value.numpy() for name, value in ours.state_dict().items()})
    np.savez(tmp_path / "case.npz", input_ids=ids.numpy(), output=expected.numpy())
    assert run_case(tmp_path, tmp_path / "prepared") <= 1e-4


def write_case(folder: Path, length: int = 20, config_changes: dict = {}, **changes) -> Path:
    """A case that a small model has made itself; ``changes`` to its arrays."""
    config = small(**config_changes)
    model, ids = initialized(config), tokens(2, length)
    with torch.no_grad():
        output = model(ids).numpy()
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
    np.savez(folder / "weights.npz", **{name: value.numpy() for name, value in model.state_dict().items()})
    np.savez(folder / "case.npz", **{"input_ids": ids.numpy(), "output": output, **changes})
    return folder


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("spoil, said", [
    (lambda case: write_case(case, input_ids=np.ones((1, 300), int)), "300 tokens are over this model's 256"),
    (lambda case: write_case(case, input_ids=np.full((1, 9), 50)), r"goes from 50 to 50; .* vocab_size - 1 \(49\)"),
    (lambda case: write_case(case, input_ids=np.full((1, 9), -1)), "goes from -1 to -1"),
    (lambda case: write_case(case, input_ids=np.ones(9, int)), r"shape \[9\]; rows of tokens"),
    (lambda case: cut(write_case(case) / "case.npz"), "zip"), (lambda case: cut(write_case(case) / "weights.npz"), "zip"),
    (lambda case: (write_case(case) / "case.npz").write_bytes(b""), "No data"),
    (lambda case: (write_case(case) / "config.json").unlink(), "There is no .*config.json")])
def test_a_broken_case_is_named_and_the_others_are_compared(tmp_path, capsys, spoil, said):
    write_case(tmp_path / "cases" / "b")
    spoil(tmp_path / "cases" / "a")
    assert main([str(tmp_path / "out"), str(tmp_path / "cases")]) == 2
    assert re.fullmatch(f"parity: case {tmp_path}/cases/a: .*{said}.*\n", capsys.readouterr().err)
    (written,) = json.loads((tmp_path / "out" / "cases.json").read_text())
    assert written["name"] == "b" and written["pytorch"] <= 1e-6


@pytest.mark.parametrize("kind, other", [("local", "lsh"), ("lsh", "local")])
def test_a_case_of_one_kind_of_layer_needs_no_keys_of_the_other(tmp_path, kind, other):
    """The keys of the other that stood there are taken away: nothing changes."""
    case = write_case(tmp_path / "case", 40, {"attn_layers": (kind, kind), "num_buckets": 8 if kind == "lsh" else None})
    config = json.loads((case / "config.json").read_text())
    taken = {key: None for key in config if key.startswith(f"{other}_")}
    (case / "config.json").write_text(json.dumps({**config, **taken}))
    assert run_case(case, tmp_path / "out") <= 1e-6
    assert load_model(case)(tokens(2, 40)).shape == (2, 40, 64)


def test_linked_cases_are_found_once(tmp_path):
    real = write_case(tmp_path / "elsewhere" / "deep" / "case")
    (tmp_path / "cases").mkdir()
    for link, to in (("link", tmp_path / "elsewhere"), ("again", real), ("above", tmp_path / "cases")):
        (tmp_path / "cases" / link).symlink_to(to)
    assert find_cases([str(tmp_path / "cases")]) == [real.resolve()]


def test_a_checkpoint_folder_loads(tmp_path):
    from safetensors.torch import save_file

    config = small(is_decoder=True)
    model = ReformerModelWithLMHead(config)
    initialize(model, config, 5)
    model.eval()
    ids = tokens(1, 40)
    (tmp_path / "config.json").write_text(json.dumps({**config.to_dict(), "model_type": "reformer"}))
    for name, save in (("model.safetensors", lambda path: save_file(model.state_dict(), path)),
                       ("pytorch_model.bin", lambda path: torch.save(model.state_dict(), path))):
        save(tmp_path / name)
        with torch.no_grad():
            assert torch.equal(load_model(tmp_path)(ids), model(ids)), name
        (tmp_path / name).unlink()
    with pytest.raises(CheckpointError, match="has no weights"):
        load_model(tmp_path)


def test_wrong_weights_are_named():
    config = small()
    weights = initialized(config).state_dict()
    weights["encoder.layer_norm.bias"] = torch.zeros(3)
    with pytest.raises(CheckpointError, match=r"encoder.layer_norm.bias has shape \[3\].*\[64\]"):
        build(config, weights)
    del weights["encoder.layer_norm.bias"]
    with pytest.raises(CheckpointError, match="missing .*encoder.layer_norm.bias"):
        build(config, weights)


def test_masked_tail_equals_a_shorter_row():
    """A row padded by a mask is the row alone, up to the ring that the padding lengthens: same padded length."""
    model = initialized(small())
    ids = tokens(1, 40)
    padded = torch.cat([ids, torch.zeros(1, 8, dtype=torch.long)], dim=1)
    mask = torch.cat([torch.ones_like(ids), torch.zeros(1, 8, dtype=torch.long)], dim=1)
    with torch.no_grad():
        difference = (model(ids) - model(padded, mask)[:, :40]).abs().max().item()
    assert difference <= 1e-5 and np.isfinite(difference)
