"""Made-up streams whose true clusters are known: each scene grows from one base document.

What twins do: copies get damaged, pages get revised, headers get stripped. What makes twins hard to tell: texts derived
from one template, forms filled with other facts, and boilerplate that different texts share.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..training.corpus import sentences
from ..training.damage import boilerplate, case_and_spacing, damaged, markup

Draw = random.Random

_HEADERS = ("From", "Subject", "Date", "Organization", "Reply-To", "Message-ID", "Path", "Newsgroups", "Lines", "X-Mailer")


@dataclass(frozen=True)
class Member:
    """A document of a scene; documents of one ``cluster`` are versions of one text."""

    cluster: int
    text: str


#: A base text, other texts to borrow sentences from, a draw: a scene.
Scene = Callable[[str, Sequence[str], Draw], list[Member]]


def borrowed(others: Sequence[str], draw: Draw, count: int) -> list[str]:
    """Up to ``count`` consecutive sentences of another text."""
    parts = sentences(draw.choice(others)[:20_000])
    start = draw.randrange(max(1, len(parts) - count))
    return parts[start : start + count]


def cut(text: str, words: int) -> str:
    """The beginning of a text, up to a number of words, white space kept."""
    matches = list(re.finditer(r"\S+", text[: words * 20]))
    return text if len(matches) <= words else text[: matches[words].start()].rstrip()


def revised(text: str, others: Sequence[str], draw: Draw, strength: float) -> str:
    """A later version of a page: parts added, replaced, dropped or reworded; pages grow more often than they shrink."""
    parts = sentences(text)
    for _ in range(max(1, round(len(parts) * strength))):
        at, kind = draw.randrange(len(parts) + 1), draw.random()
        run = draw.choice((1, 1, 2, 3))
        if kind < 0.45:
            parts[at:at] = borrowed(others, draw, run)
        elif kind < 0.65:
            parts[at : at + run] = borrowed(others, draw, run)
        elif kind < 0.8 and len(parts) > run + 1:
            del parts[at : at + run]
        elif at < len(parts):
            words = parts[at].split()
            for _ in range(max(1, len(words) // 5)):
                words[draw.randrange(len(words))] = draw.choice(words)
            parts[at] = " ".join(words)
    return "\n\n".join(parts)


def versions(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """Versions of one page: each revises one of those before it."""
    texts = [cut(base, draw.choice((150, 400, 1000, 2500)))]
    for _ in range(draw.choice((1, 1, 1, 2, 4, 8))):
        texts.append(revised(draw.choice(texts[-2:]), others, draw, draw.choice((0.05, 0.1, 0.2, 0.4, 0.7))))
    return [Member(0, text) for text in texts]


def copies(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """Damaged copies of one text."""
    text = cut(base, draw.choice((60, 150, 400, 1000)))
    return [Member(0, text)] + [Member(0, damaged(text, draw)) for _ in range(draw.choice((1, 1, 2, 4)))]


def edited(text: str, others: Sequence[str], draw: Draw, rate: float) -> str:
    """The text with a share of its words replaced by those of another, left out or followed by one."""
    strange = draw.choice(others)[:20_000].split() or ["none"]
    words = []
    for word in text.split():
        kind = draw.random() if draw.random() < rate else 1
        if kind >= 0.8:
            words.append(word)
        if kind < 0.6 or 0.8 <= kind < 1:
            words.append(draw.choice(strange))
    return " ".join(words)


def edits(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """Copies of one text that differ in words all over it."""
    text = cut(base, draw.choice((60, 150, 400, 1000)))
    return [Member(0, text)] + [Member(0, edited(text, others, draw, draw.choice((0.02, 0.05, 0.1, 0.15, 0.2, 0.25))))
                                for _ in range(draw.choice((1, 1, 2, 4)))]


def header(text: str, others: Sequence[str], draw: Draw) -> str:
    """Lines of a message's header, in the words of other texts."""
    lines = []
    for name in draw.sample(_HEADERS, draw.randint(2, len(_HEADERS))):
        words = draw.choice(others)[:2000].split() or ["none"]
        start = draw.randrange(len(words))
        lines.append(f"{name}: " + " ".join(words[start : start + draw.randint(1, 8)]))
    return "\n".join(lines) + "\n\n"


