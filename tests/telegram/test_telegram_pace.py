"""How fast the bot speaks, on a clock that the test moves."""

import asyncio

import pytest

from adapters.telegram.errors import Limited
from adapters.telegram.pace import Pace, Rate, Rates
from gateway.clock import MINUTE, SECOND
from tests.clock import StillClock

RATES = Rates(Rate(1, SECOND, 3), Rate(30, SECOND, 30), Rate(20, MINUTE, 20))


class Slept:
    """A sleep that moves the clock."""

    def __init__(self, clock: StillClock) -> None:
        self._clock = clock
        self.ms = 0

    async def __call__(self, seconds: float) -> None:
        self.ms += round(seconds * SECOND)
        self._clock.advance(round(seconds * SECOND))


@pytest.fixture
def slept(clock: StillClock) -> Slept:
    return Slept(clock)


@pytest.fixture
def pace(clock: StillClock, slept: Slept) -> Pace:
    return Pace(RATES, clock, slept)


async def test_a_few_at_once_then_one_a_second(pace: Pace, slept: Slept) -> None:
    for _ in range(3):
        await pace.turn(7, 0)
    assert slept.ms == 0
    for _ in range(4):
        await pace.turn(7, SECOND)
    assert slept.ms == 4 * SECOND


async def test_who_would_wait_too_long_comes_back_later(pace: Pace, clock: StillClock) -> None:
    for _ in range(3):
        await pace.turn(7, 0)
    with pytest.raises(Limited) as caught:
        await pace.turn(7, 500)
    clock.advance(caught.value.retry_after)
    await pace.turn(7, 0)


async def test_all_chats_together_have_a_limit(pace: Pace) -> None:
    for chat in range(1, 31):
        await pace.turn(chat, 0)
    with pytest.raises(Limited):
        await pace.turn(31, 0)


async def test_a_group_has_twenty_a_minute(pace: Pace, clock: StillClock) -> None:
    for _ in range(20):
        await pace.turn(-100, 0)
    with pytest.raises(Limited):
        await pace.turn(-100, SECOND)
    clock.advance(3 * SECOND)
    await pace.turn(-100, 0)


async def test_a_chat_that_must_wait_waits_alone(pace: Pace, clock: StillClock) -> None:
    pace.hold(7, 5 * SECOND)
    with pytest.raises(Limited) as caught:
        await pace.turn(7, SECOND)
    assert caught.value.retry_after == 5 * SECOND
    await pace.turn(8, 0)
    clock.advance(5 * SECOND)
    await pace.turn(7, 0)


async def test_what_nobody_needs_is_forgotten(clock: StillClock) -> None:
    pace = Pace(Rates(bot=Rate(1_000_000, SECOND, 1_000_000)), clock)
    for chat in range(1, 20_002):
        clock.advance(SECOND)
        await pace.turn(chat, 0)
    assert len(pace._chats) < 10_010
    await asyncio.sleep(0)
