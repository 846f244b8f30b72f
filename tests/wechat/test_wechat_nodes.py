"""Several nodes on one store: who holds the request need not be who has the answer."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from adapters.wechat.handover import Handover
from adapters.wechat.turns import Passive
from gateway.adapter import SENT
from gateway.hints import MemoryHints
from gateway.message import Author, Contact, Reply
from gateway.notes import Notes
from gateway.store import Database
from tests.clock import StillClock
from tests.wechat.house import ANSWER, ASKED, House, open_house
from tests.wechat.platform import SEND, TOKEN, Tencent

pytestmark = pytest.mark.postgres


@asynccontextmanager
async def two(
    folder: Path, tencent: Tencent, store: str, hints: str, **settings: object
) -> AsyncIterator[tuple[House, House]]:
    """Two nodes of one account."""
    async with AsyncExitStack() as stack:
        houses = []
        for name in ("one", "other"):
            (folder / name).mkdir()
            opened = open_house(folder / name, tencent, store=store, hints=hints, **settings)
            houses.append(await stack.enter_async_context(opened))
        yield houses[0], houses[1]


async def test_an_answer_of_one_node_goes_with_the_request_that_another_holds(
    tmp_path: Path, tencent: Tencent, postgres_url: str, redis_url: str
) -> None:
    async with two(tmp_path, tencent, postgres_url, redis_url, can_push="no") as (one, other):
        _, conversation = await one.led()
        asked = one.phone.ask(xml := one.phone.text("在吗"))
        await one.asked(xml, 1)
        await one.announced()
        reply = Reply("r", conversation, one.contact, 9, Author.AGENT, "Li", "在的")
        assert await other.adapter.send(reply) == SENT
        assert (await asked).text == "在的"
    assert tencent.count[SEND] == 0


async def test_an_agents_answer_goes_with_the_request_wherever_it_is_held(
    tmp_path: Path, tencent: Tencent, postgres_url: str, redis_url: str
) -> None:
    async with two(tmp_path, tencent, postgres_url, redis_url, can_push="no") as (one, other):
        _, conversation = await one.led()
        seat = await other.agent()
        asked = one.phone.ask(xml := one.phone.text("在吗"))
        await one.asked(xml, 1)
        await one.announced()
        await seat.reply(conversation, "k", "在的")
        assert (await asked).text == "在的"
        await other.settled("在的", "sent")


async def test_a_second_attempt_at_another_node_gets_the_same_answer(
    tmp_path: Path, tencent: Tencent, postgres_url: str, redis_url: str
) -> None:
    async with two(tmp_path, tencent, postgres_url, redis_url) as (one, other):
        xml = one.phone.text(ASKED)
        assert (await one.phone.post(xml)).text == ANSWER
        await one.settled(ANSWER, "sent")
        assert (await other.phone.post(xml)).text == ANSWER
        await other.settled(ANSWER, "sent")
        assert [line.text for line in await one.lines()] == [ASKED, ANSWER]


async def test_case_37_two_processes_fetch_one_token(tencent: Tencent, postgres_url: str) -> None:
    arguments = ("-m", "tests.wechat.sends", postgres_url, tencent.base, "10")
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE)
        for _ in range(2)
    ]
    for process in processes:  # both are ready, then both begin
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write(b"go\n")
    assert [await process.wait() for process in processes] == [0, 0]
    assert tencent.count[TOKEN] == 1
    assert tencent.count[SEND] == 20


@pytest.fixture
def ends(database: Database, clock: StillClock) -> tuple[Handover, Handover]:
    """Two nodes' ends of it."""
    hints = MemoryHints()

    def end() -> Handover:
        return Handover(Notes(database, "official", clock), hints, "official", wait=0.4)

    return end(), end()


WHO = Contact("official", "oWHO")
SAID = Passive("在的")


async def test_nothing_is_offered_where_nobody_holds_a_request(
    ends: tuple[Handover, Handover],
) -> None:
    one, other = ends
    assert not await other.offer(WHO, SAID)
    await one.announce(WHO)
    assert not await one.offer(WHO, SAID)
    assert await one.end(WHO.key) is None
    assert not await other.offer(WHO, SAID)


async def test_what_is_taken_is_taken_once_and_reported(ends: tuple[Handover, Handover]) -> None:
    one, other = ends
    await one.announce(WHO)
    offering = asyncio.create_task(other.offer(WHO, SAID))
    offer = None
    async with asyncio.timeout(10):
        while offer is None:
            await asyncio.sleep(0)  # the other end has its turn
            offer = await one.take(WHO.key)
    assert offer.said == SAID
    assert await one.take(WHO.key) is None
    assert await one.end(WHO.key) is None
    await one.report(WHO.key, offer, written=True)
    assert await offering


async def test_what_nobody_takes_is_taken_back(ends: tuple[Handover, Handover]) -> None:
    one, other = ends
    await one.announce(WHO)
    assert not await other.offer(WHO, SAID)
    assert await one.take(WHO.key) is None
