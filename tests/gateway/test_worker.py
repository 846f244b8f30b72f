"""The workers: woken by hints or by the clock, one platform never in another's way, drained."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar, cast

import pytest
from prometheus_client import CollectorRegistry

from gateway import dead
from gateway.adapter import SENT, Delivery, Fate
from gateway.bus import Bus
from gateway.errors import Conflict, NotFound
from gateway.hints import Hint, MemoryHints
from gateway.language import pick
from gateway.message import Author, Contact, Reply
from gateway.metrics import Metrics
from gateway.router import Reading
from gateway.sender import Sender
from gateway.store import Body, Database
from gateway.worker import SLOTS, Faq, Workers
from tests.clock import StillClock
from tests.gateway.house import ANN, FakeAdapter, make_bus, read_one, said, shown, turn

ANSWER = "Within 48 hours."
METRICS = Metrics(CollectorRegistry())
T = TypeVar("T")


class DeafHints(MemoryHints):
    """A board from which every hint falls."""

    async def publish(self, *hints: Hint) -> None: ...


class Slow:
    """The FAQ, asked in its thread."""

    def known(self, text: str) -> Reading | None: ...

    async def read(self, text: str) -> Reading:
        if text == "poison":
            raise ZeroDivisionError
        return read_one(text)


class Quick(Slow):
    """The FAQ, as far as it knows an answer at once."""

    def known(self, text: str) -> Reading | None:
        if text == "poison":
            raise ZeroDivisionError
        return read_one(text) if text == "shipping" else None


@asynccontextmanager
async def working(
    bus: Bus, *adapters: FakeAdapter, faq: Faq | None = None
) -> AsyncIterator[Workers]:
    table = {adapter.name: adapter for adapter in adapters}
    workers = Workers(bus, faq or Quick(), table, Sender(table, bus.metrics, timeout=5), bus.hints)
    await workers.start()
    yield workers
    await workers.stop()


async def sent(adapter: FakeAdapter, number: int) -> list[str]:
    """Wait for so many replies; their texts."""
    async with asyncio.timeout(20):
        return [(await adapter.arrived.get()).text for _ in range(number)]


@pytest.mark.parametrize("hints", [MemoryHints, DeafHints])
async def test_a_message_is_answered_with_hints_and_without(
    database: Database, clock: StillClock, hints: type[MemoryHints]
) -> None:
    bus, adapter = make_bus(database, clock, hints=hints()), FakeAdapter()
    async with working(bus, adapter):
        await bus.accept(said("shipping"))
        assert await sent(adapter, 1) == [ANSWER]


async def test_what_was_left_before_the_start_is_done_first_thing(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    await bus.accept(said("shipping"))
    async with working(bus, adapter):
        await sent(adapter, 1)


class StuckAdapter(FakeAdapter):
    """A platform that keeps every call until it is let go."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.calls = 0
        self.most = 0
        self.called = asyncio.Event()
        self.crowded = asyncio.Event()
        self.released = asyncio.Event()

    async def send(self, reply: Reply) -> Delivery:
        self.calls += 1
        self.most = max(self.most, self.calls)
        self.called.set()
        if self.calls >= SLOTS:
            self.crowded.set()
        await self.released.wait()
        self.calls -= 1
        return await super().send(reply)


async def test_a_slow_platform_gets_eight_slots_and_holds_up_nobody_else(
    database: Database, clock: StillClock
) -> None:
    bus, slow, quick = make_bus(database, clock), StuckAdapter("slow"), FakeAdapter("quick")
    async with working(bus, slow, quick):
        for number in range(20):
            await bus.accept(said("shipping", Contact("slow", f"s{number}")))
        await bus.accept(said("shipping", Contact("quick", "q")))
        await sent(quick, 1)
        assert slow.sent == []
        await asyncio.wait_for(slow.crowded.wait(), 20)
        slow.released.set()
        await sent(slow, 20)
    assert slow.most == SLOTS


async def test_a_stop_lets_what_is_under_way_end(database: Database, clock: StillClock) -> None:
    bus, slow = make_bus(database, clock), StuckAdapter("slow")
    async with working(bus, slow) as workers:
        receipt = await bus.accept(said("shipping", Contact("slow", "s")))
        await slow.called.wait()
        stopping = asyncio.create_task(workers.stop())
        slow.released.set()
        await stopping
    assert (await shown(bus, receipt.conversation))[1][3] == "sent"


