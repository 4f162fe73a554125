"""Writes a bundle: what the Java encoder loads (see model/README.md).

    python -m twinstream_reformer.export CHECKPOINT OUTPUT [--tokenizer tokenizer.json] [--name NAME]

CHECKPOINT is a Hugging Face folder, whose language-model head, if any, is left out, or one of our training (best/).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import onnx
from onnx import TensorProto
from tokenizers import Tokenizer
from torch import Tensor

from .checkpoint import CheckpointError, load_model
from .config import ConfigError, read_config
from .graph import DOMAIN, IR_VERSION, OPSET, GraphWriter, ReformerGraph, finish
from .modeling import ReformerModel, ReformerModelWithLMHead
from .rotations import seed_of
from .text_encoder import TextEncoder


def encoder_graph(model: ReformerModel | TextEncoder, projection: Tensor | None, rounds: int = 0,
                  weight_bits: int = 32) -> onnx.ModelProto:
    """Tokens to encodings of length 1: the mean of a document's token states, and of each segment's.

    Of a bare model, the plain mean; ``projection`` [2 * hidden, encoding size] is applied to it, None = the mean is the
    encoding. A TextEncoder brings its own weights and projection, and is stored small. ``rounds``,
    ``weight_bits``: see ReformerGraph.
    """
    encoder = model if isinstance(model, TextEncoder) else None
    trunk = encoder.reformer if encoder else model
    writer = GraphWriter()
    graph = ReformerGraph(trunk, writer, batch_invariant=True, small=encoder is not None, rounds=rounds,
                          weight_bits=weight_bits)
    states = graph.states("input_ids", "attention_mask")
    if encoder:
        weights = graph.pool_weights(encoder.token_scalar, encoder.state_weight, "input_ids", "attention_mask", states)
        projection = encoder.head.weight.t()
    else:
        weights = writer.node("Cast", ["attention_mask"], "token_weights", to=TensorProto.FLOAT)
    size = 2 * trunk.config.hidden_size
    inputs = [states, weights, "segment_ids"]
    if projection is not None:
        inputs.append(writer.constant("projection", projection))
        size = projection.shape[1]
    writer.nodes.append(onnx.helper.make_node("SegmentPool", inputs, ["encoding", "segment_encodings"], name="pool",
                                              domain=DOMAIN, normalize=1))
    return finish(writer, ["input_ids", "attention_mask", "segment_ids"],
                  {"encoding": ["batch", size], "segment_encodings": ["batch", "segments", size]})


def write_bundle(output: Path, name: str, trained: bool, model: ReformerModel | TextEncoder, projection: Tensor | None,
                 tokenizer: bytes, rounds: int = 0, weight_bits: int = 32) -> None:
    """Writes model.onnx, tokenizer.json and manifest.json into the folder ``output``. Arguments as for
    :func:`encoder_graph`."""
    config = model.config
    graph = encoder_graph(model, projection, rounds, weight_bits)
    files = {"model.onnx": graph.SerializeToString(deterministic=True), "tokenizer.json": tokenizer}
    output.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (output / file).write_bytes(content)
    manifest = {
        "format": 1, "name": name, "trained": trained,
        "encoding_size": graph.graph.output[0].type.tensor_type.shape.dim[1].dim_value,
        "max_tokens": config.max_tokens, "min_chunk_length": config.min_chunk_length,
        "pad_multiple": config.pad_multiple, "opset": OPSET, "ir_version": IR_VERSION, "hash_seed": seed_of(config),
        "config": config.to_dict(),
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in files.items()},
    }
    (output / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _load(folder: Path) -> ReformerModel | TextEncoder:
    if (folder / "config.json").is_file() and "encoding_size" in read_config(folder / "config.json"):
        return TextEncoder.load(folder)
    model = load_model(folder)
    return model.reformer if isinstance(model, ReformerModelWithLMHead) else model


def read_tokenizer(file: Path, vocab_size: int) -> bytes:
    """The content of tokenizer.json. Raises CheckpointError where it is none, or has ids that the model does not."""
    if not file.is_file():
        raise CheckpointError(f"There is no {file}: give the model's tokenizer.json with --tokenizer.")
    content = file.read_bytes()
    try:
        ids = Tokenizer.from_buffer(content).get_vocab().values()
    except Exception as error:  # the library has no narrower class for it
        raise CheckpointError(f"{file} is no tokenizer ({error}): give the model's tokenizer.json with "
                              "--tokenizer.") from error
    greatest = max(ids, default=0)
    if greatest >= vocab_size:
        raise CheckpointError(f"{file} has token ids up to {greatest}, the model's vocab_size is {vocab_size}, so that "
                              f"it takes ids up to {vocab_size - 1}: give its own tokenizer.json with --tokenizer.")
    return content


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m twinstream_reformer.export", description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--tokenizer", type=Path, help="default: tokenizer.json of the checkpoint")
    parser.add_argument("--name", help="default: the checkpoint folder's name")
    parser.add_argument("--rounds", type=int, default=0,
                        help="the most rounds of hashing that encoder.rounds may ask for (default: the model's own)")
    parser.add_argument("--weight-bits", type=int, choices=(8, 32), default=32,
                        help="8: the dense kernels multiply whole numbers of 8 bits, where that is faster (default: 32)")
    options = parser.parse_args(arguments)
    tokenizer = options.tokenizer or options.checkpoint / "tokenizer.json"
    try:
        trunk = _load(options.checkpoint)
        name = options.name or options.checkpoint.resolve().name
        write_bundle(options.output, name, True, trunk, None, read_tokenizer(tokenizer, trunk.config.vocab_size),
                     options.rounds, options.weight_bits)
    except (CheckpointError, ConfigError, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 2
    print(f"The bundle {name} is in {options.output}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
