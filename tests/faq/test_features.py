"""Features: the shortcuts of one script give what the general way gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from faq.matching.features import SOUNDS, VIEWS, Features, Hashes, features
from faq.matching.normalise import normalise
from faq.matching.reading import Reader

READER = Reader({})


def of(found: Features, part: int) -> Hashes:
    return np.sort(found.hashes[found.parts == part])


@given(st.text(alphabet="abc 12运费怎", max_size=40))
def test_a_text_has_the_same_features_alone_and_among_others(text: str) -> None:
    reading, other = READER.read(normalise(text)), READER.read("运费 how much")
    alone, among = features((reading,)), features((other, reading))
    for view in range(VIEWS):
        assert np.array_equal(of(alone, view), of(among, VIEWS + view))


def test_views_share_no_features() -> None:
    found = features((READER.read("运费 how much"),))
    characters, words, sounds = (of(found, view) for view in range(VIEWS))
    assert not np.intersect1d(characters, words).size
    assert not np.intersect1d(words, sounds).size


def test_words_that_sound_the_same_share_all_sounds() -> None:
    right, wrong = features((READER.read("运费"),)), features((READER.read("云废"),))
    assert np.array_equal(of(right, SOUNDS), of(wrong, SOUNDS))
