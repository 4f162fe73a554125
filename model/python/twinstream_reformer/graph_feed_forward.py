"""The op ``FeedForward`` and, as a function inside the model, what it does in standard ops: a runtime without a kernel
for it puts those in its place."""

from __future__ import annotations

import onnx
from onnx import AttributeProto, helper

from .config import ReformerConfig

#: The kernel's matrices are packed in panels of so many columns.
PANEL = 32
#: Inputs; all but the first two are constants.
INPUTS = ["states", "residual", "norm_scale", "norm_bias", "first", "first_bias", "second", "second_bias"]


def has_kernel(config: ReformerConfig) -> bool:
    """Whether the op can do this model's feed-forward blocks."""
    return config.hidden_act == "relu" and config.hidden_size % PANEL == config.feed_forward_size % PANEL == 0


def feed_forward_function(domain: str, opset: int) -> onnx.FunctionProto:
    """residual + Relu(LayerNorm(states) first + first_bias) second + second_bias."""
    norm = helper.make_node("LayerNormalization", ["states", "norm_scale", "norm_bias"], ["normed"], axis=-1)
    norm.attribute.append(AttributeProto(name="epsilon", ref_attr_name="epsilon", type=AttributeProto.FLOAT))
    nodes = [norm]
    for op, inputs, output in (("MatMul", ["normed", "first"], "product"), ("Add", ["product", "first_bias"], "inner"),
                               ("Relu", ["inner"], "active"), ("MatMul", ["active", "second"], "mapped"),
                               ("Add", ["mapped", "second_bias"], "change"), ("Add", ["residual", "change"], "out")):
        nodes.append(helper.make_node(op, inputs, [output]))
    return helper.make_function(domain, "FeedForward", INPUTS, ["out"], nodes, [helper.make_opsetid("", opset)],
                                ["epsilon"])
