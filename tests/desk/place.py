"""The desk at work for tests: customers write through a real bus, agents through real HTTP."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from gateway.adapter import SENT, Delivery, Receipt
from gateway.clock import Clock, system_clock
from gateway.conversation import Conversation
from gateway.files.folder import FolderFiles
from gateway.files.limits import Limits
from gateway.hints import Hints, MemoryHints
from gateway.message import Contact
from gateway.store import Database
from gateway.store import conversations as table
from gateway.store.transcript import Transcript
from gateway.texts import Texts
from gateway.web import address, application, listen
from handoff.agents import Agent, Role
from handoff.api.office import Faq
from handoff.desk import Desk
from handoff.passwords import Cost, Passwords
from handoff.people import People
from handoff.routes import Handoff
from handoff.settings import Canned, Named, Settings
from tests.gateway.house import ANN, make_bus, readings, said

PASSWORD = "correct horse"
NOWHERE = Path(os.devnull) / "files"  # nothing can be kept there
LIMITS = Limits(file=100_000, contact=250_000, per_day=10)
PATIENCE = 20.0  # seconds after which an event that must come counts as lost
SETTINGS = Settings(
    teams=(Named("sales", "售前", "Sales"), Named("care", "售后", "After-sales")),
    canned=(Canned("thanks", "Thank you!"),),
    channels=("fake",),
)


@dataclass
class Place:
    """A store, the bus and the desk on it. `resumes` is False: replies wait to be sent."""

    database: Database
    clock: Clock
    settings: Settings = SETTINGS
    passwords: Passwords = field(default_factory=lambda: Passwords(Cost(4, 1, 1)))
    hints: Hints = field(default_factory=MemoryHints)
    faq: Faq | None = None
    folder: Path = NOWHERE

    def __post_init__(self) -> None:
        self.files = FolderFiles(self.database, self.folder, self.clock, LIMITS)
        self.transcript = Transcript(lambda channel: channel == "widget")
        self.handoff = Handoff(
            self.database,
            self.transcript,
            self.hints,
            Texts(),
            self.clock,
            self.settings,
            suggest,
            files=self.files,
            passwords=self.passwords,
            faq=self.faq,
        )
        bus = make_bus(self.database, self.clock, hints=self.hints)
        self.bus = replace(bus, transcript=self.transcript, desk=self.handoff)
        self.desk = Desk(self.database, self.transcript, self.hints, Texts(), self.clock)
        self.people = People(self.database, self.passwords, self.hints, self.clock)

    async def agent(
        self, name: str, role: Role = Role.AGENT, *teams: str, capacity: int = 5
    ) -> Agent:
        """Somebody new at the desk, whose password is PASSWORD."""
        return await self.people.add(name, role, PASSWORD, teams=teams, capacity=capacity)

    async def write(self, text: str, contact: Contact = ANN) -> Receipt:
        """A customer writes; nobody has read it yet."""
        return await self.bus.accept(said(text, contact))

    async def waiting(self, contact: Contact = ANN, text: str = "help me") -> str:
        """A customer whom the bot has handed to the desk; the conversation's id."""
        receipt = await self.write(text, contact)
        await self.work(receipt.conversation)
        return receipt.conversation

    async def work(self, conversation: str, delivery: Delivery = SENT) -> None:
        """Do what a worker does, with a platform that says `delivery` to every reply."""
        claim = await self.bus.claim(conversation, await readings(self.bus, conversation))
        while claim and claim.reply:
            claim = await self.bus.settle(claim, delivery)

    async def waiting_for(self, team: str, contact: Contact) -> str:
        """A customer in a team's queue."""
        conversation = await self.waiting(contact)
        boss = await self.boss()
        await self.desk.pass_to_team(boss, conversation, team, team, "")
        return conversation

    async def boss(self) -> Agent:
        """A supervisor who is nobody's colleague."""
        return Agent("boss", "Boss", Role.SUPERVISOR)

    async def state(self, conversation: str) -> Conversation:
        """The conversation as it is committed."""
        return await table.find(self.database, conversation)


