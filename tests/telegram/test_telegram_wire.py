"""Posts over kept connections: every form of an answer, and what is sure when there is none."""

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from adapters.telegram.wire import LostError, NotSentError, Wire

OK = b"HTTP/1.1 200 OK\r\n"


class Server:
    """Answers each request on a connection with the next of `answers`; None hangs up."""

    def __init__(self) -> None:
        self.answers: list[bytes | None] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.base = ""
        self._writers: list[StreamWriter] = []

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        while head := await _head(reader):
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            self.requests.append(head + await reader.readexactly(length))
            answer = self.answers.pop(0)
            if answer is None:
                break
            writer.write(answer)
            if answer and not _goes_on(answer):
                break
        writer.close()

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
        return server


def _goes_on(answer: bytes) -> bool:
    said = answer.lower()
    return b"close" not in said and (b"content-length" in said or b"chunked" in said)


async def _head(reader: StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    listening = await server.start()
    yield server
    listening.close()


@pytest.fixture
async def wire(server: Server) -> AsyncIterator[Wire]:
    wire = Wire(server.base)
    yield wire
    await wire.close()


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (OK + b"Content-Length: 2\r\n\r\nhi", b"hi"),
        (OK + b"content-length:2\r\nConnection: close\r\n\r\nhi", b"hi"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1;x=y\r\ni\r\n0\r\n\r\n", b"hi"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n", b"hi"),
        (OK + b"\r\nhi", b"hi"),
        (b"HTTP/1.0 200 OK\r\n\r\nhi", b"hi"),
    ],
    ids=["length", "close", "chunks", "trailers", "until the end", "1.0"],
)
async def test_an_answer_is_read_in_every_form(
    server: Server, wire: Wire, answer: bytes, content: bytes
) -> None:
    server.answers = [answer, OK + b"Content-Length: 5\r\n\r\nagain"]
    assert await wire.post("/bot/x", b"{}", 5) == (200, content)
    assert await wire.post("/bot/x", b"{}", 5) == (200, b"again")
    assert server.requests[0].startswith(b"POST /api/bot/x HTTP/1.1\r\nHost: 127.0.0.1:")
    assert server.requests[0].endswith(b"\r\n\r\n{}")


async def test_a_connection_is_kept_and_many_may_be_open(server: Server, wire: Wire) -> None:
    server.answers = [OK + b"Content-Length: 2\r\n\r\nhi"] * 8
    for _ in range(4):
        await wire.post("/x", b"{}", 5)
    assert server.connections == 1
    await asyncio.gather(*(wire.post("/x", b"{}", 5) for _ in range(4)))
    assert server.connections <= 4


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        OK,
        OK + b"Content-Length: 9\r\nConnection: close\r\n\r\nhi",
        b"SSH-2.0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked, close\r\n\r\nzz\r\n",
    ],
    ids=["hangs up", "silence", "half a head", "half a body", "another protocol", "bad chunks"],
)
async def test_without_an_answer_it_may_have_been_taken(
    server: Server, wire: Wire, answer: bytes | None
) -> None:
    server.answers = [answer]
    with pytest.raises(LostError):
        await wire.post("/x", b"{}", 0.5)
    server.answers = [OK + b"Content-Length: 2\r\n\r\nhi"]
    assert (await wire.post("/x", b"{}", 5))[1] == b"hi"


async def test_without_a_connection_nothing_has_left() -> None:
    server = Server()
    (await server.start()).close()
    with pytest.raises(NotSentError):
        await Wire(server.base).post("/x", b"{}", 5)


@pytest.mark.parametrize("lingers", [False, True], ids=["ends", "reset"])
async def test_a_connection_that_the_other_side_ended_is_not_used_again(
    server: Server, wire: Wire, lingers: bool
) -> None:
    server.answers = [OK + b"Content-Length: 2\r\n\r\nhi"] * 2
    await wire.post("/x", b"{}", 5)
    (line,) = wire._idle
    ended = server._writers[0].get_extra_info("socket")
    ended.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", lingers, 0))
    server._writers[0].close()
    with suppress(ConnectionResetError):
        await line.reader.read()
    await wire.post("/x", b"{}", 5)
    assert server.connections == 2
