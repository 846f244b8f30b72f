"""Features: the shortcuts of one script give what the general way gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from faq.matching.features import features
from faq.matching.normalise import normalise
from faq.matching.reading import Reader

READER = Reader({})


@given(st.text(alphabet="abc 12运费怎", max_size=40))
def test_a_text_has_the_same_features_alone_and_among_others(text: str) -> None:
    reading, other = READER.read(normalise(text)), READER.read("运费 how much")
    for alone, among in zip(features((reading,)), features((other, reading)), strict=True):
        mine = among.hashes[among.rows == 1]
        assert np.array_equal(np.sort(alone.hashes), np.sort(mine))


def test_views_share_no_features() -> None:
    characters, words, sounds = features((READER.read("运费 how much"),))
    assert not np.intersect1d(characters.hashes, words.hashes).size
    assert not np.intersect1d(words.hashes, sounds.hashes).size


def test_words_that_sound_the_same_share_all_sounds() -> None:
    [_, _, right] = features((READER.read("运费"),))
    [_, _, wrong] = features((READER.read("云废"),))
    assert np.array_equal(np.sort(right.hashes), np.sort(wrong.hashes))
