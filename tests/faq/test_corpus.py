"""The corpus' helpers: as NumPy's own, only that no other thread waits for them."""

from __future__ import annotations

import numpy as np
import pytest

from faq.matching.corpus import CHUNK, gathered, repeated


@pytest.mark.parametrize("many", [0, 1, CHUNK, 2 * CHUNK + 1])
def test_repeating_in_pieces_gives_the_same(many: int) -> None:
    values, sizes = np.arange(many), np.arange(many) % 4
    assert np.array_equal(repeated(values, sizes), np.repeat(values, sizes))


def test_what_is_gathered_lies_in_the_order_of_its_starts() -> None:
    found, sizes = gathered(np.arange(100), np.array([50, 7, 7]), np.array([53, 9, 7]))
    assert found.tolist() == [50, 51, 52, 7, 8]
    assert sizes.tolist() == [3, 2, 0]
