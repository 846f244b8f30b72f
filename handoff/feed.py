"""The live view of this process: follows what changes and tells every socket that may see it.

Hints say when to look; a look every second says the same where a hint was lost. Each look reads the
log of changes once for all sockets, from a little before the last one.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from gateway.clock import SECOND, Clock
from gateway.conversation import Mode
from gateway.errors import StoreUnavailable
from gateway.hints import Hint, Hints
from gateway.store import Database, Tx
from handoff import agents, changes, events, queue
from handoff.agents import Agent, Role
from handoff.api.shapes import AgentShape, agent_shape
from handoff.changes import CONVERSATION, Change
from handoff.events import Batch, Scope
from handoff.outbox import GOING_AWAY, RECONNECT, SIGNED_OUT, Outbox
from handoff.queue import Tally
from handoff.sessions import Identity, Sessions

LOOK = 1.0  # seconds between looks that no hint asked for
WIDE = 5 * SECOND  # how far such a look goes back: longer than a transaction takes to commit
NARROW = SECOND  # how far one goes back that a hint asked for
PRESENCE = 10.0  # seconds between two notes of who is here

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Viewer:
    """A socket, whose it is, and what it was told last of the whole desk."""

    agent: Agent
    key: str
    outbox: Outbox
    waiting_and_owed: tuple[int, int] | None = None
    knows_agents: bool = False


class Feed:
    """Tells the sockets of this process."""

    def __init__(self, database: Database, sessions: Sessions, hints: Hints, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._hints = hints
        self._clock = clock
        self._viewers: set[Viewer] = set()
        self._hinted: list[Hint] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._looked = 0
        self._looked_wide = 0.0
        self._noted = 0.0
        self._known: dict[tuple[str, str], tuple[int, str]] = {}
        self._scopes: dict[str, Scope] = {}
        self._agents: dict[str, AgentShape] = {}

    async def start(self) -> None:
        """Begin to follow."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        """Let every socket go, so that it comes back to another node."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for viewer in self._viewers:
            viewer.outbox.end(GOING_AWAY)

    async def join(self, identity: Identity, outbox: Outbox) -> Viewer:
        """Tell this socket everything from now on."""
        if not self._viewers:
            await self._begin()
        viewer = Viewer(identity.agent, identity.key, outbox)
        self._viewers.add(viewer)
        await self._note_seen([viewer.agent.id], self._clock())
        await self._hints.publish(Hint("agent", detail=viewer.agent.id))
        return viewer

    async def leave(self, viewer: Viewer) -> None:
        """Forget this socket; who has no other is not there any more."""
        self._viewers.discard(viewer)
        if all(other.agent.id != viewer.agent.id for other in self._viewers):
            with suppress(StoreUnavailable):
                await self._note_seen([viewer.agent.id], 0)
            await self._hints.publish(Hint("agent", detail=viewer.agent.id))

    async def _begin(self) -> None:
        self._looked = self._clock()
        found = await self._database.rows(
            "SELECT id, team, assignee FROM conversations WHERE mode <> 'closed'"
        )
        self._scopes = {row["id"]: events.scope(row) for row in found}
        self._agents = {}

    async def _listen(self) -> None:
        while True:
            async with self._hints.listen() as board:
                async for hint in board:
                    if self._viewers and hint.kind in ("changed", "typing", "agent"):
                        self._hinted.append(hint)
                        self._wake.set()
            await asyncio.sleep(LOOK)

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK)
            self._wake.clear()
            hinted, self._hinted = self._hinted, []
            if not self._viewers:
                continue
            try:
                await self._look(hinted)
            except StoreUnavailable as error:
                log.warning("the live view waits for the store: %s", error)

    async def _look(self, hinted: list[Hint]) -> None:
        now = self._clock()
        wide = monotonic() - self._looked_wide >= LOOK
        kinds = {hint.kind for hint in hinted}
        if wide or "agent" in kinds:
            await self._check_sessions()
        await self._tell_changes(self._looked - (WIDE if wide else NARROW), now)
        self._looked = now
        self._looked_wide = monotonic() if wide else self._looked_wide
        await self._tell_desk(now)
        for hint in hinted:
            if hint.kind == "typing" and hint.detail == "customer":
                await self._tell_typing(hint, now)
            elif hint.kind == "agent" and hint.conversation:
                await self._tell_own(hint, now)

    async def _check_sessions(self) -> None:
        viewers = list(self._viewers)
        alive = await self._sessions.alive({viewer.key for viewer in viewers})
        for viewer in viewers:
            agent = alive.get(viewer.key)
            if agent is None or agent.role is Role.EDITOR:
                viewer.outbox.end(SIGNED_OUT)
                self._viewers.discard(viewer)
            elif (agent.role, agent.teams) != (viewer.agent.role, viewer.agent.teams):
                viewer.outbox.end(RECONNECT)

    async def _tell_changes(self, after: int, now: int) -> None:
        async for page in changes.since(self._database, after):
            await self._tell_page([one for one in page if self._is_new(one)], now)
        self._known = {key: seen for key, seen in self._known.items() if seen[0] > now - 2 * WIDE}

    def _is_new(self, change: Change) -> bool:
        key, seen = (change.kind, change.id), (change.changed, change.mark)
        if self._known.get(key) == seen:
            return False
        self._known[key] = seen
        return True

    async def _tell_page(self, fresh: list[Change], now: int) -> None:
        if not fresh:
            return
        batch = await events.load(self._database, fresh, self._ids())
        for change in sorted(fresh, key=lambda one: (one.changed, one.kind)):
            for viewer in list(self._viewers):
                if frame := batch.event(change, viewer.agent, now) or self._gone(
                    change, batch, viewer.agent, now
                ):
                    viewer.outbox.put(frame)
        for id_, scope in batch.scopes.items():
            if batch.conversations[id_].mode == Mode.CLOSED:
                self._scopes.pop(id_, None)
            else:
                self._scopes[id_] = scope

    def _gone(self, change: Change, batch: Batch, agent: Agent, now: int) -> str | None:
        before, after = self._scopes.get(change.id), batch.scopes.get(change.id)
        if change.kind != CONVERSATION or before is None or not before.open_to(agent):
            return None
        if after is not None and after.open_to(agent):
            return None
        return events.plain("gone", now, conversation=change.id)

    async def _tell_desk(self, now: int) -> None:
        tallies = await queue.tallies(self._database, now)
        everybody = await agents.everybody(self._database)
        await self._keep_present(now)
        shapes = {agent.id: agent_shape(agent, now) for agent in everybody}
        news = [shape for id_, shape in shapes.items() if self._agents.get(id_) != shape]
        self._agents = shapes
        for viewer in list(self._viewers):
            self._tell_agents(viewer, news if viewer.knows_agents else list(shapes.values()), now)
            self._tell_queue(viewer, tallies, now)

    def _tell_agents(self, viewer: Viewer, news: Sequence[AgentShape], now: int) -> None:
        viewer.knows_agents = True
        for shape in news:
            viewer.outbox.put(events.frame("agent", now, agent=shape))

    def _tell_queue(self, viewer: Viewer, tallies: Sequence[Tally], now: int) -> None:
        counted = queue.count(tallies, viewer.agent)
        if counted != viewer.waiting_and_owed:
            viewer.waiting_and_owed = counted
            waiting, owed = counted
            viewer.outbox.put(events.plain("queue", now, waiting=waiting, owed=owed))

    async def _tell_typing(self, hint: Hint, now: int) -> None:
        row = await self._database.row(
            "SELECT id, team, assignee FROM conversations"
            " WHERE (id = ? OR contact = ?) AND mode <> 'closed'",
            hint.conversation,
            hint.contact,
        )
        if row is None:
            return
        frame = events.plain("typing", now, conversation=row["id"])
        for viewer in list(self._viewers):
            if events.scope(row).open_to(viewer.agent):
                viewer.outbox.put(frame)

    async def _tell_own(self, hint: Hint, now: int) -> None:
        own = Change(CONVERSATION, hint.conversation, now, hint.conversation, "")
        batch = await events.load(self._database, [own], [hint.detail])
        for viewer in list(self._viewers):
            if viewer.agent.id == hint.detail and (frame := batch.event(own, viewer.agent, now)):
                viewer.outbox.put(frame)

    async def _keep_present(self, now: int) -> None:
        if monotonic() - self._noted >= PRESENCE:
            self._noted = monotonic()
            await self._note_seen(self._ids(), now)

    async def _note_seen(self, present: Sequence[str], now: int) -> None:
        async def body(tx: Tx) -> None:
            await agents.note_seen(tx, present, now)

        await self._database.transaction(body)

    def _ids(self) -> list[str]:
        return sorted({viewer.agent.id for viewer in self._viewers})
