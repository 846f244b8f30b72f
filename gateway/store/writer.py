"""The writing side of SQLite: all transactions that wait go into one durable commit.

A statement costs microseconds, a commit a flush to the disk. So the bodies run on the event loop,
one after the other, and only the flush has a thread; what comes meanwhile is in the next one. In a
thread of their own the statements would have to fight for the interpreter, each of them, and that
costs more than they do. Whatever can't be done in no time is done in the thread after all, with its
whole batch: a statement that turns out to be large, a body that fails, another program that writes.
"""

import asyncio
import sqlite3
import time
from asyncio import AbstractEventLoop, Future, Handle
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.errors import StoreUnavailable
from gateway.store import Body, Row, T, Tx, Value
from gateway.store.connection import BUSY, Hurry, connect, fetch, translate, write_ahead

BATCH = 256
MOMENT = 0.002  # seconds of bodies at a time, then the sockets have their turn


@dataclass(frozen=True, slots=True)
class Job:
    """A body that waits for its turn."""

    body: Body[Any]
    future: Future[Any]

    def settle(self, result: Any, error: BaseException | None) -> None:
        """Tell whoever waits, if they still do."""
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


Outcome = tuple[Job, Any, BaseException | None]


class Writer:
    """Owns the writing connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: deque[Job] = deque()
        self._outcomes: list[Outcome] = []  # of the batch that is run
        self._first: Handle | None = None  # the beginning of a batch that has not begun
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-write")

    def connect(self) -> None:
        """Open the file."""
        self._connection = connect(self._path)
        write_ahead(self._connection)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._hurry = Hurry(self._connection, MOMENT)
        self._connection.execute("PRAGMA busy_timeout = 0")
        self._tx = _Statements(self._connection, self._hurry)

    def add(self, body: Body[T], *, early: bool) -> Future[T]:
        """Run a body; done when it is on the disk.

        One that is `early` goes before those that wait. With nobody there it waits a moment for
        somebody: most often the next message comes so soon, and one flush does for both.
        """
        loop = asyncio.get_running_loop()
        future: Future[T] = loop.create_future()
        if self._closed:
            future.set_exception(StoreUnavailable(f"{self._path}: closed"))
            return future
        job = Job(body, future)
        if early:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)
        if self._idle.is_set():
            self._idle.clear()
            self._first = loop.call_later(MOMENT if early else 0, self._begin, loop)
        elif self._first and not early:
            self._first.cancel()
            self._first = loop.call_soon(self._begin, loop)
        return future

    async def close(self) -> None:
        """Take nothing more, finish what waits, then disconnect."""
        self._closed = True
        await self._idle.wait()
        await asyncio.to_thread(self._thread.shutdown)
        self._connection.close()

    def _begin(self, loop: AbstractEventLoop) -> None:
        self._first = None
        self._hurry.begin()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._redo(loop)
        else:
            self._run(loop)

    def _run(self, loop: AbstractEventLoop) -> None:
        """Run what waits, a moment at a time."""
        until = time.perf_counter() + MOMENT
        while self._waiting and len(self._outcomes) < BATCH:
            if time.perf_counter() > until:
                loop.call_soon(self._run, loop)
                return
            job = self._waiting[0]
            self._hurry.begin()
            try:
                outcome = (job, _drive(job.body, self._tx), None)
            except BaseException as error:  # the thread finds it again, and says so
                self._redo(loop)
                if isinstance(error, KeyboardInterrupt | SystemExit):
                    raise  # nobody else hears of these
                return
            self._outcomes.append(outcome)
            self._waiting.popleft()
        outcomes, self._outcomes = self._outcomes, []
        self._hurry.rest()
        self._thread.submit(self._flush, loop, outcomes)

    def _redo(self, loop: AbstractEventLoop) -> None:
        """Give the batch to the thread, from its beginning."""
        self._hurry.rest()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        jobs = [job for job, _, _ in self._outcomes]
        self._outcomes = []
        while self._waiting and len(jobs) < BATCH:
            jobs.append(self._waiting.popleft())
        self._thread.submit(self._take_time, loop, jobs)

    def _end(self, loop: AbstractEventLoop, outcomes: Sequence[Outcome]) -> None:
        for job, result, error in outcomes:
            job.settle(result, error)
        if self._waiting:
            self._begin(loop)
        else:
            self._idle.set()

    def _flush(self, loop: AbstractEventLoop, outcomes: list[Outcome]) -> None:
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            outcomes = self._lost([job for job, _, _ in outcomes], error)
        loop.call_soon_threadsafe(self._end, loop, outcomes)

    def _take_time(self, loop: AbstractEventLoop, jobs: Sequence[Job]) -> None:
        try:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY * 1000:.0f}")
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._run_apart(job) for job in jobs]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            outcomes = self._lost(jobs, error)
        self._connection.execute("PRAGMA busy_timeout = 0")
        loop.call_soon_threadsafe(self._end, loop, outcomes)

    def _lost(self, jobs: Sequence[Job], error: sqlite3.Error) -> list[Outcome]:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        lost = StoreUnavailable(f"{self._path}: {error}")
        return [(job, None, lost) for job in jobs]

    def _run_apart(self, job: Job) -> Outcome:
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

    def __init__(self, connection: sqlite3.Connection, hurry: Hurry) -> None:
        self._connection = connection
        self._hurry = hurry

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        self._hurry.check()
        return fetch(self._connection, sql, values)

    async def row(self, sql: str, *values: Value) -> Row | None:
        self._hurry.check()
        found = fetch(self._connection, sql, values)
        return found[0] if found else None

    async def execute(self, sql: str, *values: Value) -> int:
        self._hurry.check()
        return self._connection.execute(translate(sql), values).rowcount


def _disk_failed(error: BaseException) -> bool:
    if not isinstance(error, sqlite3.OperationalError):
        return False
    return error.sqlite_errorcode != sqlite3.SQLITE_ERROR  # that one is a mistake in the SQL


def _drive(body: Body[T], tx: Tx) -> T:
    coroutine = body(tx)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a transaction's body awaited something other than its own statements")
