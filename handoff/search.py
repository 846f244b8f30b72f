"""Finding conversations by what was said in them, Chinese words of two characters included.

Neither store's full-text search knows where a Chinese word ends. So each character counts as a
word of its own, and what is looked for is a phrase of them: 眼镜 is 眼 followed by 镜. Words of
letters and digits are found by their beginning. Lines are put into the index a moment after they
were said; names and summaries are looked at as they stand, in any part.
"""

import asyncio
import re
import unicodedata
from collections.abc import Iterator, Sequence

from gateway.clock import SECOND
from gateway.store import Database, Row, Tx, Value, marks

REST = 0.2  # seconds between pages of a backlog, in which others may write
LATE = 5 * SECOND  # a line may be committed so long after the time that it bears
LONGEST = 4000  # characters of a line that can be found
WORDS = 8  # of a question; the rest is left out
LINES = 5000  # the newest with a word: enough for a rare one, a bound for one that is everywhere
PAGE = 500
AT_ONCE = 2000  # characters: so many take a store a millisecond or two
ESCAPE = "!"

NEW = (
    "SELECT id, changed, LENGTH(text) AS size FROM messages WHERE (changed, id) > (?, ?)"
    " AND NOT EXISTS (SELECT 1 FROM search_lines WHERE line = messages.id)"
    " ORDER BY changed, id LIMIT ?"
)

_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_ALONE}]|(?:(?![{_ALONE}])[^\\W_])+")


def spaced(text: str) -> str:
    """The words of a text with spaces between them, as they are indexed and looked for."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold()))


def matching(text: str) -> tuple[str, list[Value]]:
    """A condition on `conversations c` and `contacts k`: every word of `text` occurs in it."""
    parts: list[str] = []
    values: list[Value] = []
    for word in text.split()[:WORDS]:
        places = ["LOWER(k.name) LIKE ? ESCAPE '!'", "LOWER(c.summary) LIKE ? ESCAPE '!'"]
        values += [pattern(word)] * 2
        if phrase := spaced(word):
            places.append(
                "c.id IN (SELECT l.conversation FROM search s JOIN search_lines l"
                " ON l.number = s.rowid WHERE match(?, s.search) ORDER BY s.rowid DESC LIMIT ?)"
            )
            values += [f'"{phrase}"*', LINES]
        parts.append(f"({' OR '.join(places)})")
    return " AND ".join(parts), values


def pattern(word: str) -> str:
    """What `LIKE … ESCAPE '!'` takes for texts that hold a word."""
    word = word.lower()
    for special in (ESCAPE, "%", "_"):
        word = word.replace(special, ESCAPE + special)
    return f"%{word}%"


async def index(database: Database) -> int:
    """Put what was said since the last time into the index; how many lines that were.

    Any number of nodes may do so at once. Nothing that is deleted meanwhile gets in.
    """
    row = await database.row(
        "SELECT changed AS cursor, (SELECT MAX(changed) FROM messages) AS newest FROM search_cursor"
    )
    cursor, newest = (row["cursor"], row["newest"] or 0) if row else (0, 0)
    place, id_, added, full = cursor - LATE, "", 0, True
    while full:
        page = await database.rows(NEW, place, id_, PAGE)
        full = len(page) == PAGE
        if page:
            place, id_ = page[-1]["changed"], page[-1]["id"]
        if page or newest > cursor:
            reached = place if full else newest
            for new in _portions(page):
                added += await _add(database, new)
            await _reach(database, reached)
        if full:
            await asyncio.sleep(REST)
    return added


async def forget(tx: Tx, condition: str, *values: Value) -> None:
    """Take lines out that `condition` on `search_lines` is true of."""
    await tx.execute(
        f"DELETE FROM search WHERE rowid IN (SELECT number FROM search_lines WHERE {condition})",
        *values,
    )
    await tx.execute(f"DELETE FROM search_lines WHERE {condition}", *values)


def _portions(page: Sequence[Row]) -> Iterator[list[str]]:
    """Their ids, as many at a time as are indexed at once."""
    new: list[str] = []
    size = 0
    for line in page:
        if new and size + line["size"] > AT_ONCE:
            yield new
            new, size = [], 0
        new.append(line["id"])
        size += min(line["size"], LONGEST) + 10
    if new:
        yield new


async def _add(database: Database, new: Sequence[str]) -> int:
    return await database.transaction(lambda tx: _insert(tx, new))


async def _reach(database: Database, cursor: int) -> None:
    await database.transaction(
        lambda tx: tx.execute(
            "UPDATE search_cursor SET changed = ? WHERE changed < ?", cursor, cursor
        )
    )


async def _insert(tx: Tx, new: Sequence[str]) -> int:
    """Add lines that are still there, and that no other node has added meanwhile."""
    found = await tx.rows(
        f"SELECT id, conversation, text FROM messages WHERE id IN ({marks(new)})"
        " ORDER BY id FOR UPDATE",
        *new,
    )
    if not found:
        return 0
    texts = {row["id"]: row["text"] for row in found}
    places = [value for row in found for value in (row["id"], row["conversation"])]
    numbered = await tx.rows(
        f"INSERT INTO search_lines (line, conversation) VALUES {_pairs(len(found))}"
        " ON CONFLICT (line) DO NOTHING RETURNING number, line",
        *places,
    )
    if not numbered:
        return 0
    words = [value for row in numbered for value in (row["number"], spaced(texts[row["line"]]))]
    return await tx.execute(
        f"INSERT INTO search (rowid, words) VALUES {_pairs(len(numbered))}", *words
    )


def _pairs(count: int) -> str:
    return ", ".join(["(?, ?)"] * count)
