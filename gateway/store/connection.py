"""Connections to a SQLite file, and its dialect of our SQL."""

import math
import sqlite3
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from gateway.store import Row, Value

STEPS = 2_000  # of SQLite's machine, between two looks at the clock
BUSY = 10.0  # seconds to wait for another process, such as `frontdesk agent add`


def connect(path: Path) -> sqlite3.Connection:
    """A connection that threads may use one after the other."""
    connection = sqlite3.connect(
        path, timeout=BUSY, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def reader(path: Path) -> sqlite3.Connection:
    """One that only reads."""
    connection = connect(path)
    connection.execute("PRAGMA query_only = ON")
    return connection


class Hurry:
    """Breaks off a connection's statements that turn out to take long (SQLITE_INTERRUPT)."""

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self._seconds = seconds
        self._until = math.inf
        connection.set_progress_handler(lambda: int(time.perf_counter() > self._until), STEPS)

    def check(self) -> None:
        """Raises TimeoutError where the time is up between two statements, too."""
        if time.perf_counter() > self._until:
            raise TimeoutError("these statements take long")

    def begin(self) -> None:
        """From now on the time counts."""
        self._until = time.perf_counter() + self._seconds

    def rest(self) -> None:
        """Take whatever time it takes."""
        self._until = math.inf


def write_ahead(connection: sqlite3.Connection) -> None:
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


def fetch(connection: sqlite3.Connection, sql: str, values: tuple[Value, ...]) -> Sequence[Row]:
    """All rows of a statement."""
    return connection.execute(translate(sql), values).fetchall()


@lru_cache(maxsize=1024)
def translate(sql: str) -> str:
    """Leave out what SQLite, with its one writer, does not need to be told."""
    return sql.removesuffix(" FOR UPDATE")
