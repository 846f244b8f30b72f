"""A Frontdesk with an official account, the platform that it talks to, and a customer's phone."""

import asyncio
from asyncio import Task
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from aiohttp import ClientSession, ClientTimeout, TCPConnector

from gateway.app import ADAPTERS, Frontdesk, models
from gateway.clock import system_clock
from gateway.config import load
from gateway.hints import Hint
from gateway.message import Contact, Line
from gateway.surface import Seat
from gateway.thread import StoredThread
from tests.wechat.package import Gated
from tests.wechat.platform import SECRET, Tencent
from tests.wechat.tencent import Side

PACKAGES = {**ADAPTERS, "wechat": "tests.wechat.package"}
SIDE = Side("gwtoken", "wx0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
OURS = "gh_97417a04a28d"
ASKED = "几点开门"
ANSWER = "九点。"
LONG = "怎么保养"
PERSON = "转人工"
FAQ = f"""
- id: hours
  questions: [{ASKED}, 营业时间, 什么时候开门]
  answer: {ANSWER}
- id: care
  questions: [{LONG}, 镜片如何保养]
  answer: {"用清水冲洗，再用镜布擦干。" * 70}
"""
PATIENCE = 30  # seconds after which what must come counts as lost

_numbers = count(24_000_000_000_000_001)


@dataclass
class Said:
    """An answer to a request: its status, its body, and what it says to the customer."""

    status: int
    body: str
    text: str | None = None
    image: str | None = None


@dataclass
class Phone:
    """One customer, and the platform between them and us: it signs, seals, drops and repeats."""

    url: str
    session: ClientSession
    openid: str = "oPHONE"
    safe: bool = True
    side: Side = SIDE
    nonces: "count[int]" = field(default_factory=lambda: count(1))

    def text(self, content: str, ago: int = 0) -> str:
        """A message as XML, written so many seconds ago."""
        body = f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content>"
        at = system_clock() // 1000 - ago
        return self.xml(f"{body}<MsgId>{next(_numbers)}</MsgId>", at)

    def event(self, event: str, key: str = "", at: int = 0) -> str:
        body = f"<MsgType>event</MsgType><Event>{event}</Event><EventKey>{key}</EventKey>"
        return self.xml(body, at)

    def file(self, kind: str, media: str, more: str = "") -> str:
        body = f"<MsgType>{kind}</MsgType><MediaId>{media}</MediaId>{more}"
        return self.xml(f"{body}<MsgId>{next(_numbers)}</MsgId>")

    def xml(self, body: str, at: int = 0) -> str:
        names = f"<ToUserName>{OURS}</ToUserName><FromUserName>{self.openid}</FromUserName>"
        return f"<xml>{names}<CreateTime>{at or system_clock() // 1000}</CreateTime>{body}</xml>"

    async def say(self, content: str) -> Said:
        """Write something; what the open request brings."""
        return await self.post(self.text(content))

    def ask(self, xml: str) -> "Task[Said]":
        """One attempt of the platform's; cancelling it drops the connection."""
        return asyncio.create_task(self.post(xml))

    async def post(self, xml: str) -> Said:
        now, nonce = system_clock() // 1000, str(next(self.nonces))
        if self.safe:
            query, body = self.side.request(xml.encode(), now, nonce)
        else:
            query, body = self.side.query(now, nonce), xml.encode()
        async with self.session.post(self.url, params=query, data=body) as answer:
            return self.read(answer.status, await answer.text())

    def read(self, status: int, body: str) -> Said:
        if status != 200 or body == "success":
            return Said(status, body)
        said = ET.fromstring(self.side.open(body) if self.safe else body)
        assert said.findtext("ToUserName") == self.openid
        assert said.findtext("FromUserName") == OURS
        return Said(status, body, said.findtext("Content"), said.findtext("Image/MediaId"))


@dataclass
class House:
    """Everything that runs."""

    node: Frontdesk
    tencent: Tencent
    phone: Phone
    adapter: Gated

    @property
    def contact(self) -> Contact:
        return Contact("official", self.phone.openid)

    async def lines(self) -> list[Line]:
        """The customer's transcript."""
        thread = StoredThread(self.node.database, "official", self.node.handoff.ahead)
        return await thread.lines(self.contact)

    async def status(self, text: str) -> str:
        """How far a reply has come."""
        return next(str(line.status) for line in await self.lines() if line.text == text)

    async def settled(self, text: str, *statuses: str) -> str:
        """Wait until a reply has come to one of these."""
        async with self.node.hints.listen() as board, asyncio.timeout(PATIENCE):
            while not (found := await self._of(text)) or found not in statuses:
                await anext(board)
        return found

    async def _of(self, text: str) -> str | None:
        return next((str(line.status) for line in await self.lines() if line.text == text), None)

    async def agent(self) -> Seat:
        """Somebody at the desk."""
        return await self.node.handoff.surface.seat("admin")

    async def led(self) -> tuple[Seat, str]:
        """The customer has asked for a person, who leads now; the conversation."""
        await self.phone.say(PERSON)
        conversation = (await self.lines())[-1].conversation
        seat = await self.agent()
        await seat.claim(conversation)
        return seat, conversation

    async def announced(self) -> None:
        """Wait until the other nodes know that we hold a request."""
        notes = self.adapter.core.notes
        async with asyncio.timeout(PATIENCE):
            while not await notes.get(f"open {self.contact.key}"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def type(self) -> None:
        """An agent types."""
        hint = Hint("typing", contact=self.contact.key, detail="agent")
        await self.node.hints.publish(hint)

    async def asked(self, xml: str, times: int) -> None:
        """Wait until so many requests for a message have come in."""
        turns, number = self.adapter._turns._by_message, xml.split("<MsgId>")[1].split("<")[0]
        async with asyncio.timeout(PATIENCE):
            while number not in turns or turns[number].attempts < times:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def pushed(self) -> Any:
        """What the platform is asked to push next."""
        return await asyncio.wait_for(self.tencent.sent.get(), PATIENCE)


def write_config(
    folder: Path,
    base: str,
    port: int = 0,
    store: str = "sqlite:///frontdesk.db",
    hints: str = "memory://",
    **settings: Any,
) -> Path:
    """A configuration of one official account."""
    (folder / "faq").mkdir(exist_ok=True)
    (folder / "faq/shop.yaml").write_text(FAQ, encoding="utf-8")
    account = {
        "app_id": SIDE.app_id,
        "app_secret": SECRET,
        "token": SIDE.token,
        "aes_key": SIDE.key,
        "api_base": base,
        **settings,
    }
    lines = [f"    {name}: {value}" for name, value in account.items()]
    path = folder / "config.yaml"
    path.write_text(
        f"server: {{port: {port}, demo: false}}\nfaq: {{path: faq}}\n"
        "files: {path: files, max_mb: 1}\n"
        f"store: {store}\nhints: {hints}\nchannels:\n  official:\n    adapter: wechat\n"
        + "\n".join(lines),
        encoding="utf-8",
    )
    return path


@asynccontextmanager
async def open_house(folder: Path, tencent: Tencent, **settings: Any) -> AsyncIterator[House]:
    """A node on a fresh store beside a platform that runs already."""
    path = write_config(folder, tencent.base, **settings)
    node = Frontdesk(load(path, {}, models(PACKAGES)), packages=PACKAGES)
    base = await node.start()
    connector = TCPConnector(limit=0, force_close=True)
    session = ClientSession(connector=connector, timeout=ClientTimeout(PATIENCE))
    adapter = node.adapters["official"]
    assert isinstance(adapter, Gated)
    safe = settings.get("mode", "safe") != "plain"
    async with session:
        phone = Phone(f"{base}/wechat/official", session, safe=safe)
        try:
            yield House(node, tencent, phone, adapter)
        finally:
            adapter.gate.set()
            await node.stop()
