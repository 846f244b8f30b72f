"""Contacts and conversations as rows: found, locked, saved."""

from gateway.conversation import Conversation, Mode
from gateway.errors import NotFound
from gateway.message import Contact
from gateway.store import Reads, Row, Tx


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
        "UPDATE conversations SET mode = ?, team = ?, assignee = ?, led = ?, priority = ?,"
        " misses = ?, seq = ?, handled = ?, waiting_since = ?, owed_since = ?, closed = ?,"
        " outcome = ?, summary = ?, changed = ?, due = CASE WHEN due <= CAST(? AS BIGINT)"
        " THEN due ELSE COALESCE(CAST(? AS BIGINT), due) END WHERE id = ?",
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


def contact_from_row(row: Row) -> Contact:
    """Read a row of `contacts` as the platform knows the person."""
    return Contact(row["channel"], row["platform_id"], row["name"], row["language"])
