"""Conversations as agents see them: read from the store in a fixed number of queries a page."""

from collections.abc import Sequence

from gateway import budgets
from gateway.clock import isoformat
from gateway.conversation import Mode
from gateway.errors import NotFound
from gateway.store import Reads, Row, marks
from gateway.store import transcript as lines
from handoff.agents import Agent
from handoff.api.shapes import (
    BudgetShape,
    ContactShape,
    ConversationShape,
    MessageShape,
    NamedShape,
    instant,
    message_shape,
)

FROM = (
    "SELECT c.*, k.name AS contact_name, k.language, k.budget, a.name AS assignee_name"
    " FROM conversations c JOIN contacts k ON k.id = c.contact"
    " LEFT JOIN agents a ON a.id = c.assignee"
)

Unread = dict[tuple[str, str], int]  # by agent and conversation


async def one(reads: Reads, viewer: Agent, conversation: str) -> ConversationShape:
    """A conversation that `viewer` may see. Raises NotFound for every other."""
    sight, values = viewer.sight()
    row = await reads.row(f"{FROM} WHERE c.id = ? AND {sight}", conversation, *values)
    if row is None:
        raise NotFound("no such conversation")
    return (await dress(reads, viewer, [row]))[0]


async def some(reads: Reads, conversations: Sequence[str]) -> list[Row]:
    """The rows of conversations, whoever may see them."""
    return list(await reads.rows(f"{FROM} WHERE c.id IN ({marks(conversations)})", *conversations))


async def dress(reads: Reads, viewer: Agent, rows: Sequence[Row]) -> list[ConversationShape]:
    """Rows of `FROM` as shapes for one agent."""
    ids = [row["id"] for row in rows]
    last = await newest(reads, ids)
    unread = await count_unread(reads, [viewer.id], ids)
    return [shape(row, last, unread.get((viewer.id, row["id"]), 0)) for row in rows]


async def newest(reads: Reads, conversations: Sequence[str]) -> dict[str, MessageShape]:
    """The last thing that customer, bot or agent said in each conversation."""
    if not conversations:
        return {}
    found = await reads.rows(
        "SELECT m.* FROM conversations c JOIN messages m"
        " ON m.conversation = c.id AND m.seq = (SELECT MAX(said.seq) FROM messages said"
        " WHERE said.conversation = c.id AND said.author <> 'system' AND said.private = 0)"
        f" WHERE c.id IN ({marks(conversations)})",
        *conversations,
    )
    return {row["conversation"]: message_shape(lines.from_row(row)) for row in found}


async def count_unread(reads: Reads, agents: Sequence[str], conversations: Sequence[str]) -> Unread:
    """How many of the customer's lines each agent has not read, in open conversations."""
    if not agents or not conversations:
        return {}
    found = await reads.rows(
        "SELECT a.id AS agent, c.id AS conversation, COUNT(m.seq) AS unread"
        " FROM agents a CROSS JOIN conversations c"
        " LEFT JOIN read_marks r ON r.agent = a.id AND r.conversation = c.id"
        " JOIN messages m ON m.conversation = c.id AND m.seq > COALESCE(r.seq, 0)"
        f" WHERE a.id IN ({marks(agents)}) AND c.id IN ({marks(conversations)})"
        " AND c.mode <> 'closed' AND m.author = 'customer' AND m.kind IN ('text', 'choice')"
        " GROUP BY a.id, c.id",
        *agents,
        *conversations,
    )
    return {(row["agent"], row["conversation"]): row["unread"] for row in found}


def shape(row: Row, last: dict[str, MessageShape], unread: int) -> ConversationShape:
    """A row of `FROM` as a shape."""
    assignee = row["assignee"]
    return ConversationShape(
        id=row["id"],
        channel=row["channel"],
        mode=Mode(row["mode"]),
        contact=ContactShape(id=row["contact"], name=row["contact_name"], language=row["language"]),
        assignee=NamedShape(id=assignee, name=row["assignee_name"] or "") if assignee else None,
        team=row["team"],
        priority=row["priority"],
        opened=isoformat(row["opened"]),
        owed_since=instant(row["owed_since"]),
        waiting_since=instant(row["waiting_since"]),
        closed=instant(row["closed"]),
        seq=row["seq"],
        unread=unread,
        outcome=row["outcome"],
        summary=row["summary"],
        rating=row["rating"],
        comment=row["comment"],
        last=last.get(row["id"]),
        budget=_budget(row["budget"]),
    )


def _budget(written: str) -> BudgetShape | None:
    if (budget := budgets.read(written)) is None:
        return None
    return BudgetShape(left=budget.left, until=isoformat(budget.until), of=budget.of)
