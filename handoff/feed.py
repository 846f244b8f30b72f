"""The live view of this process: follows what changes and has every socket told that may see it.

Hints say when to look; a look every second says the same where a hint was lost. Each look reads the
log of changes once for all sockets, from a little before the last one, and the conversations that
hints named from long before, as another node's clock may be slow.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from gateway.clock import MINUTE, SECOND, Clock
from gateway.errors import StoreUnavailable
from gateway.hints import Hint, Hints
from gateway.store import Database, Tx
from handoff import agents, changes
from handoff.agents import Role
from handoff.audience import Audience, Viewer
from handoff.changes import Change
from handoff.outbox import GOING_AWAY, RECONNECT, SIGNED_OUT, Outbox
from handoff.sessions import Identity, Sessions

LOOK = 1.0  # seconds between looks that no hint asked for
PAUSE = 0.02  # seconds of rest after each look, in which hints gather
WIDE = 5 * SECOND  # how far such a look goes back: longer than a transaction takes to commit
NARROW = SECOND  # how far one goes back that a hint asked for
SLOW = MINUTE  # how far a clock may be behind ours
PRESENCE = 10.0  # seconds between two notes of who is here
HEARD = frozenset({"changed", "typing", "agent"})
GONE = "gone"  # what a `changed` says of a conversation that was deleted

log = logging.getLogger(__name__)


class Feed:
    """Tells the sockets of this process."""

    def __init__(self, database: Database, sessions: Sessions, hints: Hints, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._hints = hints
        self._clock = clock
        self._audience = Audience(database)
        self._hinted: list[Hint] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._known: dict[tuple[str, str], tuple[int, str]] = {}
        self._looked = 0
        self._looked_wide = 0.0
        self._noted = 0.0

    def __len__(self) -> int:
        """How many sockets are open."""
        return len(self._audience)

    async def start(self) -> None:
        """Begin to follow."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        """Let every socket go, so that it comes back to another node."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for viewer in self._audience:
            viewer.outbox.end(GOING_AWAY)

    async def join(self, identity: Identity, outbox: Outbox) -> Viewer:
        """Tell this socket everything from now on."""
        if not self._audience:
            self._looked = self._clock()
        viewer = Viewer(identity.agent, identity.key, outbox)
        await self._audience.add(viewer)
        await self._note_seen([viewer.agent.id], self._clock())
        return viewer

    async def leave(self, viewer: Viewer) -> None:
        """Forget this socket; who has no other is not there any more."""
        self._audience.discard(viewer)
        if viewer.agent.id not in self._audience.agents:
            with suppress(StoreUnavailable):
                await self._note_seen([viewer.agent.id], 0)

    async def _listen(self) -> None:
        while True:
            async with self._hints.listen() as board:
                async for hint in board:
                    if self._audience and hint.kind in HEARD:
                        self._hinted.append(hint)
                        self._wake.set()
            await asyncio.sleep(LOOK)

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._wake.wait()
            self._wake.clear()
            hinted, self._hinted = self._hinted, []
            if not self._audience:
                continue
            try:
                await self._look(hinted)
            except StoreUnavailable as error:
                log.warning("the live view waits for the store: %s", error)
            except Exception:  # what fails once must not end it for everybody
                log.exception("the live view failed to look")
            await asyncio.sleep(PAUSE)

    async def _look(self, hinted: Sequence[Hint]) -> None:
        now = self._clock()
        wide = monotonic() - self._looked_wide >= LOOK
        if wide or any(hint.kind == "agent" for hint in hinted):
            await self._check_sessions()
        await self._tell_log(self._looked - (WIDE if wide else NARROW), now)
        await self._tell_hinted(hinted, now)
        self._looked = now
        if wide:
            self._looked_wide = monotonic()
            self._forget(now - 2 * SLOW)
        await self._keep_present(now)
        await self._audience.tell_desk(now)
        for hint in hinted:
            await self._tell_hint(hint, now)

    async def _tell_log(self, after: int, now: int) -> None:
        async for page in changes.since(self._database, after):
            await self._tell_changes(page, now)

    async def _tell_hinted(self, hinted: Sequence[Hint], now: int) -> None:
        named = {hint.conversation for hint in hinted if hint.kind == "changed"} - {""}
        if named:
            page = await changes.among(self._database, sorted(named), now - SLOW)
            await self._tell_changes(page, now)

    async def _tell_changes(self, page: Sequence[Change], now: int) -> None:
        fresh = [one for one in page if self._known.get((one.kind, one.id)) != _seen(one)]
        await self._audience.tell_changes(fresh, now)
        self._known.update({(one.kind, one.id): _seen(one) for one in fresh})

    def _forget(self, before: int) -> None:
        self._known = {key: seen for key, seen in self._known.items() if seen[0] > before}

    async def _tell_hint(self, hint: Hint, now: int) -> None:
        match hint.kind:
            case "typing" if hint.detail == "customer":
                await self._audience.tell_typing(hint, now)
            case "agent" if hint.conversation:
                await self._audience.tell_own(hint.detail, hint.conversation, now)
            case "changed" if hint.detail == GONE:
                self._audience.tell_gone(hint.conversation, now)

    async def _check_sessions(self) -> None:
        viewers = list(self._audience)
        alive = await self._sessions.alive({viewer.key for viewer in viewers})
        for viewer in viewers:
            agent = alive.get(viewer.key)
            if agent is None or agent.role is Role.EDITOR:
                viewer.outbox.end(SIGNED_OUT)
                self._audience.discard(viewer)
            elif (agent.role, agent.teams) != (viewer.agent.role, viewer.agent.teams):
                viewer.outbox.end(RECONNECT)

    async def _keep_present(self, now: int) -> None:
        if monotonic() - self._noted >= PRESENCE:
            self._noted = monotonic()
            await self._note_seen(self._audience.agents, now, quietly=True)

    async def _note_seen(self, present: Sequence[str], at: int, *, quietly: bool = False) -> None:
        async def body(tx: Tx) -> None:
            await agents.note_seen(tx, present, at)

        await self._database.transaction(body)
        if not quietly:
            await self._hints.publish(*(Hint("agent", detail=agent) for agent in present))


def _seen(change: Change) -> tuple[int, str]:
    return change.changed, change.mark
