"""What to do after an attempt to send: try again and when, give up, or ask a person. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gateway.adapter import Delivery, Fate
from gateway.clock import MINUTE, SECOND
from gateway.message import Status

TRIES = 8
LONGEST = MINUTE


@dataclass(frozen=True, slots=True)
class Retry:
    """The rules. `unknown` says what becomes of a reply that may or may not have arrived:

    `hold` it for a person to judge, or `resend` it once. `jitter` gives a number in [0, 1).
    """

    unknown: Literal["hold", "resend"]
    jitter: Callable[[], float]

    def verdict(self, delivery: Delivery, refused: int, *, resent: bool) -> Status:
        """The status of a reply that was refused so many times, this one included."""
        match delivery.fate:
            case Fate.SENT:
                return Status.SENT
            case Fate.HELD:
                return Status.HELD
            case Fate.UNREACHABLE:
                return Status.PENDING
            case Fate.RETRY if refused < TRIES:
                return Status.PENDING
            case Fate.UNKNOWN if self.unknown == "hold" or resent:
                return Status.UNKNOWN
            case Fate.UNKNOWN:
                return Status.PENDING
            case _:
                return Status.DEAD

    def pause(self, attempt: int, asked: int = 0) -> int:
        """How long to wait after attempt number `attempt`, in ms: doubling, half of it by chance.

        Never more than a minute; but where the platform said how long (`asked`, ms), just that.
        """
        longest = min(LONGEST, SECOND << max(0, min(attempt - 1, 10)))
        return asked or int(longest * (1 + self.jitter()) / 2)
