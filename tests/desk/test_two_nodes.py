"""Two nodes on one store: all is seen, be it that hints are lost or that clocks differ."""

from collections.abc import AsyncIterator

import pytest

from gateway.clock import SECOND, system_clock
from gateway.hints import MemoryHints
from gateway.store import Database
from handoff import outbox
from handoff.agents import FRESH, Agent, Presence, Role
from tests.desk.place import PASSWORD, Site, open_place


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Site]:
    async with open_place(database) as site:
        yield site


async def test_a_claim_and_a_reply_on_one_node_show_on_the_other(site: Site, other: Site) -> None:
    here, there = await site.sign_in("Wang"), await other.sign_in("Li")
    conversation = await site.place.waiting()
    async with there.live() as sight:
        await sight.next("queue")
        await here.ask("POST", f"/conversations/{conversation}/claim")
        await sight.chat(mode="assigned", id=conversation)
        await here.ask(
            "POST", f"/conversations/{conversation}/messages", {"id": "a", "text": "Hello"}
        )
        await sight.line(text="Hello", author="agent")


async def test_of_agents_on_two_nodes_one_gets_the_customer(site: Site, other: Site) -> None:
    here, there = await site.sign_in("Wang"), await other.sign_in("Li")
    conversation = await site.place.waiting()
    path = f"/conversations/{conversation}/claim"
    answers = [await here.ask("POST", path), await there.ask("POST", path)]
    assert [status for status, _ in answers] == [200, 409]
    assert answers[1][1]["error"]["holder"]["name"] == "Wang"


async def test_who_is_on_one_node_is_there_for_the_other(site: Site, other: Site) -> None:
    here, there = await site.sign_in("Wang"), await other.sign_in("Li")
    async with there.live() as sight:
        await sight.person(name="Wang", status="offline")
        async with here.live():
            await sight.person(name="Wang", status="online")
        await sight.person(name="Wang", status="offline")


async def test_one_who_signs_in_on_one_node_is_known_on_the_other(site: Site, other: Site) -> None:
    here = await site.sign_in("Wang")
    cookie = next(iter(here.session.cookie_jar))
    headers = {"Cookie": f"{cookie.key}={cookie.value}"}
    assert (await other.browser().ask("GET", "/me", headers=headers))[0] == 200


@pytest.mark.parametrize("end", ["password", "disable"])
async def test_a_socket_on_one_node_ends_with_what_is_done_on_the_other(
    site: Site, other: Site, end: str
) -> None:
    await site.place.agent("Boss", Role.SUPERVISOR)
    here, there = await site.sign_in("Wang"), other.browser()
    await there.sign_in("Wang")
    async with there.live() as sight:
        await sight.next("queue")
        if end == "password":
            new = {"old": PASSWORD, "new": "battery staple"}
            assert (await here.ask("PUT", "/me/password", new))[0] == 204
        else:
            await site.place.people.disable("Wang")
        assert await sight.closed() == outbox.SIGNED_OUT


def test_an_agent_whose_node_died_is_away_after_half_a_minute() -> None:
    agent = Agent("a", "Wang", Role.AGENT, status=Presence.BUSY, seen=1_000_000)
    assert agent.presence(1_000_000 + FRESH - 1) is Presence.BUSY
    assert agent.presence(1_000_000 + FRESH) is Presence.OFFLINE


@pytest.mark.parametrize("drift", [-30 * SECOND, -6 * SECOND, 6 * SECOND])
async def test_what_a_node_with_another_time_of_day_does_is_heard_at_once(
    database: Database, drift: int
) -> None:
    board = MemoryHints()
    async with (
        open_place(database, hints=board) as site,
        open_place(database, hints=board, clock=lambda: system_clock() + drift) as other,
    ):
        here, there = await site.sign_in("Wang"), await other.sign_in("Li")
        async with here.live() as sight, there.live() as yonder:
            await sight.next("queue")
            await yonder.next("queue")
            conversation = await other.place.waiting()
            path = f"/conversations/{conversation}"
            await sight.line(text="help me")
            await there.ask("POST", f"{path}/claim")
            await sight.chat(id=conversation, mode="assigned")
            await there.ask("POST", f"{path}/messages", {"id": "a", "text": "Hello"})
            await sight.line(text="Hello", author="agent")
            await here.ask("POST", f"{path}/notes", {"text": "a note"})
            await yonder.line(text="a note", private=True)
