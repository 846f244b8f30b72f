"""The desk's fixtures."""

from collections.abc import AsyncIterator

import pytest

from gateway.store import Database
from tests.clock import StillClock
from tests.desk.place import Place, Site, open_place


@pytest.fixture
def place(database: Database, clock: StillClock) -> Place:
    """The desk without HTTP, whose clock the test moves."""
    return Place(database, clock)


@pytest.fixture
async def site(database: Database) -> AsyncIterator[Site]:
    """The desk behind HTTP."""
    async with open_place(database) as site:
        yield site
