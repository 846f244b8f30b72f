"""Time as the core counts it: whole milliseconds since 1970 in UTC, from a clock passed in."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], int]

SECOND = 1_000
MINUTE = 60 * SECOND


def system_clock() -> int:
    """Milliseconds since 1970, by this machine's clock."""
    return time.time_ns() // 1_000_000


def isoformat(ms: int) -> str:
    """Write an instant the way our JSON does: `2026-11-22T08:30:00.250Z`."""
    at = datetime.fromtimestamp(ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def new_id(now: int) -> str:
    """Make a key of 28 hex digits that sorts by `now` (ms) and carries 64 random bits."""
    return f"{now:012x}{os.urandom(8).hex()}"
