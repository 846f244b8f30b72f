"""SQLite's writer: what takes long, or has to wait for others, does so beside the event loop."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.errors import StoreUnavailable
from gateway.store import Body, Tx, connect, connection, writer
from gateway.store.sqlite import SQLite

COUNT = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    " SELECT COUNT(*) AS number FROM n"
)
MANY = 1_000_000  # many times as long as anything may take on the event loop


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLite]:
    store = connect(f"sqlite:///{tmp_path}/one.db")
    assert isinstance(store, SQLite)
    await store.open()
    yield store
    await store.close()


class Counting:
    """Puts a name down and counts up to a number; remembers in which threads it was run."""

    def __init__(self, name: str, upto: int) -> None:
        self.name, self.upto = name, upto
        self.threads: list[str] = []

    async def __call__(self, tx: Tx) -> int:
        self.threads.append(threading.current_thread().name)
        await tx.execute("INSERT INTO secrets (name, value) VALUES (?, '')", self.name)
        row = await tx.row(COUNT, self.upto)
        return int(row["number"]) if row else 0


async def names(store: SQLite) -> list[str]:
    return [row["name"] for row in await store.rows("SELECT name FROM secrets ORDER BY name")]


async def test_what_is_small_runs_where_it_was_asked_for(store: SQLite) -> None:
    small = Counting("small", 10)
    assert await store.transaction(small) == 10
    assert small.threads == [threading.current_thread().name]


async def test_what_is_large_is_run_again_beside_with_all_that_it_came_with(store: SQLite) -> None:
    bodies = [Counting("a", 1), Counting("b", MANY), Counting("c", 2)]
    assert await asyncio.gather(*map(store.transaction, bodies)) == [1, MANY, 2]
    assert bodies[1].threads[-1].startswith("sqlite-write")
    assert await names(store) == ["a", "b", "c"]
    small = Counting("d", 3)
    assert await store.transaction(small) == 3
    assert small.threads == [threading.current_thread().name]


async def test_many_small_statements_are_large_together(store: SQLite) -> None:
    threads: list[str] = []

    async def body(tx: Tx) -> int:
        threads.append(threading.current_thread().name)
        return sum([(await tx.rows(COUNT, 100))[0]["number"] for _ in range(5_000)])

    assert await store.transaction(body) == 500_000
    assert threads[-1].startswith("sqlite-write")


async def test_who_is_early_goes_first_and_waits_for_company(store: SQLite) -> None:
    ran: list[str] = []

    def body(name: str) -> Body[None]:
        async def run(tx: Tx) -> None:
            ran.append(name)
            await tx.execute("INSERT INTO secrets (name, value) VALUES (?, '')", name)

        return run

    alone = store.transaction(body("alone"), early=True)
    for _ in range(3):
        await asyncio.sleep(0)
    assert ran == []
    await asyncio.gather(
        store.transaction(body("next")), store.transaction(body("early"), early=True), alone
    )
    assert ran == ["early", "alone", "next"]
    await store.transaction(body("last"), early=True)
    assert await names(store) == ["alone", "early", "last", "next"]


async def test_a_large_read_is_read_beside(store: SQLite) -> None:
    row = await store.row(COUNT, MANY)
    assert row
    assert row["number"] == MANY


async def test_the_loop_turns_while_another_program_writes(store: SQLite, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "one.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        body = Counting("waits", 1)
        waiting = store.transaction(body)
        for _ in range(100):
            await asyncio.sleep(0)
        assert not waiting.done()
        assert body.threads == []
        other.execute("COMMIT")
        assert await waiting == 1


async def test_a_store_that_cannot_commit_says_so_and_goes_on(store: SQLite) -> None:
    async def orphan(tx: Tx) -> None:
        await tx.execute("PRAGMA defer_foreign_keys = ON")
        await tx.execute(
            "INSERT INTO conversations (id, contact, channel, mode, seq, handled, opened, changed)"
            " VALUES ('c', 'nobody', 'web', 'bot', 0, 0, 0, 0)"
        )

    with pytest.raises(StoreUnavailable, match="FOREIGN KEY"):
        await store.transaction(orphan)
    assert await store.transaction(Counting("after", 1)) == 1
    assert await names(store) == ["after"]


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError, GeneratorExit])
async def test_whatever_a_body_raises_is_its_own_affair(
    store: SQLite, error: type[BaseException]
) -> None:
    async def failing(tx: Tx) -> int:
        await tx.execute("INSERT INTO secrets (name, value) VALUES ('failing', '')")
        raise error

    bodies: list[Body[int]] = [Counting("before", 1), failing, Counting("z", 1)]
    async with asyncio.timeout(20):
        done = await asyncio.gather(*map(store.transaction, bodies), return_exceptions=True)
    assert [type(one) for one in done] == [int, error, int]
    assert await names(store) == ["before", "z"]


def test_who_is_interrupted_can_still_close_the_store(tmp_path: Path) -> None:
    async def work() -> None:
        store = connect(f"sqlite:///{tmp_path}/one.db")
        await store.open()
        interrupts = [KeyboardInterrupt]

        async def body(tx: Tx) -> None:
            await tx.execute("INSERT INTO secrets (name, value) VALUES ('kept', '')")
            if interrupts:
                raise interrupts.pop()

        try:
            await store.transaction(body)
        finally:
            async with asyncio.timeout(20):
                await store.close()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(work())
    with closing(sqlite3.connect(tmp_path / "one.db")) as store:
        assert store.execute("SELECT name FROM secrets").fetchall() == [("kept",)]


async def test_a_closed_store_takes_nothing_more_and_says_so(tmp_path: Path) -> None:
    store = connect(f"sqlite:///{tmp_path}/closed.db")
    await store.open()
    taken = [asyncio.ensure_future(store.transaction(Counting(f"{one}", 1))) for one in range(300)]
    closing = asyncio.create_task(store.close())
    await asyncio.wait(taken, return_when=asyncio.FIRST_COMPLETED)
    async with asyncio.timeout(20):
        with pytest.raises(StoreUnavailable, match="closed"):
            await store.transaction(Counting("late", 1))
        assert await asyncio.gather(*taken) == [1] * 300
        await closing


async def test_however_little_time_there_is_nothing_is_lost(
    store: SQLite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "STEPS", 1)
    monkeypatch.setattr(writer, "MOMENT", 0.0)
    other = connect(f"sqlite:///{tmp_path}/one.db")
    await other.open()
    for turn in range(5):
        bodies = [Counting(f"{turn}-{number}", 100) for number in range(5)]
        assert await asyncio.gather(*map(other.transaction, bodies)) == [100] * 5
        assert all(body.threads[-1].startswith("sqlite-write") for body in bodies)
    await other.close()
    assert len(await names(store)) == 25
