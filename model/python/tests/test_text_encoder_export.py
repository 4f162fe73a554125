"""The exported encoder: its pooling weights, small storage, batch invariance."""

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from models import OPS_LIBRARY, encode, session, small, tokens
from twinstream_reformer.export import encoder_graph, main, write_bundle
from twinstream_reformer.modeling import initialize
from twinstream_reformer.storage import from_int8_rows, to_int8_rows
from twinstream_reformer.text_encoder import TextEncoder


def random_encoder(**changes) -> TextEncoder:
    config = small(num_buckets=None, hash_seed=None, **changes)
    encoder = TextEncoder(config, 12).eval()
    initialize(encoder, config, 4)
    with torch.no_grad():
        encoder.token_scalar.weight.normal_(0, 1.5, generator=torch.Generator().manual_seed(5))
        encoder.state_weight.weight.normal_(0, 0.1, generator=torch.Generator().manual_seed(6))
    return encoder


def as_stored(encoder: TextEncoder) -> TextEncoder:
    """With the numbers that the graph keeps."""
    with torch.no_grad():
        table = encoder.reformer.embeddings.word_embeddings.weight
        table.copy_(from_int8_rows(*to_int8_rows(table)))
        for name, weight in encoder.reformer.encoder.named_parameters():
            if weight.dim() == 2:
                weight.copy_(weight.half().float())
    return encoder


def test_eight_bits_keep_a_row_within_half_a_step():
    table = torch.randn(40, 30, generator=torch.Generator().manual_seed(1)) * torch.logspace(-3, 3, 40).unsqueeze(1)
    numbers, scales = to_int8_rows(table)
    assert numbers.dtype == torch.int8
    assert torch.all((from_int8_rows(numbers, scales) - table).abs() <= scales * 0.501)
    assert torch.equal(from_int8_rows(*to_int8_rows(torch.zeros(2, 3))), torch.zeros(2, 3))


@pytest.mark.skipif(not OPS_LIBRARY.is_file(), reason=f"the custom ops are not built: no {OPS_LIBRARY}")
def test_onnx_runtime_gives_what_pytorch_gives_and_is_blind_to_neighbours():
    encoder = random_encoder(local_attn_chunk_length=24, lsh_attn_chunk_length=16, feed_forward_size=64)
    running = session(encoder_graph(encoder, None))
    rows = [tokens(1, length, seed=length)[0].tolist() for length in (1, 15, 16, 17, 47, 48, 49, 200)]
    expected = as_stored(encoder).encode(rows).numpy()
    single = [encode(running, [row])[0] for row in rows]
    assert np.abs(np.stack(single) - expected).max() <= 1e-5
    assert all(np.array_equal(a, b) for a, b in zip(encode(running, rows), single))


@pytest.mark.skipif(not OPS_LIBRARY.is_file(), reason=f"the custom ops are not built: no {OPS_LIBRARY}")
def test_segments_have_their_own_weighted_means():
    encoder = random_encoder()
    ids = tokens(2, 40)
    mask, segments = torch.ones_like(ids), torch.arange(40).expand(2, 40) // 15
    mask[1, 30:], segments = 0, segments.masked_fill(torch.arange(40) == 7, -1).contiguous()
    segments[1, 30:] = -1
    out = session(encoder_graph(encoder, None)).run(None, {
        "input_ids": ids.numpy(), "attention_mask": mask.numpy(), "segment_ids": segments.numpy()})
    for row in range(2):
        length = int(mask[row].sum())
        with torch.no_grad():
            document, parts = as_stored(encoder)(ids[row : row + 1, :length], mask[row : row + 1, :length],
                                                 segments[row : row + 1, :length])
        assert np.abs(out[0][row] - document[0].numpy()).max() <= 1e-5
        assert np.abs(out[1][row, : parts.shape[1]] - parts[0].numpy()).max() <= 1e-5
    assert not out[1][1, 2].any()


def words(count: int) -> bytes:
    return Tokenizer(WordLevel({f"w{n}": n for n in range(count)}, unk_token="w0")).to_str().encode("utf-8")


def test_a_checkpoint_comes_back_and_exports(tmp_path):
    encoder = random_encoder()
    encoder.save(tmp_path / "best")
    (tmp_path / "tokenizer.json").write_bytes(words(50))
    row = tokens(1, 20)[0].tolist()
    assert torch.equal(TextEncoder.load(tmp_path / "best").encode([row]), encoder.encode([row]))
    assert main([str(tmp_path / "best"), str(tmp_path / "bundle"), "--tokenizer", str(tmp_path / "tokenizer.json")]) == 0
    write_bundle(tmp_path / "again", "best", True, encoder, None, words(50))
    assert (tmp_path / "bundle" / "manifest.json").read_text() == (tmp_path / "again" / "manifest.json").read_text()


@pytest.mark.parametrize("content, said", [
    (words(51), "token ids up to 50, the model's vocab_size is 50"),
    (b"{}", "is no tokenizer"),
    (b"\xff\xfe", "is no tokenizer"),
])
def test_a_tokenizer_that_does_not_fit_is_refused(tmp_path, capsys, content, said):
    random_encoder().save(tmp_path / "best")
    (tmp_path / "best" / "tokenizer.json").write_bytes(content)
    assert main([str(tmp_path / "best"), str(tmp_path / "bundle")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


def test_ids_go_to_the_weights_device_and_encodings_come_back(monkeypatch):
    """Without a GPU, "meta" stands for it: it holds no numbers, so the forward pass gives made-up ones."""
    encoder = random_encoder().to("meta")
    seen = []

    def forward(ids, mask, segment_ids):
        seen.extend(part.device.type for part in (ids, mask, segment_ids))
        return torch.ones(len(ids), 12), None

    monkeypatch.setattr(encoder, "forward", forward)
    assert encoder.encode([[3, 4], [], [5]]).sum(dim=1).tolist() == [12, 0, 12]
    assert set(seen) == {"meta"}


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_encodings_on_a_gpu_are_those_of_the_cpu():
    encoder = random_encoder()
    rows = tokens(3, 40).tolist()
    on_cpu = encoder.encode(rows)
    assert torch.allclose(encoder.cuda().encode(rows), on_cpu, atol=1e-3)
