"""The statements behind sending: leases, the next reply, and what became of the last one."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from gateway.adapter import Delivery, Fate
from gateway.clock import SECOND
from gateway.conversation import Conversation, Mode, heard, queue
from gateway.language import both
from gateway.message import Contact, Reply, Status
from gateway.retry import TRIES, Retry
from gateway.store import Database, Reads, Row, Tx, transcript

LEASE = 30 * SECOND
BUNDLE = 8  # replies that are handed out together, where an adapter may put them into one message

CUT_SHORT = Delivery(
    Fate.UNKNOWN, both("发送途中程序中断或失去了租约", "cut short by a crash or a lost lease")
)


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


async def lease(tx: Tx, conversation: str, now: int) -> Row | None:
    """Take a conversation that is due and free, under a fresh token; its row, locked."""
    return await tx.row(
        "UPDATE conversations SET token = token + 1, lease = ?, failures = 0"
        " WHERE id = ? AND lease <= ? AND due <= ? RETURNING *",
        now + LEASE,
        conversation,
        now,
        now,
    )


async def free_leases(database: Database) -> None:
    """Void every lease: for a store that one process has to itself, when that process starts."""

    async def body(tx: Tx) -> int:
        return await tx.execute("UPDATE conversations SET lease = 0 WHERE lease > 0")

    await database.transaction(body)


async def renew(tx: Tx, conversation: str, token: int, now: int) -> Row | None:
    """Keep a lease that is still ours by its token; its row, locked."""
    return await tx.row(
        "UPDATE conversations SET lease = ? WHERE id = ? AND token = ? RETURNING *",
        now + LEASE,
        conversation,
        token,
    )


async def next_reply(
    tx: Tx, conversation: Conversation, contact: Contact, now: int, *, bundled: bool = False
) -> Reply | None:
    """The first reply that may go out now, marked as on its way; without one, let go.

    `bundled`: those that may go out right behind it come with it.
    """
    rows = await tx.rows(
        "SELECT * FROM messages WHERE contact = ? AND status IN ('pending', 'sending')"
        " ORDER BY seq LIMIT ?",
        conversation.contact,
        BUNDLE if bundled else 1,
    )
    if not rows or rows[0]["due"] > now:
        await _let_go(tx, conversation, rows[0]["due"] if rows else None, now)
        return None
    if rows[0]["conversation"] != conversation.id:  # what an earlier chat still owes goes first
        await _let_go(tx, conversation, now + SECOND, now)
        return None
    together = list(takewhile(lambda row: _may_go(row, conversation, now), rows))
    for row in together:
        await _mark_sending(tx, row, now)
    replies = [await _reply(tx, row, contact) for row in together]
    return replace(replies[0], behind=tuple(replies[1:]))


def _may_go(row: Row, conversation: Conversation, now: int) -> bool:
    return bool(row["conversation"] == conversation.id and row["due"] <= now)


async def _mark_sending(tx: Tx, row: Row, now: int) -> None:
    """One that is `sending` was handed to us before, and the word of it got lost on the way."""
    if row["status"] == Status.PENDING:
        await tx.execute(
            "UPDATE messages SET status = 'sending', attempts = attempts + 1, changed = ?"
            " WHERE id = ?",
            now,
            row["id"],
        )


async def put_back(tx: Tx, replies: Iterable[Reply], now: int) -> None:
    """They were handed out behind another and did not go along."""
    for reply in replies:
        await tx.execute(
            "UPDATE messages SET status = 'pending', attempts = attempts - 1, changed = ?"
            " WHERE id = ? AND status = 'sending'",
            now,
            reply.id,
        )


async def reopen(tx: Tx, contact: str, external: str, now: int) -> str | None:
    """Send again what answered a message and went out, if at all, in the response to its request.

    The conversation, None where nothing is on its way then.
    """
    asked = await tx.row(
        "SELECT conversation, seq, at FROM messages WHERE contact = ? AND author = 'customer'"
        " AND external = ?",
        contact,
        external,
    )
    if asked is None:
        return None
    await tx.row("SELECT id FROM conversations WHERE id = ? FOR UPDATE", asked["conversation"])
    await tx.execute(
        "UPDATE messages SET status = 'pending', due = 0, resent = 0, detail = '', changed = ?"
        " WHERE conversation = ? AND spent = 0 AND (seq > ? OR (status IN ('unknown', 'sending')"
        " AND changed >= ?)) AND seq < COALESCE((SELECT MIN(seq) FROM messages"
        " WHERE conversation = ? AND seq > ? AND author = 'customer'), seq + 1)"
        " AND (status IN ('sent', 'unknown', 'held') OR (status = 'sending' AND EXISTS"
        " (SELECT 1 FROM conversations c WHERE c.id = messages.conversation AND c.lease <= ?)))",
        now,
        asked["conversation"],
        asked["seq"],
        asked["at"],
        asked["conversation"],
        asked["seq"],
        now,
    )
    await tx.execute(
        "UPDATE conversations SET due = ? WHERE id = ? AND (due IS NULL OR due > ?)",
        now,
        asked["conversation"],
        now,
    )
    under_way = await tx.row(
        "SELECT 1 AS found FROM messages WHERE conversation = ?"
        " AND status IN ('pending', 'sending') LIMIT 1",
        asked["conversation"],
    )
    return str(asked["conversation"]) if under_way else None


async def settle(tx: Tx, reply: str, delivery: Delivery, retry: Retry, now: int) -> Status | None:
    """Note what became of an attempt; the new status, None if the reply was taken back meanwhile.

    One that was taken back but did arrive is `sent`: the transcript tells what happened.
    """
    row = await tx.row("SELECT attempts, refused, resent FROM messages WHERE id = ?", reply)
    if row is None:
        return None
    refused = row["refused"] + (delivery.fate is Fate.RETRY)
    status = retry.verdict(delivery, refused, resent=bool(row["resent"]))
    resent = int(delivery.fate is Fate.UNKNOWN) or row["resent"]
    pause = retry.pause(row["attempts"], delivery.retry_after)
    noted = await tx.execute(
        "UPDATE messages SET status = ?, detail = ?, refused = ?, resent = ?, due = ?, changed = ?"
        " WHERE id = ? AND (status = 'sending' OR ? = 'sent')",
        status,
        delivery.detail,
        refused,
        resent,
        now + pause if status is Status.PENDING else 0,
        now,
        reply,
        status,
    )
    return status if noted else None


async def recover(tx: Tx, conversation: str, retry: Retry, now: int) -> list[Status | None]:
    """Settle what a worker was sending when it went away."""
    left = await tx.rows(
        "SELECT id FROM messages WHERE conversation = ? AND status = 'sending' ORDER BY seq",
        conversation,
    )
    return [await settle(tx, row["id"], CUT_SHORT, retry, now) for row in left]


async def postpone(tx: Tx, conversation: str, retry: Retry, now: int) -> int:
    """A worker failed on it: look again later; how often in a row it failed."""
    row = await tx.row(
        "UPDATE conversations SET failures = failures + 1, lease = 0 WHERE id = ?"
        " RETURNING failures",
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


def owe(conversation: Conversation, now: int) -> Conversation:
    """A reply did not get through: the customer is owed one, and a person must see it."""
    conversation = heard(conversation, now)
    return conversation if conversation.mode is Mode.CLOSED else queue(conversation, now)


async def release_held(tx: Tx, contact: str, now: int) -> None:
    """The customer wrote, so what waited for that may go out, whichever chat it is from.

    What is to be tried later is tried now: on some platforms their message opens a way.
    """
    released = await tx.rows(
        "UPDATE messages SET status = 'pending', due = 0, changed = ?"
        " WHERE contact = ? AND status IN ('held', 'pending', 'sending')"
        " AND (status = 'held' OR (status = 'pending' AND due > ?))"
        " RETURNING conversation",
        now,
        contact,
        now,
    )
    for conversation in {row["conversation"] for row in released}:
        await tx.execute("UPDATE conversations SET due = ? WHERE id = ?", now, conversation)


async def drop(tx: Tx, contact: str, now: int) -> int:
    """The customer left: take back what is not on its way, of any of their chats; how much."""
    return await tx.execute(
        "UPDATE messages SET status = 'cancelled', changed = ?"
        " WHERE contact = ? AND status IN ('pending', 'held')",
        now,
        contact,
    )


async def _let_go(tx: Tx, conversation: Conversation, due: int | None, now: int) -> None:
    await tx.execute(
        "UPDATE conversations SET lease = 0, due = CASE WHEN EXISTS"
        " (SELECT 1 FROM messages WHERE conversation = ? AND seq > ? AND author = 'customer')"
        " THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END WHERE id = ?",
        conversation.id,
        conversation.handled,
        now,
        due,
        conversation.id,
    )


async def _answers(tx: Tx, conversation: str, seq: int) -> str:
    row = await tx.row(
        "SELECT external FROM messages WHERE conversation = ? AND seq < ?"
        " AND author = 'customer' ORDER BY seq DESC LIMIT 1",
        conversation,
        seq,
    )
    return row["external"] if row else ""


async def _reply(tx: Tx, row: Row, contact: Contact) -> Reply:
    line = transcript.from_row(row)
    return Reply(
        id=line.id,
        conversation=line.conversation,
        contact=contact,
        seq=line.seq,
        author=line.author,
        name=line.name,
        text=line.text,
        suggestions=line.suggestions,
        attachments=line.attachments,
        answers=await _answers(tx, line.conversation, line.seq),
        attempt=row["attempts"] + (row["status"] == Status.PENDING),
    )
