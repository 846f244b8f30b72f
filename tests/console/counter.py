"""A platform at which a test stands: it hears every reply, and what becomes of it is the test's."""

import asyncio
from collections.abc import Sequence
from typing import Literal

from aiohttp.web import AbstractRouteDef

from gateway.adapter import SENT, Adapter, Core, Delivery
from gateway.config.fields import Model
from gateway.message import Reply


class Config(Model):
    """A channel with `adapter: counter`."""

    adapter: Literal["counter"] = "counter"


class Counter:
    """Answers each attempt to send with the next outcome, then with SENT."""

    resumes = False
    routes: Sequence[AbstractRouteDef] = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self.outcomes: list[Delivery] = []
        self.heard: list[Reply] = []
        self.way = asyncio.Event()
        """Unset, attempts take until it is set."""
        self.way.set()
        self._news = asyncio.Condition()

    async def start(self) -> None:
        """Nothing to listen to: the test calls `receive`."""

    async def send(self, reply: Reply) -> Delivery:
        """Hear it."""
        async with self._news:
            self.heard.append(reply)
            self._news.notify_all()
        await self.way.wait()
        return self.outcomes.pop(0) if self.outcomes else SENT

    async def said(self, number: int) -> None:
        """Wait until it has heard that many."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.heard) >= number)

    async def stop(self) -> None:
        """Nothing to let go of."""


def build(name: str, config: Config, core: Core) -> Adapter:
    """The counter of a channel."""
    return Counter(name)
