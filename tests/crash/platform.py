"""A platform that outlives the gateway: it takes what is sent, and is not always well."""

import asyncio
import socket
from dataclasses import dataclass
from random import Random

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Arrival:
    """A reply as it came in."""

    id: str
    conversation: str
    contact: str
    seq: int
    author: str


class Platform:
    """A server on a port of its own that notes every arrival in its order."""

    def __init__(self, chance: Random, *, moody: bool = True) -> None:
        self.arrivals: list[Arrival] = []
        self.url = ""
        self._chance = chance
        self._moody = moody

    async def start(self) -> None:
        application = web.Application()
        application.router.add_post("/", self._take)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        mood = self._chance.random() if self._moody else 0.5
        if mood < 0.05:
            return web.Response(status=503)
        await asyncio.sleep(self._chance.random() * 0.02)  # the work of a platform takes time
        self.arrivals.append(Arrival(**body))
        if mood > 0.99 and request.transport:
            request.transport.abort()  # it has it, and its answer never comes
        return web.Response()


def free_port() -> int:
    """A port that nobody has, from the kernel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
