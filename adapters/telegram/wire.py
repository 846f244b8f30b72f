"""JSON posts over kept connections, for the calls that are made all day.

An HTTP client for everything costs as much as all else that we do for a message; and here it is
known whether a request has been on its way at all, which decides if it may be made again.
"""

import asyncio
import re
import ssl
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi

AT_ONCE = 100
IDLE = 15.0  # seconds after which the other side may be about to hang up

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_HEAD_END = b"\r\n\r\n"


class NotSentError(Exception):
    """No connection: nothing of the request has left us."""


class LostError(Exception):
    """The request has left us, and no answer that can be read came."""


@dataclass(slots=True, eq=False)
class _Line:
    """A connection, idle since an instant of the loop's clock."""

    reader: StreamReader
    writer: StreamWriter
    since: float = 0.0


class Wire:
    """Posts to one server. Its constructor does no I/O."""

    def __init__(self, base: str) -> None:
        """`base` is the server's address, with the path that all requests begin with."""
        parts = urlsplit(base)
        secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if secure else 80)
        self._path = parts.path.rstrip("/")
        self._ssl = ssl.create_default_context(cafile=certifi.where()) if secure else None
        self._head = f" HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
        self._idle: list[_Line] = []
        self._places = asyncio.Semaphore(AT_ONCE)

    async def post(self, path: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises NotSentError or LostError."""
        async with self._places:
            line = None
            try:
                async with asyncio.timeout(seconds):
                    line = await self._line()
                    status, answer = await self._exchange(line, path, body)
            except (OSError, EOFError, asyncio.LimitOverrunError, ValueError) as error:
                kind = LostError if line else NotSentError
                raise kind(f"{type(error).__name__} {error}".rstrip()) from None
            finally:
                if line and line not in self._idle:
                    line.writer.close()
            return status, answer

    async def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().writer.close()

    async def _line(self) -> _Line:
        """A connection that is open as far as can be known, else a new one."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            ended = line.reader.at_eof() or line.writer.is_closing()  # by a FIN, by a reset
            if now - line.since < IDLE and not ended:
                return line
            line.writer.close()
        return _Line(*await asyncio.open_connection(self._host, self._port, ssl=self._ssl))

    async def _exchange(self, line: _Line, path: str, body: bytes) -> tuple[int, bytes]:
        head = (
            f"POST {self._path}{path}{self._head}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        line.writer.write(head.encode() + body)
        answer = await line.reader.readuntil(_HEAD_END)
        status = _STATUS.match(answer)
        if status is None:
            raise ValueError("expected HTTP/1.1")
        content, whole = await _content(line.reader, answer)
        if whole and not _CLOSE.search(answer):
            line.since = asyncio.get_running_loop().time()
            self._idle.append(line)
        return int(status[1]), content


async def _content(reader: StreamReader, head: bytes) -> tuple[bytes, bool]:
    """An answer's body, and whether the connection is at its end now and can be used again."""
    if length := _LENGTH.search(head):
        return await reader.readexactly(int(length[1])), True
    if not _CHUNKED.search(head):
        return await reader.read(), False
    chunks = []
    while size := int((await reader.readline()).partition(b";")[0], 16):
        chunks.append(await reader.readexactly(size))
        await reader.readline()
    while (await reader.readline()).strip():
        pass  # trailers, which say nothing to us
    return b"".join(chunks), True
