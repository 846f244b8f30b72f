"""The order of those who wait, and who is told how many are before them."""

from gateway.adapter import Delivery, Fate
from gateway.clock import MINUTE, SECOND
from gateway.message import Contact
from handoff import queue
from handoff.agents import Role
from handoff.api.asks import Filter
from handoff.listing import page
from tests.clock import StillClock
from tests.desk.place import Place


async def customer(place: Place, name: str, priority: int = 0, team: str | None = None) -> str:
    conversation = await place.waiting(Contact("fake", name, name))

    async def body(tx: object) -> None:
        await tx.execute(  # type: ignore[attr-defined]
            "UPDATE conversations SET priority = ?, team = ? WHERE id = ?",
            priority,
            team,
            conversation,
        )

    await place.database.transaction(body)
    return conversation


async def order(place: Place) -> list[str]:
    found = await page(place.database, await place.boss(), Filter(mode="waiting"))
    return [one.contact.name for one in found.items]


async def test_the_longest_waiting_comes_first(place: Place, clock: StillClock) -> None:
    for name in ("a", "b", "c"):
        await customer(place, name)
        clock.advance(SECOND)
    assert await order(place) == ["a", "b", "c"]


async def test_an_urgent_customer_goes_first_but_not_for_ever(
    place: Place, clock: StillClock
) -> None:
    await customer(place, "patient")
    clock.advance(9 * MINUTE)
    await customer(place, "urgent", priority=1)
    clock.advance(2 * MINUTE)
    await customer(place, "late and urgent", priority=1)
    assert await order(place) == ["urgent", "patient", "late and urgent"]


async def test_the_place_in_the_queue_agrees_with_its_order(
    place: Place, clock: StillClock
) -> None:
    ids = {}
    for name, priority in (("a", 0), ("b", 0), ("c", 2), ("d", 0)):
        ids[name] = await customer(place, name, priority)
    places = {
        name: await queue.ahead(place.database, await place.state(id_)) for name, id_ in ids.items()
    }
    assert [places[name] for name in await order(place)] == [0, 1, 2, 3]


async def test_those_of_another_team_are_not_before_you(place: Place, clock: StillClock) -> None:
    await customer(place, "anybody's")
    clock.advance(SECOND)
    await customer(place, "care's", team="care")
    clock.advance(SECOND)
    sales = await customer(place, "sales'", team="sales")
    clock.advance(SECOND)
    last = await customer(place, "last")
    assert await queue.ahead(place.database, await place.state(sales)) == 1
    assert await queue.ahead(place.database, await place.state(last)) == 3


async def test_nobody_is_before_one_who_does_not_wait(place: Place, clock: StillClock) -> None:
    await customer(place, "waits")
    clock.advance(SECOND)
    led = await customer(place, "led")
    await place.desk.claim(await place.agent("Wang"), led)
    assert await queue.ahead(place.database, await place.state(led)) == 0


async def test_waiting_and_owed_are_counted_as_far_as_one_sees(
    place: Place, clock: StillClock
) -> None:
    await customer(place, "anybody's")
    await customer(place, "care's", team="care")
    led = await customer(place, "led")
    wang = await place.agent("Wang", Role.AGENT, "sales")
    await place.desk.claim(wang, led)
    tallies = await queue.tallies(place.database, clock())
    assert queue.count(tallies, await place.boss()) == (2, 3)
    assert queue.count(tallies, wang) == (1, 2)
    await place.desk.reply(wang, led, "a", "Hello")
    assert queue.count(await queue.tallies(place.database, clock()), wang) == (1, 1)


async def test_one_whose_last_reply_did_not_get_through_stays_owed_after_the_close(
    place: Place, clock: StillClock
) -> None:
    conversation = await customer(place, "unlucky")
    wang, boss = await place.agent("Wang"), await place.boss()
    await place.desk.claim(wang, conversation)
    reply = await place.desk.reply(wang, conversation, "a", "It is ready.")
    await place.desk.close(wang, conversation, "solved", "")
    await place.work(conversation, Delivery(Fate.REJECTED, "blocked"))
    for viewer in (wang, boss):
        found = await page(place.database, viewer, Filter(owed=True))
        assert [(one.id, one.mode) for one in found.items] == [(conversation, "closed")]
        assert queue.count(await queue.tallies(place.database, clock()), viewer) == (0, 1)
    await place.desk.resend(wang, conversation, reply.id)
    await place.work(conversation)
    assert (await page(place.database, boss, Filter(owed=True))).items == []
    assert queue.count(await queue.tallies(place.database, clock()), boss) == (0, 0)


async def test_a_customer_whom_the_bot_keeps_waiting_is_owed(
    place: Place, clock: StillClock
) -> None:
    await place.write("shipping")
    assert queue.count(await queue.tallies(place.database, clock()), await place.boss()) == (0, 0)
    clock.advance(queue.GRACE + 1)
    assert queue.count(await queue.tallies(place.database, clock()), await place.boss()) == (0, 1)
