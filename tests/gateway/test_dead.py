"""Dead letters of both kinds are listed together and tried again one by one."""

import pytest

from gateway import dead
from gateway.errors import NotFound
from gateway.journal import Event, Journal
from gateway.store import Database
from tests.clock import StillClock


async def test_an_event_that_nobody_could_read_is_listed_and_read_again(
    database: Database, clock: StillClock
) -> None:
    journal = Journal(database, "fake", clock)
    await journal.put([Event("7", '{"odd": true}'), Event("8", "fine")])
    await journal.bury("7", "an unknown origin")
    [letter] = await dead.letters(database)
    assert (letter.id, letter.text, letter.detail) == (
        "fake/7",
        '{"odd": true}',
        "an unknown origin",
    )
    await dead.replay(database, letter.id, clock)
    assert [event.id for event in await journal.waiting()] == ["7", "8"]
    assert await dead.letters(database) == []
    with pytest.raises(NotFound, match="fake/7"):
        await dead.replay(database, "fake/7", clock)
