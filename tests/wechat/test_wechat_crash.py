"""Kill -9 between each two steps of an answer's way: none comes twice, none is lost unseen."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, TCPConnector

from tests.crash.platform import free_port
from tests.wechat.house import ANSWER, ASKED, LONG, Phone, Said, write_config
from tests.wechat.platform import SEND, Tencent
from tests.wechat.program import Program

pytestmark = pytest.mark.crash


@dataclass
class Site:
    """A node that dies where a test says, and the phone that goes on asking."""

    folder: Path
    tencent: Tencent
    port: int
    phone: Phone
    program: Program | None = None

    async def start(self, **settings: Any) -> Program:
        path = write_config(self.folder, self.tencent.base, self.port, **settings)
        self.program = Program(self.folder / "log", "tests.wechat.node", str(path))
        await self.program.start()
        return self.program

    async def attempt(self, xml: str) -> Said | None:
        """One request; None if the connection broke."""
        try:
            return await self.phone.post(xml)
        except (ClientError, OSError):
            return None

    async def statuses(self) -> list[str]:
        """How far our replies have come, once the node rests."""
        async with asyncio.timeout(60):
            while {"pending", "sending"} & set(found := self._statuses()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return found

    def _statuses(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "frontdesk.db")) as store:
            rows = store.execute("SELECT status FROM messages WHERE author = 'bot' ORDER BY seq")
            return [row[0] for row in rows]


@pytest.fixture
async def site(tmp_path: Path, tencent: Tencent) -> AsyncIterator[Site]:
    port = free_port()
    async with ClientSession(connector=TCPConnector(force_close=True)) as session:
        phone = Phone(f"http://127.0.0.1:{port}/wechat/official", session)
        site = Site(tmp_path, tencent, port, phone)
        yield site
        if site.program:
            await site.program.kill()


@pytest.mark.parametrize("dies", ["before receive", "after receive", "before send", "after send"])
async def test_an_answer_in_the_request_comes_once(site: Site, dies: str) -> None:
    mortal = await site.start(dies=dies)
    xml = site.phone.text(ASKED)
    first = await site.attempt(xml)
    await mortal.died()
    await site.start()
    second = None if first else await site.attempt(xml)
    answers = [said.text for said in (first, second) if said]
    assert answers == [ANSWER]
    assert await site.statuses() in (["sent"], ["unknown"])
    assert site.tencent.count[SEND] == 0


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("dies", ["before spend", "after spend", "on post", "after send"])
async def test_no_piece_of_a_pushed_answer_comes_twice(site: Site, dies: str, number: int) -> None:
    doomed = dies != "on post"
    mortal = await site.start(
        dies=f"{dies} {1 if dies == 'after send' else number}" if doomed else ""
    )

    async def strike() -> None:
        if not doomed and site.tencent.count[SEND] == number:
            await mortal.kill()

    site.tencent.when_called[SEND] = strike
    xml = site.phone.text(LONG)
    first = await site.attempt(xml)
    await mortal.died()
    await site.start()
    second = None if first else await site.attempt(xml)
    assert {said.body for said in (first, second) if said} <= {"success"}
    [status] = await site.statuses()
    pieces = [call.json["text"]["content"] for call in site.tencent.of(SEND)]
    assert len(pieces) == len(set(pieces))
    assert status == "unknown" or (status == "sent" and len(pieces) == 2)
