"""One socket's way out: a queue with a bound, so that a slow reader costs the others nothing."""

import asyncio
from collections import deque

from aiohttp import web

LIMIT = 256 * 1024  # bytes that may wait

SIGNED_OUT = 4401
TOO_SLOW = 4408
RECONNECT = 1012
GOING_AWAY = 1001


class Outbox:
    """Frames on their way to one socket, which is cut off when too much waits."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request
        self._frames: deque[tuple[str, int]] = deque()
        self._waiting = 0
        self._more = asyncio.Event()
        self._code = 0

    def put(self, text: str) -> None:
        """Send a frame after those before it; never waits."""
        if self._code:
            return
        size = len(text.encode())
        self._frames.append((text, size))
        self._waiting += size
        self._more.set()
        if self._waiting + self._buffered() > LIMIT:
            self._cut()

    def end(self, code: int) -> None:
        """Close the socket when everything before is out."""
        self._code = self._code or code
        self._more.set()

    async def send(self, text: str) -> None:
        """Send a frame at the pace of its reader, before `drain` begins."""
        await self._socket.send_str(text)

    async def drain(self) -> None:
        """Send what was put and what will be, until the end."""
        while not self._socket.closed:
            while self._frames:
                text, size = self._frames.popleft()
                self._waiting -= size
                await self._socket.send_str(text)
            if self._code:
                await self._socket.close(code=self._code)
                return
            self._more.clear()
            await self._more.wait()

    def _cut(self) -> None:
        self._frames.clear()
        self.end(TOO_SLOW)
        if self._request.transport is not None:
            self._request.transport.abort()

    def _buffered(self) -> int:
        transport = self._request.transport
        return transport.get_write_buffer_size() if transport is not None else 0
