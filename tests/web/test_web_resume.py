"""Sockets that are cut anywhere: every tab ends up with the same transcript, nothing twice."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from gateway.message import Author, Contact
from tests.web.shop import Client, Json, Shop, open_shop

CUTS = 60
LINES = 120
END = "end"


@dataclass
class Tab:
    """A tab of the visitor's, whose socket dies again and again."""

    shop: Shop
    token: str
    dice: random.Random
    seen: list[Json] = field(default_factory=list)
    cuts: int = 0

    async def live(self) -> None:
        """Read, be cut, come back, until the end is here."""
        while not self.complete:
            client = await self.shop.connect()
            await client.hello(token=self.token, after=self.last)
            await self._read(client)
            await _cut(client)

    @property
    def last(self) -> int:
        return int(self.seen[-1]["seq"]) if self.seen else 0

    @property
    def complete(self) -> bool:
        return bool(self.seen) and self.seen[-1]["text"] == END

    async def _read(self, client: Client) -> None:
        self.cuts += 1
        for _ in range(self.dice.randint(0, 2 * LINES // CUTS)):
            if self.complete:
                return
            frame = await client.frame()
            if frame["type"] == "message":
                assert frame["seq"] > self.last
                self.seen.append(frame)


async def _cut(client: Client) -> None:
    connection = client.ws._response.connection
    if connection and connection.transport:
        connection.transport.abort()
    await client.ws.close()


async def _converse(shop: Shop, who: Contact, dice: random.Random) -> None:
    """Lines by everybody; the hints of some are lost."""
    for number in range(LINES):
        author = dice.choice([Author.BOT, Author.AGENT, Author.SYSTEM])
        await shop.book.say(who, f"{number}", author, quietly=dice.random() < 0.3)
        for _ in range(dice.randint(0, 30)):
            await asyncio.sleep(0)
    await shop.book.say(who, END, quietly=True)


@pytest.mark.parametrize("seed", range(8))
async def test_cuts_anywhere_leave_every_tab_the_same_transcript(seed: int) -> None:
    dice = random.Random(seed)
    async with open_shop(limits={"sockets": 10_000}) as shop:
        client, who = await shop.visitor()
        tabs = [Tab(shop, client.token, random.Random(seed + one)) for one in range(3)]
        living = [asyncio.create_task(tab.live()) for tab in tabs]
        await _converse(shop, who, dice)
        shop.clock.advance(60_000)
        async with asyncio.timeout(30):
            await asyncio.gather(*living)
        expected = [line.seq for line in await shop.book.lines(who, 0, 10_000)]
        for tab in tabs:
            assert [frame["seq"] for frame in tab.seen] == expected
            assert tab.seen == tabs[0].seen
        assert sum(tab.cuts for tab in tabs) > 20
