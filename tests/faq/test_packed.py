"""Packed numbers and weights: what comes out is what went in, nearly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.matching.packed import numbers, pack, repack, weights

LAST = 2**22 - 1


@given(st.lists(st.floats(0.005, 1), min_size=1, max_size=200))
def test_weights_change_little_and_what_they_come_to_hardly(given: list[float]) -> None:
    packed = pack(np.full(len(given), LAST, np.uint32), np.array(given, np.float32))
    assert numbers(packed).tolist() == [LAST] * len(given)
    assert weights(packed) == pytest.approx(given, rel=0.006)
    assert np.log(weights(packed)).sum() == pytest.approx(np.log(given).sum(), abs=0.003)


def test_weights_go_along_to_other_numbers() -> None:
    packed = pack(np.array([1, 2], np.uint32), np.array([0.5, 0.25], np.float32))
    others = repack(np.array([LAST, 0], np.uint32), packed)
    assert numbers(others).tolist() == [LAST, 0]
    assert weights(others).tolist() == [0.5, 0.25]
