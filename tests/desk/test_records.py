"""One person's data, and the audit: SECURITY 54–56."""

import asyncio
from typing import Any

import pytest

from gateway.errors import Conflict, NotFound
from gateway.journal import Event, Journal
from gateway.message import Contact, Message
from gateway.notes import Notes
from gateway.store.transcript import lines
from handoff import audit
from handoff.agents import Role
from handoff.api.asks import Filter
from handoff.listing import page
from handoff.records import DAY, Records
from handoff.search import index
from tests.clock import StillClock
from tests.desk.place import PASSWORD, Place, Site
from tests.gateway.house import ANN, BOB, said

TABLES = (
    "contacts",
    "conversations",
    "messages",
    "read_marks",
    "search",
    "search_lines",
    "notes",
    "journal",
    "revisions",
    "tombstones",
    "files",
    "audit",
    "agents",
)


@pytest.fixture
def records(place: Place) -> Records:
    return Records(place.database, place.hints, place.clock, place.files)


async def everything(place: Place) -> str:
    rows = [
        dict(row)  # type: ignore[call-overload]
        for table in TABLES
        for row in await place.database.rows(f"SELECT * FROM {table}")
    ]
    return str(rows)


async def chat(place: Place, contact: Contact, text: str) -> str:
    """A consultation with a note, an answer and a record."""
    wang = await place.agent(f"agent of {contact.id}")
    conversation = await place.waiting(contact, text)
    await place.desk.claim(wang, conversation)
    await place.desk.note(wang, conversation, "", f"note on {contact.name}")
    await place.desk.reply(wang, conversation, "a", f"Hello {contact.name}")
    await place.desk.close(wang, conversation, "solved", f"summary of {contact.name}")
    return conversation


async def test_a_person_who_is_deleted_leaves_a_tombstone_and_nothing_else(
    place: Place, records: Records
) -> None:
    await chat(place, ANN, "my number is 13812345678")
    await chat(place, BOB, "hello")
    written = said("my numbre is 13812345678")
    await place.bus.accept(written)
    await place.bus.accept(Message("edit", ANN, "call me", edits=written.id))
    await Notes(place.database, "fake", place.clock).put("album of ann", "13812345678", about=ANN)
    journal = Journal(place.database, "fake", place.clock)
    await journal.put([Event("1", '{"from": "ann", "13812345678"}'), Event("2", "bob's 1381")])
    await journal.bury("1", "can't be read")
    await journal.bury("2", "can't be read")
    await place.waiting(ANN, "and again")
    boss = await place.agent("Boss", Role.SUPERVISOR)
    await index(place.database)
    assert (await everything(place)).count("my number is 13812345678") == 2  # said, and indexed
    await records.forget(boss, ANN.key)
    left = await everything(place)
    assert "13812345678" not in left
    assert "bob's 1381" in left
    assert not any(f"{words} Ann" in left for words in ("Hello", "note on", "summary of"))
    assert "'ann'" not in left
    assert (await page(place.database, boss, Filter(q="Ann"))).items == []
    assert (await page(place.database, boss, Filter(q="Bob"))).items != []
    stone = await place.database.row("SELECT * FROM tombstones")
    assert stone is not None
    assert (stone["contact"], stone["actor"]) == (ANN.key, boss.id)
    with pytest.raises(NotFound):
        await records.forget(boss, ANN.key)


async def test_a_person_who_was_deleted_may_come_back_as_a_stranger(
    place: Place, records: Records
) -> None:
    await chat(place, ANN, "hello")
    boss = await place.agent("Boss", Role.SUPERVISOR)
    await records.forget(boss, ANN.key)
    conversation = await place.waiting(ANN, "I am back")
    assert (await lines(place.database, conversation))[0].text == "I am back"
    await records.forget(boss, ANN.key)


async def test_an_export_has_all_that_is_known_of_one_person(
    place: Place, records: Records
) -> None:
    conversation = await chat(place, ANN, "my lenses")
    await chat(place, BOB, "my parcel")
    boss = await place.agent("Boss", Role.SUPERVISOR)
    export = await records.export(boss, ANN.key)
    assert [one.id for one in export.conversations] == [conversation]
    text = export.model_dump_json()
    for known in ("my lenses", "note on Ann", "summary of Ann", '"platform_id":"ann"'):
        assert known in text
    assert "parcel" not in text


