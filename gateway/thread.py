"""A contact's own side of the story: what adapters whose customers read their transcript show."""

from dataclasses import dataclass
from typing import Protocol

from gateway.conversation import Mode
from gateway.message import Contact, Line


@dataclass(frozen=True, slots=True)
class State:
    """Where a contact stands: who leads, and how many wait before them (0 unless waiting).

    `seq` is the newest line, 0 for somebody who has said nothing yet; `agent` who leads, or "".
    """

    mode: Mode
    ahead: int = 0
    seq: int = 0
    agent: str = ""


class Thread(Protocol):
    """Reads for one contact at a time; nothing private, nothing of other people."""

    async def lines(self, contact: Contact, after: int = 0, limit: int = 200) -> list[Line]:
        """The lines with a seq above `after`, oldest first, through all conversations."""

    async def state(self, contact: Contact) -> State:
        """Mode BOT and seq 0 for somebody unknown."""
