"""The real program with a channel at which the test stands, and agents in real browsers."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from gateway.app import Frontdesk, models
from gateway.clock import SECOND
from gateway.config import load
from gateway.hints import Hint
from gateway.message import Contact, Message
from gateway.store import Tx
from handoff.agents import Role
from tests.chromium import open_browser
from tests.console.counter import Counter

PASSWORD = "correct horse battery"
PACKAGES = {"counter": "tests.console.counter"}
ROOT = Path(__file__).parents[2]
ANN = Contact("shop", "ann", "王女士", "zh")
TOM = Contact("shop", "tom", "Tom Baker", "en")

_numbers = count(1)


@dataclass
class Office:
    """The running program."""

    program: Frontdesk
    address: str
    faq: Path

    @property
    def counter(self) -> Counter:
        """The channel's other side."""
        adapter = self.program.adapters["shop"]
        assert isinstance(adapter, Counter)
        return adapter

    async def say(self, text: str, contact: Contact = ANN) -> str:
        """A customer writes; the conversation's id."""
        receipt = await self.program.bus.accept(Message(f"m{next(_numbers)}", contact, text))
        return receipt.conversation

    async def wait_for_person(self, contact: Contact = ANN, text: str = "转人工") -> str:
        """A customer asks for a person and is in the queue; the conversation's id."""
        conversation = await self.say(text, contact)
        while not await self._is(conversation, "waiting"):
            async with self.program.hints.listen() as hints:
                if not await self._is(conversation, "waiting"):
                    await anext(hints)
        return conversation

    async def type(self, conversation: str, contact: Contact) -> None:
        """A customer types."""
        await self.program.hints.publish(Hint("typing", conversation, contact.key, "customer"))

    async def edit(self, name: str, text: str) -> None:
        """Save a file of the FAQ, and let the program see it."""
        (self.faq / name).write_text(text, "utf-8")
        await self.program.answers._library.look()

    async def age(self, conversation: str, seconds: int) -> None:
        """Let its customer be owed an answer for that much longer."""

        async def body(tx: Tx) -> None:
            await tx.execute(
                "UPDATE conversations SET owed_since = owed_since - ? WHERE id = ?",
                seconds * SECOND,
                conversation,
            )

        await self.program.database.transaction(body)

    async def hire(self, name: str, role: Role = Role.AGENT, *teams: str) -> None:
        """Somebody new, whose password is PASSWORD."""
        await self.program.handoff.people.add(name, role, PASSWORD, teams=teams)

    async def _is(self, conversation: str, mode: str) -> bool:
        row = await self.program.database.row(
            "SELECT mode FROM conversations WHERE id = ?", conversation
        )
        return row is not None and row["mode"] == mode


@asynccontextmanager
async def open_office(folder: Path) -> AsyncIterator[Office]:
    """The program on a store of its own."""
    shutil.copytree(ROOT / "faq" / "content", folder / "faq")
    config = folder / "config.yaml"
    config.write_text(
        "server: {port: 0}\n"
        f"store: sqlite:///{folder / 'frontdesk.db'}\n"
        f"faq: {{path: {folder / 'faq'}}}\n"
        "desk:\n"
        "  limits: {greet: 1, reply: 2}\n"
        "  teams: {sales: {zh: 售前, en: Sales}, service: {zh: 售后, en: After-sales}}\n"
        "channels: {shop: {adapter: counter}}\n",
        "utf-8",
    )
    program = Frontdesk(load(config, {}, models(PACKAGES)), packages=PACKAGES)
    address = await program.start()
    try:
        yield Office(program, address, folder / "faq")
    finally:
        await program.stop()


@dataclass
class Desk:
    """An agent's browser window."""

    page: Page
    office: Office
    errors: list[str]

    def at(self, selector: str) -> Locator:
        """What stands there."""
        return self.page.locator(selector)

    async def sees(self, selector: str, text: str = "") -> Locator:
        """Wait until it is there, with that text in it; the first such."""
        found = self.page.locator(selector, has_text=text or None).first
        await expect(found).to_be_visible()
        return found

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Type where the focus is."""
        await self.page.keyboard.type(text)

    async def go(self, conversation: str = "") -> None:
        """Open the console, at a conversation."""
        at = f"#/c/{conversation}" if conversation else ""
        await self.page.goto(f"{self.office.address}/console/{at}")

    async def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Through the door."""
        await self.page.fill("[name=name]", name)
        await self.page.fill("[name=password]", password)
        await self.press("Enter")

    async def take(self) -> None:
        """The open chat, by its key."""
        await self.press("t")
        await expect(self.at(".composer textarea")).to_be_focused()

    async def enter(self, name: str, conversation: str = "") -> None:
        """Open the console and sign in, up to the lists."""
        await self.go(conversation)
        await self.sign_in(name)
        await expect(self.at(".rows:not(.skeleton)")).to_be_attached()


@dataclass
class Windows:
    """Opens browser windows."""

    browser: Browser
    office: Office

    async def open(self, width: int = 1440, height: int = 900, **options: Any) -> Desk:
        """A window of nobody's; `options` are those of a browser context."""
        options = {"locale": "zh-CN", "viewport": {"width": width, "height": height}, **options}
        page = await (await self.browser.new_context(**options)).new_page()
        page.set_default_timeout(20_000)
        desk = Desk(page, self.office, [])
        page.on("pageerror", lambda error: desk.errors.append(str(error)))
        page.on("dialog", lambda dialog: desk.errors.append(f"dialog {dialog.message}"))
        return desk

    async def leading(self, conversation: str, **options: Any) -> Desk:
        """A window in which Lin has taken a chat and may write."""
        await self.office.hire("Lin")
        desk = await self.open(**options)
        await desk.enter("Lin", conversation)
        await desk.take()
        return desk


@asynccontextmanager
async def open_windows(office: Office) -> AsyncIterator[Windows]:
    """A real Chromium."""
    async with open_browser() as browser:
        yield Windows(browser, office)
