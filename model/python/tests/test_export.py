"""The exported graph under ONNX Runtime with our ops: equal to PyTorch, and blind to a row's neighbours."""

import hashlib
import json

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from models import OPS_LIBRARY, encode, initialized, session, small, tokens
from twinstream_reformer.activations import ACTIVATIONS
from twinstream_reformer.evaluation.encoders import Bundle
from twinstream_reformer.export import encoder_graph, write_bundle
from twinstream_reformer.graph import token_graph

pytestmark = pytest.mark.skipif(not OPS_LIBRARY.is_file(), reason=f"the custom ops are not built: no {OPS_LIBRARY}")


def alone(model, row: list[int]) -> np.ndarray:
    """PyTorch's encoding of one row."""
    with torch.no_grad():
        mean = model(torch.tensor([row]))[0].double().mean(dim=0)
    return (mean / mean.norm()).numpy()


@pytest.mark.parametrize("bits", [32, 8])
def test_batch_invariance_with_unequal_chunks(bits):
    """Lengths 1, smallest chunk and next, least common multiple and neighbours; bit for bit."""
    config = small(local_attn_chunk_length=24, lsh_attn_chunk_length=16, num_buckets=None, hash_seed=None,
                   feed_forward_size=64)
    model = initialized(config)
    running = session(encoder_graph(model, None, weight_bits=bits))
    rows = [tokens(1, length, seed=length)[0].tolist() for length in (1, 16, 17, 47, 48, 49, 200)]
    single = [encode(running, [row])[0] for row in rows]
    for row, encoding in zip(rows, single):
        assert np.abs(encoding - alone(model, row)).max() <= (1e-5 if bits == 32 else 0.02), len(row)
    for order in (rows, rows[::-1]):
        batch = encode(running, order)
        for row, encoding in zip(order, batch):
            assert np.array_equal(encoding, single[rows.index(row)]), len(row)
    for threads in (1, 3):
        again = encode(session(encoder_graph(model, None, weight_bits=bits), threads), rows)
        assert all(np.array_equal(a, b) for a, b in zip(again, single)), threads


@pytest.mark.parametrize("kind, unread", [
    ("local", dict(lsh_attn_chunk_length=None, num_buckets=None)), ("lsh", dict(local_attn_chunk_length=None))])
def test_a_bundle_of_one_kind_of_layer_needs_no_keys_of_the_other(tmp_path, kind, unread):
    model = initialized(small(attn_layers=(kind, kind), **unread))
    write_bundle(tmp_path, kind, False, model, None, Tokenizer(WordLevel({"a": 0}, unk_token="a")).to_str().encode())
    rows = [tokens(1, length, seed=length)[0].tolist() for length in (1, 16, 17, 200)]
    encodings = Bundle(tmp_path, OPS_LIBRARY).encode_tokens(rows)
    for row, encoding in zip(rows, encodings):
        assert np.abs(encoding - alone(model, row)).max() <= 1e-5, len(row)
    locally = Bundle(tmp_path, OPS_LIBRARY, local=True).encode_tokens(rows)
    assert np.array_equal(locally, encodings) == (kind == "local")


def test_one_more_chunk_keeps_the_encoding_near():
    """Where the automatic number of buckets steps (here at each power of two), a document and the same plus one chunk
    stay alike."""
    config = small(num_buckets=None, max_position_embeddings=1024, axial_pos_shape=(32, 32), axial_norm_std=0.1)
    running = session(encoder_graph(initialized(config), None))
    row = tokens(1, 1024)[0].tolist()
    for chunks in (16, 32, 64):
        shorter, longer = (encode(running, [row[: 16 * n]])[0] for n in (chunks - 1, chunks))
        assert float(shorter @ longer) >= 0.99, chunks


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_activation_exports(activation):
    model = initialized(small(hidden_act=activation, attn_layers=("local",)))
    ids = tokens(2, 32)
    out = session(token_graph(model)).run(None, {"input_ids": ids.numpy(), "attention_mask": np.ones((2, 32), np.int64)})
    with torch.no_grad():
        assert np.abs(out[0] - model(ids).numpy()).max() <= 2e-5


def test_dense_ops_are_what_their_standard_ops_are():
    """With our kernels, and with the functions that the model carries for runtimes without them."""
    model = initialized(small(attn_layers=("local", "lsh"), feed_forward_size=64))
    graph = token_graph(model)
    ops = [node.op_type for node in graph.graph.node]
    wanted = {"FeedForward": 2, "LocalProjection": 1, "LshProjection": 1, "OutputProjection": 2}
    assert {op: ops.count(op) for op in wanted} == wanted
    assert {function.name for function in graph.functions} == set(wanted) and "MatMul" not in ops
    ids = tokens(2, 48)
    feeds = {"input_ids": ids.numpy(), "attention_mask": np.ones((2, 48), np.int64)}
    fused = session(graph).run(None, feeds)[0]
    standard = session(graph, entries={"twinstream.standard_dense": "1"}).run(None, feeds)[0]
    with torch.no_grad():
        expected = model(ids).numpy()
    assert np.abs(fused - expected).max() <= 2e-5
    assert np.abs(standard - expected).max() <= 2e-5
    assert not np.array_equal(fused, standard)
    eight_bits = token_graph(model, weight_bits=8)
    rounded = session(eight_bits).run(None, feeds)[0]
    assert 0 < np.linalg.norm(rounded - expected) / np.linalg.norm(expected) < 0.03
    # Runtimes without the kernels stay with floats.
    assert np.array_equal(session(eight_bits, entries={"twinstream.standard_dense": "1"}).run(None, feeds)[0], standard)


