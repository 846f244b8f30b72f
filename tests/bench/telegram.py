"""Telegram's updates by webhook until the answer is at the Bot API; beside two that keep nothing.

aiogram's own echo bot answers from its webhook handler, a bare aiohttp handler from a few lines;
neither has a store, and an update that they drop is gone. Ours keeps the message, asks the FAQ,
keeps the answer and then sends it. All speak to the same Bot API, which is as quick as can be.
"""

import asyncio
import itertools
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench.figures import measure, show
from tests.bench.wire import Connection, Platform
from tests.crash.platform import free_port

FAQ = Path(__file__).parents[2] / "faq" / "content"
TOKEN = "123456:bench"
SECRET = "bench"
QUESTION = "运费怎么算"
Call = Callable[[], Awaitable[None]]


async def run() -> None:
    """Print the figures."""
    print("An update by webhook to its sendMessage: ours on the disk twice, the peers nowhere")
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            platform = Platform()
            await platform.start()
            stack.push_async_callback(platform.stop)
            ours = await stack.enter_async_context(_ours(Path(folder), platform.base))
            aiogram = await stack.enter_async_context(_peer("aiogram", platform.base))
            bare = await stack.enter_async_context(_peer("bare", platform.base))
            for chats, rounds in ((1, 200), (32, 60), (128, 30)):
                got = [
                    await measure(await _calls(platform, where, chats), rounds)
                    for where in (ours, aiogram, bare)
                ]
                show(f"frontdesk, {chats} chats", got[0], "aiogram's webhook handler, echo", got[1])
                show(f"frontdesk, {chats} chats", got[0], "bare aiohttp handler, echo", got[2])


_numbers = itertools.count(1)


async def _calls(platform: Platform, where: tuple[int, str], chats: int) -> list[Call]:
    port, path = where
    return [
        _caller(platform, await Connection.open("127.0.0.1", port), path, next(_numbers))
        for _ in range(chats)
    ]


def _caller(platform: Platform, connection: Connection, path: str, chat: int) -> Call:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}

    async def call() -> None:
        answered = platform.expect(chat)
        status = await connection.post(path, json.dumps(_update(chat)).encode(), headers)
        assert status == 200, status
        await answered

    return call


def _update(chat: int) -> dict[str, Any]:
    number = next(_numbers)
    person = {"id": chat, "first_name": "Ann", "language_code": "zh-hans"}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "from": {**person, "is_bot": False},
            "chat": {"id": chat, "type": "private", "first_name": "Ann"},
            "date": 1_764_000_000,
            "text": QUESTION,
        },
    }


@asynccontextmanager
async def _ours(folder: Path, base: str) -> AsyncIterator[tuple[int, str]]:
    port = free_port()
    channel = {
        "adapter": "telegram",
        "token": TOKEN,
        "mode": "webhook",
        "webhook_secret": SECRET,
        "api_base": base,
        "limits": {"chat": 1_000_000, "bot": 1_000_000},
    }
    config = folder / "config.yaml"
    settings = {
        "server": {"port": port},
        "store": f"sqlite:///{folder}/frontdesk.db",
        "faq": {"path": str(FAQ)},
        "channels": {"telegram": channel},
    }
    config.write_text(json.dumps(settings), "utf-8")
    async with _process("tests.telegram.node", str(config)):
        yield port, "/telegram/telegram"


@asynccontextmanager
async def _peer(name: str, base: str) -> AsyncIterator[tuple[int, str]]:
    port = free_port()
    async with _process("tests.bench.telegram_peers", name, base, str(port)):
        yield port, "/hook"


@asynccontextmanager
async def _process(*command: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *command, stdout=PIPE)
    assert process.stdout
    await process.stdout.readline()
    yield process
    process.terminate()
    await process.wait()
