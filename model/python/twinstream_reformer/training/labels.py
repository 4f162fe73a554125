"""The labelled sample: made once, in shards, and kept in a folder beside the checkpoints."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from .corpus import RunIndex, Sample, draw_sample, line_files
from .errors import TrainingError
from .teacher import Teacher


#: Texts in a shard: about the same number of tokens in each kind, but that passages and their queries go together.
SHARD = {"sentences": 8000, "passages": 1000, "captions": 20000, "queries": 1000}
#: The kinds grow together, sentences twice as fast as passages: they teach more a token.
ORDER = {"sentences": 1, "passages": 2, "captions": 3, "queries": 2}
#: The file that says what a folder's labels were made from.
MADE_FROM = "made_from.json"


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
    already there are kept, so labelling goes on where it was stopped; TrainingError where they were made from anything
    else than this."""
    made_from = {"seed": seed, "sentences": sentence_count, "passages": passage_count, "captions": caption_count,
                 "corpus": _files([corpus]), "exclude": _files(excluded), "teacher": teacher.sha256()}
    _check(folder, made_from)
    texts = folder / "texts.json"
    if texts.is_file():
        sample = Sample(**json.loads(texts.read_text(encoding="utf-8")))
    else:
        measuring = RunIndex()
        for path in excluded:
            measuring.add_folder(path)
        sample = draw_sample(corpus, measuring, sentence_count, passage_count, caption_count, seed)
        for kind in ("sentences", "documents"):
            if not getattr(sample, kind):
                raise TrainingError(f"{corpus} gives no {kind} ({sample.excluded} documents were left out as measured "
                                    "on): give more text, or ask for more --sentences and --passages.")
        folder.mkdir(parents=True, exist_ok=True)
        _write_text(folder / "tokenizer.json", teacher.tokenizer_json)
        _write_text(folder / MADE_FROM, json.dumps(made_from, indent=1, ensure_ascii=False))
        _write_text(texts, json.dumps(vars(sample), ensure_ascii=False))  # last: it says that the others are there
    print(f"{len(sample.sentences)} sentences, {len(sample.documents)} documents of "
          f"{sum(map(len, sample.documents))} passages, {len(sample.captions)} captions; "
          f"{sample.excluded} documents left out as measured on", flush=True)
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
            save_array(folder / f"{name}.npy", make())


def load(folder: Path) -> Labelled:
    """What :func:`label` wrote so far: the texts whose shards are there, from the first on."""
    if not (folder / "texts.json").is_file():
        raise TrainingError(f"There are no labels in {folder}: run train without --keep-labels first.")
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
    shards = [np.load(path) for path in sorted(folder.glob(f"{kind}-*.npy"))]
    if not shards:
        raise TrainingError(f"No {kind} are labelled in {folder} yet: label more shards.")
    return np.concatenate(shards)


def _files(folders: list[Path]) -> list[str]:
    """Names and sizes of the files of JSON lines below folders."""
    return sorted(f"{folder.resolve().name}/{path.relative_to(folder)} of {path.stat().st_size} bytes"
                  for folder in folders for path in line_files(folder))


def _check(folder: Path, made_from: dict) -> None:
    """Refuses labels that were made from anything else, or from nobody knows what."""
    if not (folder / MADE_FROM).is_file():
        if (folder / "texts.json").is_file() or any(folder.glob("*.npy")):
            raise TrainingError(f"{folder} holds labels, but no {MADE_FROM} that says from what, as those of earlier "
                                f"versions: choose another RUN, delete {folder}, or add --keep-labels to train on them "
                                "as they are.")
        return
    before = json.loads((folder / MADE_FROM).read_text(encoding="utf-8"))
    for name, now in made_from.items():
        if before[name] != now:
            raise TrainingError(f"The labels in {folder} were made with {name} {_shown(before[name], now)}, this "
                                f"command has {_shown(now, before[name])}: choose another RUN, or delete {folder} (and, "
                                "for weights that start anew, last.pt and axes.npy beside it).")


def _shown(value: object, other: object) -> str:
    """Of a list, what the other one lacks."""
    if not isinstance(value, list):
        return str(value)
    own = [item for item in value if item not in other]
    return (", ".join(own[:3]) + (f" and {len(own) - 3} more" if len(own) > 3 else "")) or "nothing in its place"


def _write_text(path: Path, text: str) -> None:
    _whole(path, lambda out: out.write(text.encode("utf-8")))


def save_array(path: Path, array: np.ndarray) -> None:
    """``path`` holds the whole array, or is not there."""
    _whole(path, lambda out: np.save(out, array))


def _whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    new = path.with_name("new.part")
    with new.open("wb") as out:
        write(out)
    new.replace(path)
