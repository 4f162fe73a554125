"""The labelled sample: made once, in shards, and kept in a folder beside the checkpoints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from .corpus import RunIndex, Sample, draw_sample
from .teacher import Teacher


#: Texts in a shard: about the same number of tokens in each kind, but that passages and their queries go together.
SHARD = {"sentences": 8000, "passages": 1000, "captions": 20000, "queries": 1000}
#: The kinds grow together, sentences twice as fast as passages: they teach more a token.
ORDER = {"sentences": 1, "passages": 2, "captions": 3, "queries": 2}


@dataclass
class Labelled:
    """Texts with the teacher's vectors (float16 [.., 384]); ``passage_vectors``, ``queries`` and ``query_vectors`` follow
    the documents' passages in order. ``token_vectors`` [vocabulary, 384]: the teacher's output for each token alone."""

    sentences: list[str]
    sentence_vectors: np.ndarray
    captions: list[str]
    caption_vectors: np.ndarray
    documents: list[list[str]]
    passage_vectors: np.ndarray
    queries: list[str]
    query_vectors: np.ndarray
    token_vectors: np.ndarray
    tokenizer_json: str


def label(folder: Path, corpus: Path, excluded: list[Path], teacher: Teacher, sentence_count: int, passage_count: int,
          caption_count: int, seed: int, most_shards: int | None = None) -> None:
    """Draws the sample, labels its first ``most_shards`` shards (None = all) and writes both into ``folder``. Shards
    already there are kept, so labelling goes on where it was stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = folder / "texts.json"
    if texts.is_file():
        sample = Sample(**json.loads(texts.read_text(encoding="utf-8")))
    else:
        measuring = RunIndex()
        for path in excluded:
            measuring.add_folder(path)
        sample = draw_sample(corpus, measuring, sentence_count, passage_count, caption_count, seed)
        texts.write_text(json.dumps(vars(sample), ensure_ascii=False), encoding="utf-8")
        (folder / "tokenizer.json").write_text(teacher.tokenizer_json, encoding="utf-8")
    print(f"{len(sample.sentences)} sentences, {len(sample.documents)} documents of "
          f"{sum(map(len, sample.documents))} passages, {len(sample.captions)} captions; {sample.excluded} documents left out as measured on", flush=True)
    vocabulary = len(json.loads(teacher.tokenizer_json)["model"]["vocab"])
    start, end = 101, 102  # [CLS] and [SEP], around every text that the teacher sees
    shards = [(-1, "tokens", lambda: teacher.encode_tokens([[start, token, end] for token in range(vocabulary)]))]
    passages = [passage for document in sample.documents for passage in document]
    for kind, texts_of_kind in (("sentences", sample.sentences), ("passages", passages),
                                ("captions", sample.captions), ("queries", sample.queries)):
        for index, at in enumerate(range(0, len(texts_of_kind), SHARD[kind])):
            part = texts_of_kind[at : at + SHARD[kind]]
            shards.append((ORDER[kind] * index, f"{kind}-{index:03d}", lambda part=part: teacher.encode(part)))
    shards.sort(key=lambda shard: shard[:2])
    for _, name, make in tqdm(shards[:most_shards], desc="label", unit="shard"):
        if not (folder / f"{name}.npy").is_file():
            np.save(folder / f"{name}.npy", make())


def load(folder: Path) -> Labelled:
    """What :func:`label` wrote so far: the texts whose shards are there, from the first on."""
    sample = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    sentences, passages, captions, queries = (_vectors(folder, kind) for kind in SHARD)
    documents, left = [], min(len(passages), len(queries))
    for document in sample["documents"]:
        left -= len(document)
        if left < 0:
            break
        documents.append(document)
    count = sum(map(len, documents))
    return Labelled(sample["sentences"][: len(sentences)], sentences, sample["captions"][: len(captions)], captions,
                    documents, passages[:count], sample["queries"][:count], queries[:count],
                    np.load(folder / "tokens.npy"), (folder / "tokenizer.json").read_text(encoding="utf-8"))


def _vectors(folder: Path, kind: str) -> np.ndarray:
    return np.concatenate([np.load(path) for path in sorted(folder.glob(f"{kind}-*.npy"))])
