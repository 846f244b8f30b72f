"""What adapters remember: notes, leases and the journal, on both stores."""

import asyncio

from gateway.clock import MINUTE, SECOND
from gateway.journal import KEEP, Event, Journal
from gateway.lease import Lease
from gateway.notes import Json, Notes, sweep
from gateway.store import Database, connect
from tests.clock import StillClock
from tests.gateway.house import ANN


async def test_a_note_is_there_until_it_is_taken_away(
    database: Database, clock: StillClock
) -> None:
    notes = Notes(database, "fake", clock)
    assert await notes.get("cursor") is None
    await notes.put("cursor", {"topic": 7, "名": "王"})
    assert await notes.get("cursor") == {"topic": 7, "名": "王"}
    assert await Notes(database, "other", clock).get("cursor") is None
    await notes.put("cursor", None)
    assert await notes.get("cursor") is None


async def test_a_note_that_no_longer_counts_is_none_and_is_swept(
    database: Database, clock: StillClock
) -> None:
    notes = Notes(database, "fake", clock)
    await notes.put("token", "abc", lasts=MINUTE)
    await notes.put("kept", 1)
    clock.advance(MINUTE)
    assert await notes.get("token") is None
    assert await notes.find("") == {"kept": 1}
    seen = await notes.change("token", lambda value: (value, value))
    assert seen is None
    await notes.put("token", "def", lasts=MINUTE)
    clock.advance(MINUTE)
    assert await sweep(database, clock()) == 1
    assert await notes.get("kept") == 1


async def test_notes_are_found_by_the_beginning_of_their_names(
    database: Database, clock: StillClock
) -> None:
    notes = Notes(database, "fake", clock)
    for name in ("topic 2", "topic 1", "topics", "card 1"):
        await notes.put(name, name)
    assert list(await notes.find("topic ")) == ["topic 1", "topic 2"]


async def test_changes_at_once_are_one_after_the_other(database_url: str) -> None:
    """From two nodes on PostgreSQL; on SQLite, which has one, from one."""
    nodes = [connect(database_url) for _ in range(2 if "postgres" in database_url else 1)]
    await asyncio.gather(*(node.open() for node in nodes))
    clock = StillClock()

    def one_more(count: Json) -> tuple[Json, int]:
        return (count or 0) + 1, (count or 0) + 1

    counted = await asyncio.gather(
        *(Notes(node, "fake", clock).change("n", one_more) for node in nodes for _ in range(20))
    )
    assert sorted(counted) == list(range(1, 20 * len(nodes) + 1))
    await asyncio.gather(*(node.close() for node in nodes))


async def test_a_lease_has_one_holder_until_it_ends(database: Database, clock: StillClock) -> None:
    first, second = (
        Lease(Notes(database, "fake", clock), "poller", 30 * SECOND, clock) for _ in range(2)
    )
    assert await first.take()
    clock.advance(29 * SECOND)
    assert not await second.take()
    assert await first.take()
    clock.advance(29 * SECOND)
    assert not await second.take()
    clock.advance(SECOND)
    assert await second.take()
    assert not await first.take()
    await first.give_up()
    assert not await first.take()
    await second.give_up()
    assert await first.take()


async def test_an_event_is_kept_once_and_waits_in_order_until_it_is_done(
    database: Database, clock: StillClock
) -> None:
    journal = Journal(database, "fake", clock)
    assert await journal.put([Event("9", "nine"), Event("7", "seven")]) == 2
    clock.advance(SECOND)
    assert await journal.put([Event("7", "again"), Event("8", "eight")]) == 1
    assert [event.body for event in await journal.waiting()] == ["nine", "seven", "eight"]
    await journal.done("9")
    await journal.bury("7", "can't be read")
    assert [event.id for event in await journal.waiting()] == ["8"]
    assert await journal.put([Event("9", "nine"), Event("7", "seven")]) == 0
    assert await Journal(database, "other", clock).waiting() == []


async def test_the_journal_forgets_what_can_not_come_again(
    database: Database, clock: StillClock
) -> None:
    journal = Journal(database, "fake", clock)
    await journal.put([Event("1", "old"), Event("2", "dead")])
    await journal.done("1")
    await journal.bury("2", "can't be read")
    clock.advance(KEEP + 1)
    await journal.done()
    rows = await database.rows("SELECT id FROM journal")
    assert [row["id"] for row in rows] == ["2"]


async def test_a_note_about_somebody_names_them(database: Database, clock: StillClock) -> None:
    await Notes(database, "fake", clock).put("blocked ann", True, about=ANN)
    row = await database.row("SELECT contact FROM notes")
    assert row
    assert row["contact"] == ANN.key
