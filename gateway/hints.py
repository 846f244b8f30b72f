"""Wake-ups between sockets, workers and nodes. A hint may vanish: only latency hangs on it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened.

    `kind` is `work` (a worker has something to do; `detail` is the channel), `changed` (lines or
    state are new), `typing` or `read` or `agent`. `conversation` and `contact` are ids of ours.
    """

    kind: str
    conversation: str = ""
    contact: str = ""
    detail: str = ""

    def encode(self) -> bytes:
        """Write it as a JSON list: this is done for every line, several times."""
        return json.dumps((self.kind, self.conversation, self.contact, self.detail)).encode()

    @classmethod
    def decode(cls, data: bytes) -> "Hint":
        """Read what `encode` wrote."""
        return cls(*json.loads(data)[:4])


class Hints(Protocol):
    """A board on which every node puts hints and from which every listener reads all of them."""

    @property
    def connected(self) -> bool:
        """Whether the other nodes are heard."""

    async def open(self) -> None:
        """Connect; a board that can't be reached is degraded, not an error."""

    async def publish(self, *hints: Hint) -> None:
        """Tell everybody; never raises, never waits for a listener."""

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[Hint]]:
        """All hints from now on. One who reads too slowly loses the oldest."""

    async def close(self) -> None:
        """Disconnect; listeners end."""


class Listeners:
    """The listeners of this process, each with a bounded queue of hints."""

    def __init__(self, capacity: int = 1024) -> None:
        self._capacity = capacity
        self._queues: set[asyncio.Queue[Hint | None]] = set()

    def put(self, data: bytes) -> None:
        """Give an encoded hint to everybody."""
        try:
            self.give(Hint.decode(data))
        except (TypeError, ValueError):
            log.warning("a hint that can't be read was passed over; is another node newer?")

    def end(self) -> None:
        """End everybody's iteration."""
        self.give(None)

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[AsyncIterator[Hint]]:
        """Listen from entry to exit."""
        queue: asyncio.Queue[Hint | None] = asyncio.Queue(self._capacity)
        self._queues.add(queue)
        try:
            yield _those_in(queue)
        finally:
            self._queues.discard(queue)

    def give(self, hint: Hint | None) -> None:
        """Give a hint to everybody; None ends everybody's iteration."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(hint)


async def _those_in(queue: asyncio.Queue[Hint | None]) -> AsyncIterator[Hint]:
    while (hint := await queue.get()) is not None:
        yield hint


class MemoryHints:
    """The board of a single process."""

    connected = True

    def __init__(self) -> None:
        self._listeners = Listeners()

    async def open(self) -> None:
        """Nothing to connect to."""

    async def publish(self, *hints: Hint) -> None:
        """Hand them to the listeners of this process."""
        for hint in hints:
            self._listeners.give(hint)

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[Hint]]:
        """All hints from now on."""
        return self._listeners.listen()

    async def close(self) -> None:
        """End every listener."""
        self._listeners.end()


def connect(url: str) -> Hints:
    """Make the board of a URL: `memory://` or `redis://…`. Does no I/O."""
    if url == "memory://":
        return MemoryHints()
    from gateway.redis_hints import RedisHints  # the library is an extra

    return RedisHints(url)
