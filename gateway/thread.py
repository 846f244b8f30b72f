"""A contact's own side of the story: what adapters whose customers read their transcript show."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from gateway.conversation import Conversation, Mode
from gateway.message import Contact, Line
from gateway.store import Database, Reads, transcript
from gateway.store import conversations as table


@dataclass(frozen=True, slots=True)
class State:
    """Where a contact stands: who leads, and how many wait before them (0 unless waiting).

    `seq` is the newest line, 0 for somebody who has said nothing yet; up to `handled` the router
    has seen what they said.
    """

    mode: Mode
    ahead: int = 0
    seq: int = 0
    handled: int = 0


class Thread(Protocol):
    """Reads for one contact at a time; nothing private, nothing of other people."""

    async def lines(self, contact: Contact, after: int = 0, limit: int = 200) -> list[Line]:
        """The lines with a seq above `after`, oldest first, through all conversations."""

    async def state(self, contact: Contact) -> State:
        """Mode BOT and seq 0 for somebody unknown."""

    async def contact(self, key: str) -> Contact | None:
        """Who has this key of ours, on this channel; hints name people by it."""


Ahead = Callable[[Reads, Conversation], Awaitable[int]]


class StoredThread:
    """The thread as the store has it; `ahead` counts who waits before a conversation."""

    def __init__(self, database: Database, channel: str, ahead: Ahead) -> None:
        self._database = database
        self._channel = channel
        self._ahead = ahead

    async def lines(self, contact: Contact, after: int = 0, limit: int = 200) -> list[Line]:
        """The lines with a seq above `after`."""
        return await transcript.thread(self._database, contact.key, after, limit)

    async def state(self, contact: Contact) -> State:
        """The newest conversation's."""
        row = await self._database.row(
            "SELECT * FROM conversations WHERE contact = ? ORDER BY opened DESC, id DESC LIMIT 1",
            contact.key,
        )
        if row is None:
            return State(Mode.BOT)
        now = table.from_row(row)
        ahead = await self._ahead(self._database, now) if now.mode is Mode.WAITING else 0
        return State(now.mode, ahead, now.seq, now.handled)

    async def contact(self, key: str) -> Contact | None:
        """By our key."""
        row = await self._database.row(
            "SELECT * FROM contacts WHERE id = ? AND channel = ?", key, self._channel
        )
        return table.contact_from_row(row) if row else None
