"""PostgreSQL, for more than one machine: every transaction has a pooled connection of its own."""

import asyncio
import logging
from collections.abc import Sequence
from functools import lru_cache
from itertools import count

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from gateway.errors import StoreUnavailable
from gateway.store import Body, Row, T, Tx, Value
from gateway.store.schema import Migration, migrate, migrations

TRIES = 5
CONNECTIONS = 16
CLOSING = 10.0  # seconds
MIGRATION_LOCK = 0x66726F6E74  # any number that nobody else uses

log = logging.getLogger(__name__)

_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_GONE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)


class Postgres:
    """A store on a PostgreSQL server, 12 or newer."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def open(self) -> None:
        """Connect and migrate; several nodes may do so at once."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=CONNECTIONS,
                command_timeout=30,
                server_settings={"application_name": "frontdesk", "synchronous_commit": "on"},
            )
        except (*_GONE, asyncpg.PostgresError) as error:
            raise StoreUnavailable(f"PostgreSQL: {error}") from error
        wanted = migrations("postgres")
        try:
            await self.transaction(lambda tx: _migrate(tx, wanted))
        except BaseException:
            await self.close()
            raise

    async def transaction(self, body: Body[T], *, early: bool = False) -> T:  # noqa: ARG002
        """Run `body`, again if another transaction was in its way; returns after the commit."""
        for attempt in count(1):
            try:
                async with self._pool.acquire() as connection, connection.transaction():
                    return await body(_Statements(connection))
            except _AGAIN:
                if attempt == TRIES:
                    raise
            except _GONE as error:
                raise StoreUnavailable(f"PostgreSQL: {error}") from error
        raise AssertionError("unreachable")

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        """All rows of a query."""
        try:
            return await self._pool.fetch(_dialect(sql), *values)
        except _GONE as error:
            raise StoreUnavailable(f"PostgreSQL: {error}") from error

    async def row(self, sql: str, *values: Value) -> Row | None:
        """The first row of a query."""
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def close(self) -> None:
        """Disconnect when the connections in use are free again, or after a while."""
        try:
            async with asyncio.timeout(CLOSING):
                await self._pool.close()
        except TimeoutError:
            log.warning("PostgreSQL: connections were in use for %g s, and are cut", CLOSING)
            self._pool.terminate()


async def _migrate(tx: Tx, wanted: list[Migration]) -> None:
    await tx.row("SELECT pg_advisory_xact_lock(?)", MIGRATION_LOCK)
    await migrate(tx, wanted)


class _Statements:
    def __init__(self, connection: "PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        return await self._connection.fetch(_dialect(sql), *values)

    async def row(self, sql: str, *values: Value) -> Row | None:
        return await self._connection.fetchrow(_dialect(sql), *values)

    async def execute(self, sql: str, *values: Value) -> int:
        if not values:
            tag = await self._connection.execute(sql)
        else:
            tag = await self._connection.execute(_dialect(sql), *values)
        words = tag.split()
        return int(words[-1]) if words[-1].isdigit() else 0


@lru_cache(maxsize=1024)
def _dialect(sql: str) -> str:
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
