"""The statements behind sending: leases, the next reply, and what became of the last one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from gateway.adapter import Delivery, Fate
from gateway.clock import SECOND
from gateway.conversation import Conversation, Mode, heard, queue
from gateway.language import both
from gateway.message import Author, Contact, Line, Reply, Status
from gateway.retry import TRIES, Retry
from gateway.store import Database, Reads, Row, Tx, marks, transcript
from gateway.store import conversations as table
from gateway.store.conversations import Locked

LEASE = 30 * SECOND
LAPSED = 1  # a lease that ran out, while 0 says that its worker let go
BUNDLE = 8  # replies that are handed out together, where an adapter may put them into one message

KEEP = f"{table.WRITE}, token = ?, lease = ?, failures = 0, due = ? WHERE id = ?"
LET_GO = (
    f"{table.WRITE}, token = ?, lease = 0, failures = 0, due = CASE WHEN EXISTS"
    " (SELECT 1 FROM messages WHERE conversation = ? AND seq > ? AND author = 'customer')"
    " THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END WHERE id = ?"
)

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


async def keep(tx: Tx, conversation: Conversation, token: int, now: int) -> None:
    """Save a conversation with a lease on it; it is due, should nobody be there when that ends."""
    await tx.execute(
        KEEP,
        *table.written(conversation, now),
        token,
        now + LEASE,
        now,
        conversation.id,
    )


async def let_go(tx: Tx, conversation: Conversation, token: int, due: int | None, now: int) -> None:
    """Save a conversation and let go of it until `due`; what has come meanwhile is due now."""
    await tx.execute(
        LET_GO,
        *table.written(conversation, now),
        token,
        conversation.id,
        conversation.handled,
        now,
        due,
        conversation.id,
    )


async def free_leases(database: Database) -> None:
    """Void every lease: for a store that one process has to itself, when that process starts."""

    async def body(tx: Tx) -> int:
        return await tx.execute("UPDATE conversations SET lease = ? WHERE lease > 0", LAPSED)

    await database.transaction(body)


async def next_reply(
    tx: Tx,
    conversation: Conversation,
    contact: Contact,
    fresh: Sequence[Line],
    now: int,
    *,
    bundled: bool = False,
) -> tuple[Reply | None, int | None]:
    """Insert `fresh` lines; the first reply that may go out, marked as on its way.

    Without one: when there may be something to send, None if there is nothing. `bundled`: those
    that may go out right behind the first come with it.
    """
    limit = BUNDLE if bundled else 1
    rows = await tx.rows(
        "SELECT * FROM messages WHERE contact = ? AND status IN ('pending', 'sending')"
        " ORDER BY seq LIMIT ?",
        conversation.contact,
        limit,
    )
    said = [line for line in fresh if line.status is Status.PENDING]
    waiting = [*map(_waiting, rows), *map(_Waiting, said)][:limit]
    going = list(takewhile(lambda one: one.may_go(conversation, now), waiting))
    new = await transcript.insert(tx, conversation, fresh, now, {one.line.id for one in going})
    if new < len(fresh):
        raise AssertionError("the contact is locked: nobody else can have stored this")
    if not going:
        return None, _when(waiting, now)
    replies = [await _send(tx, one, fresh, contact, now) for one in going]
    return replace(replies[0], behind=tuple(replies[1:])) if replies[1:] else replies[0], None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A reply that has not gone out; `kept`: it stands in the store."""

    line: Line
    due: int = 0
    attempts: int = 0
    kept: bool = False

    def may_go(self, conversation: Conversation, now: int) -> bool:
        return self.line.conversation == conversation.id and self.due <= now


def _waiting(row: Row) -> _Waiting:
    return _Waiting(transcript.from_row(row), row["due"], row["attempts"], kept=True)


def _when(waiting: Sequence[_Waiting], now: int) -> int | None:
    if not waiting:
        return None
    if waiting[0].due > now:
        return waiting[0].due
    return now + SECOND  # what an earlier chat still owes goes first


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
        " WHERE m.contact = conversations.contact AND m.status IN ('pending', 'sending')"
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


async def _send(
    tx: Tx, waiting: _Waiting, fresh: Sequence[Line], contact: Contact, now: int
) -> Reply:
    """One that is `sending` was handed to us before, and the word of it got lost on the way."""
    line = waiting.line
    begins = line.status is Status.PENDING
    if waiting.kept and begins:
        await tx.execute(
            "UPDATE messages SET status = 'sending', attempts = attempts + 1, changed = ?"
            " WHERE id = ?",
            now,
            line.id,
        )
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
        answers=await _answers(tx, line, fresh),
        attempt=waiting.attempts + begins,
    )


async def _answers(tx: Tx, line: Line, fresh: Sequence[Line]) -> str:
    """The customer's line before it, by the platform's id."""
    for one in reversed(fresh):
        if one.author is Author.CUSTOMER and one.seq < line.seq:
            return one.external
    row = await tx.row(
        "SELECT external FROM messages WHERE conversation = ? AND seq < ?"
        " AND author = 'customer' ORDER BY seq DESC LIMIT 1",
        line.conversation,
        line.seq,
    )
    return row["external"] if row else ""
