"""What every store promises, shown on SQLite and on a real PostgreSQL."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from gateway.errors import SchemaTooNew, StoreUnavailable
from gateway.store import Database, Tx, connect
from gateway.store.schema import migrations


async def put(database: Database, name: str, value: str = "v") -> int:
    async def body(tx: Tx) -> int:
        return await tx.execute("INSERT INTO secrets (name, value) VALUES (?, ?)", name, value)

    return await database.transaction(body)


async def names(database: Database) -> list[str]:
    return [row["name"] for row in await database.rows("SELECT name FROM secrets ORDER BY name")]


async def test_what_a_transaction_wrote_is_read_after_it(database: Database) -> None:
    assert await put(database, "a") == 1
    row = await database.row("SELECT value FROM secrets WHERE name = ?", "a")
    assert row
    assert row["value"] == "v"
    assert await database.row("SELECT value FROM secrets WHERE name = ?", "b") is None


async def test_a_body_that_raises_leaves_nothing(database: Database) -> None:
    async def body(tx: Tx) -> None:
        await tx.execute("INSERT INTO secrets (name, value) VALUES ('a', 'v')")
        raise KeyError("no")

    with pytest.raises(KeyError):
        await database.transaction(body)
    assert await names(database) == []


async def test_a_body_that_fails_does_not_take_its_neighbours_along(database: Database) -> None:
    async def broken(tx: Tx) -> int:
        await tx.execute("INSERT INTO secrets (name, value) VALUES ('broken', 'v')")
        return await tx.execute("INSERT INTO nowhere (name) VALUES ('x')")

    writes: list[Awaitable[object]] = [put(database, f"n{number}") for number in range(20)]
    writes.insert(10, database.transaction(broken))
    done = await asyncio.gather(*writes, return_exceptions=True)
    assert [number for number, one in enumerate(done) if isinstance(one, Exception)] == [10]
    assert len(await names(database)) == 20


async def test_a_locked_row_makes_the_second_writer_wait(database: Database) -> None:
    await put(database, "n", "0")

    async def add(tx: Tx) -> None:
        row = await tx.row("SELECT value FROM secrets WHERE name = 'n' FOR UPDATE")
        assert row
        await tx.execute(
            "UPDATE secrets SET value = ? WHERE name = 'n'", str(int(row["value"]) + 1)
        )

    await asyncio.gather(*(database.transaction(add) for _ in range(50)))
    row = await database.row("SELECT value FROM secrets WHERE name = 'n'")
    assert row
    assert row["value"] == "50"


async def test_rows_touched_are_counted(database: Database) -> None:
    for name in "abc":
        await put(database, name)

    async def body(tx: Tx) -> list[int]:
        return [
            await tx.execute("UPDATE secrets SET value = 'w' WHERE name < ?", "c"),
            await tx.execute("DELETE FROM secrets WHERE name = ?", "z"),
            await tx.execute(
                "INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", "a", "x"
            ),
        ]

    assert await database.transaction(body) == [2, 0, 0]


async def test_a_large_question_is_answered_like_a_small_one(database: Database) -> None:
    count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    for size in (10, 200_000):
        row = await database.row(f"{count} SELECT COUNT(*) AS size FROM n", size)
        assert row
        assert row["size"] == size


async def test_a_store_that_a_newer_program_wrote_is_refused(
    database: Database, database_url: str
) -> None:
    async def newer(tx: Tx) -> None:
        await tx.execute("INSERT INTO schema_version (version) VALUES (9999)")

    await database.transaction(newer)
    with pytest.raises(SchemaTooNew, match="9999"):
        await connect(database_url).open()


async def test_opening_again_keeps_what_is_there(database: Database, database_url: str) -> None:
    await put(database, "a")
    again = connect(database_url)
    await again.open()
    assert await names(again) == ["a"]
    await again.close()


async def test_two_programs_may_open_a_new_store_at_once(database_url: str) -> None:
    both = [connect(database_url), connect(database_url)]
    await asyncio.gather(*(one.open() for one in both))
    for one in both:
        await one.close()


async def test_a_sqlite_body_may_await_only_its_statements(sqlite_url: str) -> None:
    database = connect(sqlite_url)
    await database.open()

    async def body(tx: Tx) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="awaited something other"):
        await database.transaction(body)
    await database.close()


async def test_a_store_that_is_not_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="file"):
        await connect(f"sqlite:///{tmp_path}/file/x.db").open()
    with pytest.raises(StoreUnavailable, match="PostgreSQL"):
        await connect("postgresql://nobody@127.0.0.1:1/none").open()
    with pytest.raises(ValueError, match="mysql"):
        connect("mysql://somewhere")


def test_migrations_are_read_by_number_and_dialect(tmp_path: Path) -> None:
    (tmp_path / "0001_base.sql").write_text("CREATE TABLE a (x INT);\nCREATE TABLE b (x INT);\n")
    (tmp_path / "0002_search.sqlite.sql").write_text("CREATE TABLE s (x INT);")
    (tmp_path / "0002_search.postgres.sql").write_text("CREATE TABLE p (x INT);")
    assert migrations("sqlite", tmp_path) == [
        (1, ["CREATE TABLE a (x INT);", "CREATE TABLE b (x INT);"]),
        (2, ["CREATE TABLE s (x INT);"]),
    ]
    assert migrations("postgres", tmp_path)[1] == (2, ["CREATE TABLE p (x INT);"])
