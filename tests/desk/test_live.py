"""The live view: everybody sees what is theirs, at once, and misses nothing."""

import asyncio
import random
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from gateway.clock import system_clock
from gateway.hints import Hint, MemoryHints
from gateway.message import Contact
from gateway.store import Database
from handoff import outbox
from handoff.agents import Role
from handoff.audience import Audience
from tests.desk.place import PASSWORD, Browser, Sight, Site, open_place
from tests.gateway.house import ANN, BOB

CUTS = 25


async def claimed(site: Site, browser: Browser, contact: Contact = ANN) -> str:
    conversation = await site.place.waiting(contact)
    status, answer = await browser.ask("POST", f"/conversations/{conversation}/claim")
    assert status == 200, answer
    return conversation


async def say(browser: Browser, conversation: str, key: str, text: str = "Hello") -> None:
    status, answer = await browser.ask(
        "POST", f"/conversations/{conversation}/messages", {"id": key, "text": text}
    )
    assert status == 200, answer


async def test_a_colleague_sees_a_claim_a_reply_and_a_close_as_they_happen(site: Site) -> None:
    wang, li = await site.sign_in("Wang"), await site.sign_in("Li")
    async with li.live() as sight:
        assert (await sight.next("welcome"))["desk"] == []
        conversation = await claimed(site, wang)
        chat = await sight.chat(mode="assigned")
        assert (chat["id"], chat["assignee"]["name"]) == (conversation, "Wang")
        await say(wang, conversation, "1")
        assert (await sight.line(author="agent", client_id="1"))["text"] == "Hello"
        await wang.ask("POST", f"/conversations/{conversation}/close", {"outcome": "solved"})
        await sight.chat(mode="closed", outcome="solved")


async def test_a_customers_message_arrives_with_what_is_unread(site: Site) -> None:
    browser = await site.sign_in("Wang")
    conversation = await claimed(site, browser)
    async with browser.live() as sight:
        await sight.next("welcome")
        await say(browser, conversation, "1")
        receipt = await site.place.write("are you there?")
        assert (await sight.chat(seq=receipt.seq, unread=1))["last"]["text"] == "are you there?"
        await browser.ask("PUT", f"/conversations/{conversation}/read", {"seq": receipt.seq})
        await sight.chat(seq=receipt.seq, unread=0)


async def test_counts_and_people_come_with_the_welcome_and_with_every_change(site: Site) -> None:
    waiting = await site.place.waiting()
    browser = await site.sign_in("Wang")
    async with browser.live() as sight:
        assert (await sight.next("welcome"))["desk"] == [waiting]
        await sight.person(name="Wang", status="online")
        counts = await sight.next("queue")
        assert (counts["waiting"], counts["owed"]) == (1, 1)
        await browser.ask("POST", f"/conversations/{waiting}/claim")
        await sight.person(name="Wang", load=1)
        counts = await sight.next("queue")
        assert (counts["waiting"], counts["owed"]) == (0, 1)


async def test_who_comes_and_goes_is_seen_by_the_others(site: Site) -> None:
    wang, li = await site.sign_in("Wang"), await site.sign_in("Li")
    async with wang.live() as sight:
        await sight.person(name="Li", status="offline")
        async with li.live():
            await sight.person(name="Li", status="online")
            await li.ask("PUT", "/me/status", {"status": "busy"})
            await sight.person(name="Li", status="busy")
        await sight.person(name="Li", status="offline")


async def test_another_teams_chats_never_reach_a_socket(site: Site) -> None:
    boss = await site.sign_in("Boss", Role.SUPERVISOR)
    sales = await site.sign_in("Wang", Role.AGENT, "sales")
    hidden = await site.place.waiting_for("care", ANN)
    async with boss.live() as everything, sales.live(after=0) as some:
        assert (await some.next("welcome"))["desk"] == []
        assert (await everything.next("welcome"))["desk"] == [hidden]
        await site.place.write("for care only")
        await everything.line(text="for care only")
        open_to_all = await site.place.waiting(BOB)
        seen: list[dict[str, Any]] = []
        while not seen or seen[-1]["message"]["conversation"] != open_to_all:
            seen.append(await some.next("message"))
        assert hidden not in str(seen)


async def test_a_chat_that_is_passed_to_another_team_goes_from_sight(site: Site) -> None:
    sales, care = (
        await site.sign_in("Wang", Role.AGENT, "sales"),
        await site.sign_in("Li", Role.AGENT, "care"),
    )
    conversation = await site.place.waiting()
    async with sales.live() as left, care.live() as right:
        await left.next("welcome")
        await right.next("welcome")
        await sales.ask("POST", f"/conversations/{conversation}/transfer", {"team": "care"})
        assert (await left.next("gone"))["conversation"] == conversation
        await right.chat(team="care")


