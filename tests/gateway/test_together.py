"""Work that comes together is done together, and one that fails fails alone."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.errors import StoreUnavailable
from gateway.together import Together


class Doubling:
    """Doubles numbers; 13 is a mistake, and `away` makes everything impossible."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.away = False

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.calls.append(list(numbers))
        await asyncio.sleep(0)
        if self.away:
            raise StoreUnavailable("away")
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


async def test_what_comes_in_one_turn_is_done_at_once() -> None:
    doubling = Doubling()
    together = Together(doubling)
    assert await asyncio.gather(*map(together.add, range(5))) == [0, 2, 4, 6, 8]
    assert await together.add(7) == 14
    assert doubling.calls == [[0, 1, 2, 3, 4], [7]]


async def test_only_the_one_to_blame_fails() -> None:
    together = Together(Doubling())
    done = await asyncio.gather(*map(together.add, (1, 13, 3)), return_exceptions=True)
    assert done[0] == 2
    assert done[2] == 6
    assert isinstance(done[1], ValueError)


async def test_a_store_that_is_away_is_not_asked_again_for_each() -> None:
    doubling = Doubling()
    doubling.away = True
    together = Together(doubling)
    done = await asyncio.gather(*map(together.add, (1, 2)), return_exceptions=True)
    assert [type(one) for one in done] == [StoreUnavailable, StoreUnavailable]
    assert doubling.calls == [[1, 2]]


async def test_who_goes_away_leaves_the_others_theirs() -> None:
    together = Together(Doubling())
    first, second = together.add(1), together.add(2)
    first.cancel()
    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first
