"""Made-up captions and queries."""

import random

from twinstream_reformer.training.captions import captions
from twinstream_reformer.training.queries import query


def test_captions_are_many_distinct_and_the_same_for_a_seed():
    made = captions(5000, seed=3)
    assert len(set(made)) == 5000 and made == captions(5000, seed=3) and made != captions(5000, seed=4)
    assert all(3 <= len(caption.split()) <= 30 and caption[0].isupper() for caption in made)


def test_neighbours_differ_in_little():
    """Families stand together: a caption shares far more words with the next one than with one further off."""
    made = [set(caption.lower().strip(".").split()) for caption in captions(4000, seed=1)]

    def overlap(distance: int) -> float:
        pairs = list(zip(made, made[distance:]))
        return sum(len(a & b) / len(a | b) for a, b in pairs) / len(pairs)

    assert overlap(1) > 0.6 > 0.4 > overlap(200)


def test_a_query_asks_for_words_of_its_passage():
    draw = random.Random(1)
    passage = "The treaty of the northern league was signed in Upsala by seven harbour towns."
    made = {query(passage, draw) for _ in range(300)}
    assert len(made) > 100 and all(set(one.lower().split()) & set(passage.lower().strip(".").split()) for one in made)
    assert query("...", draw)
