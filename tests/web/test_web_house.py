"""The same cuts with the whole program behind the socket: store, bus, workers and FAQ."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession

from gateway.app import Frontdesk, models
from gateway.config import load
from tests.web.shop import Client, Json

FAQ = Path(__file__).parents[2] / "faq" / "content"
TABS = 3
MESSAGES = 25
WORDS = ["运费怎么算", "你好", "眼镜能退吗", "多久发货", "how much is shipping", "转人工", "😂"]


@asynccontextmanager
async def _open_program(
    folder: Path, server: str = "host: 127.0.0.1", limits: str = "messages: 1000, sockets: 100"
) -> AsyncIterator[str]:
    config = folder / "config.yaml"
    config.write_text(
        f"server: {{port: 0, {server}}}\n"
        f"store: sqlite:///{folder / 'frontdesk.db'}\n"
        f"faq: {{path: {FAQ}}}\n"
        f"channels: {{website: {{adapter: web, limits: {{{limits}}}}}}}\n",
        "utf-8",
    )
    program = Frontdesk(load(config, {}, models()))
    address = await program.start()
    try:
        yield f"{address}/widget/website/socket"
    finally:
        await program.stop()


@dataclass
class Tab:
    """Writes its messages in order, and sends again what a cut left without an answer."""

    name: str
    url: str
    token: str
    dice: random.Random
    session: ClientSession
    lines: list[Json] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    cuts: int = 0

    @property
    def last(self) -> int:
        return int(self.lines[-1]["seq"]) if self.lines else 0

    async def write(self) -> None:
        """Until all messages are accepted."""
        while len(self.accepted) < MESSAGES:
            async with self._connected() as client:
                for _ in range(self.dice.randint(0, 8)):
                    await self._step(client)
                self._cut(client)

    async def read_on(self, newest: int) -> None:
        """Until line `newest` is here."""
        async with self._connected() as client:
            while self.last < newest:
                self._take(await client.frame())

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Client]:
        async with self.session.ws_connect(self.url) as ws:
            client = Client(ws)
            await client.hello(token=self.token, after=self.last)
            yield client

    async def _step(self, client: Client) -> None:
        """Send what is not accepted yet, perhaps again; one frame at least comes for it."""
        number = min(len(self.accepted), MESSAGES - 1)
        text = self.dice.choice(WORDS)
        await client.send(type="message", id=f"{self.name}.{number}", text=text)
        if self.dice.random() < 0.7:
            self._take(await client.frame())

    def _take(self, frame: Json) -> None:
        if frame["type"] == "message":
            assert frame["seq"] == self.last + 1
            self.lines.append(frame)
        elif frame["type"] == "accepted":
            assert self.accepted.setdefault(frame["id"], frame["seq"]) == frame["seq"]

    def _cut(self, client: Client) -> None:
        self.cuts += 1
        connection = client.ws._response.connection
        if connection and connection.transport:
            connection.transport.abort()


@pytest.mark.parametrize("seed", range(3))
async def test_cuts_leave_every_tab_one_transcript_with_each_message_once(
    tmp_path: Path, seed: int
) -> None:
    async with _open_program(tmp_path) as url, ClientSession() as session:
        async with session.ws_connect(url) as ws:
            token = (await Client(ws).hello())["token"]
        tabs = [
            Tab(f"t{one}", url, token, random.Random(f"{seed} {one}"), session)
            for one in range(TABS)
        ]
        async with asyncio.timeout(60):
            await asyncio.gather(*(tab.write() for tab in tabs))
            newest = max(max(tab.accepted.values()) for tab in tabs)
            await asyncio.gather(*(tab.read_on(newest) for tab in tabs))
        transcript = tabs[0].lines[:newest]
        for tab in tabs:
            assert tab.lines[:newest] == transcript
            own = [line for line in transcript if line.get("id", "").startswith(tab.name)]
            assert [line["id"] for line in own] == [f"{tab.name}.{n}" for n in range(MESSAGES)]
            assert [line["seq"] for line in own] == list(tab.accepted.values())
        assert sum(tab.cuts for tab in tabs) > MESSAGES
        assert any(line["author"] == "bot" for line in transcript)


async def test_sockets_are_counted_by_the_address_behind_a_trusted_proxy(tmp_path: Path) -> None:
    proxies = "trusted_proxies: [127.0.0.1]"
    async with _open_program(tmp_path, proxies, "sockets: 1") as url, ClientSession() as session:
        first = await session.ws_connect(url, headers={"X-Forwarded-For": "192.0.2.1"})
        other = await session.ws_connect(url, headers={"X-Forwarded-For": "192.0.2.2"})
        again = await session.ws_connect(url, headers={"X-Forwarded-For": "192.0.2.1"})
        await Client(first).hello()
        await Client(other).hello()
        assert await Client(again).closed() == 1013