def editions(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """A message with its header, quotation and signature, and the same message stripped of them."""
    text = cut(base, draw.choice((25, 50, 100, 200, 400)))
    quoted = "".join(f"> {line}\n" for line in borrowed(others, draw, draw.choice((0, 0, 1, 2))))
    signature = "\n-- \n" + " ".join(borrowed(others, draw, 1))[:160] if draw.random() < 0.4 else ""
    full = header(text, others, draw) + quoted + text + signature
    return [Member(0, full), Member(0, text)]


def filled(template: str, slots: Sequence[str], others: Sequence[str], draw: Draw) -> str:
    """The template with other words in its slots, and sometimes in another dress."""
    filling = {slot: " ".join((draw.choice(others)[:3000].split() or ["none"])[-draw.randint(1, 4):]) for slot in slots}
    text = " ".join(filling.get(word, word) for word in template.split(" "))
    kind = draw.random()
    if kind < 0.1:
        return markup(text, draw)
    if kind < 0.2:
        return case_and_spacing(text, draw)
    if kind < 0.3:
        return boilerplate(text, draw)
    parts = sentences(text)
    if kind < 0.4 and len(parts) > 3:
        return "\n".join(parts[1:])
    return text


def family(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """Texts derived from one template, each with copies of its own that differ in names only: what a clause more or
    less makes another text, a name does not."""
    template = cut(base, draw.choice((80, 150, 250, 500, 1200)))
    words = [word for word in dict.fromkeys(template.split()) if len(word) > 3]
    slots = draw.sample(words, min(len(words), draw.randint(1, 6)))
    kinds = [sentences(template)]
    for _ in range(draw.choice((2, 4, 8, 16, 30))):
        parts = list(draw.choice(kinds))
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            at, kind = draw.randrange(len(parts) + 1), draw.random()
            run = max(1, round(len(parts) * draw.choice((0.03, 0.06, 0.12))))
            if kind < 0.5:
                parts[at:at] = borrowed(others, draw, run)
            elif kind < 0.75 or len(parts) <= run + 1:
                parts[at : at + run] = borrowed(others, draw, run)
            else:
                del parts[at : at + run]
        kinds.append(parts)
    members = []
    for cluster, parts in enumerate(kinds):
        for _ in range(min(40, int(draw.paretovariate(0.7)))):
            members.append(Member(cluster, filled("\n".join(parts), slots, others, draw)))
    return members[:150]


def forms(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """One form filled with other facts each time: no two are twins, but some are copied."""
    parts = sentences(cut(base, draw.choice((60, 150, 400))))
    share = draw.choice((0.2, 0.3, 0.5))
    members = []
    for cluster in range(draw.choice((2, 4, 8, 20))):
        text = "\n".join(" ".join(borrowed(others, draw, 1)) if draw.random() < share else part for part in parts)
        members.append(Member(cluster, text))
        if draw.random() < 0.3:
            members.append(Member(cluster, damaged(text, draw)))
    return members


def frames(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """Different texts in one long frame of boilerplate."""
    frame = cut(base, draw.choice((60, 150, 300)))
    members = []
    for cluster in range(draw.choice((2, 3, 6, 12))):
        text = cut(draw.choice(others), draw.choice((60, 150, 400)))
        members.append(Member(cluster, text + "\n\n" + frame))
        if draw.random() < 0.3:
            members.append(Member(cluster, text))
    return members


#: How often each scene is drawn.
SCENES: tuple[tuple[Scene, float], ...] = (
    (versions, 0.25), (copies, 0.15), (edits, 0.15), (editions, 0.15), (family, 0.1), (forms, 0.1), (frames, 0.1))


def scene(base: str, others: Sequence[str], draw: Draw) -> list[Member]:
    """A scene of one kind, in stream order: shuffled, without empty texts."""
    kind = draw.choices([kind for kind, _ in SCENES], [share for _, share in SCENES])[0]
    members = [member for member in kind(base, others, draw) if member.text.strip()]
    draw.shuffle(members)
    return members
