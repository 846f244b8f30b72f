"""When the platform says that we must wait, all nodes do, and `/readyz` says what for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.clock import Clock
from gateway.notes import Json, Notes

THEIRS = ZoneInfo("Asia/Shanghai")  # the platform counts its days there
SPENT = "the day's limit of calls is used up (45009): it is reset at midnight, China time"
BUSY = "too many calls in a minute (45011)"


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when (ms), and why, for the people who run this."""

    until: int
    why: str


class Pauses:
    """The pauses of a channel, by what they are of: `token`, `send`."""

    def __init__(self, notes: Notes, clock: Clock) -> None:
        self._notes = notes
        self._clock = clock

    async def begin(self, of: str, pause: Pause) -> None:
        """Wait, from now on."""
        noted = {"until": pause.until, "why": pause.why}
        await self._notes.put(f"pause {of}", noted, lasts=pause.until - self._clock())

    async def find(self, of: str) -> Pause | None:
        """The pause of one thing, while it lasts."""
        return _read(await self._notes.get(f"pause {of}"))

    async def all(self) -> Mapping[str, Pause]:
        """Those that last."""
        found = await self._notes.find("pause ")
        read = {name.removeprefix("pause "): _read(noted) for name, noted in found.items()}
        return {name: pause for name, pause in read.items() if pause}


def until_midnight(now: int) -> int:
    """When the platform's day ends (ms)."""
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(THEIRS).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), THEIRS)
    return int(midnight.timestamp() * 1000)


def _read(noted: Json) -> Pause | None:
    return Pause(noted["until"], noted["why"]) if noted else None
