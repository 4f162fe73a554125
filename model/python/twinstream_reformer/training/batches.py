"""Which texts a step sees. A batch is a function of the seed and of how many of its kind came before, so that a resumed
run continues as it would have."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from ..text_encoder import pad
from .damage import damaged
from .errors import TrainingError
from .labels import Labelled

SENTENCE_TOKENS = 4096
DOCUMENT_TOKENS = 6144
LONG_TOKENS = 12288
#: Captions of a batch: runs of neighbours, some families each.
CAPTION_RUN, CAPTION_RUNS = 32, 8
#: Passages of a long document: about 500 to 4,500 tokens.
LONG_PASSAGES = (4, 32)
#: Documents of a batch of long ones: alone, one would have nothing to be far from.
LONG_LEAST = 2


@dataclass
class Batch:
    """``ids``, ``mask``, ``segment_ids`` [B, L]; ``targets`` [N, 384]: the teacher's vectors of all segments, row by row;
    ``copies``: ids and mask of damaged copies of the rows, if any; ``queries``: ids and mask of a query for each segment,
    if any, with ``query_targets`` [N, 384]."""

    ids: Tensor
    mask: Tensor
    segment_ids: Tensor
    targets: Tensor
    copies: tuple[Tensor, Tensor] | None = None
    queries: tuple[Tensor, Tensor] | None = None
    query_targets: Tensor | None = None

    @property
    def tokens(self) -> int:
        """Real tokens that the student reads."""
        return sum(int(mask.sum()) for mask in (self.mask, *(part[1] for part in (self.copies, self.queries) if part)))


class Batches:
    """Batches of four kinds: ``sentence``, ``caption`` (whole families), ``document`` (one or two passages each, with
    damaged copies and queries) and ``long``. ``has_long``: whether there are documents enough for the latter."""

    def __init__(self, data: Labelled, tokenizer: Tokenizer, seed: int) -> None:
        self._data, self._tokenizer, self._seed = data, tokenizer, seed
        self._sentences = self._tokenize(data.sentences)
        self._captions = self._tokenize(data.captions)
        starts = np.cumsum([0, *map(len, data.documents)])
        self._passages = [(index, at) for index, document in enumerate(data.documents) for at in range(len(document))]
        self._first = starts[:-1]
        self._passage_ids = self._tokenize([passage for document in data.documents for passage in document])
        self._query_ids = self._tokenize(data.queries)
        self._epochs: dict[tuple[str, int], list[list]] = {}
        self.has_long = len(self._long_spans()) >= LONG_LEAST

    def _tokenize(self, texts: list[str]) -> list[list[int]]:
        return [row.ids for row in self._tokenizer.encode_batch(texts)]

    def get(self, kind: str, number: int) -> Batch:
        """The batch ``number`` (from 0) of a kind; after all texts, they come again in another order."""
        make_epoch, make = {"sentence": (self._sentence_epoch, self._sentence_batch),
                            "caption": (self._caption_epoch, self._caption_batch),
                            "document": (self._document_epoch, self._document_batch),
                            "long": (self._long_epoch, self._document_batch)}[kind]
        epoch = 0
        while True:
            if (kind, epoch) not in self._epochs:
                self._epochs[kind, epoch] = make_epoch(random.Random(f"{self._seed}/{kind}/{epoch}"))
            groups = self._epochs[kind, epoch]
            if not groups:
                raise TrainingError(f"The labelled texts do not fill one {kind} batch: label more (a larger corpus, "
                                    "more --sentences, --passages, --captions or --shards).")
            if number < len(groups):
                return make(groups[number], random.Random(f"{self._seed}/{kind}/{epoch}/{number}"))
            number -= len(groups)
            epoch += 1

    def _sentence_epoch(self, draw: random.Random) -> list[list[int]]:
        order = [index for index, row in enumerate(self._sentences) if row]
        draw.shuffle(order)
        return _by_length(order, lambda index: len(self._sentences[index]), SENTENCE_TOKENS, draw, least=4)

    def _sentence_batch(self, chosen: list[int], draw: random.Random) -> Batch:
        ids, mask = pad([self._sentences[index][:256] for index in chosen])
        return Batch(ids, mask, mask - 1, _vectors(self._data.sentence_vectors, chosen))

    def _caption_epoch(self, draw: random.Random) -> list[list[int]]:
        """Runs of neighbours, which are families, from places that shift from epoch to epoch."""
        starts = list(range(draw.randrange(CAPTION_RUN), len(self._captions) - CAPTION_RUN, CAPTION_RUN))
        draw.shuffle(starts)
        runs = [range(start, start + CAPTION_RUN) for start in starts]
        return [[index for run in runs[at : at + CAPTION_RUNS] for index in run]
                for at in range(0, len(runs), CAPTION_RUNS)]

    def _caption_batch(self, chosen: list[int], draw: random.Random) -> Batch:
        ids, mask = pad([self._captions[index] for index in chosen])
        return Batch(ids, mask, mask - 1, _vectors(self._data.caption_vectors, chosen))

    def _document_epoch(self, draw: random.Random) -> list[list[tuple[int, int, int]]]:
        """Spans (document, first passage, passages). Neighbours of one document share a batch: hard negatives."""
        spans = []
        for index, document in enumerate(self._data.documents):
            at = 0
            while at < len(document):
                size = draw.choice((1, 1, 2))
                spans.append((index, at, min(size, len(document) - at)))
                at += size
        groups = [spans[i : i + 4] for i in range(0, len(spans), 4)]
        batches = _by_length(groups, lambda group: 8 * max(len(self._span_ids(span)) for span in group),
                             DOCUMENT_TOKENS, draw, least=1)
        return [[span for group in batch for span in group] for batch in batches]

    def _long_epoch(self, draw: random.Random) -> list[list[tuple[int, int, int]]]:
        spans = self._long_spans()
        draw.shuffle(spans)
        return _by_length(spans, lambda span: 2 * len(self._span_ids(span)), LONG_TOKENS, draw, LONG_LEAST)

    def _long_spans(self) -> list[tuple[int, int, int]]:
        return [(index, 0, min(len(document), LONG_PASSAGES[1])) for index, document in enumerate(self._data.documents)
                if len(document) >= LONG_PASSAGES[0]]

    def _span_ids(self, span: tuple[int, int, int]) -> list[int]:
        first = self._first[span[0]] + span[1]
        return [token for row in self._passage_ids[first : first + span[2]] for token in row]

    def _document_batch(self, spans: list[tuple[int, int, int]], draw: random.Random) -> Batch:
        ids, mask = pad([self._span_ids(span) for span in spans])
        segments, numbers = torch.full_like(ids, -1), []
        for row, (index, at, count) in enumerate(spans):
            first, place = self._first[index] + at, 0
            for segment in range(count):
                length = len(self._passage_ids[first + segment])
                segments[row, place : place + length] = segment
                place += length
                numbers.append(first + segment)
        texts = [" ".join(self._data.documents[index][at : at + count]) for index, at, count in spans]
        unknown = self._tokenizer.token_to_id("[UNK]")
        copies = pad([row or [unknown] for row in self._tokenize([damaged(text, draw) for text in texts])])
        queries = pad([self._query_ids[number] or [unknown] for number in numbers])
        return Batch(ids, mask, segments, _vectors(self._data.passage_vectors, numbers), copies, queries,
                     _vectors(self._data.query_vectors, numbers))


def _vectors(table: np.ndarray, chosen: list[int]) -> Tensor:
    return torch.from_numpy(table[chosen].astype(np.float32))


def _cut(items: list, length, budget: int, least: int) -> list[list]:
    """Consecutive batches of at most ``budget`` padded tokens, but at least ``least`` items; a short rest is dropped."""
    batches, current, longest = [], [], 0
    for item in items:
        longest_now = max(longest, length(item))
        if len(current) >= least and longest_now * (len(current) + 1) > budget:
            batches.append(current)
            current, longest_now = [], length(item)
        current, longest = [*current, item], longest_now
    return batches + [current] if len(current) >= least else batches


def _by_length(items: list, length, budget: int, draw: random.Random, least: int) -> list[list]:
    """Items of like length together, in batches in random order."""
    batches = _cut(sorted(items, key=length), length, budget, least)
    draw.shuffle(batches)
    return batches
