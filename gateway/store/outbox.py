"""The statements behind sending: what waits, and what of it may go out now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from gateway.clock import SECOND
from gateway.conversation import Conversation
from gateway.message import Author, Contact, Line, Reply, Status
from gateway.store import Row, Tx, transcript

UNSENT = "status IN ('held', 'pending', 'sending')"  # in the words of the index on it


async def next_reply(
    tx: Tx,
    conversation: Conversation,
    contact: Contact,
    fresh: Sequence[Line],
    now: int,
    *,
    limit: int = 1,
    alone: bool = False,
) -> tuple[Reply | None, int | None]:
    """Insert `fresh` lines; the first reply that may go out, marked as on its way.

    Without one: when there may be something to send, None if there is nothing. Those that may go
    out right behind the first come with it, up to `limit`. `alone`: there is nothing but `fresh`.
    """
    rows = [] if alone else await _unsent(tx, conversation.contact, limit)
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


async def _unsent(tx: Tx, contact: str, limit: int) -> Sequence[Row]:
    return await tx.rows(
        f"SELECT * FROM messages WHERE contact = ? AND {UNSENT} AND status <> 'held'"
        " ORDER BY seq LIMIT ?",
        contact,
        limit,
    )


class _Waiting(NamedTuple):
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


async def put_back(tx: Tx, replies: Iterable[Reply], now: int) -> None:
    """They were handed out behind another and did not go along."""
    for reply in replies:
        await tx.execute(
            "UPDATE messages SET status = 'pending', attempts = attempts - 1, changed = ?"
            " WHERE id = ? AND status = 'sending'",
            now,
            reply.id,
        )


async def release_held(tx: Tx, contact: str, now: int) -> bool:
    """The customer wrote, so what waited for that may go out, whichever chat it is from.

    What is to be tried later is tried now: on some platforms their message opens a way. Whether
    there is anything that has not gone out.
    """
    found = await tx.row(f"SELECT id FROM messages WHERE contact = ? AND {UNSENT} LIMIT 1", contact)
    if found is None:
        return False
    released = await tx.rows(
        "UPDATE messages SET status = 'pending', due = 0, changed = ?"
        f" WHERE contact = ? AND {UNSENT}"
        " AND (status = 'held' OR (status = 'pending' AND due > ?))"
        " RETURNING conversation",
        now,
        contact,
        now,
    )
    for conversation in {row["conversation"] for row in released}:
        await tx.execute("UPDATE conversations SET due = ? WHERE id = ?", now, conversation)
    return True


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


async def drop(tx: Tx, contact: str, now: int) -> int:
    """The customer left: take back what is not on its way, of any of their chats; how much."""
    return await tx.execute(
        "UPDATE messages SET status = 'cancelled', changed = ?"
        f" WHERE contact = ? AND {UNSENT} AND status <> 'sending'",
        now,
        contact,
    )
