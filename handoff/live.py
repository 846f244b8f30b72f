"""WebSocket /api/v1/live: what a console missed, then everything as it happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientConnectionResetError, web

from gateway.clock import SECOND, Clock
from gateway.store import Database
from handoff import changes, events
from handoff.agents import Agent
from handoff.audience import Viewer
from handoff.feed import Feed
from handoff.outbox import Outbox
from handoff.sessions import Identity

BACK = 15 * SECOND  # a cursor is a time of day: look further back than any commit took
HEARTBEAT = 20.0  # seconds
PARTING = 2.0  # seconds that a socket has to say good-bye
LARGEST = 4096  # bytes in a frame from the client, which has nothing to say


class Live:
    """Serves the sockets of one process."""

    def __init__(self, database: Database, feed: Feed, clock: Clock) -> None:
        self._database = database
        self._feed = feed
        self._clock = clock

    async def serve(
        self, request: web.Request, identity: Identity, after: int | None
    ) -> web.WebSocketResponse:
        """Hold a socket until one side ends it; `after` is the last cursor it had."""
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, timeout=PARTING, max_msg_size=LARGEST, compress=False
        )
        await socket.prepare(request)
        async with self._joined(identity, Outbox(socket, request)) as viewer:
            sender = asyncio.create_task(self._send(viewer, after))
            try:
                async for _ in socket:
                    pass
            finally:
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)
        return socket

    @asynccontextmanager
    async def _joined(self, identity: Identity, outbox: Outbox) -> AsyncIterator[Viewer]:
        viewer = await self._feed.join(identity, outbox)
        try:
            yield viewer
        finally:
            await self._feed.leave(viewer)

    async def _send(self, viewer: Viewer, after: int | None) -> None:
        try:
            await self._welcome(viewer, self._clock() if after is None else after)
            if after is not None:
                await self._catch_up(viewer, after)
            await viewer.outbox.drain()
        except ClientConnectionResetError:
            return

    async def _welcome(self, viewer: Viewer, cursor: int) -> None:
        sight, values = viewer.agent.sight()
        found = await self._database.rows(
            f"SELECT c.id FROM conversations c WHERE c.mode IN ('waiting', 'assigned') AND {sight}",
            *values,
        )
        desk = [row["id"] for row in found]
        await viewer.outbox.send(events.plain("welcome", cursor, desk=desk))

    async def _catch_up(self, viewer: Viewer, after: int) -> None:
        async for page in changes.since(self._database, max(after - BACK, 0)):
            await self._repeat(viewer.agent, page, viewer.outbox, after)

    async def _repeat(
        self, agent: Agent, page: list[changes.Change], outbox: Outbox, after: int
    ) -> None:
        batch = await events.load(self._database, page, [agent.id])
        for change in sorted(page, key=lambda one: (one.changed, one.kind)):
            if frame := batch.event(change, agent, max(after, change.changed)):
                await outbox.send(frame)
