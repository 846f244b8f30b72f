"""One of several nodes at a time: who polls a platform, who fetches a token."""

import secrets

from gateway.clock import Clock
from gateway.notes import Json, Notes


class Lease:
    """A thing that one holder has at a time, for as long as they renew it. Lives in the notes."""

    def __init__(self, notes: Notes, name: str, lasts: int, clock: Clock) -> None:
        """`lasts` in ms: renew well within it."""
        self._notes = notes
        self._name = f"lease {name}"
        self._lasts = lasts
        self._clock = clock
        self._holder = secrets.token_hex(8)

    async def take(self) -> bool:
        """Take it or renew it; False while somebody else has it."""
        return await self._notes.change(self._name, self._taken)

    async def give_up(self) -> None:
        """Let another have it at once."""
        await self._notes.change(self._name, self._given_up)

    def _taken(self, held: Json) -> tuple[Json, bool]:
        now = self._clock()
        if held and held["holder"] != self._holder and held["until"] > now:
            return held, False
        return {"holder": self._holder, "until": now + self._lasts}, True

    def _given_up(self, held: Json) -> tuple[Json, None]:
        return (None if held and held["holder"] == self._holder else held), None
