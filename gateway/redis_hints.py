"""Hints between nodes through Redis. Without Redis this node still hears its own."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.hints import Hint, Listeners

CHANNEL = "frontdesk:hints"
PATIENCE = 1.0  # seconds until the next try to connect
BACKLOG = 4096  # hints that wait for Redis; the oldest go first

log = logging.getLogger(__name__)


class RedisHints:
    """The board of several nodes.

    A hint goes to the listeners of this process at once and to the other nodes by way of Redis.
    What Redis does not take is lost to them, which costs them a second.
    """

    def __init__(self, url: str) -> None:
        """`url` is `redis://…`; nothing is connected before `open`."""
        self._redis = Redis.from_url(url, socket_connect_timeout=PATIENCE, protocol=2)
        self._node = secrets.token_hex(8).encode()
        self._listeners = Listeners()
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)
        self._tasks: list[asyncio.Task[None]] = []
        self.hearing = asyncio.Event()
        """Set while the other nodes are heard."""

    @property
    def connected(self) -> bool:
        """Whether the other nodes are heard."""
        return self.hearing.is_set()

    async def open(self) -> None:
        """Begin to talk with the other nodes, now or as soon as Redis is there."""
        self._tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._hear())]
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.hearing.wait()

    async def publish(self, *hints: Hint) -> None:
        """Tell everybody; never raises, never waits."""
        for hint in hints:
            data = hint.encode()
            self._listeners.put(data)
            if self._outgoing.full():
                self._outgoing.get_nowait()
            self._outgoing.put_nowait(self._node + data)

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[Hint]]:
        """All hints from now on, of every node."""
        return self._listeners.listen()

    async def close(self) -> None:
        """Disconnect; listeners end."""
        self._listeners.end()
        running = set(self._tasks)
        while running:  # a cancellation that meets a time-out in the library can get lost there
            for task in running:
                task.cancel()
            _, running = await asyncio.wait(running, timeout=PATIENCE)
        await self._redis.aclose()

    async def _speak(self) -> None:
        while True:
            data = await self._outgoing.get()
            try:
                await self._redis.publish(CHANNEL, data)
            except (RedisError, OSError) as error:
                log.warning("a hint for the other nodes was lost: %s", error)

    async def _hear(self) -> None:
        while True:
            try:
                await self._hear_while_connected()
            except (RedisError, OSError) as error:
                log.warning("Redis is away, other nodes are heard a second late: %s", error)
            self.hearing.clear()
            await asyncio.sleep(PATIENCE)

    async def _hear_while_connected(self) -> None:
        async with self._redis.pubsub() as board:
            await board.subscribe(CHANNEL)
            async for message in board.listen():
                if message["type"] == "subscribe":
                    self.hearing.set()
                    continue
                node, data = message["data"][: len(self._node)], message["data"][len(self._node) :]
                if node != self._node:
                    self._listeners.put(data)
