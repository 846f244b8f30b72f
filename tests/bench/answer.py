"""End to end: a visitor's frame until the answer's, and a webhook until its 200; both durable."""

import itertools
import json
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector

from tests.bench.figures import Figures, measure, show
from tests.bench.processes import peers
from tests.crash.node_process import Node
from tests.crash.platform import free_port

QUESTION = "运费怎么算"
Call = Callable[[], Awaitable[None]]


async def run() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        node = Node(Path(folder), free_port(), "http://127.0.0.1:9/")
        await node.start()
        async with peers() as base:
            await _answers(node.base, base)
            await _webhooks(node.base, base)
        await node.stop()


async def _answers(ours: str, peers: str) -> None:
    print("A visitor's question to its answer: socket, disk, FAQ, disk, socket")
    for visitors, rounds in ((1, 200), (32, 30), (128, 15)):
        answered = await _sockets(f"{ours}/widget/website/socket", visitors, rounds, _ask)
        echoed = await _sockets(f"{peers}/echo", visitors, rounds, _echo)
        show(f"widget, {visitors} at once", answered, "bare aiohttp socket, echo", echoed)


async def _webhooks(ours: str, peers: str) -> None:
    print("A platform's message to its 200: handler, disk")
    for callers, rounds in ((1, 200), (32, 40), (128, 20)):
        durable = await _posts(f"{ours}/hook/hook", callers, rounds)
        bare = await _posts(f"{peers}/bare", callers, rounds)
        show(f"webhook, {callers} at once", durable, "bare aiohttp handler, a constant", bare)


async def _posts(url: str, callers: int, rounds: int) -> Figures:
    async with ClientSession(connector=TCPConnector(limit=callers)) as session:

        def caller(contact: str) -> Call:
            async def call() -> None:
                body = {"id": str(uuid.uuid4()), "contact": contact, "text": "转人工"}
                async with session.post(url, json=body) as answer:
                    answer.raise_for_status()
                    await answer.read()

            return call

        return await measure([caller(f"b{number}") for number in range(callers)], rounds)


async def _sockets(
    url: str, visitors: int, rounds: int, make: Callable[[ClientWebSocketResponse], Awaitable[Call]]
) -> Figures:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        sockets = [
            await stack.enter_async_context(session.ws_connect(url)) for _ in range(visitors)
        ]
        return await measure([await make(socket) for socket in sockets], rounds)


async def _ask(socket: ClientWebSocketResponse) -> Call:
    await socket.send_json({"type": "hello", "token": None, "after": 0, "language": "zh-CN"})

    async def call() -> None:
        key = str(uuid.uuid4())
        await socket.send_json({"type": "message", "id": key, "text": QUESTION})
        async for frame in _frames(socket):
            if frame["type"] == "message" and frame["author"] == "bot":
                return

    return call


async def _echo(socket: ClientWebSocketResponse) -> Call:
    numbers = itertools.count()

    async def call() -> None:
        await socket.send_json({"type": "message", "id": next(numbers), "text": QUESTION})
        async for _ in _frames(socket):
            return

    return call


async def _frames(socket: ClientWebSocketResponse) -> AsyncIterator[dict[str, object]]:
    while True:
        yield json.loads(await socket.receive_str(timeout=30))
