"""The order of those who wait, and how many there are.

A step of priority is worth ten minutes of waiting: an urgent customer goes first, and yet nobody
waits for ever behind urgent ones. That makes the order a fixed number a conversation, so that
pages and places in the queue stay put while time goes on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.clock import MINUTE, SECOND
from gateway.conversation import Conversation, Mode
from gateway.store import Reads
from handoff.agents import Agent

STEP = 10 * MINUTE
RANK = f"(c.waiting_since - c.priority * {STEP})"
GRACE = 10 * SECOND  # the bot may take so long before its customer counts as owed


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of one team and one assignee wait, and how many are owed an answer."""

    team: str | None
    assignee: str | None
    waiting: int
    owed: int


async def ahead(reads: Reads, conversation: Conversation) -> int:
    """How many wait before this one, as far as the same people may take them; 0 if it doesn't."""
    if conversation.mode is not Mode.WAITING or conversation.waiting_since is None:
        return 0
    rank = conversation.waiting_since - conversation.priority * STEP
    row = await reads.row(
        "SELECT COUNT(*) AS ahead FROM conversations c WHERE c.mode = 'waiting'"
        f" AND ({RANK} < ? OR ({RANK} = ? AND c.id < ?))"
        " AND (c.team IS NULL OR c.team = COALESCE(?, c.team))",
        rank,
        rank,
        conversation.id,
        conversation.team,
    )
    return int(row["ahead"]) if row else 0


async def tallies(reads: Reads, now: int) -> list[Tally]:
    """Count who waits and who is owed, by team and assignee.

    One whose chat is closed is owed where the last reply did not get through.
    """
    found = await reads.rows(
        "SELECT c.team, c.assignee,"
        " SUM(CASE WHEN c.mode = 'waiting' THEN 1 ELSE 0 END) AS waiting,"
        " SUM(CASE WHEN c.owed_since IS NOT NULL THEN 1 ELSE 0 END) AS owed"
        " FROM conversations c WHERE c.mode IN ('waiting', 'assigned')"
        " OR (c.mode = 'bot' AND c.owed_since < ?)"
        " OR (c.mode = 'closed' AND c.owed_since IS NOT NULL) GROUP BY c.team, c.assignee",
        now - GRACE,
    )
    return [
        Tally(row["team"], row["assignee"], int(row["waiting"]), int(row["owed"])) for row in found
    ]


def count(tallies: Iterable[Tally], agent: Agent) -> tuple[int, int]:
    """How many wait and how many are owed, of those whom `agent` may see."""
    seen = [one for one in tallies if agent.sees(one.team, one.assignee)]
    return sum(one.waiting for one in seen), sum(one.owed for one in seen)