async def test_a_person_who_is_deleted_goes_from_every_screen(site: Site) -> None:
    boss, wang = await site.sign_in("Boss", Role.SUPERVISOR), await site.sign_in("Wang")
    conversation = await site.place.waiting()
    async with wang.live() as sight:
        await sight.next("queue")
        assert (await boss.ask("DELETE", f"/contacts/{ANN.key}"))[0] == 204
        assert (await sight.next("gone"))["conversation"] == conversation


async def test_the_live_view_outlives_a_look_that_failed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await site.sign_in("Wang")
    conversation = await claimed(site, browser)
    async with browser.live() as sight:
        await sight.next("queue")
        with monkeypatch.context() as patch:
            failed = asyncio.Event()

            async def fail(*_: object) -> None:
                failed.set()
                raise RuntimeError("a look that fails")

            patch.setattr(Audience, "tell_changes", fail)
            await say(browser, conversation, "1", "while it failed")
            await failed.wait()
        await sight.line(text="while it failed")


async def test_a_customers_typing_shows_and_an_agents_does_not(site: Site) -> None:
    browser = await site.sign_in("Wang")
    conversation = await claimed(site, browser)
    async with browser.live() as sight, site.place.hints.listen() as board:
        await sight.next("queue")
        assert (await browser.ask("POST", f"/conversations/{conversation}/typing"))[0] == 204
        typed = Hint("typing", conversation, ANN.key, "agent")
        async for hint in board:
            if hint == typed:
                break
        await site.place.hints.publish(Hint("typing", contact=ANN.key, detail="customer"))
        assert (await sight.next("typing"))["conversation"] == conversation


async def test_what_a_lost_hint_didnt_tell_comes_with_the_next_look(site: Site) -> None:
    browser = await site.sign_in("Wang")
    async with browser.live() as sight:
        await sight.next("queue")
        site.place.bus = replace(site.place.bus, hints=MemoryHints())
        await site.place.write("nobody heard of this")
        await sight.line(text="nobody heard of this")


async def test_a_socket_that_comes_back_gets_all_it_missed_in_order(site: Site) -> None:
    browser = await site.sign_in("Wang")
    conversation = await claimed(site, browser)
    async with browser.live() as sight:
        cursor = (await sight.next("welcome"))["cursor"]
    for number in range(5):
        await say(browser, conversation, str(number), f"line {number}")
    async with browser.live(after=cursor) as sight:
        texts = [""]
        while texts[-1] != "line 4":
            texts.append((await sight.next("message"))["message"]["text"])
    assert [one for one in texts if one.startswith("line")] == [f"line {n}" for n in range(5)]


async def test_from_the_beginning_of_time_everything_comes(site: Site) -> None:
    browser = await site.sign_in("Wang")
    ids = {await site.place.waiting(Contact("fake", str(number))) for number in range(5)}
    async with browser.live(after=0) as sight:
        found: set[str] = set()
        while found != ids:
            found.add((await sight.next("message"))["message"]["conversation"])


async def test_random_cuts_leave_the_same_transcript(site: Site) -> None:
    browser, dice = await site.sign_in("Wang"), random.Random(5)
    conversation = await claimed(site, browser)
    seen: dict[int, str] = {}
    cursor = 0
    said = asyncio.create_task(talk(site, browser, conversation))
    for _ in range(CUTS):
        async with browser.live(after=cursor) as sight:
            for _ in range(dice.randrange(1, 12)):
                event = await anything(sight)
                cursor = event["cursor"]
                note(event, seen)
    await said
    async with browser.live(after=cursor) as sight:
        while seen.get(max(seen, default=0)) != "the end":
            note(await anything(sight), seen)
    listed = (await browser.get(f"/conversations/{conversation}/messages"))["items"]
    got = {seq: text for seq, text in seen.items() if text}
    assert got == {one["seq"]: one["text"] for one in listed}


async def talk(site: Site, browser: Browser, conversation: str) -> None:
    for number in range(30):
        await site.place.write(f"question {number}")
        await say(browser, conversation, str(number), f"answer {number}")
    await say(browser, conversation, "end", "the end")


async def anything(sight: Sight) -> dict[str, Any]:
    event: dict[str, Any] = await sight.socket.receive_json(timeout=20)
    return event


def note(event: dict[str, Any], seen: dict[int, str]) -> None:
    if event["type"] == "message":
        seen[event["message"]["seq"]] = event["message"]["text"]


