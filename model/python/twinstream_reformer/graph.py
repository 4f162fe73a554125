"""Writes a Reformer as an ONNX graph with the custom ops of domain ``twinstream`` (see model/README.md)."""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from .config import OWN_KEYS, ReformerConfig
from .graph_activations import add_activation
from .graph_dense import functions, has_feed_forward_kernel, has_projection_kernels
from .modeling import ReformerModel, ReformerModelWithLMHead
from .rotations import fixed_rotations
from .storage import to_int8_rows

DOMAIN = "twinstream"
OPSET = 20
IR_VERSION = 10


class GraphWriter:
    """Collects nodes and constants; every method that adds a node returns its output's name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value) -> str:
        """A named constant (tensor or array), kept once."""
        if name not in self.constants:
            array = value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def node(self, op: str, inputs: list[str], name: str, domain: str = "", outputs: int = 1, **attributes) -> str:
        """Adds a node; its outputs are ``name``, ``name/1``, ..."""
        names = [name] + [f"{name}/{i}" for i in range(1, outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, name=name, domain=domain, **attributes))
        return name


class ReformerGraph:
    """The token states of one Reformer, inside a graph.

    ``batch_invariant``: process each row at its own length, as serving needs; else at the batch's, as the reference
    does. ``small``: store token embeddings as 8-bit rows and the other matrices as float16; the scales are the rows' own,
    so a result still depends on nothing but its row. ``weight_bits``: 8 has the dense kernels multiply whole numbers of
    8 bits. ``rounds``: store rotations for as many rounds of hashing, so that a session may run more than the model's own.
    """

    def __init__(self, model: ReformerModel, writer: GraphWriter, batch_invariant: bool, small: bool = False,
                 rounds: int = 0, weight_bits: int = 32) -> None:
        self.small = small
        self.bits = {} if weight_bits == 32 else {"weight_bits": weight_bits}
        self.rounds = rounds
        self.config: ReformerConfig = model.config
        self.model = model
        self.writer = writer
        self.batch_invariant = int(batch_invariant)

    def states(self, input_ids: str, mask: str) -> str:
        """Adds everything from tokens to states [B, L, 2 * hidden]."""
        w, embeddings = self.writer, self.model.embeddings
        words = self._words(embeddings.word_embeddings.weight, input_ids)
        x1 = x2 = w.node("Add", [words, self._positions(input_ids)], "embedded")
        for index, (kind, layer) in enumerate(zip(self.config.attn_layers, self.model.encoder.layers)):
            at = f"layer{index}"
            attend = self._lsh if kind == "lsh" else self._local
            x1 = self._attention_output(layer.attention.output.dense, attend(layer.attention, x2, mask, f"{at}/attention"),
                                        x1, f"{at}/y1")
            x2 = self._feed_forward(layer.feed_forward, x1, x2, f"{at}/feed_forward")
        both = w.node("Concat", [x1, x2], "both_streams", axis=-1)
        return self._layer_norm(self.model.encoder.layer_norm, both, "states")

    def _words(self, table: torch.Tensor, input_ids: str) -> str:
        w = self.writer
        if not self.small:
            return w.node("Gather", [w.constant("word_embeddings", table), input_ids], "words")
        numbers, scales = to_int8_rows(table.detach())
        rows = w.node("Gather", [w.constant("word_embeddings/int8", numbers), input_ids], "words/int8")
        scale = w.node("Gather", [w.constant("word_embeddings/scales", scales), input_ids], "words/scales")
        return w.node("Mul", [w.node("Cast", [rows], "words/float", to=TensorProto.FLOAT), scale], "words")

    def _matrix(self, name: str, weight: torch.Tensor) -> str:
        """A constant that is float32 where it is used: folded once, when the session is made."""
        if not self.small:
            return self.writer.constant(name, weight)
        return self.writer.node("Cast", [self.writer.constant(f"{name}/half", weight.detach().half())], name,
                                to=TensorProto.FLOAT)

    def _positions(self, input_ids: str) -> str:
        w, config = self.writer, self.config
        end = w.node("Shape", [input_ids], "positions/length", start=1, end=2)
        table = self.model.embeddings.position_embeddings
        if not config.axial_pos_embds or len(config.axial_pos_shape) == 1:
            # Not a Gather by a Range: ONNX Runtime 1.26 rewrites that to a Slice of wrong rank.
            vectors = table.weights[0].flatten(0, -2) if config.axial_pos_embds else table.embedding.weight
            start = w.constant("positions/start", np.zeros(1, np.int64))
            return w.node("Slice", [w.constant("positions/table", vectors), start, end], "positions")
        zero, one = w.constant("zero", np.int64(0)), w.constant("one", np.int64(1))
        rest = w.node("Range", [zero, w.node("Squeeze", [end], "positions/count"), one], "positions/index")
        parts = []
        # The first digit stays as it is: where a row is longer than the tables reach, Gather refuses it.
        for axis in reversed(range(len(config.axial_pos_shape))):
            digit = rest
            if axis:
                count = w.constant(f"positions/size{axis}", np.int64(config.axial_pos_shape[axis]))
                digit = w.node("Mod", [rest, count], f"positions/digit{axis}")
                rest = w.node("Div", [rest, count], f"positions/rest{axis}")
            vectors = w.constant(f"positions/axis{axis}", table.weights[axis].flatten(0, -2))
            parts.append(w.node("Gather", [vectors, digit], f"positions/part{axis}"))
        return w.node("Concat", parts[::-1], "positions", axis=-1)

    def _layer_norm(self, norm: torch.nn.LayerNorm, states: str, name: str) -> str:
        w = self.writer
        return w.node("LayerNormalization",
                      [states, w.constant(f"{name}/scale", norm.weight), w.constant(f"{name}/bias", norm.bias)], name,
                      axis=-1, epsilon=float(norm.eps))

    def _dense(self, dense: torch.nn.Linear, states: str, name: str) -> str:
        w = self.writer
        product = w.node("MatMul", [states, self._matrix(f"{name}/weight", dense.weight.t())],
                         name if dense.bias is None else f"{name}/product")
        return product if dense.bias is None else w.node("Add", [product, w.constant(f"{name}/bias", dense.bias)], name)

    def _common(self, chunk: int, before: int, after: int) -> dict[str, int]:
        config = self.config
        return {"num_heads": config.num_attention_heads, "chunk_length": chunk, "chunks_before": before,
                "chunks_after": after, "causal": int(config.is_decoder), "batch_invariant": self.batch_invariant,
                "min_chunk_length": config.min_chunk_length, "pad_multiple": config.pad_multiple}

    def _projections(self, op: str, block, parts: tuple[str, ...], states: str, name: str) -> list[str]:
        """Adds the LayerNorm of ``states`` and its projections."""
        w, norm, attention = self.writer, block.layer_norm, block.self_attention
        if not has_projection_kernels(self.config):
            normed = self._layer_norm(norm, states, f"{name}/norm")
            return [self._dense(getattr(attention, part), normed, f"{name}/{part}") for part in parts]
        inputs = [states, w.constant(f"{name}/norm/scale", norm.weight), w.constant(f"{name}/norm/bias", norm.bias)]
        inputs += [self._matrix(f"{name}/{part}/weight", getattr(attention, part).weight.t()) for part in parts]
        first = w.node(op, inputs, f"{name}/projections", DOMAIN, len(parts), epsilon=float(norm.eps), **self.bits)
        return [first] + [f"{first}/{i}" for i in range(1, len(parts))]

    def _attention_output(self, dense: torch.nn.Linear, context: str, residual: str, name: str) -> str:
        w = self.writer
        if not has_projection_kernels(self.config):
            return w.node("Add", [residual, self._dense(dense, context, f"{name}/mixed")], name)
        return w.node("OutputProjection", [context, residual, self._matrix(f"{name}/weight", dense.weight.t())], name,
                      DOMAIN, **self.bits)

    def _lsh(self, block, states: str, mask: str, name: str) -> str:
        query_key, value = self._projections("LshProjection", block, ("query_key", "value"), states, name)
        return self._lsh_attention(query_key, value, mask, name)

    def lsh_alone(self, attention, states: str, mask: str, name: str) -> str:
        """Adds LSH attention of ``states`` as they are, with its projections: [B, L, H * D]."""
        query_key = self._dense(attention.query_key, states, f"{name}/query_key")
        return self._lsh_attention(query_key, self._dense(attention.value, states, f"{name}/value"), mask, name)

    def _lsh_attention(self, query_key: str, value: str, mask: str, name: str) -> str:
        config = self.config
        attributes = self._common(config.lsh_attn_chunk_length, config.lsh_num_chunks_before,
                                  config.lsh_num_chunks_after)
        if config.num_buckets is None:
            attributes["bucket_limit"] = config.bucket_limit
        else:
            buckets = config.num_buckets
            attributes["num_buckets"] = list(buckets) if isinstance(buckets, tuple) else [buckets]
        attributes |= {key.removeprefix("lsh_"): int(getattr(config, key)) for key in OWN_KEYS if getattr(config, key)}
        rotations = self.writer.constant("rotations", fixed_rotations(config, self.rounds))
        return self.writer.node("LSHSelfAttention", [query_key, value, mask, rotations], f"{name}/context", DOMAIN,
                                num_hashes=config.num_hashes, **attributes)

    def _local(self, block, states: str, mask: str, name: str) -> str:
        config = self.config
        parts = self._projections("LocalProjection", block, ("query", "key", "value"), states, name)
        return self.writer.node(
            "LocalSelfAttention", [*parts, mask], f"{name}/context", DOMAIN,
            **self._common(config.local_attn_chunk_length, config.local_num_chunks_before,
                           config.local_num_chunks_after))

    def _feed_forward(self, block, states: str, residual: str, name: str) -> str:
        w, config = self.writer, self.config
        if has_feed_forward_kernel(config):
            first, second, norm = block.dense.dense, block.output.dense, block.layer_norm
            inputs = [states, residual, w.constant(f"{name}/norm/scale", norm.weight),
                      w.constant(f"{name}/norm/bias", norm.bias),
                      self._matrix(f"{name}/dense/weight", first.weight.t()),
                      w.constant(f"{name}/dense/bias", first.bias),
                      self._matrix(f"{name}/output/weight", second.weight.t()),
                      w.constant(f"{name}/output/bias", second.bias)]
            return w.node("FeedForward", inputs, name, DOMAIN, epsilon=float(norm.eps), **self.bits)
        normed = self._layer_norm(block.layer_norm, states, f"{name}/norm")
        inner = self._dense(block.dense.dense, normed, f"{name}/dense")
        active = add_activation(self.writer, self.config.hidden_act, inner, f"{name}/activation")
        return w.node("Add", [residual, self._dense(block.output.dense, active, f"{name}/output")], name)

    def pool_weights(self, token_scalar: torch.nn.Embedding, state_weight: torch.nn.Linear, input_ids: str, mask: str,
                     states: str) -> str:
        """Adds a token's weight in the mean, exp(scalar of its id + a linear function of its state), 0 where masked:
        [B, L]."""
        w = self.writer
        scalar = w.node("Gather", [w.constant("token_scalar", token_scalar.weight), input_ids], "pool/scalar")
        linear = w.node("MatMul", [states, w.constant("pool/state_weight", state_weight.weight.t())], "pool/linear")
        axis = w.constant("last_axis", np.array([-1], np.int64))
        logs = w.node("Squeeze", [w.node("Add", [scalar, linear], "pool/logs"), axis], "pool/logs/flat")
        real = w.node("Cast", [mask], "pool/real", to=TensorProto.FLOAT)
        return w.node("Mul", [w.node("Exp", [logs], "pool/exp"), real], "pool/weights")

    def logits(self, head, states: str) -> str:
        """Adds the language-model head: [B, L, vocab_size]."""
        product = self._dense(head.decoder, states, "logits/product")
        return self.writer.node("Add", [product, self.writer.constant("logits/bias", head.bias)], "logits")


def token_graph(model: ReformerModel | ReformerModelWithLMHead, rounds: int = 0,
                weight_bits: int = 32) -> onnx.ModelProto:
    """A graph for parity: ``input_ids``, ``attention_mask`` (int64 [B, L]) to ``output``, token states or logits, with
    the reference's padding. ``rounds``, ``weight_bits`` as for :class:`ReformerGraph`."""
    writer = GraphWriter()
    with_head = isinstance(model, ReformerModelWithLMHead)
    trunk = model.reformer if with_head else model
    graph = ReformerGraph(trunk, writer, batch_invariant=False, rounds=rounds, weight_bits=weight_bits)
    out = graph.states("input_ids", "attention_mask")
    width = 2 * trunk.config.hidden_size
    if with_head:
        out, width = graph.logits(model.lm_head, out), trunk.config.vocab_size
    writer.node("Identity", [out], "output")
    return finish(writer, ["input_ids", "attention_mask"], {"output": ["batch", "length", width]})


