"""Events of the live view, read for a batch of changes and written as each agent may see them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.store import Reads, Row, marks
from gateway.store import transcript as lines
from handoff import views
from handoff.agents import Agent
from handoff.api.shapes import AgentShape, ConversationShape, MessageShape, message_shape
from handoff.changes import MESSAGE, Change
from handoff.views import Unread


@dataclass(frozen=True, slots=True)
class Scope:
    """What decides who sees a conversation."""

    team: str | None
    assignee: str | None

    def open_to(self, agent: Agent) -> bool:
        """Whether `agent` sees it."""
        return agent.sees(self.team, self.assignee)


@dataclass(frozen=True, slots=True)
class Batch:
    """What changed, and all that is needed to tell anybody about it."""

    scopes: dict[str, Scope]
    conversations: dict[str, ConversationShape]
    messages: dict[str, MessageShape]
    unread: Unread
    _frames: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def event(self, change: Change, agent: Agent, cursor: int) -> str | None:
        """The frame that tells `agent` of a change, None if it isn't theirs or is gone."""
        scope = self.scopes.get(change.conversation)
        if scope is None or not scope.open_to(agent):
            return None
        if change.kind == MESSAGE and change.id not in self.messages:
            return None
        unread = self.unread.get((agent.id, change.id), 0)
        key = (change.id, unread, cursor)
        if key not in self._frames:
            self._frames[key] = self._write(change, unread, cursor)
        return self._frames[key]

    def _write(self, change: Change, unread: int, cursor: int) -> str:
        if change.kind == MESSAGE:
            return frame("message", cursor, message=self.messages[change.id])
        shape = self.conversations[change.id].model_copy(update={"unread": unread})
        return frame("conversation", cursor, conversation=shape)


async def load(reads: Reads, changes: Sequence[Change], agents: Sequence[str]) -> Batch:
    """Read what a batch of changes is about, for these agents."""
    ids = sorted({one.conversation for one in changes})
    rows = await views.some(reads, ids) if ids else []
    last = await views.newest(reads, ids)
    return Batch(
        {row["id"]: scope(row) for row in rows},
        {row["id"]: views.shape(row, last, 0) for row in rows},
        await _messages(reads, [one.id for one in changes if one.kind == MESSAGE]),
        await views.count_unread(reads, agents, ids),
    )


async def _messages(reads: Reads, ids: Sequence[str]) -> dict[str, MessageShape]:
    if not ids:
        return {}
    found = await reads.rows(f"SELECT * FROM messages WHERE id IN ({marks(ids)})", *ids)
    return {row["id"]: message_shape(lines.from_row(row)) for row in found}


def scope(row: Row) -> Scope:
    """The scope of a conversation's row."""
    return Scope(row["team"], row["assignee"])


def frame(type_: str, cursor: int, **parts: ConversationShape | MessageShape | AgentShape) -> str:
    """An event with one shape in it."""
    body = "".join(f'"{name}":{part.model_dump_json()},' for name, part in parts.items())
    return f'{{"type":"{type_}",{body}"cursor":{cursor}}}'


def plain(type_: str, cursor: int, **facts: object) -> str:
    """An event of plain values."""
    return json.dumps({"type": type_, **facts, "cursor": cursor}, separators=(",", ":"))
