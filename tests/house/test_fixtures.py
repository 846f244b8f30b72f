"""What other tests stand on: stores that are open and empty, a Redis, a clock that obeys."""

import pytest
from redis.asyncio import Redis

from gateway.store import Database, Tx
from tests.clock import StillClock


async def _insert(tx: Tx) -> int:
    await tx.execute("INSERT INTO secrets (name, value) VALUES (?, ?)", "one", "值")
    row = await tx.row("SELECT count(*) AS n FROM secrets")
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize("again", [1, 2])
async def test_every_test_gets_an_empty_store(database: Database, again: int) -> None:
    assert await database.transaction(_insert) == 1


@pytest.mark.parametrize("again", [1, 2])
async def test_every_test_gets_an_empty_redis(redis_url: str, again: int) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.incr("visits") == 1


def test_a_clock_moves_only_when_told(clock: StillClock) -> None:
    before = clock()
    assert clock() == before
    assert clock.advance(250) == clock() == before + 250
