"""The ops for the GPU, as ONNX Runtime sees them without one: each is known in its three types, whose outputs are
inferred; where the CPU has no kernel, that is the one reason to refuse it; and the CPU's own ops are there too."""

import numpy
import onnxruntime
import pytest
from onnx import TensorProto
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info

from models import OPS_LIBRARY

CUDA_LIBRARY = OPS_LIBRARY.with_name("libtwinstream_ops_cuda.so")
STATES = ["batch", "length", 256]
TOKENS = ["batch", "length"]
pytestmark = pytest.mark.skipif(not CUDA_LIBRARY.exists(), reason="built without nvcc")


def graph(op: str, element: int, **options: int) -> bytes:
    """One node, whose first output is the graph's."""
    whole, real = TensorProto.INT64, TensorProto.FLOAT
    inputs, output = {
        "LSHSelfAttention": ([("x", element, STATES), ("v", element, STATES), ("m", whole, TOKENS),
                              ("r", real, [2, 4, 2, 64, 64])], element),
        "LocalSelfAttention": ([("q", element, STATES), ("k", element, STATES), ("v", element, STATES),
                                ("m", whole, TOKENS)], element),
        "SegmentPool": ([("s", element, STATES), ("w", real, TOKENS), ("i", whole, TOKENS)], real),
    }[op]
    attributes = {} if op == "SegmentPool" else {"num_heads": 4, "chunk_length": 64}
    if op == "LSHSelfAttention":
        attributes |= {"num_hashes": 2, "bucket_limit": 128, **options}
    node = make_node(op, [name for name, _, _ in inputs], ["out"], domain="twinstream", **attributes)
    body = make_graph([node], "one", [make_tensor_value_info(*each) for each in inputs],
                      [make_tensor_value_info("out", output, None)])
    return make_model(body, opset_imports=[make_opsetid("", 20), make_opsetid("twinstream", 1)],
                      ir_version=10).SerializeToString()


def session(op: str, element: int, **attributes: int):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.register_custom_ops_library(str(CUDA_LIBRARY))
    return onnxruntime.InferenceSession(graph(op, element, **attributes), options, providers=["CPUExecutionProvider"])


def refusal(op: str, element: int) -> str:
    with pytest.raises(Exception) as refused:
        session(op, element)
    return str(refused.value)


@pytest.mark.parametrize("op", ["LSHSelfAttention", "LocalSelfAttention", "SegmentPool"])
def test_types(op):
    assert "INVALID_GRAPH" in refusal(op, TensorProto.DOUBLE)
    assert "NOT_IMPLEMENTED" in refusal(op, TensorProto.BFLOAT16)  # no kernel on the CPU: the graph itself is good
    for element in (TensorProto.FLOAT, TensorProto.FLOAT16):  # the CPU's ops, the latter between casts
        found = session(op, element).get_outputs()[0].type
        half = element == TensorProto.FLOAT16 and op != "SegmentPool"
        assert found == ("tensor(float16)" if half else "tensor(float)")


def test_cpu_ops_run():
    cpu = session("LSHSelfAttention", TensorProto.FLOAT, within_bucket=1, count_keys_once=1)
    random = numpy.random.default_rng(1)
    feeds = {"x": random.standard_normal((1, 200, 256), dtype=numpy.float32),
             "v": random.standard_normal((1, 200, 256), dtype=numpy.float32),
             "m": numpy.ones((1, 200), dtype=numpy.int64),
             "r": random.standard_normal((2, 4, 2, 64, 64), dtype=numpy.float32)}
    found = cpu.run(None, feeds)[0]
    assert found.shape == (1, 200, 256) and numpy.isfinite(found).all()
