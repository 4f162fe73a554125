"""The ops for dense maps and, as functions inside the model, what they do in standard ops: a runtime without kernels for
them puts those in their place. Attribute ``weight_bits``: 8 makes the kernels take the products in whole numbers of 8
bits; the functions stay with floats."""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import AttributeProto, helper

from .config import ReformerConfig

#: The kernels' matrices are packed in panels of so many columns.
PANEL = 32


def has_feed_forward_kernel(config: ReformerConfig) -> bool:
    return config.hidden_act == "relu" and config.hidden_size % PANEL == config.feed_forward_size % PANEL == 0


def has_projection_kernels(config: ReformerConfig) -> bool:
    return config.hidden_size % PANEL == config.num_attention_heads * config.attention_head_size % PANEL == 0


#: A node: op, inputs, output.
Step = tuple[str, list[str], str]
_SUFFIX = "_out"


def functions(domain: str, opset: int) -> list[onnx.FunctionProto]:
    """Of all dense ops."""
    return [_feed_forward(domain, opset), _input_projection("LshProjection", ("query_key", "value"), domain, opset),
            _input_projection("LocalProjection", ("query", "key", "value"), domain, opset),
            _function("OutputProjection", ["context", "residual", "weight"], ["out"],
                      [("MatMul", ["context", "weight"], "mixed"), ("Add", ["residual", "mixed"], "out")], domain, opset)]


def _feed_forward(domain: str, opset: int) -> onnx.FunctionProto:
    """residual + Relu(LayerNorm(states) first + first_bias) second + second_bias."""
    steps = [("MatMul", ["normed", "first"], "product"), ("Add", ["product", "first_bias"], "inner"),
             ("Relu", ["inner"], "active"), ("MatMul", ["active", "second"], "mapped"),
             ("Add", ["mapped", "second_bias"], "change"), ("Add", ["residual", "change"], "out")]
    inputs = ["states", "residual", "norm_scale", "norm_bias", "first", "first_bias", "second", "second_bias"]
    return _function("FeedForward", inputs, ["out"], steps, domain, opset, norm=True)


def _input_projection(name: str, matrices: Sequence[str], domain: str, opset: int) -> onnx.FunctionProto:
    """LayerNorm(states) times each matrix."""
    return _function(name, ["states", "norm_scale", "norm_bias", *matrices], [matrix + _SUFFIX for matrix in matrices],
                     [("MatMul", ["normed", matrix], matrix + _SUFFIX) for matrix in matrices], domain, opset, norm=True)


def _function(name: str, inputs: list[str], outputs: list[str], steps: Sequence[Step], domain: str, opset: int,
              norm: bool = False) -> onnx.FunctionProto:
    nodes = [helper.make_node(op, of, [to]) for op, of, to in steps]
    if norm:
        first = helper.make_node("LayerNormalization", ["states", "norm_scale", "norm_bias"], ["normed"], axis=-1)
        first.attribute.append(AttributeProto(name="epsilon", ref_attr_name="epsilon", type=AttributeProto.FLOAT))
        nodes.insert(0, first)
    return helper.make_function(domain, name, inputs, outputs, nodes, [helper.make_opsetid("", opset)],
                                ["weight_bits"] + (["epsilon"] if norm else []))
