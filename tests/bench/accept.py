"""Durable accept: the mailbox itself, beside a store that flushes for every message."""

import asyncio
import itertools
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from gateway.clock import system_clock
from gateway.message import Contact, Message
from gateway.store import connect
from tests.bench.figures import Figures, measure, show
from tests.gateway.house import make_bus


async def run() -> None:
    """Print the figures."""
    print("Durable accept, in process: conversation, seq, once-only check, one row, on the disk")
    for callers, rounds in ((1, 400), (32, 100), (128, 50)):
        with tempfile.TemporaryDirectory() as folder:
            ours = await _ours(Path(folder), callers, rounds)
            peer = await _peer(Path(folder), callers, rounds)
        show(f"bus.accept, {callers} at once", ours, "sqlite3, INSERT and COMMIT each", peer)


async def _ours(folder: Path, callers: int, rounds: int) -> Figures:
    database = connect(f"sqlite:///{folder}/ours.db")
    await database.open()
    bus = make_bus(database, system_clock)
    numbers = itertools.count()

    def caller(contact: Contact) -> Callable[[], Awaitable[None]]:
        async def call() -> None:
            await bus.accept(Message(f"m{next(numbers)}", contact, "运费怎么算"))

        return call

    figures = await measure([caller(Contact("bench", f"c{n}")) for n in range(callers)], rounds)
    await database.close()
    return figures


async def _peer(folder: Path, callers: int, rounds: int) -> Figures:
    with closing(sqlite3.connect(folder / "peer.db", check_same_thread=False)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        store.execute("CREATE TABLE messages (id TEXT PRIMARY KEY, text TEXT)")
        numbers, lock = itertools.count(), asyncio.Lock()

        def insert() -> None:
            store.execute("INSERT INTO messages VALUES (?, ?)", (f"m{next(numbers)}", "运费怎么算"))
            store.commit()

        async def call() -> None:
            async with lock:
                await asyncio.to_thread(insert)

        return await measure([call] * callers, rounds)
