"""Reads training text, leaves out what is measured on, and cuts documents into sentences and passages."""

from __future__ import annotations

import gzip
import json
import lzma
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .captions import captions
from .errors import TrainingError
from .queries import query

#: Words in a run; documents are compared by the runs that they share.
RUN_WORDS = 8
#: A text that shares more of its runs than this with a measuring set is left out.
MOST_SHARED = 0.2
#: Queries made of a passage before it is given up, each being word for word in a measuring set.
QUERY_TRIES = 100
#: Documents of a source that are kept for sentences, though passages are still wanted.
SENTENCE_SHARE = 0.5

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[A-Z0-9])|\n\s*\n")
_OPENERS = {".gz": gzip.open, ".xz": lzma.open, ".jsonl": open}
#: What reading raises where a file is not there, cut short, damaged, or no UTF-8.
_UNREADABLE = (EOFError, OSError, UnicodeDecodeError, lzma.LZMAError, zlib.error)


@dataclass(frozen=True)
class Document:
    source: str
    text: str


def read_lines(path: Path) -> Iterator[dict]:
    """The JSON objects of a file of JSON lines, plain, gzip or xz. Blank lines are skipped."""
    return (row for _, row in numbered_lines(path))


def numbered_lines(path: Path) -> Iterator[tuple[str, dict]]:
    """(file and line, object) of every line that is not blank."""
    if path.suffix not in _OPENERS:
        raise TrainingError(f"{path} ends with none of {', '.join(_OPENERS)}: give JSON lines, plain or compressed.")
    try:
        with _OPENERS[path.suffix](path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    where = f"{path}:{number}"
                    yield where, _object(line, where)
    except _UNREADABLE as error:
        raise TrainingError(f"{path} cannot be read ({error}): give the whole file, in UTF-8.") from None


def _object(line: str, where: str) -> dict:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise TrainingError(f"{where} is not JSON ({error}): mend or remove the line.") from None
    if not isinstance(row, dict):
        raise TrainingError(f"{where} is {_shown(row)}; an object is wanted: mend or remove the line.")
    return row


def string_of(row: dict, key: str, where: str) -> str:
    """The row's string ``key``. Raises TrainingError naming ``where``, file and line, if there is none."""
    value = row.get(key)
    if not isinstance(value, str):
        raise TrainingError(f'{where} has {found_as(row, key)} as "{key}"; a string is wanted: mend or remove the line.')
    return value


def found_as(row: dict, key: str) -> str:
    """What a message says of the row's ``key``."""
    return _shown(row[key]) if key in row else "nothing"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def line_files(folder: Path) -> list[Path]:
    """Files of JSON lines below ``folder``, in order of path; at least one."""
    if not folder.is_dir():
        raise TrainingError(f"There is no folder {folder}: give one with files of JSON lines.")
    found = sorted(path for path in folder.rglob("*.jsonl*") if path.suffix in _OPENERS)
    if not found:
        raise TrainingError(f"{folder} holds no *.jsonl, *.jsonl.gz or *.jsonl.xz: give a folder with JSON lines.")
    return found


def read_documents(folder: Path) -> Iterator[Document]:
    """Documents of ``folder``; the source is the object's, or the file's name where it has none."""
    for path in line_files(folder):
        for where, row in numbered_lines(path):
            source, text = row.get("source"), string_of(row, "text", where)
            if not isinstance(source, str | None):
                raise TrainingError(f'{where} has {_shown(source)} as "source"; a string is wanted, or none.')
            yield Document(path.name.split(".")[0] if source is None else source, text)


class RunIndex:
    """Hashes of the word runs of texts. A text shorter than a run is one run."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._powers = np.array([pow(0x9E3779B97F4A7C15, n, 2**64) for n in range(RUN_WORDS)], np.uint64)
        self._parts: list[np.ndarray] = []
        self._known = np.empty(0, np.uint64)

    def runs(self, text: str) -> np.ndarray:
        """uint64, one a run."""
        ids = self._ids
        words = np.array([ids.setdefault(word, len(ids) + 1) for word in _WORD.findall(text.lower())], np.uint64)
        if len(words) < RUN_WORDS:
            words = np.pad(words, (0, RUN_WORDS - len(words)))
        return np.lib.stride_tricks.sliding_window_view(words, RUN_WORDS) @ self._powers

    def add_folder(self, folder: Path) -> None:
        """Adds every string of every object below ``folder``."""
        for path in line_files(folder):
            for row in read_lines(path):
                self._parts += [self.runs(value) for value in row.values() if isinstance(value, str)]
        self._known = np.unique(np.concatenate(self._parts)) if self._parts else self._known

    def shared(self, text: str) -> float:
        """The share of the text's runs that the index holds, 0 to 1."""
        if not len(self._known):
            return 0.0
        runs = self.runs(text)
        at = np.minimum(np.searchsorted(self._known, runs), len(self._known) - 1)
        return float((self._known[at] == runs).mean())

    def measured(self, text: str) -> bool:
        """Whether training leaves the text out: it shares over :data:`MOST_SHARED` of its runs, or, being shorter than
        a run, is word for word a text of the index."""
        return self.shared(text) > MOST_SHARED


def first_words(text: str, count: int = 12) -> str:
    """What near-copies among base documents are told by."""
    return " ".join(_WORD.findall(text[:600].lower())[:count])


def sentences(text: str) -> list[str]:
    """Sentences in order, white space made single."""
    parts = (" ".join(part.split()) for part in _SENTENCE_END.split(text))
    return [part for part in parts if part]


def passages(text: str, words: int, most: int) -> list[str]:
    """At most ``most`` consecutive runs of whole sentences, each of up to ``words`` words; longer sentences are cut."""
    cut, current, size = [], [], 0
    for sentence in sentences(text):
        for start in range(0, len(pieces := sentence.split()), words):
            piece = pieces[start : start + words]
            if size + len(piece) > words and current:
                cut.append(" ".join(current))
                current, size = [], 0
                if len(cut) == most:
                    return cut
            current.append(" ".join(piece))
            size += len(piece)
    return cut + [" ".join(current)] if current else cut


@dataclass
class Sample:
    """Texts to label. ``documents`` holds, for each document, its consecutive passages; ``queries`` a made-up query for
    each passage, in order; ``captions`` made-up captions."""

    sentences: list[str]
    documents: list[list[str]]
    excluded: int
    captions: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)