def test_odd_sizes_go_without_our_dense_kernels():
    model = initialized(small(attn_layers=("local", "lsh"), feed_forward_size=40, num_attention_heads=2))
    graph = token_graph(model, weight_bits=8)
    assert not graph.functions and "MatMul" in [node.op_type for node in graph.graph.node]
    ids = tokens(2, 48)
    found = session(graph).run(None, {"input_ids": ids.numpy(), "attention_mask": np.ones((2, 48), np.int64)})[0]
    with torch.no_grad():
        assert np.abs(found - model(ids).numpy()).max() <= 2e-5


def test_weights_of_another_shape_are_refused_by_their_name():
    from onnx import numpy_helper

    graph = token_graph(initialized(small(attn_layers=("lsh",))))
    node = next(node for node in graph.graph.node if node.op_type == "LshProjection")
    weight = next(value for value in graph.graph.initializer if value.name == node.input[3])
    weight.CopyFrom(numpy_helper.from_array(np.zeros((32, 40), np.float32), weight.name))
    with pytest.raises(Exception, match="query_key.*40.*multiple of 32"):
        session(graph)


def test_other_weight_bits_are_refused():
    graph = token_graph(initialized(small(attn_layers=("local",))), weight_bits=4)
    with pytest.raises(Exception, match="weight_bits.* 4.*8 or 32"):
        session(graph)


@pytest.mark.parametrize("shape, widths", [((16, 16), (8, 24)), ((256,), (32,)), ((4, 8, 8), (8, 8, 16))])
def test_positions_end_with_their_table(shape, widths):
    """A row as long as the table is PyTorch's; one token more is refused and not taken for the first position."""
    model = initialized(small(attn_layers=("local",), axial_pos_shape=shape, axial_pos_embds_dim=widths))
    running, ids = session(token_graph(model)), tokens(1, 272)
    found = running.run(None, {"input_ids": ids[:, :256].numpy(), "attention_mask": np.ones((1, 256), np.int64)})[0]
    with torch.no_grad():
        assert np.abs(found - model(ids[:, :256]).numpy()).max() <= 1e-4
    with pytest.raises(Exception, match="out of data bounds|broadcast"):
        running.run(None, {"input_ids": ids[:, :257].numpy(), "attention_mask": np.ones((1, 257), np.int64)})


def test_buckets_come_out_and_go_in():
    """The optional output, fed back as the optional input, gives the same context."""
    import onnx
    from onnx import TensorProto, helper

    attributes = dict(num_heads=2, chunk_length=16, chunks_before=1, chunks_after=0, num_hashes=2, num_buckets=[8],
                      causal=0, batch_invariant=1, min_chunk_length=16, pad_multiple=16)
    names = ["query_key", "value", "mask", "rotations"]
    floats = {"query_key": ["b", "l", 16], "value": ["b", "l", 16], "rotations": [2, 2, 1, 4, 8]}

    def graph(inputs: list[str]) -> onnx.ModelProto:
        infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, floats[n]) if n in floats else
                 helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "l"]) if n == "mask" else
                 helper.make_tensor_value_info(n, TensorProto.INT32, ["b", 2, 2, "l"]) for n in inputs]
        outs = [helper.make_tensor_value_info("context", TensorProto.FLOAT, ["b", "l", 16]),
                helper.make_tensor_value_info("buckets", TensorProto.INT32, ["b", 2, 2, "l"])]
        node = helper.make_node("LSHSelfAttention", inputs, ["context", "buckets"], domain="twinstream", **attributes)
        return helper.make_model(helper.make_graph([node], "lsh", infos, outs), ir_version=10, opset_imports=[
            helper.make_opsetid("", 20), helper.make_opsetid("twinstream", 1)])

    draw = np.random.default_rng(1)
    feeds = {name: draw.standard_normal([3 if s == "b" else 80 if s == "l" else s for s in shape]).astype(np.float32)
             for name, shape in floats.items()}
    feeds["mask"] = np.ones((3, 80), np.int64)
    feeds["mask"][1, 50:] = 0
    context, buckets = session(graph(names)).run(None, feeds)
    assert set(np.unique(buckets)) <= set(range(9)) and len(np.unique(buckets)) > 4
    forced, given = session(graph([*names, "forced_buckets"])).run(None, {**feeds, "forced_buckets": buckets})
    assert np.array_equal(context, forced) and np.array_equal(buckets, given)
    other = session(graph([*names, "forced_buckets"])).run(None, {**feeds, "forced_buckets": buckets * 0})[0]
    assert not np.array_equal(context, other)
    wrong = {**feeds, "mask": np.ones((3, 79), np.int64)}
    with pytest.raises(Exception, match=r"mask.*79.*80"):
        session(graph(names)).run(None, wrong)


def test_a_bundle_names_its_checksums(tmp_path):
    model = initialized(small(num_buckets=None))
    write_bundle(tmp_path, "small", False, model, torch.eye(64)[:, :10], b"{}")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["encoding_size"] == 10 and manifest["max_tokens"] == 256 and not manifest["trained"]
    for file, checksum in manifest["files"].items():
        assert hashlib.sha256((tmp_path / file).read_bytes()).hexdigest() == checksum
