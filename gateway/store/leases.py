"""The statements behind leases: who works on a conversation, and when somebody must look at it."""

from gateway.clock import SECOND
from gateway.conversation import Conversation
from gateway.retry import TRIES, Retry
from gateway.store import Database, Reads, Tx
from gateway.store import conversations as table
from gateway.store.conversations import Locked

LEASE = 30 * SECOND
LAPSED = 1  # a lease that ran out, while 0 says that its worker let go


async def due(reads: Reads, channel: str, now: int, limit: int) -> list[str]:
    """A channel's conversations in which a worker has something to do, the longest due first."""
    found = await reads.rows(
        "SELECT id FROM conversations WHERE channel = ? AND due <= ? AND lease <= ?"
        " ORDER BY due LIMIT ?",
        channel,
        now,
        now,
        limit,
    )
    return [row["id"] for row in found]


async def take(tx: Tx, conversation: str, now: int) -> Locked | None:
    """Lock a conversation that is due and free."""
    row = await tx.row(
        "SELECT * FROM conversations WHERE id = ? AND lease <= ? AND due <= ? FOR UPDATE",
        conversation,
        now,
        now,
    )
    return table.locked_from_row(row) if row else None


async def taken(tx: Tx, conversation: str, token: int) -> Locked | None:
    """Lock a conversation that is still ours by its token."""
    row = await tx.row(
        "SELECT * FROM conversations WHERE id = ? AND token = ? FOR UPDATE", conversation, token
    )
    return table.locked_from_row(row) if row else None


async def keep(tx: Tx, before: Conversation, after: Conversation, token: int, now: int) -> None:
    """Save a conversation with a lease on it; it is due, should nobody be there when that ends."""
    sets, values = table.changes(before, after)
    await tx.execute(
        f"UPDATE conversations SET {sets}changed = ?, token = ?, lease = ?, failures = 0, due = ?"
        " WHERE id = ?",
        *values,
        now,
        token,
        now + LEASE,
        now,
        after.id,
    )


async def let_go(
    tx: Tx, before: Conversation, after: Conversation, token: int, due: int | None, now: int
) -> None:
    """Save a conversation and let go of it until `due`; what has come meanwhile is due now."""
    sets, values = table.changes(before, after)
    await tx.execute(
        f"UPDATE conversations SET {sets}changed = ?, token = ?, lease = 0, failures = 0,"
        " due = CASE WHEN EXISTS (SELECT 1 FROM messages WHERE conversation = ? AND seq > ?"
        " AND author = 'customer') THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END WHERE id = ?",
        *values,
        now,
        token,
        after.id,
        after.handled,
        now,
        due,
        after.id,
    )


async def free_leases(database: Database) -> None:
    """Void every lease: for a store that one process has to itself, when that process starts."""

    async def body(tx: Tx) -> int:
        return await tx.execute("UPDATE conversations SET lease = ? WHERE lease > 0", LAPSED)

    await database.transaction(body)


async def postpone(tx: Tx, conversation: str, retry: Retry, now: int) -> int:
    """A worker failed on it: look again later; how often in a row it failed."""
    row = await tx.row(
        "UPDATE conversations SET failures = failures + 1, lease = ? WHERE id = ?"
        " RETURNING failures",
        LAPSED,
        conversation,
    )
    failures: int = row["failures"] if row else 0
    await tx.execute(
        "UPDATE conversations SET due = CASE WHEN CAST(? AS BIGINT) < ? OR EXISTS"
        " (SELECT 1 FROM messages WHERE conversation = ? AND status IN ('pending', 'sending'))"
        " THEN CAST(? AS BIGINT) END WHERE id = ?",
        failures,
        TRIES,
        conversation,
        now + retry.pause(failures),
        conversation,
    )
    return failures
