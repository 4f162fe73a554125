"""The ops for the GPU, as ONNX Runtime sees them without one: each is known in its three types, whose outputs are
inferred, and is refused for want of a GPU and for nothing else."""

import onnxruntime
import pytest
from onnx import TensorProto
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info

from models import OPS_LIBRARY

CUDA_LIBRARY = OPS_LIBRARY.with_name("libtwinstream_ops_cuda.so")
STATES = ["batch", "length", 256]
TOKENS = ["batch", "length"]
pytestmark = pytest.mark.skipif(not CUDA_LIBRARY.exists(), reason="built without nvcc")


def graph(op: str, element: int) -> bytes:
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
        attributes |= {"num_hashes": 2, "bucket_limit": 128}
    node = make_node(op, [name for name, _, _ in inputs], ["out"], domain="twinstream", **attributes)
    body = make_graph([node], "one", [make_tensor_value_info(*each) for each in inputs],
                      [make_tensor_value_info("out", output, None)])
    return make_model(body, opset_imports=[make_opsetid("", 20), make_opsetid("twinstream", 1)],
                      ir_version=10).SerializeToString()


def refusal(op: str, element: int) -> str:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.register_custom_ops_library(str(CUDA_LIBRARY))
    with pytest.raises(Exception) as refused:
        onnxruntime.InferenceSession(graph(op, element), options, providers=["CPUExecutionProvider"])
    return str(refused.value)


@pytest.mark.parametrize("op", ["LSHSelfAttention", "LocalSelfAttention", "SegmentPool"])
def test_types(op):
    for element in (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16):
        assert "NOT_IMPLEMENTED" in refusal(op, element)  # no kernel on the CPU: the graph itself is good
    assert "INVALID_GRAPH" in refusal(op, TensorProto.DOUBLE)
