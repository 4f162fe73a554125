"""Made-up queries: what someone may type who looks for a passage. Short texts like these are rare among sentences."""

from __future__ import annotations

import random
import re

_WORD = re.compile(r"[\w'-]+")
#: Words that a query's subject neither begins nor ends with.
_LIGHT = frozenset("""a about after all also an and any are as at be because been before being but by can could did do
does for from had has have he her here his how i if in into is it its just may me more most must my no not of on one only
or other our out over said same shall she should so some such than that the their them then there these they this those
through to too under up upon very was we were what when where which while who will with would you your""".split())
_FORMS = ["{}"] * 6 + ["what is {}", "what are {}", "who is {}", "how does {} work", "{} definition", "{} examples",
                       "where is {}", "when was {}", "why is {} important", "what causes {}", "effect of {}",
                       "history of {}", "how to {}", "information about {}", "are there any papers on {}",
                       "what is known about {}"]


def query(passage: str, draw: random.Random) -> str:
    """A subject of 1 to 7 words of the passage in the form of a query; for long queries, two of them."""
    words = _WORD.findall(passage)
    subject = _subject(words, draw)
    if draw.random() < 0.2:
        subject += draw.choice((" ", " and ", " in ", " of ")) + _subject(words, draw)
    text = draw.choice(_FORMS).format(subject)
    return text.lower() if draw.random() < 0.6 else text


def _subject(words: list[str], draw: random.Random) -> str:
    for _ in range(8):
        start = draw.randrange(max(1, len(words)))
        chosen = words[start : start + draw.choice((1, 2, 2, 3, 3, 4, 5, 7))]
        while chosen and chosen[0].lower() in _LIGHT:
            chosen = chosen[1:]
        while chosen and chosen[-1].lower() in _LIGHT:
            chosen = chosen[:-1]
        if chosen:
            return " ".join(chosen)
    return words[0] if words else "it"
