"""What becomes of a reply after each attempt."""

import pytest

from gateway.adapter import Delivery, Fate
from gateway.message import Status
from gateway.retry import TRIES, Retry

HOLD = Retry("hold", lambda: 0.5)
RESEND = Retry("resend", lambda: 0.5)


@pytest.mark.parametrize(
    ("retry", "fate", "attempt", "resent", "status"),
    [
        (HOLD, Fate.SENT, 1, False, Status.SENT),
        (HOLD, Fate.RETRY, 1, False, Status.PENDING),
        (HOLD, Fate.RETRY, TRIES - 1, False, Status.PENDING),
        (HOLD, Fate.RETRY, TRIES, False, Status.DEAD),
        (HOLD, Fate.UNREACHABLE, TRIES, False, Status.PENDING),
        (HOLD, Fate.REJECTED, 1, False, Status.DEAD),
        (HOLD, Fate.HELD, 1, False, Status.HELD),
        (HOLD, Fate.UNKNOWN, 1, False, Status.UNKNOWN),
        (RESEND, Fate.UNKNOWN, 1, False, Status.PENDING),
        (RESEND, Fate.UNKNOWN, 2, True, Status.UNKNOWN),
    ],
)
def test_the_verdict_follows_the_fate_and_the_policy(
    retry: Retry, fate: Fate, attempt: int, resent: bool, status: Status
) -> None:
    assert retry.verdict(Delivery(fate), attempt, resent=resent) is status


@pytest.mark.parametrize(
    ("attempt", "chance", "pause"),
    [
        (1, 0.0, 500),
        (1, 1.0, 1000),
        (2, 1.0, 2000),
        (4, 0.5, 6000),
        (7, 1.0, 60_000),
        (60, 0, 30_000),
    ],
)
def test_the_pause_doubles_up_to_a_minute(attempt: int, chance: float, pause: int) -> None:
    assert Retry("hold", lambda: chance).pause(attempt) == pause


@pytest.mark.parametrize("attempt", [1, 9])
@pytest.mark.parametrize("asked", [1_000, 90_000])
def test_a_platform_that_says_how_long_is_taken_at_its_word(attempt: int, asked: int) -> None:
    assert HOLD.pause(attempt, asked) == asked
