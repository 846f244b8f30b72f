"""What an adapter must remember across restarts and nodes: small JSON values, changed atomically.

A token, a cursor, a topic's number, who has a lease. What is about one contact goes when they go.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from gateway.clock import Clock
from gateway.message import Contact
from gateway.store import Database, Tx

T = TypeVar("T")
Json = Any
Change = Callable[[Json], tuple[Json, T]]


class Notes:
    """The notes of one channel. `None` stands for what is not written down, or no longer counts."""

    def __init__(self, database: Database, channel: str, clock: Clock) -> None:
        self._database = database
        self._channel = channel
        self._clock = clock

    async def get(self, name: str) -> Json:
        """The value, as it is committed."""
        row = await self._database.row(
            "SELECT value FROM notes WHERE channel = ? AND name = ?"
            " AND (expires IS NULL OR expires > ?)",
            self._channel,
            name,
            self._clock(),
        )
        return json.loads(row["value"]) if row else None

    async def find(self, prefix: str) -> dict[str, Json]:
        """All values whose names begin with `prefix`, by name."""
        rows = await self._database.rows(
            "SELECT name, value FROM notes WHERE channel = ? AND name >= ? AND name < ?"
            " AND (expires IS NULL OR expires > ?) ORDER BY name",
            self._channel,
            prefix,
            f"{prefix}\U0010ffff",
            self._clock(),
        )
        return {row["name"]: json.loads(row["value"]) for row in rows}

    async def put(
        self, name: str, value: Json, *, lasts: int | None = None, about: Contact | None = None
    ) -> None:
        """Write a value; None takes it away."""
        await self.change(name, lambda _: (value, None), lasts=lasts, about=about)

    async def change(
        self,
        name: str,
        change: Change[T],
        *,
        lasts: int | None = None,
        about: Contact | None = None,
    ) -> T:
        """Replace a value by what `change` makes of it, while nobody else can; its result.

        `change` gets the old value and gives the new one (None takes it away) and a result. It may
        run more than once, and must do nothing else. The value counts for `lasts` ms, for ever
        without it.
        """

        async def body(tx: Tx) -> T:
            now = self._clock()
            value, result = change(await self._lock(tx, name, now))
            if value is None:
                await self._delete(tx, name)
            else:
                await self._write(tx, name, value, now + lasts if lasts is not None else None)
            return result

        async def about_contact(tx: Tx) -> T:
            result = await body(tx)
            if about is not None:
                await tx.execute(
                    "UPDATE notes SET contact = ? WHERE channel = ? AND name = ?",
                    about.key,
                    self._channel,
                    name,
                )
            return result

        return await self._database.transaction(about_contact)

    async def _lock(self, tx: Tx, name: str, now: int) -> Json:
        await tx.execute(
            "INSERT INTO notes (channel, name, value, expires) VALUES (?, ?, 'null', 0)"
            " ON CONFLICT (channel, name) DO NOTHING",
            self._channel,
            name,
        )
        row = await tx.row(
            "SELECT value, expires FROM notes WHERE channel = ? AND name = ? FOR UPDATE",
            self._channel,
            name,
        )
        if row is None or (row["expires"] is not None and row["expires"] <= now):
            return None
        return json.loads(row["value"])

    async def _write(self, tx: Tx, name: str, value: Json, expires: int | None) -> None:
        await tx.execute(
            "UPDATE notes SET value = ?, expires = ? WHERE channel = ? AND name = ?",
            json.dumps(value, ensure_ascii=False),
            expires,
            self._channel,
            name,
        )

    async def _delete(self, tx: Tx, name: str) -> None:
        await tx.execute("DELETE FROM notes WHERE channel = ? AND name = ?", self._channel, name)


async def sweep(database: Database, now: int) -> int:
    """Delete what no longer counts, on all channels; how much it was."""

    async def body(tx: Tx) -> int:
        return await tx.execute("DELETE FROM notes WHERE expires <= ?", now)

    return await database.transaction(body)