@asynccontextmanager
async def open_place(
    database: Database,
    settings: Settings = SETTINGS,
    *,
    clock: Clock = system_clock,
    hints: Hints | None = None,
    faq: Faq | None = None,
    folder: Path = NOWHERE,
) -> AsyncIterator["Site"]:
    """The desk behind a real HTTP server, with a clock that goes."""
    place = Place(database, clock, settings, hints=hints or MemoryHints(), faq=faq, folder=folder)
    app = application(place.handoff.routes, checks={}, metrics=place.bus.metrics)
    runner = await listen(app, "127.0.0.1", 0)
    await place.handoff.start()
    site = Site(place, address(runner))
    try:
        yield site
    finally:
        for browser in site.browsers:
            await browser.session.close()
        await place.handoff.stop()
        await runner.cleanup()


@dataclass
class Site:
    """The running desk and the browsers that look at it."""

    place: Place
    root: str
    browsers: list["Browser"] = field(default_factory=list)

    def browser(self) -> "Browser":
        """A browser that nobody has signed in with."""
        browser = Browser(self.root)
        self.browsers.append(browser)
        return browser

    async def sign_in(self, name: str, role: Role = Role.AGENT, *teams: str) -> "Browser":
        """A browser in which a new agent has signed in."""
        await self.place.agent(name, role, *teams)
        browser = self.browser()
        status, answer = await browser.sign_in(name)
        assert status == 200, answer
        return browser


class Browser:
    """Keeps a cookie and a CSRF token, and says which page asks, as browsers do."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.csrf = ""
        self.agent: dict[str, Any] = {}

    async def sign_in(self, name: str, password: str = PASSWORD) -> tuple[int, Any]:
        status, answer = await self.ask("POST", "/session", {"name": name, "password": password})
        if status == 200:
            self.csrf, self.agent = answer["csrf"], answer["agent"]
        return status, answer

    async def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Call the API; the status and the JSON, None without one."""
        sent = {"Origin": self.root, "X-CSRF-Token": self.csrf} if headers is None else headers
        async with self.session.request(
            method, f"{self.root}/api/v1{path}", json=body, headers=sent
        ) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def get(self, path: str) -> Any:
        """Read something that is there."""
        status, answer = await self.ask("GET", path)
        assert status == 200, answer
        return answer

    @asynccontextmanager
    async def live(
        self, after: int | None = None, headers: dict[str, str] | None = None
    ) -> AsyncIterator["Sight"]:
        """An open socket of the live view."""
        query = "" if after is None else f"?after={after}"
        sent = {"Origin": self.root} if headers is None else headers
        async with self.session.ws_connect(
            f"{self.root}/api/v1/live{query}", headers=sent
        ) as socket:
            yield Sight(socket)


class Sight:
    """What a console sees."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self, type_: str) -> dict[str, Any]:
        """The next event of a type; others before it are passed over."""
        return await self.until(lambda event: event["type"] == type_)

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event that is wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                event: dict[str, Any] = json.loads(await self.socket.receive_str())
                if wanted(event):
                    return event

    async def chat(self, **facts: object) -> dict[str, Any]:
        """The next conversation of which all these facts are true."""
        event = await self.until(lambda one: _has(one.get("conversation"), facts))
        chat: dict[str, Any] = event["conversation"]
        return chat

    async def line(self, **facts: object) -> dict[str, Any]:
        """The next message of which all these facts are true."""
        event = await self.until(lambda one: _has(one.get("message"), facts))
        line: dict[str, Any] = event["message"]
        return line

    async def person(self, **facts: object) -> dict[str, Any]:
        """The next agent of whom all these facts are true."""
        event = await self.until(lambda one: _has(one.get("agent"), facts))
        person: dict[str, Any] = event["agent"]
        return person

    async def closed(self) -> int | None:
        """The code with which the server closed it, after all its frames."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self.socket:
                pass
        return self.socket.close_code


def _has(part: object, facts: dict[str, object]) -> bool:
    return isinstance(part, dict) and all(part[name] == fact for name, fact in facts.items())


async def suggest(text: str, language: str, channel: str) -> list[dict[str, object]]:
    """A FAQ of one entry."""
    answer = f"{text} in {language} on {channel}"
    return [{"id": "ship", "question": "shipping", "answer": answer, "confidence": 0.5}]