#: Share of each source in the sample; sources not named here share what is left evenly.
SHARES = {"wiki_en_2014": .38, "wiki_en_2018": .13, "wiki_en_early": .06, "wiki_en_topics": .05, "news_reuters_train": .08,
          "email_enron1_ham": .03, "email_spamassassin_ham": .05, "specs_and_docs_md": .05, "docs_debian": .05,
          "books_classic": .03, "books_eltec": .02, "abstracts_scitldr": .03, "legal_terms": .02, "dictionaries": .02,
          "factbook": .02, "meetings_qmsum_train": .01}


def draw_sample(folder: Path, measuring: RunIndex, sentence_count: int, passage_count: int, caption_count: int,
                seed: int) -> Sample:
    """A reproducible sample by :data:`SHARES`, without what ``measuring`` holds. Documents give passages first; the
    others, of each source at least :data:`SENTENCE_SHARE`, give up to 8 sentences each, the first line (often a title)
    among them."""
    draw = random.Random(seed)
    by_source = _by_source(folder)
    unnamed = [source for source in by_source if source not in SHARES]
    rest = max(0.02, 1 - sum(SHARES.get(source, 0) for source in by_source)) / max(1, len(unnamed))
    sample = Sample([], [], 0)
    for source, texts in sorted(by_source.items()):
        share = SHARES.get(source, rest)
        draw.shuffle(texts)
        passages_left, sentences_left = int(share * passage_count), int(share * sentence_count)
        for place, text in enumerate(texts):
            if passages_left <= 0 and sentences_left <= 0:
                break
            if measuring.measured(text):
                sample.excluded += 1
                continue
            if passages_left > 0 and place < max(1, round((1 - SENTENCE_SHARE) * len(texts))):
                found = passages(text, 110, draw.choice((2, 2, 4, 8, 32)))
                if found:
                    sample.documents.append(found)
                passages_left -= len(found)
            else:
                kept = _some_sentences(text, measuring, draw)[:sentences_left]
                sample.sentences += kept
                sentences_left -= len(kept)
    draw.shuffle(sample.sentences)
    draw.shuffle(sample.documents)
    sample.captions = captions(caption_count, seed, measuring.measured)
    sample.queries = _queries([passage for document in sample.documents for passage in document], measuring, seed)
    return sample


def _by_source(folder: Path) -> dict[str, list[str]]:
    """Texts by source, without near-copies."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for document in read_documents(folder):
        opening = first_words(document.text)
        if opening not in seen:
            seen.add(opening)
            found.setdefault(document.source, []).append(document.text)
    return found


def _some_sentences(text: str, measuring: RunIndex, draw: random.Random) -> list[str]:
    found = [part for part in sentences(text[:40000]) if 2 <= len(part.split()) <= 48]
    chosen = found[:1] + draw.sample(found[1:], min(7, len(found) - 1)) if found else []
    return [part for part in chosen if not measuring.measured(part)]


def _queries(passages: list[str], measuring: RunIndex, seed: int) -> list[str]:
    """A query for each passage. One that is measured on is drawn again, from a generator of its own, so that the others
    stay what they are."""
    asking, again = random.Random(f"queries/{seed}"), random.Random(f"queries/{seed}/again")
    made = []
    for passage in passages:
        text, tries = query(passage, asking), 0
        while measuring.measured(text):
            if tries == QUERY_TRIES:
                raise TrainingError(f"Every query made of the passage {_shown(passage)} is in an excluded set: remove "
                                    "its document from the corpus.")
            text, tries = query(passage, again), tries + 1
        made.append(text)
    return made
