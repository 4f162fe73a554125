"""Made-up edits leave a text that is alike but not the same, and the same for the same seed."""

import random

import pytest

from twinstream_reformer.training.damage import EDITS, damaged

TEXT = ("The licence is granted to any person who obtains a copy of the software. It may be used, copied and changed "
        "without a fee. The notice above must stay in all copies. There is no warranty of any kind. "
        "The authors are not liable for any claim.")


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_changes_the_text_but_keeps_most_words(edit):
    kept = []
    for seed in range(20):
        copy = edit(TEXT, random.Random(seed))
        assert copy.strip()
        words = set(copy.lower().replace("\n", " ").split())
        kept.append(len(words & set(TEXT.lower().split())) / len(set(TEXT.lower().split())))
    assert any(edit(TEXT, random.Random(seed)) != TEXT for seed in range(20))
    assert sum(kept) / len(kept) > 0.5


@pytest.mark.parametrize("text", ["word", "two words", "a b c d e", "One. Two."])
def test_short_texts_stay_texts(text):
    for seed in range(50):
        assert damaged(text, random.Random(seed)).strip()


def test_the_same_seed_gives_the_same_copy():
    assert damaged(TEXT, random.Random(7)) == damaged(TEXT, random.Random(7))
    assert len({damaged(TEXT, random.Random(seed)) for seed in range(30)}) > 25
