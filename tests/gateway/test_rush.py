"""Customers who write on while they are answered: each message is answered once, in order."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Any, TypeVar, cast

import pytest

from gateway.adapter import Delivery
from gateway.errors import StoreUnavailable
from gateway.hints import MemoryHints
from gateway.message import Contact, Message, Reply
from gateway.store import Body, Database, connect
from gateway.worker import Workers
from tests.clock import StillClock
from tests.gateway.house import FakeAdapter, make_bus, said
from tests.gateway.test_worker import working

T = TypeVar("T")
CUSTOMERS, MESSAGES = 12, 8


class Rushed(FakeAdapter):
    """A platform that takes a few turns of the loop for a reply, each time another number."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.under_way: Counter[str] = Counter()

    async def send(self, reply: Reply) -> Delivery:
        self.under_way[reply.contact.id] += 1
        assert self.under_way[reply.contact.id] == 1
        for _ in range(self.chance.randrange(30)):
            await asyncio.sleep(0)
        self.under_way[reply.contact.id] -= 1
        return await super().send(reply)


class Fickle:
    """A store that at times is not there."""

    def __init__(self, database: Database, chance: random.Random) -> None:
        self.database, self.chance = database, chance

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    async def transaction(self, body: Body[T], *, early: bool = False) -> T:
        if self.chance.random() < 0.1:
            raise StoreUnavailable("away")
        return await self.database.transaction(body, early=early)


async def receive(nodes: list[Workers], message: Message, chance: random.Random) -> None:
    """Hand a message to whichever node, as often as the store is away."""
    while True:
        with suppress(StoreUnavailable):
            await chance.choice(nodes).receive(message)
            return


async def write(nodes: list[Workers], name: str, chance: random.Random) -> None:
    """Write on without waiting for answers."""
    for number in range(MESSAGES):
        message = said("shipping", Contact("fake", name), f"{name}-{number}")
        await receive(nodes, message, chance)
        for _ in range(chance.randrange(40)):
            await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(3))
async def test_on_two_nodes_each_message_is_answered_once_and_in_order(
    database: Database,
    database_url: str,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr("gateway.worker.LOOK", 0.02)
    chance = random.Random(seed)
    adapter, hints, other = Rushed(chance), MemoryHints(), connect(database_url)
    await other.open()
    one, two = (
        make_bus(cast("Database", Fickle(store, chance)), clock, hints=hints)
        for store in (database, other)
    )
    names = [f"c{number}" for number in range(CUSTOMERS)]
    async with asyncio.timeout(60), working(one, adapter) as first, working(two, adapter) as second:
        await asyncio.gather(*(write([first, second], name, chance) for name in names))
        for _ in range(CUSTOMERS * MESSAGES):
            await adapter.arrived.get()
    await other.close()
    for name in names:
        said_to_them = [reply.seq for reply in adapter.sent if reply.contact.id == name]
        assert len(said_to_them) == MESSAGES
        assert said_to_them == sorted(set(said_to_them))
    rows = await database.rows("SELECT status FROM messages WHERE author = 'bot'")
    assert Counter(row["status"] for row in rows) == {"sent": CUSTOMERS * MESSAGES}
    rows = await database.rows("SELECT lease, due, owed_since FROM conversations")
    assert {(row["lease"], row["due"], row["owed_since"]) for row in rows} == {(0, None, None)}
