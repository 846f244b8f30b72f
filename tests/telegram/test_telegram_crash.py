"""The real process killed in the middle: after the fetch, after the store, in the handling, in the
send. What it had not confirmed comes again, what it had kept is done, nothing is said twice.
"""

import asyncio
import json
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.crash.platform import free_port
from tests.telegram.bot_api import TOKEN, BotApi, Json, Trouble
from tests.telegram.shop import (
    BOB,
    SECRET,
    SHIPPING,
    configure,
    message,
    said,
    until,
    webhook,
)

pytestmark = pytest.mark.crash
DOCUMENT = {"file_id": "slow", "file_unique_id": "s", "file_name": "1.pdf", "file_size": 13}


class Program:
    """The gateway with a telegram channel, in a process of its own."""

    def __init__(self, folder: Path, api: BotApi, **channel: Any) -> None:
        self._port = free_port()
        self._config = configure(folder, api.base, self._port, **channel)
        self._log = folder / "log"
        self.store = folder / "frontdesk.db"
        self._process: Process | None = None

    async def start(self) -> None:
        """Return when it says where it listens."""
        command = (sys.executable, "-m", "tests.telegram.node", str(self._config), "everything")
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, stdout=PIPE, stderr=log
            )
        assert self._process.stdout
        line = await self._process.stdout.readline()
        assert line.startswith(b"console "), self.log

    async def kill(self) -> None:
        """As a power cut does it."""
        await self.end(signal.SIGKILL)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """The exit status."""
        if self._process is None or self._process.returncode is not None:
            return 0
        self._process.send_signal(how)
        return await self._process.wait()

    async def post(self, update: Json) -> int:
        """As Telegram posts to the webhook."""
        url = f"http://127.0.0.1:{self._port}/telegram/telegram"
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with (
            ClientSession() as session,
            session.post(url, json=update, headers=headers) as answer,
        ):
            return answer.status

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the store says."""
        with closing(sqlite3.connect(self.store)) as store:
            return store.execute(sql).fetchall()

    async def has(self, sql: str, wanted: Callable[[list[tuple[Any, ...]]], bool] = bool) -> None:
        """Wait until the store says so."""

        async def there() -> bool:
            return wanted(self.rows(sql))

        await until(there)


@asynccontextmanager
async def running(folder: Path, api: BotApi, **channel: Any) -> AsyncIterator[Program]:
    program = Program(folder, api, **channel)
    await program.start()
    try:
        yield program
    finally:
        await program.end()


async def test_case_3_killed_after_the_fetch_it_is_delivered_again(
    tmp_path: Path, api: BotApi
) -> None:
    """Somebody else has the store, so that what is fetched can't be kept."""
    async with running(tmp_path, api) as program:
        await api.until(lambda: bool(api.polls))
        with closing(sqlite3.connect(program.store)) as other:
            other.execute("BEGIN IMMEDIATE")
            await api.push(said("shipping time"))
            await api.until(lambda: api.handed_out > 0)
            await program.kill()
            other.rollback()
        assert program.rows("SELECT 1 FROM journal") == []
        assert len(api.pending) == 1
        await program.start()
        assert (await api.sent())[0]["text"] == SHIPPING
        await api.until(lambda: not api.pending)
    assert api.texts == [SHIPPING]


async def test_case_4_killed_after_the_store_it_is_handled_at_the_restart(
    tmp_path: Path, api: BotApi
) -> None:
    api.slow_files = asyncio.Event()
    async with running(tmp_path, api, **webhook()) as program:
        update = {"message": message(document=DOCUMENT, caption="shipping time"), "update_id": 1}
        assert await program.post(update) == 200
        await api.until(lambda: bool(api.of("getFile")))
        await program.kill()
        assert program.rows("SELECT id, state FROM journal") == [("1", "new")]
        api.slow_files.set()
        await program.start()
        await api.until(lambda: SHIPPING in api.texts)
        await program.has("SELECT 1 FROM journal WHERE state = 'done'")
    assert api.texts.count(SHIPPING) == 1


