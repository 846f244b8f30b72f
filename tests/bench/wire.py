"""HTTP with nothing around it: so that what drives a measurement costs next to nothing itself."""

import asyncio
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SENT = json.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 1,
            "date": 1_764_000_000,
            "chat": {"id": 7, "type": "private", "first_name": "Ann"},
            "from": {"id": 123456, "is_bot": True, "first_name": "Shop"},
            "text": "?",
        },
    }
).encode()
_ME = json.dumps(
    {
        "ok": True,
        "result": {"id": 123456, "is_bot": True, "first_name": "Shop", "username": "shop_bot"},
    }
).encode()
_TRUE = b'{"ok": true, "result": true}'


class Connection(asyncio.Protocol):
    """A client's connection: one request at a time, the status and nothing else of the answer."""

    def __init__(self) -> None:
        self._data = b""
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        _, protocol = await asyncio.get_running_loop().create_connection(cls, host, port)
        return protocol

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status."""
        assert self._transport
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._answer = asyncio.get_running_loop().create_future()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{more}\r\n"
        )
        self._transport.write(head.encode() + body)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        found = _cut(self._data)
        if found and self._answer:
            head, _, self._data = found
            self._answer.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed"))


class Platform:
    """A Bot API that takes every message and says when one for a chat has come."""

    def __init__(self) -> None:
        self.base = ""
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Serving(self), "127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server
        self._server.close()

    def expect(self, chat: int) -> asyncio.Future[None]:
        """Done when a message for a chat has come."""
        self._waiting[chat] = asyncio.get_running_loop().create_future()
        return self._waiting[chat]

    def take(self, head: bytes, body: bytes) -> bytes:
        """The answer to a call."""
        method = head.split(b" ", 2)[1].rpartition(b"/")[2]
        if method == b"sendMessage":
            waiting = self._waiting.pop(_chat(head, body), None)
            if waiting:
                waiting.set_result(None)
            return _SENT
        return _ME if method == b"getMe" else _TRUE


class _Serving(asyncio.Protocol):
    """One connection to the platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while found := _cut(self._data):
            head, body, self._data = found
            answer = self._platform.take(head, body)
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + str(len(answer)).encode()
                + b"\r\n\r\n"
                + answer
            )


def _cut(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """The head and the body of the first message, and what follows it; None while it is torn."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = data[:end]
    length = _LENGTH.search(head)
    stop = end + 4 + (int(length[1]) if length else 0)
    return (head, data[end + 4 : stop], data[stop:]) if len(data) >= stop else None


def _chat(head: bytes, body: bytes) -> int:
    if b"application/json" in head:
        return int(json.loads(body)["chat_id"])
    return int(parse_qs(body.decode())["chat_id"][0])
