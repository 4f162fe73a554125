"""What is measured: texts to unit vectors, by a bundle, a checkpoint, static vectors, or the teacher."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from tokenizers import Tokenizer

from ..text_encoder import TextEncoder, pad
from ..training.errors import TrainingError
from ..training.labels import Labelled
from ..training.teacher import SIZE, Teacher
from ..training.warm_start import sif_weights, static_vectors

#: Texts to unit vectors [texts, P].
Encode = Callable[[list[str]], np.ndarray]


class Bundle:
    """The bundle as it ships, in ONNX Runtime with the native ops of library ``ops``.

    ``rounds``: of hashing, 0 = the model's own. ``local``: its LSH layers attend locally, each chunk to itself and the
    one before: without rotations, all positions fall into one bucket, in their order. ``max_tokens``: of one text;
    ``vocab_size``: ids of tokens are below it.
    """

    def __init__(self, folder: Path, ops: Path, threads: int = 2, rounds: int = 0, local: bool = False) -> None:
        import onnxruntime

        self._folder = folder
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.max_tokens, self.vocab_size = manifest["max_tokens"], manifest["config"]["vocab_size"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if rounds:
            options.add_session_config_entry("twinstream.rounds", str(rounds))
        options.register_custom_ops_library(str(ops.resolve()))
        model = onnx.load(folder / "model.onnx")
        if local:
            for value in model.graph.initializer:
                if value.name == "rotations":
                    value.CopyFrom(onnx.numpy_helper.from_array(np.zeros(value.dims, np.float32), value.name))
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        self._size = self._session.get_outputs()[0].shape[1]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def need(self, tokens: int) -> None:
        """Raises TrainingError where texts of ``tokens`` tokens are too long."""
        if tokens > self.max_tokens:
            raise TrainingError(f"{self._folder} takes {self.max_tokens} tokens of a text at most, its manifest says; "
                                f"{tokens} are wanted: give a bundle that takes as many")

    def encode(self, texts: list[str], max_tokens: int | None = None) -> np.ndarray:
        """[texts, P]. ``max_tokens``: cut texts there; in any case where the bundle ends."""
        max_tokens = min(max_tokens or self.max_tokens, self.max_tokens)
        return self.encode_tokens([row.ids[:max_tokens] for row in self.tokenizer.encode_batch(texts)])

    def encode_tokens(self, rows: list[list[int]]) -> np.ndarray:
        return in_batches(rows, self._run, self._size)

    def segments(self, row: list[int], segment_ids: list[int]) -> np.ndarray:
        """[S, P]: encodings of the segments of one row."""
        ids = np.array([row], np.int64)
        return self._session.run(["segment_encodings"], {"input_ids": ids, "attention_mask": np.ones_like(ids),
                                                         "segment_ids": np.array([segment_ids], np.int64)})[0][0]

    def _run(self, rows: list[list[int]]) -> np.ndarray:
        ids, mask = (part.numpy() for part in pad(rows))
        return self._session.run(["encoding"], {"input_ids": ids, "attention_mask": mask, "segment_ids": mask - 1})[0]


def checkpoint_encoder(folder: Path, tokenizer_file: Path, attention: bool = True) -> Encode:
    """A checkpoint in PyTorch; without ``attention``, its attention layers add nothing."""
    encoder, tokenizer = TextEncoder.load(folder), Tokenizer.from_file(str(tokenizer_file))
    if not attention:
        for layer in encoder.reformer.encoder.layers:
            layer.attention.output.dense.weight.data.zero_()
    return lambda texts: encoder.encode([row.ids for row in tokenizer.encode_batch(texts)]).numpy()


def static_encoder(data: Labelled, tokenizer: Tokenizer, size: int = 256, counted: int = 20_000) -> Encode:
    """The static baseline: the teacher's vectors of single tokens, PCA, SIF mean. Token frequencies are those of the
    first ``counted`` sentences of the sample."""
    table = static_vectors(data.token_vectors, size)
    weights = sif_weights([row.ids for row in tokenizer.encode_batch(data.sentences[:counted])], len(table))
    weighted = (table * weights.unsqueeze(1)).numpy()

    def encode(texts: list[str]) -> np.ndarray:
        sums = np.stack([weighted[row.ids].sum(axis=0) for row in tokenizer.encode_batch(texts)])
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)

    return encode


def teacher_encoder(folder: Path, max_tokens: int = 256) -> Encode:
    """The teacher on the first ``max_tokens`` tokens."""
    teacher = Teacher(folder)
    return lambda texts: teacher.encode(texts, max_tokens).astype(np.float32)


def teacher_windows(folder: Path, window_tokens: int = 256) -> Encode:
    """The mean of the teacher's unit vectors of all windows of ``window_tokens``, special tokens among them."""
    teacher = Teacher(folder)

    def encode(texts: list[str]) -> np.ndarray:
        windows = [teacher.windows(text, window_tokens) for text in texts]
        owners = np.repeat(np.arange(len(texts)), [len(part) for part in windows])
        sums = np.zeros((len(texts), SIZE), np.float32)
        np.add.at(sums, owners, teacher.encode_tokens([row for part in windows for row in part]).astype(np.float32))
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)

    return encode


def in_batches(rows: list[list[int]], run: Callable[[list[list[int]]], np.ndarray], size: int,
               budget: int = 8192) -> np.ndarray:
    """``run`` over batches of like length, of at most ``budget`` padded tokens; an empty row stays zero."""
    result = np.zeros((len(rows), size), np.float32)
    order = sorted((index for index in range(len(rows)) if rows[index]), key=lambda index: len(rows[index]))
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end - start + 1) * len(rows[order[end]]) <= budget:
            end += 1
        result[order[start:end]] = run([rows[index] for index in order[start:end]])
        start = end
    return result

