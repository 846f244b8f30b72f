"""Against what no one here wrote: a Bot API server, and an oracle for what we send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiogram.methods
import pytest
from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendMessage
from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator
from teremok import MockBot

from gateway.app import Frontdesk, models
from gateway.config import load
from gateway.store import Database
from gateway.web import address
from tests.crash.platform import free_port
from tests.telegram.bot_api import TOKEN, Json
from tests.telegram.shop import BOB, PACKAGES, Shop, configure, said, tapped, until, webhook


class Emulator:
    """lo-bot-api-emulator as a server, and what it was asked for."""

    def __init__(self, server: LoBotApiEmulator, base: str) -> None:
        self.server = server
        self.base = base

    async def push(self, update: Json) -> None:
        await self.server.enqueue_update(update, token=TOKEN)

    def of(self, method: str) -> list[int]:
        """The statuses that a method got."""
        return [one["status"] for one in self.server.requests if one["method"] == method]

    async def answered(self, method: str, *statuses: int) -> None:
        """Wait until a method has got so many answers, which must be these."""

        async def there() -> bool:
            return len(self.of(method)) >= len(statuses)

        await until(there)
        assert self.of(method) == list(statuses)


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    server = LoBotApiEmulator(allow_insecure_loopback_webhooks=True)
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Emulator(server, address(runner))
    await runner.cleanup()


@asynccontextmanager
async def open_desk(
    folder: Path, emulator: Emulator, port: int = 0, **channel: Any
) -> AsyncIterator[Database]:
    """The program on the emulator; its store."""
    config = load(configure(folder, emulator.base, port, **channel), {}, models(PACKAGES))
    node = Frontdesk(config, packages=PACKAGES)
    await node.start()
    try:
        yield node.database
    finally:
        await node.stop()


async def texts(database: Database) -> list[str]:
    """What customers said, as it is kept."""
    rows = await database.rows("SELECT text FROM messages WHERE author = 'customer' ORDER BY id")
    return [row["text"] for row in rows]


async def test_the_emulator_is_polled_and_answered_and_keeps_what_is_not_confirmed(
    tmp_path: Path, emulator: Emulator
) -> None:
    await emulator.push(said("shipping time"))
    async with open_desk(tmp_path, emulator) as database:
        await emulator.answered("sendMessage", 200)
        await emulator.push(said("opening hours", BOB))
        await emulator.answered("sendMessage", 200, 200)
        assert await texts(database) == ["shipping time", "opening hours"]
        await emulator.answered("setMyCommands", 200, 200, 200)
    async with open_desk(tmp_path, emulator) as database:
        await emulator.push(said("when are you open"))
        await emulator.answered("sendMessage", 200, 200, 200)
        assert len(await texts(database)) == 3


async def test_the_emulator_calls_our_webhook_and_calls_again_after_a_refusal(
    tmp_path: Path, emulator: Emulator
) -> None:
    port = free_port()
    settings = webhook(webhook_url=f"http://127.0.0.1:{port}/telegram/telegram")
    async with open_desk(tmp_path, emulator, port, **settings) as database:
        await emulator.answered("setWebhook", 200)
        await emulator.push(said("shipping time"))
        await emulator.answered("sendMessage", 200)
    await emulator.push(said("opening hours"))  # nobody is there
    async with open_desk(tmp_path, emulator, port, **settings) as database:
        await emulator.server.deliver_updates(token=TOKEN)
        await emulator.answered("sendMessage", 200, 200)
        assert await texts(database) == ["shipping time", "opening hours"]


async def test_the_emulator_takes_taps_long_replies_and_suggestions(
    tmp_path: Path, emulator: Emulator
) -> None:
    async with open_desk(tmp_path, emulator) as database:
        await emulator.push(said("opening or shipping"))
        await emulator.answered("sendMessage", 200)
        row = await database.row("SELECT id, seq FROM messages WHERE author = 'bot'")
        assert row
        await emulator.push(tapped(f"tap:{row['seq']}:0:{row['id'][-8:]}"))
        await emulator.answered("answerCallbackQuery", 200)
        await emulator.answered("sendMessage", 200, 200)
        await emulator.push(said("a long answer please", BOB))
        await emulator.answered("sendMessage", *[200] * 5)


async def test_another_poller_at_the_emulator_is_told_apart(
    tmp_path: Path, emulator: Emulator
) -> None:
    (tmp_path / "other").mkdir()
    async with open_desk(tmp_path, emulator):
        await emulator.push(said("shipping time"))
        await emulator.answered("sendMessage", 200)
        async with open_desk(tmp_path / "other", emulator):

            async def refused() -> bool:
                return 409 in emulator.of("getUpdates")

            await until(refused)


async def test_everything_that_we_send_keeps_the_rules_that_teremok_knows(shop: Shop) -> None:
    """Long texts, marks, suggestions, a rating, taps: each call as it went out."""
    await shop.api.push(said("a long answer please"))
    await shop.api.sent(3)
    await shop.api.push(said("which marks do you use", BOB), said("opening or shipping", BOB))
    sent = (await shop.api.sent(5))[4]
    tap = sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await shop.api.push(tapped(tap, chat=BOB), tapped("rate:1:0:00000000", chat=BOB))
    await shop.api.until(lambda: len(shop.api.of("answerCallbackQuery")) == 2)
    oracle = MockBot(Router())
    checked = 0
    for call in shop.api.accepted:
        if call.method.startswith(("send", "edit", "answer", "set")):
            kind = getattr(aiogram.methods, call.method[0].upper() + call.method[1:])
            await oracle(kind.model_validate(call.fields))
            checked += 1
    assert checked > 8
    with pytest.raises(TelegramBadRequest):
        await oracle(SendMessage(chat_id=7, text="x" * 4097))
