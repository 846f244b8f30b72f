"""Dead letters: what was given up after all tries, to be looked at and tried once more.

Lines of conversations, and events of platforms that no adapter could read (their ids begin with the
channel: `shop/4711`).
"""

from dataclasses import dataclass

from gateway.clock import Clock
from gateway.conversation import Mode
from gateway.errors import Conflict, NotFound
from gateway.message import Author
from gateway.store import Database, Row, Tx, conversations


@dataclass(frozen=True, slots=True)
class Letter:
    """What was given up; `at` in ms, `detail` says why."""

    id: str
    channel: str
    contact: str
    author: Author
    text: str
    at: int
    detail: str


async def letters(database: Database, limit: int = 100) -> list[Letter]:
    """The dead letters, oldest first."""
    found = [*await _lines(database, limit), *await _events(database, limit)]
    return sorted(found, key=lambda letter: letter.at)[:limit]


async def _lines(database: Database, limit: int) -> list[Letter]:
    found = await database.rows(
        "SELECT messages.*, contacts.name AS contact_name, contacts.platform_id FROM messages"
        " JOIN contacts ON contacts.id = messages.contact"
        " WHERE status = 'dead' ORDER BY at, messages.contact, messages.seq LIMIT ?",
        limit,
    )
    return [_letter(row) for row in found]


async def _events(database: Database, limit: int) -> list[Letter]:
    found = await database.rows(
        "SELECT * FROM journal WHERE state = 'dead' ORDER BY at, place LIMIT ?", limit
    )
    return [_unread(row) for row in found]


async def replay(database: Database, letter: str, clock: Clock) -> None:
    """Try one again from the start. Raises NotFound, or Conflict if its chat has moved on."""
    channel, slash, event = letter.partition("/")
    if slash:
        await database.transaction(lambda tx: _renew(tx, channel, event))
    else:
        await database.transaction(lambda tx: _replay(tx, letter, clock()))


async def _renew(tx: Tx, channel: str, event: str) -> None:
    """Its adapter reads it again when it next looks."""
    renewed = await tx.execute(
        "UPDATE journal SET state = 'new', detail = '' WHERE channel = ? AND id = ?"
        " AND state = 'dead'",
        channel,
        event,
    )
    if not renewed:
        raise _unknown(f"{channel}/{event}")


async def _replay(tx: Tx, letter: str, now: int) -> None:
    row = await tx.row("SELECT * FROM messages WHERE id = ? AND status = 'dead'", letter)
    if row is None:
        raise _unknown(letter)
    state = await conversations.lock(tx, row["conversation"])
    if row["author"] == Author.BOT and (state.led or state.mode is Mode.CLOSED):
        raise Conflict("a person has led this chat, the bot is silent: answer in the console")
    if row["author"] == Author.CUSTOMER:
        await _read_again(tx, row)
    await tx.execute(
        "UPDATE messages SET status = ?, attempts = 0, refused = 0, resent = 0, due = 0,"
        " detail = '', changed = ? WHERE id = ?",
        None if row["author"] == Author.CUSTOMER else "pending",
        now,
        letter,
    )
    await tx.execute(
        "UPDATE conversations SET due = ?, failures = 0 WHERE id = ?", now, row["conversation"]
    )


async def _read_again(tx: Tx, row: Row) -> None:
    moved = await tx.execute(
        "UPDATE conversations SET handled = ? WHERE id = ? AND mode <> 'closed' AND NOT EXISTS"
        " (SELECT 1 FROM messages WHERE conversation = ? AND seq > ? AND author = 'customer')",
        row["seq"] - 1,
        row["conversation"],
        row["conversation"],
        row["seq"],
    )
    if not moved:
        raise Conflict("the conversation has moved on: answer it in the console")


def _letter(row: Row) -> Letter:
    return Letter(
        id=row["id"],
        channel=row["channel"],
        contact=row["contact_name"] or row["platform_id"],
        author=Author(row["author"]),
        text=row["text"],
        at=row["at"],
        detail=row["detail"],
    )


def _unread(row: Row) -> Letter:
    return Letter(
        id=f"{row['channel']}/{row['id']}",
        channel=row["channel"],
        contact="",
        author=Author.CUSTOMER,
        text=row["body"],
        at=row["at"],
        detail=row["detail"],
    )


def _unknown(letter: str) -> NotFound:
    return NotFound(f"no dead letter {letter!r}: `frontdesk dead list` shows them")
