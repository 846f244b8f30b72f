"""A whole shop whose agents work in a forum group: a site, a bot, a console, and their topics."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from gateway.app import Frontdesk, models
from gateway.clock import Clock, system_clock
from gateway.config import load
from gateway.hints import Hint
from handoff.agents import Role
from tests.desk.place import PASSWORD, Browser
from tests.telegram.bot_api import BotApi, Json
from tests.telegram.shop import PACKAGES, Shop, configure
from tests.telegram.topics_api import GROUP, FakeForum
from tests.web.shop import Client

WANG = {"id": 501, "is_bot": False, "first_name": "Wang", "username": "wang"}
LI = {"id": 502, "is_bot": False, "first_name": "Li"}
STRANGER = {"id": 666, "is_bot": False, "first_name": "Mallory"}
_numbers = count(1)
AGENTS = {501: "wang", 502: "li"}


class Ahead:
    """The system's clock, which a test can put forward."""

    def __init__(self) -> None:
        self._ahead = 0

    def __call__(self) -> int:
        return system_clock() + self._ahead

    def advance(self, ms: int) -> None:
        self._ahead += ms


@dataclass
class Office(Shop):
    """The running program with its group."""

    forum: FakeForum = field(kw_only=True)
    clock: Any = system_clock
    guests: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def visitor(self, text: str, token: str | None = None) -> Client:
        """Somebody on the site who has written something."""
        session = await self.guests.enter_async_context(ClientSession())
        url = f"{self.address}/widget/website/socket"
        client = Client(await self.guests.enter_async_context(session.ws_connect(url)))
        await client.hello(token, language="zh-CN")
        await client.say(f"own-{next(_numbers)}", text)
        return client

    async def console(self, name: str) -> Browser:
        """The console of an agent who has signed in."""
        browser = Browser(self.address)
        self.guests.push_async_callback(browser.session.close)
        status, answer = await browser.sign_in(name)
        assert status == 200, answer
        return browser

    async def only(self, console: Browser, **wanted: str) -> Json:
        """The only conversation of some modes."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        (found,) = (await console.get(f"/conversations?{query}"))["items"]
        one: Json = found
        return one

    async def nudge(self) -> None:
        """Let the loop look now."""
        ids = await self.node.database.rows("SELECT id, contact FROM conversations")
        await self.node.hints.publish(*(Hint("topic", row["id"], row["contact"]) for row in ids))


@asynccontextmanager
async def open_office(
    folder: Path, api: BotApi, forum: FakeForum, clock: Clock = system_clock, **channel: Any
) -> AsyncIterator[Office]:
    """The program with two agents; opened again on the same folder it goes on."""
    hints = channel.pop("hints", "memory://")
    settings = {"agents_group": GROUP, "agents": AGENTS, "group_language": "en", **channel}
    path = configure(folder, api.base, **settings)
    config = json.loads(path.read_text("utf-8"))
    config["channels"]["website"] = {"adapter": "web"}
    config["hints"] = hints
    config["desk"] = {"teams": {"care": {"zh": "售后", "en": "After-sales"}}}
    path.write_text(json.dumps(config), "utf-8")
    node = Frontdesk(load(path, {}, models(PACKAGES)), clock, PACKAGES)
    address = await node.start()
    office = Office(node, api, address, forum=forum, clock=clock)
    try:
        known = await node.database.rows("SELECT login FROM agents")
        new = set(AGENTS.values()) - {row["login"] for row in known}
        add = node.handoff.people.add
        await asyncio.gather(*(add(name, Role.AGENT, PASSWORD, teams=("care",)) for name in new))
        async with office.guests:
            yield office
    finally:
        await node.stop()
