"""The activations of :mod:`.activations` as ONNX nodes."""

from __future__ import annotations

import math

import numpy as np

_SAME_NAME = {"hardswish": "HardSwish", "mish": "Mish", "relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh",
              "linear": "Identity"}
_GELU = {"gelu": "none", "gelu_python": "none", "gelu_10": "none", "gelu_new": "tanh", "gelu_fast": "tanh",
         "gelu_accurate": "tanh", "gelu_pytorch_tanh": "tanh", "gelu_python_tanh": "tanh"}


def add_activation(writer, kind: str, x: str, name: str) -> str:
    """Adds the nodes of activation ``kind`` after ``x``; returns the output's name, ``name``."""

    def number(value: float) -> str:
        return writer.constant(f"number/{value!r}", np.float32(value))

    def times_sigmoid(scaled: str) -> str:
        return writer.node("Mul", [x, writer.node("Sigmoid", [scaled], f"{name}/gate")], name)

    if kind in _SAME_NAME:
        return writer.node(_SAME_NAME[kind], [x], name)
    if kind == "gelu_10":
        unclipped = writer.node("Gelu", [x], f"{name}/gelu", approximate="none")
        return writer.node("Clip", [unclipped, number(-10.0), number(10.0)], name)
    if kind in _GELU:
        return writer.node("Gelu", [x], name, approximate=_GELU[kind])
    if kind in ("silu", "swish"):
        return times_sigmoid(x)
    if kind == "quick_gelu":
        return times_sigmoid(writer.node("Mul", [x, number(1.702)], f"{name}/scaled"))
    if kind == "leaky_relu":
        return writer.node("LeakyRelu", [x], name, alpha=0.01)
    if kind == "relu6":
        return writer.node("Clip", [x, number(0.0), number(6.0)], name)
    if kind == "relu2":
        positive = writer.node("Relu", [x], f"{name}/positive")
        return writer.node("Mul", [positive, positive], name)
    if kind == "laplace":
        centred = writer.node("Sub", [x, number(0.707107)], f"{name}/centred")
        scaled = writer.node("Div", [centred, number(0.282095 * math.sqrt(2))], f"{name}/scaled")
        raised = writer.node("Add", [writer.node("Erf", [scaled], f"{name}/erf"), number(1.0)], f"{name}/raised")
        return writer.node("Mul", [raised, number(0.5)], name)
    raise ValueError(f"hidden_act is {kind!r}, which has no ONNX form here: add it to graph_activations.py.")
