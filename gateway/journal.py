"""What platforms sent, kept before it is understood: for those that are told "received" in batches.

An event is on the disk, once, before its platform hears so; what can't be read stays as a dead
letter and holds up nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.clock import MINUTE, Clock
from gateway.store import Database, Tx

KEEP = 48 * 60 * MINUTE  # for how long a platform may send the same event again


@dataclass(frozen=True, slots=True)
class Event:
    """What came: the platform's id of it, its body as it came, and when (ms)."""

    id: str
    body: str
    at: int = 0


class Journal:
    """The events of one channel."""

    def __init__(self, database: Database, channel: str, clock: Clock) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock

    async def put(self, events: Sequence[Event]) -> int:
        """Write them down in one transaction, each once; how many are new."""

        async def body(tx: Tx) -> int:
            now = self._clock()
            return sum([await self._insert(tx, one, now, at) for at, one in enumerate(events)])

        return await self._database.transaction(body)

    async def waiting(self, limit: int = 100) -> list[Event]:
        """Those that are not done, oldest first."""
        rows = await self._database.rows(
            "SELECT id, body, at FROM journal WHERE channel = ? AND state = 'new'"
            " ORDER BY at, place LIMIT ?",
            self._channel,
            limit,
        )
        return [Event(row["id"], row["body"], row["at"]) for row in rows]

    async def done(self, *ids: str) -> None:
        """They have been handled; only that they came is kept, for as long as they may come again.

        What is older than that goes on the way.
        """

        async def body(tx: Tx) -> None:
            for one in ids:
                await self._mark(tx, one, "done", "")
            await tx.execute(
                "DELETE FROM journal WHERE state = 'done' AND at < ?", self._clock() - KEEP
            )

        await self._database.transaction(body)

    async def bury(self, event: str, detail: str) -> None:
        """One can't be read or handled: a dead letter, with `detail` for people."""
        await self._database.transaction(lambda tx: self._mark(tx, event, "dead", detail))

    async def _insert(self, tx: Tx, event: Event, now: int, place: int) -> int:
        return await tx.execute(
            "INSERT INTO journal (channel, id, body, at, place, state)"
            " VALUES (?, ?, ?, ?, ?, 'new') ON CONFLICT (channel, id) DO NOTHING",
            self._channel,
            event.id,
            event.body,
            now,
            place,
        )

    async def _mark(self, tx: Tx, event: str, state: str, detail: str) -> None:
        await tx.execute(
            "UPDATE journal SET state = ?, detail = ?,"
            " body = CASE WHEN ? = 'done' THEN '' ELSE body END WHERE channel = ? AND id = ?",
            state,
            detail,
            state,
            self._channel,
            event,
        )
