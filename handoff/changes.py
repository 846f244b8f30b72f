"""What has changed since an instant: one log of conversations and lines, read from their rows.

Rows say when they changed by the clock of who wrote them, before their commit; so whoever follows
the log looks back a little further than where they were, and knows what they have seen by `mark`.
Where clocks differ by more than that, the conversation that a hint names is looked at by its id.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from gateway.store import Reads, Row, marks

CONVERSATION = "c"
MESSAGE = "m"
PAGE = 500

CHATS = (
    "SELECT 'c' AS kind, c.id, c.changed, c.id AS conversation,"
    " c.mode || ':' || COALESCE(c.assignee, '') || ':' || COALESCE(c.team, '') || ':' || c.seq"
    " || ':' || COALESCE(c.owed_since, 0) || ':' || COALESCE(c.rating, 0) AS mark"
    " FROM conversations c"
)
LINES = (
    "SELECT 'm' AS kind, m.id, m.changed, m.conversation, COALESCE(m.status, '') AS mark"
    " FROM messages m"
)
LOG = (  # each half is cut on its own, so that its index gives it in order
    f"SELECT * FROM ({CHATS} WHERE (c.changed, c.id) > (?, ?) ORDER BY c.changed, c.id LIMIT ?) cs"
    f" UNION ALL SELECT * FROM ({LINES} WHERE (m.changed, m.id) > (?, ?)"
    " ORDER BY m.changed, m.id LIMIT ?) ms ORDER BY changed, id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changed at `changed` (ms); the same row with another `mark` changed again."""

    kind: str
    id: str
    changed: int
    conversation: str
    mark: str


async def since(reads: Reads, after: int) -> AsyncIterator[list[Change]]:
    """All changes after an instant (ms), oldest first, in pages of at most 500."""
    place, id_, full = after, "", True
    while full:
        rows = await reads.rows(LOG, place, id_, PAGE, place, id_, PAGE, PAGE)
        full = len(rows) == PAGE
        if rows:
            place, id_ = rows[-1]["changed"], rows[-1]["id"]
            yield [_change(row) for row in rows]


async def among(reads: Reads, conversations: Sequence[str], after: int) -> list[Change]:
    """What has changed after an instant (ms) in these conversations, oldest first."""
    rows = await reads.rows(
        f"{CHATS} WHERE c.id IN ({marks(conversations)}) AND c.changed > ?"
        f" UNION ALL {LINES} WHERE m.conversation IN ({marks(conversations)}) AND m.changed > ?"
        " ORDER BY changed, id",
        *conversations,
        after,
        *conversations,
        after,
    )
    return [_change(row) for row in rows]


def _change(row: Row) -> Change:
    return Change(row["kind"], row["id"], row["changed"], row["conversation"], row["mark"])
