"""Contacts and conversations as rows: found, locked, saved."""

from typing import NamedTuple

from gateway.conversation import Conversation, Mode
from gateway.errors import NotFound
from gateway.message import Contact
from gateway.store import Reads, Row, Tx, Value

SAVE = (
    "UPDATE conversations SET mode = ?, team = ?, assignee = ?, led = ?, priority = ?, misses = ?,"
    " seq = ?, handled = ?, waiting_since = ?, owed_since = ?, closed = ?, outcome = ?,"
    " summary = ?, changed = ?, due = CASE WHEN due <= CAST(? AS BIGINT) THEN due"
    " ELSE COALESCE(CAST(? AS BIGINT), due) END WHERE id = ?"
)


class Locked(NamedTuple):
    """A conversation that nobody else can change until the commit, and what workers noted of it.

    `lease` is 0 where the last worker let go of it: then nothing is on its way in it. One that has
    run out is not: somebody may have gone away in the middle of sending.
    """

    state: Conversation
    token: int = 0
    lease: int = 0
    due: int | None = None

    def rests(self, now: int) -> bool:
        """Whether no worker has it, nor has anything to do in it."""
        return self.lease == 0 and (self.due is None or self.due > now)


async def lock(tx: Tx, conversation: str) -> Conversation:
    """Read a conversation and keep everybody else from changing it until the commit."""
    row = await tx.row("SELECT * FROM conversations WHERE id = ? FOR UPDATE", conversation)
    if row is None:
        raise NotFound("no such conversation")
    return from_row(row)


async def find(reads: Reads, conversation: str) -> Conversation:
    """Read a conversation as it is committed."""
    row = await reads.row("SELECT * FROM conversations WHERE id = ?", conversation)
    if row is None:
        raise NotFound("no such conversation")
    return from_row(row)


async def save(tx: Tx, conversation: Conversation, now: int, *, due: int | None = None) -> None:
    """Write a locked conversation back; with `due` (ms) a worker looks at it then or sooner."""
    await tx.execute(
        SAVE,
        conversation.mode,
        conversation.team,
        conversation.assignee,
        int(conversation.led),
        conversation.priority,
        conversation.misses,
        conversation.seq,
        conversation.handled,
        conversation.waiting_since,
        conversation.owed_since,
        conversation.closed,
        conversation.outcome,
        conversation.summary,
        now,
        due,
        due,
        conversation.id,
    )


def changes(before: Conversation, after: Conversation) -> tuple[str, list[Value]]:
    """What is to be SET, and the values: an index has to be kept up for each column that is."""
    changed = [
        (name, new)
        for name, old, new in zip(Conversation._fields, before, after, strict=True)
        if old != new
    ]
    return "".join(f"{name} = ?, " for name, _ in changed), [
        int(value) if isinstance(value, bool) else value for _, value in changed
    ]


async def contact_of(reads: Reads, conversation: Conversation) -> Contact:
    """The person whose conversation it is."""
    row = await reads.row("SELECT * FROM contacts WHERE id = ?", conversation.contact)
    if row is None:
        raise NotFound("no such contact")
    return contact_from_row(row)


def from_row(row: Row) -> Conversation:
    """Read a row of `conversations`."""
    return Conversation(
        id=row["id"],
        contact=row["contact"],
        channel=row["channel"],
        mode=Mode(row["mode"]),
        opened=row["opened"],
        seq=row["seq"],
        handled=row["handled"],
        team=row["team"],
        assignee=row["assignee"],
        led=bool(row["led"]),
        priority=row["priority"],
        misses=row["misses"],
        waiting_since=row["waiting_since"],
        owed_since=row["owed_since"],
        closed=row["closed"],
        outcome=row["outcome"],
        summary=row["summary"],
    )


def locked_from_row(row: Row) -> Locked:
    """Read a row of `conversations` that is locked."""
    return Locked(from_row(row), row["token"], row["lease"], row["due"])


def contact_from_row(row: Row) -> Contact:
    """Read a row of `contacts` as the platform knows the person."""
    return Contact(row["channel"], row["platform_id"], row["name"], row["language"])
