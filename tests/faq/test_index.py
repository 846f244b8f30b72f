"""The index: what a text costs however it is written, and that shortcuts change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from faq.matching import index as indexes
from faq.matching.corpus import Corpus
from faq.matching.index import Index
from faq.matching.normalise import MAX_CHARACTERS, normalise
from faq.matching.reading import Reader
from faq.vectors import Floats, Ints

READER = Reader({})
WORDS = ("how", "do", "i", "track", "the", "order", "number", "怎么查运费", "7", "42", "xyz")


Doubles = NDArray[np.float64]


class Counting(Index):
    """Counts the postings that a search looks at."""

    steps = 0

    def _scores(self, starts: Ints, sizes: Ints, weights: Floats) -> Ints | Doubles:
        self.steps += int(sizes.sum())
        return super()._scores(starts, sizes, weights)


def built(phrasings: list[str]) -> Counting:
    corpus = Corpus([normalise(text) for text in phrasings], READER)
    return Counting(corpus, np.arange(len(phrasings)), len(phrasings))


COMMON = built([f"how do i track the order number {number} 怎么查运费" for number in range(3_000)])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(WORDS)).map(" ".join).map(lambda text: (text + " ") * 40))
def test_no_text_costs_more_steps_than_the_budget(text: str) -> None:
    COMMON.steps = 0
    COMMON.similar(COMMON.query(READER.read(normalise(text[:MAX_CHARACTERS]))))
    assert COMMON.steps <= max(
        indexes._WHOLE, indexes._RAREST * indexes._POSTINGS, len(COMMON.owners)
    )


@pytest.mark.parametrize("text", ["track order 1234", "how do i 怎么查", "运费 number 17"])
def test_leaving_common_features_out_of_the_search_keeps_the_cosines(text: str) -> None:
    query = COMMON.query(READER.read(normalise(text)))
    rows, cosines = COMMON.similar(query)
    whole = COMMON._scores(
        starts := COMMON._column_start[query.columns],
        COMMON._column_start[query.columns + np.uint32(1)] - starts,
        query.weights,
    )
    assert cosines == pytest.approx(whole[rows], abs=1e-3)


def test_likenesses_worked_out_beforehand_are_those_worked_out_later() -> None:
    phrasings = [f"运费怎么算 {number} how much is shipping {number % 7}" for number in range(60)]
    index = built(phrasings)
    rows = np.array([3, 17, 17 + 7, 59])
    before = index.gram(rows)
    index._grams = None
    assert index.gram(rows) == pytest.approx(before, abs=1e-3)
    assert np.diag(before) == pytest.approx(np.ones(4), abs=1e-3)


def test_a_text_is_as_long_as_its_features_known_or_not() -> None:
    query = COMMON.query(READER.read(normalise("how do i track the order number 5 怎么查运费")))
    assert float(query.weights @ query.weights) == pytest.approx(1, abs=1e-3)
    strange = COMMON.query(READER.read(normalise("qqqq wwww 锟斤拷")))
    assert float(strange.weights @ strange.weights) < 0.2
