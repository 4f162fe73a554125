"""Made-up edits: what befalls copies of a document between one place and another."""

from __future__ import annotations

import random
from collections.abc import Callable

from .corpus import sentences

Draw = random.Random

_LOOKALIKES = (("rn", "m"), ("m", "rn"), ("l", "1"), ("1", "l"), ("o", "0"), ("0", "O"), ("e", "c"), ("cl", "d"),
               ("h", "b"), ("i", "j"), ("t", "f"))
_MARKERS = ("> ", "# ", "// ", " * ", "-- ", "    ", ";; ", "| ")
_BEFORE = ("From: {0}\nDate: {1}\nSubject: {0}\n\n", "<html><head><title>{0}</title></head><body>\n",
           "Home | About | Contact | Log in\n{0}\n", "Copyright (c) {1} {0}. All rights reserved.\n\n",
           "This page was last edited on {1}.\n", "-----BEGIN {0}-----\n", "Chapter {1}: {0}\n\n")
_AFTER = ("\n\nRetrieved from {0} on {1}.", "\n</body></html>", "\n\nPrivacy policy | Terms of use | {0}",
          "\n-- \n{0}\n{1}", "\n\nShare this: Twitter Facebook E-mail", "\n\nPage {1}", "\n-----END {0}-----")


def word_edits(text: str, draw: Draw) -> str:
    """Drops, doubles, swaps or replaces (by another word of the text) 3 to 15% of the words."""
    words = text.split()
    if len(words) < 4:
        return text
    for _ in range(max(1, round(len(words) * draw.uniform(0.03, 0.15)))):
        at, kind = draw.randrange(len(words) - 1), draw.randrange(4)
        if kind == 0 and len(words) > 3:
            del words[at]
        elif kind == 1:
            words.insert(at, words[at])
        elif kind == 2:
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            words[at] = draw.choice(words)
    return " ".join(words)


def truncation(text: str, draw: Draw) -> str:
    """Keeps a run of 50 to 90% of the words, from the beginning most often."""
    words = text.split()
    kept = max(1, round(len(words) * draw.uniform(0.5, 0.9)))
    start = 0 if draw.random() < 0.6 else draw.randint(0, len(words) - kept)
    return " ".join(words[start : start + kept])


def boilerplate(text: str, draw: Draw) -> str:
    """Headers, footers and other frames around the text, made of its own words and numbers."""
    words = text.split() or [""]
    start = draw.randrange(len(words))
    parts = " ".join(words[start : start + draw.randint(1, 4)]), str(draw.randint(1, 2030))
    before = draw.choice(_BEFORE).format(*parts) if draw.random() < 0.7 else ""
    after = draw.choice(_AFTER).format(*parts) if draw.random() < 0.7 or not before else ""
    return before + text + after


def reordering(text: str, draw: Draw) -> str:
    """One cut: what follows it comes first; or two neighbouring sentences change places."""
    parts = sentences(text)
    if len(parts) < 2:
        return text
    at = draw.randrange(1, len(parts))
    if draw.random() < 0.5:
        parts = parts[at:] + parts[:at]
    else:
        parts[at - 1], parts[at] = parts[at], parts[at - 1]
    return "\n\n".join(parts)


def scanning_noise(text: str, draw: Draw) -> str:
    """Look-alike letters, words broken by a space or a hyphen, in 2 to 8% of the words."""
    words = text.split(" ")
    for _ in range(max(1, round(len(words) * draw.uniform(0.02, 0.08)))):
        at = draw.randrange(len(words))
        word = words[at]
        if draw.random() < 0.3 and len(word) > 4:
            cut = draw.randrange(2, len(word) - 1)
            words[at] = word[:cut] + draw.choice((" ", "- ", "-\n")) + word[cut:]
        else:
            seen, read = draw.choice(_LOOKALIKES)
            words[at] = word.replace(seen, read, 1)
    return " ".join(words)


def markup(text: str, draw: Draw) -> str:
    """The text quoted or commented line by line, or in tags, or with emphasis on some words."""
    kind = draw.randrange(3)
    if kind == 0:
        marker, width = draw.choice(_MARKERS), draw.randint(6, 14)
        words = text.split()
        return "\n".join(marker + " ".join(words[i : i + width]) for i in range(0, len(words), width))
    if kind == 1:
        tag = draw.choice(("p", "div", "li", "td", "blockquote"))
        return "\n".join(f"<{tag}>{part}</{tag}>" for part in sentences(text))
    sign = draw.choice(("*", "_", "**", "`", "''"))
    return " ".join(f"{sign}{word}{sign}" if draw.random() < 0.08 else word for word in text.split(" "))


def case_and_spacing(text: str, draw: Draw) -> str:
    """Other case, spaces lost between some words, or lines wrapped with doubled spaces."""
    kind = draw.randrange(3)
    if kind == 0:
        return draw.choice((str.upper, str.lower, str.title))(text)
    words = text.split()
    if kind == 1:
        return "".join(word + ("" if draw.random() < 0.03 else " ") for word in words).rstrip()
    return "\n".join("  ".join(words[i : i + 9]) for i in range(0, len(words), 9))


EDITS: tuple[Callable[[str, Draw], str], ...] = (word_edits, truncation, boilerplate, reordering, scanning_noise, markup,
                                                 case_and_spacing)


def damaged(text: str, draw: Draw) -> str:
    """The text after one to three different kinds of edit; never empty unless ``text`` is."""
    for edit in draw.sample(EDITS, draw.choice((1, 1, 2, 2, 3))):
        text = edit(text, draw)
    return text
