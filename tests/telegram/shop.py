"""A shop with a bot: the whole program on a store of its own, beside a Bot API of the tests."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from adapters.telegram.adapter import TelegramAdapter
from gateway.app import ADAPTERS, Frontdesk, models
from gateway.config import load
from tests.telegram.bot_api import TOKEN, BotApi, Json

PACKAGES = {**ADAPTERS, "telegram": "adapters.telegram"}
SECRET = "a-secret_of-the-tests"
ANN = 7
BOB = 8
DATE = 1_764_000_000
SHIPPING = "Within 48 hours."
FAQ = f"""
- id: shipping
  questions: [shipping time, how long does shipping take, when will it ship]
  answer: {{zh: 48 小时内发出。, en: {SHIPPING}}}
- id: hours
  questions: [opening hours, when are you open]
  answer: {{zh: 每天营业。, en: Every day.}}
- id: long
  questions: [a long answer please]
  answer: {{zh: 长。, en: "{"😀" * 5000}"}}
- id: marks
  questions: [which marks do you use]
  answer: {{zh: 标记, en: "<b>&_* stay as they are"}}
"""
LINE = (
    "id",
    "conversation",
    "contact",
    "author",
    "external",
    "kind",
    "name",
    "text",
    "choice",
    "rich",
    "status",
    "detail",
    "edited",
)
EVENT = ("id", "body", "state", "detail")
_numbers = count(1)


def person(chat: int = ANN, name: str = "Ann", language: str = "en", **more: Any) -> Json:
    return {"id": chat, "is_bot": False, "first_name": name, "language_code": language, **more}


def message(chat: int = ANN, language: str = "en", **content: Any) -> Json:
    """A message of a customer in their private chat; `content` is what is in it."""
    name = {ANN: "Ann", BOB: "Bob"}.get(chat, f"C{chat}")
    return {
        "message_id": next(_numbers),
        "from": person(chat, name, language),
        "chat": {"id": chat, "type": "private", "first_name": name},
        "date": DATE,
        **content,
    }


def said(text: str, chat: int = ANN, **more: Any) -> Json:
    """An update with a text, whose commands are marked as Telegram marks them."""
    if text.startswith("/"):
        end = len(text.split()[0])
        more["entities"] = [{"type": "bot_command", "offset": 0, "length": end}]
    return {"message": message(chat, text=text, **more)}


def edited(update: Json, text: str, at: int = DATE + 60) -> Json:
    """The same message in other words."""
    return {"edited_message": {**update["message"], "text": text, "edit_date": at}}


def tapped(data: str, on: Json | None = None, chat: int = ANN) -> Json:
    """A tap on a button of ours."""
    hung = on or {
        "message_id": next(_numbers),
        "date": DATE,
        "chat": {"id": chat, "type": "private", "first_name": "Ann"},
        "from": {"id": 123456, "is_bot": True, "first_name": "Shop"},
        "text": "?",
    }
    query = {"id": f"q{next(_numbers)}", "from": person(chat), "chat_instance": "1", "data": data}
    return {"callback_query": {**query, "message": hung}}


def member(status: str, chat: int = ANN) -> Json:
    """A customer blocks the bot (`kicked`) or lets it speak again (`member`)."""
    bot = {"id": 123456, "is_bot": True, "first_name": "Shop"}
    until = {"until_date": 0} if status == "kicked" else {}
    old = {"status": "member", "user": bot}
    return {
        "my_chat_member": {
            "chat": {"id": chat, "type": "private", "first_name": "Ann"},
            "from": person(chat),
            "date": DATE + next(_numbers),
            "old_chat_member": old,
            "new_chat_member": {"status": status, "user": bot, **until},
        }
    }


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the store says so."""
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110  # what is waited for is in the store
            await asyncio.sleep(0.01)