def lsh_layer_graph(model: ReformerModel, rounds: int = 0) -> onnx.ModelProto:
    """The first layer's LSH attention alone: ``states`` [B, L, hidden] and ``attention_mask`` to ``context``."""
    writer = GraphWriter()
    graph = ReformerGraph(model, writer, batch_invariant=False, rounds=rounds)
    out = graph.lsh_alone(model.encoder.layers[0].attention.self_attention, "states", "attention_mask", "layer")
    writer.node("Identity", [out], "context")
    config = model.config
    width = config.num_attention_heads * config.attention_head_size
    return finish(writer, ["attention_mask"], {"context": ["batch", "length", width]},
                  {"states": ["batch", "length", config.hidden_size]})


def finish(writer: GraphWriter, inputs: list[str], outputs: dict[str, list],
           states: dict[str, list] = {}) -> onnx.ModelProto:
    """The model: int64 [batch, length] ``inputs``, float inputs ``states`` and ``outputs`` of the given shapes;
    checked."""
    graph = helper.make_graph(
        writer.nodes, "reformer",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in inputs]
        + [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in states.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        list(writer.constants.values()))
    model = helper.make_model(graph, producer_name="twinstream-reformer", ir_version=IR_VERSION,
                              opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, 1)])
    used = {node.op_type for node in writer.nodes}
    model.functions.extend(function for function in functions(DOMAIN, OPSET) if function.name in used)
    onnx.checker.check_model(model)
    return model


