"""A web channel in a real aiohttp server, and a widget without a face to speak to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestServer

from adapters.web.adapter import WebAdapter
from adapters.web.config import Config
from gateway.hints import MemoryHints
from gateway.message import Contact
from tests.clock import StillClock
from tests.core import make_core
from tests.web.book import Book

Json = dict[str, Any]
KEY = b"a secret of thirty-two bytes or so"


class Client:
    """A widget without a face: speaks the protocol of the contract."""

    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self.ws = ws
        self.token = ""

    async def send(self, **frame: Any) -> None:
        await self.ws.send_json(frame)

    async def hello(self, token: str | None = None, after: int = 0, **more: Any) -> Json:
        await self.send(type="hello", token=token, after=after, **more)
        welcome = await self.next("welcome")
        self.token = welcome["token"]
        return welcome

    async def say(self, own: str, text: str) -> Json:
        await self.send(type="message", id=own, text=text)
        return await self.next("accepted")

    async def frame(self) -> Json:
        """The next frame, whatever it is."""
        async with asyncio.timeout(10):
            raw = await self.ws.receive()
        assert raw.type is WSMsgType.TEXT, f"{raw} code {self.ws.close_code}"
        frame: Json = json.loads(raw.data)
        return frame

    async def next(self, *types: str) -> Json:
        """The next frame of one of these types."""
        while (frame := await self.frame())["type"] not in types:
            pass
        return frame

    async def closed(self) -> int | None:
        """Wait for the close; its code."""
        async with asyncio.timeout(10):
            while not self.ws.closed:
                await self.ws.receive()
        return self.ws.close_code


@dataclass
class Shop:
    """The running channel and both of its sides."""

    adapter: WebAdapter
    book: Book
    hints: MemoryHints
    clock: StillClock
    server: TestServer
    session: ClientSession
    clients: AsyncExitStack = field(default_factory=AsyncExitStack)

    def url(self, path: str = "socket") -> str:
        return str(self.server.make_url(f"/widget/website/{path}"))

    async def connect(self, headers: Mapping[str, str] | None = None, **more: Any) -> Client:
        ws = self.session.ws_connect(self.url(), headers=headers, max_msg_size=0, **more)
        return Client(await self.clients.enter_async_context(ws))

    async def visitor(self, **hello: Any) -> tuple[Client, Contact]:
        """A visitor who has said hello, and who they are to the desk."""
        client = await self.connect()
        await client.hello(**hello)
        await client.say("first", "在吗")
        return client, self.book.received[-1].contact


@asynccontextmanager
async def open_shop(**config: Any) -> AsyncIterator[Shop]:
    clock, hints = StillClock(), MemoryHints()
    book = Book(hints, clock)
    settings = Config.model_validate(config)
    adapter = WebAdapter("website", settings, make_core(book.receive, book, hints, clock, KEY))
    app = web.Application()
    app.add_routes(adapter.routes)
    await adapter.start()
    server = TestServer(app)
    async with server, ClientSession() as session:
        shop = Shop(adapter, book, hints, clock, server, session)
        try:
            async with shop.clients:
                yield shop
        finally:
            await adapter.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Let everybody else run until something is so."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0)