class HeldDatabase:
    """A store that lets go of what it has committed only when it is told to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.committed, self.released = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self.database, name)

    async def transaction(self, body: Body[T], *, early: bool = False) -> T:
        result = await self.database.transaction(body, early=early)
        self.committed.set()
        await self.released.wait()
        return result


@pytest.mark.parametrize("faq", [Quick(), Slow()])
@pytest.mark.parametrize("leaves", [False, True])
async def test_what_is_accepted_while_we_stop_is_sent_whoever_goes_away(
    database: Database, clock: StillClock, leaves: bool, faq: Faq
) -> None:
    held = HeldDatabase(database)
    bus, adapter = make_bus(cast("Database", held), clock), FakeAdapter()
    async with working(bus, adapter, faq=faq) as workers:
        receiving = workers.receive(said("shipping"))
        await held.committed.wait()
        stopping = asyncio.create_task(workers.stop())
        if leaves:
            receiving.cancel()
        held.released.set()
        await stopping
        assert [reply.text for reply in adapter.sent] == [ANSWER]
    rows = await database.rows("SELECT status FROM messages WHERE author = 'bot'")
    assert [row["status"] for row in rows] == ["sent"]


@pytest.mark.parametrize("faq", [Quick(), Slow()])
async def test_a_message_that_cannot_be_read_is_kept(
    database: Database, clock: StillClock, faq: Faq
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    async with working(bus, adapter, faq=faq) as workers:
        receipt = await workers.receive(said("poison"))
        assert [line[2] for line in await shown(bus, receipt.conversation)] == ["poison"]


async def test_a_hint_that_comes_late_stops_nobody(database: Database, clock: StillClock) -> None:
    """It wakes a worker in the very moment in which another one brings a claim."""
    held = HeldDatabase(database)
    bus, adapter = make_bus(cast("Database", held), clock), FakeAdapter()
    async with working(bus, adapter) as workers:
        receiving = workers.receive(said("shipping"))
        await held.committed.wait()
        [row] = await database.rows("SELECT id FROM conversations")
        await bus.hints.publish(Hint("work", row["id"], ANN.key, ANN.channel))
        held.released.set()
        await receiving
        await sent(adapter, 1)
        await bus.accept(said("shipping"))
        await sent(adapter, 1)


async def test_a_message_that_breaks_the_reader_is_put_off_and_its_neighbours_are_answered(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    poison = await bus.accept(said("poison", Contact("fake", "p")))
    async with working(bus, adapter, faq=Slow()), bus.hints.listen() as board:
        await bus.accept(said("shipping"))
        assert await sent(adapter, 1) == [ANSWER]
        async for hint in board:
            if hint.kind == "changed" and hint.conversation == poison.conversation:
                break
    row = await database.row("SELECT * FROM conversations WHERE id = ?", poison.conversation)
    assert row
    assert row["failures"] == 1
    assert row["due"] > clock.now


@pytest.mark.parametrize("error", [ConnectionResetError, ValueError, TimeoutError])
async def test_an_adapter_that_raises_leaves_the_fate_unknown(error: type[Exception]) -> None:
    class Raising(FakeAdapter):
        async def send(self, reply: Reply) -> Delivery:
            raise error

    delivery = await Sender({"fake": Raising()}, METRICS).send(_reply())
    assert delivery.fate is Fate.UNKNOWN


async def test_an_adapter_that_hangs_leaves_the_fate_unknown() -> None:
    delivery = await Sender({"slow": StuckAdapter("slow")}, METRICS, timeout=0.01).send(
        _reply("slow")
    )
    assert delivery.fate is Fate.UNKNOWN
    assert pick(delivery.detail, "zh") == "0.01 秒内没有回应"
    assert pick(delivery.detail, "en") == "no answer within 0.01 s"


async def test_a_channel_that_is_gone_keeps_its_replies() -> None:
    assert (await Sender({}, METRICS).send(_reply())).fate is Fate.RETRY


def _reply(channel: str = "fake") -> Reply:
    return Reply("r", "c", Contact(channel, "x"), 1, Author.BOT, "", "hi")


async def test_a_dead_letter_is_listed_and_replayed(database: Database, clock: StillClock) -> None:
    refused = Delivery(Fate.REJECTED, "blocked by the user")
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[refused, SENT])
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    [letter] = await dead.letters(database)
    assert (letter.text, letter.contact, letter.detail) == (ANSWER, "Ann", "blocked by the user")
    await dead.replay(database, letter.id, clock)
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER, ANSWER]
    assert await dead.letters(database) == []
    with pytest.raises(NotFound, match="dead list"):
        await dead.replay(database, letter.id, clock)


async def test_a_buried_question_is_read_again_unless_the_chat_has_moved_on(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping", ANN))
    for _ in range(8):
        await bus.fail(receipt.conversation)
    [letter] = await dead.letters(database)
    await dead.replay(database, letter.id, clock)
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER]
    await bus.accept(said("and another"))
    for _ in range(8):
        await bus.fail(receipt.conversation)
    await bus.accept(said("and another"))
    [letter] = await dead.letters(database)
    with pytest.raises(Conflict, match="moved on"):
        await dead.replay(database, letter.id, clock)
