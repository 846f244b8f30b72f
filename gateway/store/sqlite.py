"""SQLite: one writer thread that puts every transaction that waits into one durable commit.

A commit costs a flush to the disk, a statement costs microseconds; so the writer runs the bodies
that have queued up while the disk was busy, and flushes once for all of them. Reads go to
connections of their own, which never wait for the writer: a small one is asked at once, as a thread
would cost more than the answer; one that turns out to be large is asked again in a thread.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gateway.errors import StoreUnavailable
from gateway.store import Body, Row, T, Tx, Value
from gateway.store.schema import migrate, migrations

READERS = 4
SMALL = 10_000  # steps of SQLite's machine, well under a millisecond
BATCH = 256
BUSY = 10.0  # seconds to wait for another process, such as `frontdesk agent add`


class SQLite:
    """A store in one file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._writer = _Writer(self._path)
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._small: sqlite3.Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-read")

    async def open(self) -> None:
        """Make the file where there is none, and migrate."""
        try:
            await asyncio.to_thread(self._connect)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"{self._path}: {error}") from error
        self._writer.start()
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
            self._readers.put(_reader(self._path))
        self._small = _reader(self._path)
        self._small.set_progress_handler(lambda: 1, SMALL)

    async def transaction(self, body: Body[T]) -> T:
        """Run `body` in the writer thread; returns when it is on the disk."""
        loop = asyncio.get_running_loop()
        job = _Job(body, loop, loop.create_future())
        self._writer.jobs.put(job)
        result: T = await job.future
        return result

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """All rows of a query, read beside the writer."""
        try:
            if self._small:
                return _fetch(self._small, sql, values)
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
            return _fetch(reader, sql, values)
        except sqlite3.OperationalError as error:
            raise StoreUnavailable(f"{self._path}: {error}") from error
        finally:
            self._readers.put(reader)

    async def close(self) -> None:
        """Finish the queued transactions, then disconnect."""
        await asyncio.to_thread(self._writer.stop)
        self._threads.shutdown()
        if self._small:
            self._readers.put(self._small)
            self._small = None
        while not self._readers.empty():
            self._readers.get().close()


@dataclass(frozen=True, slots=True)
class _Job:
    body: Body[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]

    def settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():  # the caller was cancelled meanwhile
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


Outcome = tuple[_Job, Any, BaseException | None]


class _Writer:
    """The thread that owns the writing connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="sqlite-write", daemon=True)

    def connect(self) -> None:
        self._connection = _connection(self._path)
        _write_ahead(self._connection)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._tx = _Statements(self._connection)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self.jobs.put(None)
            self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while batch := self._next_batch():
            outcomes = self._commit(batch)
            batch[0].loop.call_soon_threadsafe(_settle, outcomes)

    def _next_batch(self) -> list[_Job]:
        batch: list[_Job] = []
        job = self.jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == BATCH or self.jobs.empty():
                return batch
            job = self.jobs.get()
        if batch:
            self.jobs.put(None)
        return batch

    def _commit(self, batch: list[_Job]) -> list[Outcome]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = self._run(batch)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            lost = StoreUnavailable(f"{self._path}: {error}")
            return [(job, None, lost) for job in batch]
        return outcomes

    def _run(self, batch: list[_Job]) -> list[Outcome]:
        """Hardly any body fails; where one does, all run once more, each in a savepoint."""
        try:
            return [(job, _drive(job.body, self._tx), None) for job in batch]
        except BaseException as error:
            if _disk_failed(error):
                raise
        self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN IMMEDIATE")
        return [self._run_apart(job) for job in batch]

    def _run_apart(self, job: _Job) -> Outcome:
        self._connection.execute("SAVEPOINT body")
        try:
            result = _drive(job.body, self._tx)
        except BaseException as error:
            if _disk_failed(error):
                raise  # nothing of this batch can be trusted
            self._connection.execute("ROLLBACK TO body")
            self._connection.execute("RELEASE body")
            return job, None, error
        self._connection.execute("RELEASE body")
        return job, result, None


class _Statements:
    """A transaction whose statements run at once, on the thread that drives it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        return _fetch(self._connection, sql, values)

    async def row(self, sql: str, *values: Value) -> Row | None:
        found = _fetch(self._connection, sql, values)
        return found[0] if found else None

    async def execute(self, sql: str, *values: Value) -> int:
        return self._connection.execute(_dialect(sql), values).rowcount


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL. Two programs that do so at once get `locked` without any waiting."""
    until = time.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _disk_failed(error: BaseException) -> bool:
    if not isinstance(error, sqlite3.OperationalError):
        return False
    return error.sqlite_errorcode != sqlite3.SQLITE_ERROR  # that one is a mistake in the SQL


def _fetch(connection: sqlite3.Connection, sql: str, values: tuple[Value, ...]) -> Sequence[Row]:
    return connection.execute(_dialect(sql), values).fetchall()


def _drive(body: Body[T], tx: Tx) -> T:
    coroutine = body(tx)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a transaction's body awaited something other than its own statements")


def _settle(outcomes: list[Outcome]) -> None:
    for job, result, error in outcomes:
        job.settle(result, error)


@lru_cache(maxsize=1024)
def _dialect(sql: str) -> str:
    return sql.removesuffix(" FOR UPDATE")


def _reader(path: Path) -> sqlite3.Connection:
    connection = _connection(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
