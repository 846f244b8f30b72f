"""The database, seen as transactions of raw SQL in the subset that SQLite and PostgreSQL share.

Placeholders are `?`. `FOR UPDATE` at the end of a query locks its rows (SQLite, which has one
writer at a time, leaves it out). A transaction's body is an `async def` that awaits nothing but
its own statements, so that SQLite can run it whole, on the event loop or in a thread, many to one
commit. It must be quick, but for its statements, and may be run again: after a deadlock, or because
it or another one in its commit took long or has failed.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence, Sized
from typing import Any, Protocol, TypeVar

Value = str | int | float | bytes | None
T = TypeVar("T")


class Row(Protocol):
    """A row whose columns are read by name."""

    def __getitem__(self, column: str, /) -> Any:
        """The column's value."""


class Reads(Protocol):
    """What can be asked."""

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """All rows of a query."""

    async def row(self, sql: str, *values: Value) -> Row | None:
        """The first row of a query, None if there is none."""


class Tx(Reads, Protocol):
    """One transaction: everything in it happens, or nothing."""

    async def execute(self, sql: str, *values: Value) -> int:
        """Run a statement; the number of rows it touched."""


Body = Callable[[Tx], Coroutine[Any, Any, T]]


class Database(Reads, Protocol):
    """A store. Reads outside a transaction see what is committed."""

    async def open(self) -> None:
        """Connect and migrate. Raises StoreUnavailable or SchemaTooNew."""

    def transaction(self, body: Body[T], *, early: bool = False) -> Awaitable[T]:
        """Run `body` and commit; durable when that was awaited, and perhaps begun before.

        `early`: it goes before those that wait, and alone it may wait a moment itself. Raises
        what `body` raises, or StoreUnavailable.
        """

    async def close(self) -> None:
        """Finish what is under way and disconnect."""


def marks(values: Sized) -> str:
    """A list's placeholders."""
    return ", ".join("?" * len(values))


def connect(url: str) -> Database:
    """Make the store of a URL: `sqlite:///path/to.db` or `postgresql://…`. Does no I/O."""
    if url.startswith("sqlite:///"):
        from gateway.store.sqlite import SQLite

        return SQLite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from gateway.store.postgres import Postgres

        return Postgres(url)
    raise ValueError(f"store: expected sqlite:///… or postgresql://…, got {url.split(':')[0]!r}")
