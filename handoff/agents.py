"""The people of the desk: who they are, what they may see, and whether they are there."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.clock import SECOND
from gateway.errors import NotFound
from gateway.store import Reads, Row, Tx, Value, marks

FRESH = 30 * SECOND  # a socket is written down at least this often
LOAD = "(SELECT COUNT(*) FROM conversations c WHERE c.assignee = a.id AND c.mode = 'assigned')"


class Role(StrEnum):
    """What somebody may do: talk to customers, oversee that, or edit the FAQ."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"


class Presence(StrEnum):
    """What an agent says of themselves."""

    ONLINE = "online"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who works here.

    `status` is what they chose, `seen` (ms) when a socket of theirs was last open; `presence`
    puts both together.
    """

    id: str
    name: str
    role: Role
    teams: tuple[str, ...] = ()
    status: Presence = Presence.ONLINE
    capacity: int = 5
    load: int = 0
    seen: int = 0
    must_change: bool = False
    disabled: bool = False

    def presence(self, now: int) -> Presence:
        """What others are told: nobody is there without a socket."""
        return self.status if self.seen > now - FRESH else Presence.OFFLINE

    def sees(self, team: str | None, assignee: str | None) -> bool:
        """Whether a conversation of `team` that `assignee` leads is theirs to see."""
        if self.role is Role.SUPERVISOR:
            return True
        if self.role is Role.EDITOR:
            return False
        return team is None or team in self.teams or assignee == self.id

    def sight(self) -> tuple[str, list[Value]]:
        """The same as a condition on `conversations c`, with its values."""
        if self.role is Role.SUPERVISOR:
            return "1 = 1", []
        if self.role is Role.EDITOR:
            return "1 = 0", []
        teams = "".join(", ?" for _ in self.teams)
        return f"(c.team IS NULL OR c.assignee = ? OR c.team IN (''{teams}))", [
            self.id,
            *self.teams,
        ]


def fold(name: str) -> str:
    """A name as it is compared: without regard to case, width or spaces around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


async def find(reads: Reads, agent: str) -> Agent:
    """One agent by id, disabled ones too."""
    row = await reads.row(f"SELECT a.*, {LOAD} AS load FROM agents a WHERE a.id = ?", agent)
    if row is None:
        raise NotFound("no such agent")
    return from_row(row)


async def named(reads: Reads, name: str) -> Agent:
    """One agent by name."""
    row = await reads.row(f"SELECT a.*, {LOAD} AS load FROM agents a WHERE a.login = ?", fold(name))
    if row is None:
        raise NotFound(f"no agent is called {name!r}", name=name)
    return from_row(row)


async def everybody(reads: Reads) -> list[Agent]:
    """All who are not disabled, by name."""
    found = await reads.rows(
        f"SELECT a.*, {LOAD} AS load FROM agents a WHERE a.disabled IS NULL ORDER BY a.login"
    )
    return [from_row(row) for row in found]


async def lock(tx: Tx, agent: str) -> Agent:
    """Read an agent and keep everybody else from giving them conversations until the commit."""
    row = await tx.row("SELECT * FROM agents WHERE id = ? FOR UPDATE", agent)
    if row is None or row["disabled"] is not None:
        raise NotFound("no such agent")
    return await find(tx, agent)


async def choose(tx: Tx, agent: str, status: Presence) -> None:
    """Note what an agent says of themselves."""
    await tx.execute("UPDATE agents SET status = ? WHERE id = ?", status, agent)


async def note_seen(tx: Tx, present: Sequence[str], now: int) -> None:
    """Write down whose sockets are open at `now` (ms); 0 says that the last one went."""
    if present:
        await tx.execute(
            f"UPDATE agents SET seen = ? WHERE id IN ({marks(present)})", now, *present
        )


def from_row(row: Row) -> Agent:
    """Read a row of `agents` with its `load`."""
    return Agent(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        teams=tuple(json.loads(row["teams"])),
        status=Presence(row["status"]),
        capacity=row["capacity"],
        load=row["load"],
        seen=row["seen"],
        must_change=bool(row["must_change"]),
        disabled=row["disabled"] is not None,
    )