async def test_nothing_is_kept_longer_than_the_rules_say(
    place: Place, records: Records, clock: StillClock
) -> None:
    await chat(place, ANN, "long ago")
    recent = await place.waiting(BOB, "an old line")
    clock.advance(20 * DAY)
    await place.write("a new line", BOB)
    clock.advance(11 * DAY)
    await index(place.database)
    assert await records.retain(0) == 0
    assert await records.retain(30) == 1
    left = await everything(place)
    assert "long ago" not in left
    assert "'ann'" not in left
    assert "an old line" not in left
    assert [one.text for one in await lines(place.database, recent)] == ["a new line"]
    clock.advance(30 * DAY)
    assert await records.retain(30) == 1
    assert await place.database.rows("SELECT * FROM contacts") == []


async def test_who_did_what_is_written_down(site: Site) -> None:
    boss = await site.sign_in("Boss", Role.SUPERVISOR)
    conversation = await site.place.waiting()
    await boss.ask("POST", f"/conversations/{conversation}/claim")
    await boss.ask("POST", f"/conversations/{conversation}/close", {"outcome": "solved"})
    await boss.ask("GET", f"/contacts/{ANN.key}/export")
    await boss.ask("DELETE", f"/contacts/{ANN.key}")
    await site.browser().sign_in("Boss", "wrong")
    await site.place.people.change("Boss", teams=["care"])
    entries = (await boss.get("/audit"))["items"]
    deeds = [(one["action"], one["subject"]) for one in entries]
    me = boss.agent["id"]
    assert deeds == [
        ("role", me),
        ("login failed", me),
        ("deletion", ANN.key),
        ("export", ANN.key),
        ("close", conversation),
        ("takeover", conversation),
        ("login", ""),
        ("agent added", me),
    ]
    assert {one["address"] for one in entries if "login" in one["action"]} == {"127.0.0.1"}


async def test_the_audit_comes_in_pages(site: Site) -> None:
    boss = await site.sign_in("Boss", Role.SUPERVISOR)
    for _ in range(4):
        await site.browser().sign_in("Boss", PASSWORD)
    first = await boss.get("/audit?limit=4")
    second = await boss.get(f"/audit?limit=4&cursor={first['cursor']}")
    ids = [one["id"] for one in first["items"] + second["items"]]
    assert len(set(ids)) == 6
    assert second["cursor"] is None


@pytest.mark.parametrize("sql", ["UPDATE audit SET actor = ''", "DELETE FROM audit"])
async def test_the_audit_can_only_grow(place: Place, sql: str) -> None:
    await place.agent("Wang")

    async def tamper(tx: Any) -> None:
        await tx.execute(sql)

    with pytest.raises(Exception, match="append-only"):
        await place.database.transaction(tamper)
    assert [one.action for one in await audit.entries(place.database, "g", 10)] == ["agent added"]


async def test_the_audit_holds_nothing_that_a_customer_said(place: Place, records: Records) -> None:
    await chat(place, ANN, "my number is 13812345678")
    await records.forget(await place.agent("Boss", Role.SUPERVISOR), ANN.key)
    entries = str(await audit.entries(place.database, "g", 100))
    assert "13812345678" not in entries
    assert "Ann" not in entries


async def test_a_person_is_deleted_while_agents_read_and_answer_them(
    place: Place, records: Records
) -> None:
    boss = await place.agent("Boss", Role.SUPERVISOR)
    agents = [await place.agent(f"agent {number}", capacity=100) for number in range(4)]
    for number in range(20):
        person = Contact("fake", f"c{number}", "", "en")
        conversation = await place.waiting(person)
        reading = [
            place.desk.mark_read(agent, conversation, seq) for agent in agents for seq in (1, 2)
        ]
        leading = [place.desk.claim(agent, conversation) for agent in agents]
        results = await asyncio.gather(
            *reading[:4],
            *leading,
            records.forget(boss, person.key),
            *reading[4:],
            return_exceptions=True,
        )
        strange = [one for one in results if not isinstance(one, NotFound | Conflict | None)]
        assert strange == []
    assert await place.database.rows("SELECT * FROM read_marks") == []
