"""SQLite: a store in one file.

Writing is `Writer`'s. Reads go to connections of their own, which never wait for it: a small one is
asked at once, as a thread would cost more than the answer; one that turns out to be large is asked
again in a thread.
"""

import asyncio
import queue
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gateway.errors import StoreUnavailable
from gateway.store import Body, Row, T, Value
from gateway.store.connection import Hurry, fetch, reader
from gateway.store.schema import migrate, migrations
from gateway.store.writer import Writer

READERS = 4
SMALL = 0.001  # seconds that a read may take on the event loop


class SQLite:
    """A store in one file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._writer = Writer(self._path)
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._small: sqlite3.Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-read")

    async def open(self) -> None:
        """Make the file where there is none, and migrate."""
        try:
            await asyncio.to_thread(self._connect)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"{self._path}: {error}") from error
        wanted = await asyncio.to_thread(migrations, "sqlite")
        try:
            await self.transaction(lambda tx: migrate(tx, wanted))
        except BaseException:
            await self.close()
            raise

    def _connect(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._writer.connect()
        for _ in range(READERS):
            self._readers.put(reader(self._path))
        self._small = reader(self._path)
        self._hurry = Hurry(self._small, SMALL)

    def transaction(self, body: Body[T], *, early: bool = False) -> asyncio.Future[T]:
        """Run `body`; done when it is on the disk."""
        return self._writer.add(body, early=early)

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """All rows of a query, read beside the writer."""
        try:
            if self._small:
                self._hurry.begin()
                return fetch(self._small, sql, values)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise StoreUnavailable(f"{self._path}: {error}") from error
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._read, sql, values
        )

    async def row(self, sql: str, *values: Value) -> Row | None:
        """The first row of a query."""
        found = await self.rows(sql, *values)
        return found[0] if found else None

    def _read(self, sql: str, values: tuple[Value, ...]) -> Sequence[Row]:
        reader = self._readers.get()
        try:
            return fetch(reader, sql, values)
        except sqlite3.OperationalError as error:
            raise StoreUnavailable(f"{self._path}: {error}") from error
        finally:
            self._readers.put(reader)

    async def close(self) -> None:
        """Finish the queued transactions, then disconnect."""
        await self._writer.close()
        self._threads.shutdown()
        if self._small:
            self._readers.put(self._small)
            self._small = None
        while not self._readers.empty():
            self._readers.get().close()
