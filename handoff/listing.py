"""Lists of conversations: filtered, ordered, in pages that stay right while new ones come in.

Every word of SQL here is ours; what a user sends goes in as a parameter (SECURITY 50). The order is
that of the queue where only the waiting are asked for, else the newest change comes first; a cursor
is the place of the last row in that order.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from gateway.errors import Invalid
from gateway.store import Reads, Row, Value, marks
from handoff import views
from handoff.agents import Agent
from handoff.api.asks import Filter
from handoff.api.shapes import Conversations, ConversationShape
from handoff.queue import RANK
from handoff.search import matching


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by, before their id."""

    key: str
    compare: str
    direction: str


QUEUE = Order(RANK, ">", "ASC")
NEWEST = Order("c.changed", "<", "DESC")


async def page(reads: Reads, viewer: Agent, wanted: Filter) -> Conversations:
    """The conversations that `viewer` may see and asks for."""
    order = QUEUE if wanted.mode == "waiting" else NEWEST
    condition, values = _condition(viewer, wanted)
    if wanted.cursor:
        condition += f" AND ({order.key}, c.id) {order.compare} (?, ?)"
        values += _place(wanted.cursor)
    query = views.FROM.replace("SELECT c.*", f"SELECT c.*, {order.key} AS place")
    rows = await reads.rows(
        f"{query} WHERE {condition} ORDER BY {order.key} {order.direction},"
        f" c.id {order.direction} LIMIT ?",
        *values,
        wanted.limit + 1,
    )
    shown = list(rows[: wanted.limit])
    items: list[ConversationShape] = await views.dress(reads, viewer, shown)
    more = len(rows) > wanted.limit
    return Conversations(items=items, cursor=_cursor(shown[-1]) if more else None)


def _condition(viewer: Agent, wanted: Filter) -> tuple[str, list[Value]]:
    condition, values = viewer.sight()
    parts = [condition]
    if wanted.mode:
        modes = wanted.mode.split(",")
        parts.append(f"c.mode IN ({marks(modes)})")
        values += modes
    for value, part in (
        (viewer.id if wanted.mine else "", "c.assignee = ?"),
        (wanted.team, "c.team = ?"),
        (wanted.contact, "c.contact = ?"),
    ):
        if value:
            parts.append(part)
            values.append(value)
    if wanted.owed:
        parts.append("c.owed_since IS NOT NULL")
    if wanted.q.strip():
        part, more = matching(wanted.q)
        parts.append(part)
        values += more
    return " AND ".join(parts), values


def _cursor(row: Row) -> str:
    return urlsafe_b64encode(f"{row['place']} {row['id']}".encode()).decode()


def _place(cursor: str) -> list[Value]:
    try:
        place, _, conversation = urlsafe_b64decode(cursor.encode()).decode("ascii").partition(" ")
        return [_bigint(int(place)), conversation.replace("\0", "")]
    except ValueError as error:
        raise Invalid("this cursor is not one that a list gave") from error


def _bigint(number: int) -> int:
    if abs(number) >= 1 << 62:
        raise ValueError("too large")
    return number