@dataclass
class Shop:
    """The running program and the Bot API that it speaks to."""

    node: Frontdesk
    api: BotApi
    address: str
    log: list[str] = field(default_factory=list)

    @property
    def adapter(self) -> TelegramAdapter:
        adapter = self.node.adapters["telegram"]
        assert isinstance(adapter, TelegramAdapter)
        return adapter

    async def lines(self, *authors: str) -> list[Json]:
        """The transcript, of all or of some authors, in the order in which it was written."""
        rows = await self.node.database.rows("SELECT * FROM messages ORDER BY id")
        lines = [{name: row[name] for name in LINE} for row in rows]
        return [line for line in lines if not authors or line["author"] in authors]

    async def heard(self, number: int = 1) -> list[Json]:
        """The customers' lines, when there are so many."""
        await until(lambda: self._has(number, "customer"))
        return await self.lines("customer")

    async def settled(self, status: str, number: int = 1) -> list[Json]:
        """The replies of a status, when there are so many."""

        async def there() -> bool:
            return len(await self._of(status)) >= number

        await until(there)
        return await self._of(status)

    async def journal(self, state: str) -> list[Json]:
        """The updates that are written down, by how far they have come."""
        rows = await self.node.database.rows("SELECT * FROM journal WHERE state = ?", state)
        return [{name: row[name] for name in EVENT} for row in rows]

    async def in_journal(self, state: str, number: int = 1) -> list[Json]:
        """The same, when there are so many."""

        async def there() -> bool:
            return len(await self.journal(state)) >= number

        await until(there)
        return await self.journal(state)

    async def ready(self) -> Json:
        """What `/readyz` says of the channel."""
        async with ClientSession() as session, session.get(f"{self.address}/readyz") as answer:
            found: Json = (await answer.json())["checks"]["channel telegram"]
            return found

    async def is_well(self, text: str = "") -> None:
        """Wait until the channel is well, or says what is wrong with these words in it."""

        async def so() -> bool:
            state = await self.ready()
            return text in state["text"] if text else bool(state["status"] == "ok")

        await until(so)

    async def post(self, update: Any, secret: str | None = SECRET, **more: Any) -> tuple[int, Json]:
        """Post to the webhook as Telegram does; the status and what was said."""
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        url = f"{self.address}/telegram/telegram"
        async with (
            ClientSession() as session,
            session.post(url, data=BytesIO(body), headers=headers | more) as answer,
        ):
            return answer.status, dict(answer.headers)

    async def _has(self, number: int, *authors: str) -> bool:
        return len(await self.lines(*authors)) >= number

    async def _of(self, status: str) -> list[Json]:
        return [one for one in await self.lines() if one["status"] == status]


def configure(folder: Path, base: str, port: int = 0, **channel: Any) -> Path:
    """A configuration file; `channel` are settings of the telegram channel."""
    (folder / "faq").mkdir(exist_ok=True)
    (folder / "faq" / "shop.yaml").write_text(FAQ, "utf-8")
    delivery = channel.pop("delivery", {"unknown": "hold"})
    store = channel.pop("store", f"sqlite:///{folder / 'frontdesk.db'}")
    settings = {"adapter": "telegram", "token": TOKEN, "api_base": base, **channel}
    config = {
        "server": {"port": port},
        "store": store,
        "faq": {"path": str(folder / "faq")},
        "delivery": delivery,
        "channels": {"telegram": settings},
    }
    path = folder / "config.yaml"
    path.write_text(json.dumps(config), "utf-8")  # JSON is YAML
    return path


@asynccontextmanager
async def open_shop(folder: Path, api: BotApi, **channel: Any) -> AsyncIterator[Shop]:
    """The program, polling unless `channel` says otherwise."""
    config = load(configure(folder, api.base, **channel), {}, models(PACKAGES))
    node = Frontdesk(config, packages=PACKAGES)
    address = await node.start()
    try:
        yield Shop(node, api, address)
    finally:
        await node.stop()


def webhook(**more: Any) -> Json:
    """The settings of a channel that is called by Telegram."""
    return {"mode": "webhook", "webhook_secret": SECRET, **more}
