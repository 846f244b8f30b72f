"""The statements behind what became of replies that were handed out."""

from collections.abc import Mapping

from gateway.adapter import Delivery, Fate
from gateway.conversation import Conversation, Mode, heard, queue
from gateway.language import both
from gateway.message import Status
from gateway.retry import Retry
from gateway.store import Tx, marks
from gateway.store.outbox import UNSENT

CUT_SHORT = Delivery(
    Fate.UNKNOWN, both("发送途中程序中断或失去了租约", "cut short by a crash or a lost lease")
)


async def settle(tx: Tx, reply: str, delivery: Delivery, retry: Retry, now: int) -> Status | None:
    """Note what became of an attempt; the new status, None if the reply was taken back meanwhile.

    One that was taken back but did arrive is `sent`: the transcript tells what happened.
    """
    if delivery.fate is Fate.SENT:
        return await _arrived(tx, reply, delivery, now)
    row = await tx.row("SELECT attempts, refused, resent FROM messages WHERE id = ?", reply)
    if row is None:
        return None
    refused = row["refused"] + (delivery.fate is Fate.RETRY)
    status = retry.verdict(delivery, refused, resent=bool(row["resent"]))
    resent = int(delivery.fate is Fate.UNKNOWN) or row["resent"]
    pause = retry.pause(row["attempts"], delivery.retry_after)
    noted = await tx.execute(
        "UPDATE messages SET status = ?, detail = ?, refused = ?, resent = ?, due = ?, changed = ?"
        " WHERE id = ? AND status = 'sending'",
        status,
        delivery.detail,
        refused,
        resent,
        now + pause if status is Status.PENDING else 0,
        now,
        reply,
    )
    return status if noted else None


async def _arrived(tx: Tx, reply: str, delivery: Delivery, now: int) -> Status | None:
    noted = await tx.execute(
        "UPDATE messages SET status = 'sent', detail = ?, due = 0, changed = ? WHERE id = ?",
        delivery.detail,
        now,
        reply,
    )
    return Status.SENT if noted else None


async def finish(tx: Tx, going: Mapping[str, tuple[int, str]], now: int) -> set[str]:
    """Note at once that replies arrived, and let go of their conversations; of which.

    `going` has a token and a reply's id by conversation. Those in which more is to be sent, that
    are closed or that somebody else took stay as they are.
    """
    if not going:
        return set()
    rows = await tx.rows(
        f"SELECT id, token, mode FROM conversations WHERE id IN ({marks(going)})"
        " ORDER BY id FOR UPDATE",
        *going,
    )
    ours = [
        row["id"]
        for row in rows
        if row["token"] == going[row["id"]][0] and row["mode"] != Mode.CLOSED
    ]
    if not ours:
        return set()
    replies = [going[conversation][1] for conversation in ours]
    let_go = await tx.rows(
        "UPDATE conversations SET lease = 0, failures = 0, changed = ?, due = CASE WHEN EXISTS"
        " (SELECT 1 FROM messages m WHERE m.conversation = conversations.id"
        " AND m.seq > conversations.handled AND m.author = 'customer') THEN CAST(? AS BIGINT) END"
        f" WHERE id IN ({marks(ours)}) AND NOT EXISTS (SELECT 1 FROM messages m"
        f" WHERE m.contact = conversations.contact AND m.{UNSENT} AND m.status <> 'held'"
        f" AND m.id NOT IN ({marks(ours)})) RETURNING id",
        now,
        now,
        *ours,
        *replies,
    )
    done = {row["id"] for row in let_go}
    arrived = [going[conversation][1] for conversation in done]
    if arrived:
        await tx.execute(
            "UPDATE messages SET status = 'sent', detail = '', due = 0, changed = ?"
            f" WHERE id IN ({marks(arrived)})",
            now,
            *arrived,
        )
    return done


async def recover(tx: Tx, conversation: str, retry: Retry, now: int) -> list[Status | None]:
    """Settle what a worker was sending when it went away."""
    left = await tx.rows(
        "SELECT id FROM messages WHERE conversation = ? AND status = 'sending' ORDER BY seq",
        conversation,
    )
    return [await settle(tx, row["id"], CUT_SHORT, retry, now) for row in left]


def owe(conversation: Conversation, now: int) -> Conversation:
    """A reply did not get through: the customer is owed one, and a person must see it."""
    conversation = heard(conversation, now)
    return conversation if conversation.mode is Mode.CLOSED else queue(conversation, now)