@pytest.mark.parametrize("end", ["sign out", "disable", "reset", "elsewhere", "editor"])
async def test_a_socket_ends_with_the_right_to_it(site: Site, end: str) -> None:
    await site.place.agent("Boss", Role.SUPERVISOR)
    browser, other = await site.sign_in("Wang"), site.browser()
    await other.sign_in("Wang")
    people = site.place.people
    async with browser.live() as sight:
        await sight.next("queue")
        match end:
            case "sign out":
                await browser.ask("DELETE", "/session")
            case "disable":
                await people.disable("Wang")
            case "reset":
                await people.reset_password("Wang", "battery staple")
            case "elsewhere":
                await other.ask("PUT", "/me/password", {"old": PASSWORD, "new": "battery staple"})
            case "editor":
                await people.change("Wang", role=Role.EDITOR)
        assert await sight.closed() == outbox.SIGNED_OUT


async def test_a_socket_ends_with_its_session_where_the_hint_is_lost(site: Site) -> None:
    browser = await site.sign_in("Wang")

    async def delete(tx: Any) -> None:
        await tx.execute("DELETE FROM sessions")

    async with browser.live() as sight:
        await sight.next("queue")
        await site.place.database.transaction(delete)
        assert await sight.closed() == outbox.SIGNED_OUT


async def test_a_socket_of_a_token_ends_with_the_token(site: Site) -> None:
    browser = await site.sign_in("Wang")
    _, made = await browser.ask("POST", "/tokens", {"name": "wallboard"})
    headers = {"Authorization": f"Bearer {made['token']}"}
    async with site.browser().live(headers=headers) as sight:
        await sight.next("queue")
        await browser.ask("DELETE", f"/tokens/{made['id']}")
        assert await sight.closed() == outbox.SIGNED_OUT


async def test_new_teams_make_a_socket_come_back_with_new_eyes(site: Site) -> None:
    browser = await site.sign_in("Wang", Role.AGENT, "sales")
    hidden = await site.place.waiting_for("care", ANN)
    async with browser.live() as sight:
        await sight.next("queue")
        await site.place.people.change("Wang", teams=["care"])
        assert await sight.closed() == outbox.RECONNECT
    async with browser.live() as sight:
        assert (await sight.next("welcome"))["desk"] == [hidden]


async def test_a_stopping_node_sends_its_sockets_away(database: Database) -> None:
    async with open_place(database) as site:
        browser = await site.sign_in("Wang")
        async with browser.live() as sight:
            await sight.next("queue")
            await site.place.handoff.stop()
            assert await sight.closed() == outbox.GOING_AWAY


async def test_one_who_reads_nothing_is_cut_and_harms_nobody(site: Site) -> None:
    slow, quick = await site.sign_in("Slow"), await site.sign_in("Quick")
    conversation = await claimed(site, quick)
    async with stalled(slow), quick.live() as sight:
        await sight.next("queue")
        feed = site.place.handoff._feed
        number = 0
        while len(feed) > 1:
            await say(quick, conversation, str(number), "好" * 4000)
            number += 1
            await sight.line(client_id=str(number - 1))
    assert number * 12_000 > outbox.LIMIT


def stalled(browser: Browser) -> Any:
    """A socket whose reader sleeps: nothing is taken from its connection."""

    class Stalled:
        async def __aenter__(self) -> None:
            self._context = browser.session.ws_connect(
                f"{browser.root}/api/v1/live", headers={"Origin": browser.root}
            )
            socket = await self._context.__aenter__()
            connection = socket._conn
            assert connection is not None
            assert connection.transport is not None
            connection.transport.pause_reading()
            self._transport = connection.transport

        async def __aexit__(self, *_: object) -> None:
            self._transport.abort()

    return Stalled()


async def test_a_client_that_talks_too_much_is_closed(site: Site) -> None:
    browser = await site.sign_in("Wang")
    async with browser.live() as sight:
        await sight.next("welcome")
        await sight.socket.send_str("x" * 5000)
        assert await sight.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_cursor_is_a_time_of_day_and_only_goes_up(site: Site) -> None:
    browser = await site.sign_in("Wang")
    conversation = await claimed(site, browser)
    for number in range(3):
        await say(browser, conversation, str(number))
    async with browser.live(after=5) as sight:
        cursors = [(await anything(sight))["cursor"] for _ in range(8)]
    assert cursors == sorted(cursors)
    assert cursors[0] == 5  # a cut after the welcome, before the rest, must lose nothing
    assert abs(cursors[-1] - system_clock()) < 60_000


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "99999999999999999999"])
async def test_a_cursor_that_is_none_is_refused(site: Site, after: str) -> None:
    browser = await site.sign_in("Wang")
    headers = {"Origin": browser.root}
    assert (await browser.ask("GET", f"/live?after={after}", headers=headers))[0] == 400


async def test_it_stops_though_a_hint_comes_in_the_same_moment(site: Site) -> None:
    feed = site.place.handoff._feed
    for _ in range(5):
        await asyncio.sleep(0)  # until it waits for a hint
    following = feed._tasks[1]
    feed._wake.set()
    following.cancel()
    await asyncio.wait([following], timeout=10)
    assert following.cancelled()
