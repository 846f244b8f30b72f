"""Those who watch the desk in this process, and how each is told what concerns them.

It remembers who could see each open conversation, so that whoever loses one is told that it is
gone, and what everybody looked like, so that only differences are sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.conversation import Mode
from gateway.hints import Hint
from gateway.store import Database
from handoff import agents, events, queue
from handoff.agents import Agent
from handoff.api.shapes import AgentShape, agent_shape
from handoff.changes import CONVERSATION, Change
from handoff.events import Batch, Scope
from handoff.outbox import Outbox


@dataclass(slots=True, eq=False)
class Viewer:
    """A socket, whose it is, and what it was told last of the whole desk."""

    agent: Agent
    key: str
    outbox: Outbox
    counts: tuple[int, int] | None = None
    knows_agents: bool = False


class Audience:
    """The viewers of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._viewers: set[Viewer] = set()
        self._scopes: dict[str, Scope] = {}
        self._agents: dict[str, AgentShape] = {}

    def __iter__(self) -> Iterator[Viewer]:
        """All of them, as they are now."""
        return iter(list(self._viewers))

    def __len__(self) -> int:
        return len(self._viewers)

    @property
    def agents(self) -> list[str]:
        """Whose sockets these are, each once."""
        return sorted({viewer.agent.id for viewer in self._viewers})

    async def add(self, viewer: Viewer) -> None:
        """Tell this one too; the first one finds out how things stand."""
        if not self._viewers:
            found = await self._database.rows(
                "SELECT id, team, assignee FROM conversations WHERE mode <> 'closed'"
            )
            self._scopes = {row["id"]: events.scope(row) for row in found}
            self._agents = {}
        self._viewers.add(viewer)

    def discard(self, viewer: Viewer) -> None:
        """Tell this one nothing more."""
        self._viewers.discard(viewer)

    async def tell_changes(self, fresh: Sequence[Change], now: int) -> None:
        """Conversations and lines, to whoever may see them."""
        if not fresh:
            return
        batch = await events.load(self._database, fresh, self.agents)
        for change in sorted(fresh, key=lambda one: (one.changed, one.kind)):
            for viewer in self:
                frame = batch.event(change, viewer.agent, now)
                if frame or self._loses(viewer.agent, change, batch):
                    viewer.outbox.put(frame or _gone(change.id, now))
        self._remember(batch)

    async def tell_desk(self, now: int) -> None:
        """Who is there, and how many wait and are owed, where that differs from before."""
        tallies = await queue.tallies(self._database, now)
        everybody = await agents.everybody(self._database)
        shapes = {agent.id: agent_shape(agent, now) for agent in everybody}
        news = [shape for id_, shape in shapes.items() if self._agents.get(id_) != shape]
        self._agents = shapes
        for viewer in self:
            for shape in news if viewer.knows_agents else shapes.values():
                viewer.outbox.put(events.frame("agent", now, agent=shape))
            viewer.knows_agents = True
            counts = queue.count(tallies, viewer.agent)
            if counts != viewer.counts:
                viewer.counts = counts
                waiting, owed = counts
                viewer.outbox.put(events.plain("queue", now, waiting=waiting, owed=owed))

    async def tell_typing(self, hint: Hint, now: int) -> None:
        """A customer writes; the hint names the conversation or only the contact."""
        row = await self._database.row(
            "SELECT id, team, assignee FROM conversations"
            " WHERE (id = ? OR contact = ?) AND mode <> 'closed'",
            hint.conversation,
            hint.contact,
        )
        if row is None:
            return
        frame = events.plain("typing", now, conversation=row["id"])
        for viewer in self:
            if events.scope(row).open_to(viewer.agent):
                viewer.outbox.put(frame)

    async def tell_own(self, agent: str, conversation: str, now: int) -> None:
        """A conversation as one agent sees it has changed: they have read it elsewhere."""
        own = Change(CONVERSATION, conversation, now, conversation, "")
        batch = await events.load(self._database, [own], [agent])
        for viewer in self:
            if viewer.agent.id == agent and (frame := batch.event(own, viewer.agent, now)):
                viewer.outbox.put(frame)

    def tell_gone(self, conversation: str, now: int) -> None:
        """A conversation was deleted: whoever has it on the screen takes it away."""
        self._scopes.pop(conversation, None)
        for viewer in self:
            viewer.outbox.put(_gone(conversation, now))

    def _loses(self, agent: Agent, change: Change, batch: Batch) -> bool:
        before, after = self._scopes.get(change.id), batch.scopes.get(change.id)
        if change.kind != CONVERSATION or before is None or not before.open_to(agent):
            return False
        return after is None or not after.open_to(agent)

    def _remember(self, batch: Batch) -> None:
        for id_, scope in batch.scopes.items():
            if batch.conversations[id_].mode == Mode.CLOSED:
                self._scopes.pop(id_, None)
            else:
                self._scopes[id_] = scope


def _gone(conversation: str, now: int) -> str:
    return events.plain("gone", now, conversation=conversation)