async def test_case_5_killed_in_the_handling_there_is_one_message_and_one_reply(
    tmp_path: Path, api: BotApi
) -> None:
    """The message is kept, its reply waits for a platform that says no, the update comes again."""
    api.script("sendMessage", Trouble(500, "not now"))
    async with running(tmp_path, api, **webhook()) as program:
        update = {**said("shipping time"), "update_id": 1}
        await program.post(update)
        await program.has("SELECT 1 FROM messages WHERE status = 'pending'")
        await program.kill()
        await program.start()
        assert await program.post(update) == 200
        await program.has("SELECT 1 FROM messages WHERE status = 'sent'")
        assert len(program.rows("SELECT 1 FROM messages WHERE author = 'customer'")) == 1
    assert api.texts == [SHIPPING]


async def test_killed_in_the_send_nobody_hears_it_twice(tmp_path: Path, api: BotApi) -> None:
    """Telegram has the message, and its answer never comes: a person decides."""
    api.script("sendMessage", Trouble(hang=True))
    async with running(tmp_path, api, **webhook()) as program:
        await program.post({**said("shipping time"), "update_id": 1})
        await api.sent()
        await program.kill()
        await program.start()
        await program.has("SELECT 1 FROM messages WHERE status = 'unknown'")
        await program.post({**said("opening hours", BOB), "update_id": 2})
        await api.sent(2)
    assert api.texts == [SHIPPING, "Every day."]


async def test_killed_between_the_parts_of_a_reply_none_comes_twice(
    tmp_path: Path, api: BotApi
) -> None:
    async with running(tmp_path, api, delivery={"unknown": "resend"}, **webhook()) as program:
        api.answers["sendMessage"] = lambda fields: (
            Trouble(429, "wait", {"retry_after": 1})
            if len(api.texts) == 2
            else {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}
        )
        await program.post({**said("a long answer please"), "update_id": 1})
        await program.has("SELECT 1 FROM messages WHERE status = 'pending'")
        await program.kill()
        del api.answers["sendMessage"]
        await program.start()
        await program.has("SELECT 1 FROM messages WHERE status = 'sent'")
    assert "".join(api.texts) == "😀" * 5000


async def test_a_stop_by_sigterm_ends_well(tmp_path: Path, api: BotApi) -> None:
    async with running(tmp_path, api) as program:
        await api.push(said("shipping time"))
        await api.sent()
        assert await program.end() == 0
        assert api.pending == []
        assert TOKEN not in program.log


async def test_case_26_the_token_is_in_no_log_and_no_row(tmp_path: Path, api: BotApi) -> None:
    """With everything going wrong at once: refusals, torn pages, cut connections, no network."""
    troubles = (Trouble(500, f"no {TOKEN}"), Trouble(502, body="<html>"), Trouble(reset=True))
    api.script("sendMessage", *troubles[:2])  # a second one of an unknown fate would be the last
    api.script("getUpdates", *troubles)
    api.script("getMe", Trouble(400, f"bad {TOKEN}"))
    api.files["cut"] = b"%PDF-1.4 " + b"x" * 200_000
    api.cut_downloads = 9
    async with running(tmp_path, api, delivery={"unknown": "resend"}) as program:
        document = {**DOCUMENT, "file_id": "cut", "file_size": 200_009}
        await api.push(said("shipping time"), {"message": message(document=document)})
        await program.has("SELECT 1 FROM messages WHERE author = 'customer' AND rich <> ''")
        await program.has("SELECT 1 FROM messages WHERE status = 'sent'")
        async with ClientSession() as session:
            url = f"http://127.0.0.1:{program._port}"
            for path in ("readyz", "metrics"):
                async with session.get(f"{url}/{path}") as answer:
                    assert TOKEN not in await answer.text()
        await api.stop()
        await program.has("SELECT 1 FROM messages WHERE status = 'sent'")
    assert TOKEN not in program.log
    assert "getUpdates" in program.log
    with closing(sqlite3.connect(program.store)) as store:
        assert TOKEN not in "\n".join(store.iterdump())
    assert json.loads(program._config.read_text("utf-8"))["channels"]["telegram"]["token"] == TOKEN
