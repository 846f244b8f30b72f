"""Lists and search: what is asked for, in its order, page by page."""

import asyncio
from typing import Any

import pytest

from gateway.clock import SECOND
from gateway.message import Contact
from gateway.store.transcript import lines
from handoff import views
from handoff.agents import Agent, Role
from handoff.api.asks import Filter
from handoff.api.shapes import Conversations, ConversationShape
from handoff.listing import page
from handoff.search import index, spaced
from tests.clock import StillClock
from tests.desk.place import PATIENCE, Place, Site

BOSS = Agent("boss", "Boss", Role.SUPERVISOR)
SAID = {
    "老王": "我想换一副近视眼镜",
    "小李": "镜片刮花了怎么办",
    "Ann Lee": "Do you ship to NEW ZEALAND? 100% sure?",
    "Bob": "where is my parcel_7",
}


async def filled(place: Place, clock: StillClock) -> dict[str, str]:
    ids = {}
    for name, text in SAID.items():
        ids[name] = await place.waiting(Contact("fake", name, name), text)
        clock.advance(SECOND)
    return ids


async def names(place: Place, **wanted: Any) -> list[str]:
    found = await page(place.database, wanted.pop("viewer", BOSS), Filter(**wanted))
    return [one.contact.name for one in found.items]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("眼镜", {"老王"}),
        ("镜片", {"小李"}),
        ("镜", {"老王", "小李"}),
        ("片镜", set()),
        ("小李", {"小李"}),
        ("new zealand", {"Ann Lee"}),
        ("ZEALAND ship", {"Ann Lee"}),
        ("ann lee", {"Ann Lee"}),
        ("ann parcel", set()),
        ("100%", {"Ann Lee"}),
        ("parcel_7", {"Bob"}),
        ("parcel 7", {"Bob"}),
        ("PARC", {"Bob"}),
        ("arcel", set()),
        ("l_7", set()),
        ("ｓｈｉｐ", {"Ann Lee"}),
        ("换一副近视眼镜", {"老王"}),
        ("镜！", {"老王", "小李"}),
        ("essive", {"Bob"}),
        ('"', set()),
        ("*", set()),
        ("sure AND OR", set()),
        ("progressive lenses", {"Bob"}),
        ("   ", set(SAID)),
    ],
)
async def test_search_finds_names_summaries_and_lines(
    place: Place, clock: StillClock, q: str, found: set[str]
) -> None:
    ids = await filled(place, clock)
    await place.desk.close(BOSS, ids["Bob"], "solved", "wanted Progressive lenses")
    await index(place.database)
    assert set(await names(place, q=q)) == found


async def test_every_filter_narrows(place: Place, clock: StillClock) -> None:
    ids = await filled(place, clock)
    wang = await place.agent("Wang", Role.AGENT, "care")
    await place.desk.claim(wang, ids["Bob"])
    await place.desk.reply(wang, ids["Bob"], "a", "On its way.")
    await place.desk.pass_to_team(BOSS, ids["小李"], "care", "", "")
    await place.desk.close(BOSS, ids["Ann Lee"], "spam", "")
    await index(place.database)
    contact = Contact("fake", "老王").key
    for wanted, expected in (
        ({"mode": "waiting"}, ["老王", "小李"]),
        ({"mode": "assigned,closed"}, ["Ann Lee", "Bob"]),
        ({"mine": True, "viewer": wang}, ["Bob"]),
        ({"team": "care"}, ["小李"]),
        ({"contact": contact}, ["老王"]),
        ({"owed": True, "mode": "waiting"}, ["老王", "小李"]),
        ({"owed": True, "mode": "assigned"}, []),
        ({"team": "care", "mode": "waiting", "q": "镜"}, ["小李"]),
    ):
        assert sorted(await names(place, **wanted)) == sorted(expected), wanted


@pytest.mark.parametrize("mode", ["waiting", "waiting,assigned"])
async def test_pages_hold_every_conversation_once_in_order(
    place: Place, clock: StillClock, mode: str
) -> None:
    for number in range(7):
        await place.waiting(Contact("fake", str(number), str(number)))
        clock.advance(SECOND if number % 2 else 0)
    whole = await names(place, mode=mode, limit=50)
    turned: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        got: Conversations = await page(
            place.database, BOSS, Filter(mode=mode, limit=3, cursor=cursor)
        )
        turned += [one.contact.name for one in got.items]
        cursor, pages = got.cursor or "", pages + 1
    assert turned == whole
    assert pages == 3
    assert len(set(whole)) == 7


async def test_the_newest_change_comes_first_but_in_the_queue(
    place: Place, clock: StillClock
) -> None:
    await filled(place, clock)
    await place.write("still there?", Contact("fake", "老王", "老王"))
    assert await names(place) == ["老王", "Bob", "Ann Lee", "小李"]
    assert await names(place, mode="waiting") == ["老王", "小李", "Ann Lee", "Bob"]


async def test_a_page_of_many_costs_no_more_queries_than_one_of_few(
    place: Place, clock: StillClock
) -> None:
    asked: list[str] = []
    database = place.database

    class Counting:
        async def rows(self, sql: str, *values: Any) -> Any:
            asked.append(sql)
            return await database.rows(sql, *values)

        async def row(self, sql: str, *values: Any) -> Any:
            asked.append(sql)
            return await database.row(sql, *values)

    await filled(place, clock)
    costs = []
    for limit in (1, 4):
        asked.clear()
        await page(Counting(), BOSS, Filter(limit=limit))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 3


async def shown(place: Place, viewer: Agent, conversation: str) -> ConversationShape:
    return await views.one(place.database, viewer, conversation)


async def test_unread_is_counted_for_each_agent(place: Place, clock: StillClock) -> None:
    conversation = await place.waiting()
    wang, li = await place.agent("Wang"), await place.agent("Li")
    await place.write("hello?")
    await place.write("anybody?")
    assert (await shown(place, wang, conversation)).unread == 3
    seqs = [one.seq for one in await lines(place.database, conversation)]
    await place.desk.mark_read(wang, conversation, seqs[-2])
    await place.desk.mark_read(wang, conversation, 1)  # a late one takes nothing back
    assert (await shown(place, wang, conversation)).unread == 1
    assert (await shown(place, li, conversation)).unread == 3
    await place.desk.claim(li, conversation)
    await place.desk.reply(li, conversation, "a", "Here I am.")
    assert (await shown(place, li, conversation)).unread == 0
    assert (await shown(place, wang, conversation)).unread == 1


async def test_nobody_reads_what_is_not_yet_said(place: Place, clock: StillClock) -> None:
    conversation = await place.waiting()
    wang = await place.agent("Wang")
    await place.desk.mark_read(wang, conversation, 10_000)
    await place.write("and now?")
    assert (await shown(place, wang, conversation)).unread == 1


async def test_a_closed_conversation_has_nothing_unread(place: Place, clock: StillClock) -> None:
    conversation = await place.waiting()
    wang = await place.agent("Wang")
    await place.desk.close(BOSS, conversation, "", "")
    assert (await shown(place, wang, conversation)).unread == 0


async def test_the_faq_is_asked_what_the_customer_said_last_or_what_the_agent_likes(
    site: Site,
) -> None:
    conversation = await site.place.waiting(text="镜片刮花了怎么办")
    browser = await site.sign_in("Wang")
    await browser.ask("POST", f"/conversations/{conversation}/notes", {"text": "not this"})
    path = f"/conversations/{conversation}/suggestions"
    for query, asked in (
        ("", "镜片刮花了怎么办"),
        ("?q=%20", "镜片刮花了怎么办"),
        ("?q=lenses", "lenses"),
        (f"?q={'x' * 800}", "x" * 500),
    ):
        answer = await browser.get(path + query)
        assert answer["items"][0]["answer"] == f"{asked} in en on fake"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我想换iPhone15的镜片!", "我 想 换 iphone15 的 镜 片"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("snake_case, e-mail: a@b.cn", "snake case e mail a b cn"),
        ("メガネ 안경 👓", "メ ガ ネ 안 경"),
        ('"; DROP TABLE', "drop table"),
        ("", ""),
    ],
)
def test_every_chinese_character_is_a_word(text: str, words: str) -> None:
    assert spaced(text) == words


async def test_a_line_is_indexed_once_by_however_many(place: Place, clock: StillClock) -> None:
    await filled(place, clock)
    first = await asyncio.gather(*(index(place.database) for _ in range(4)))
    assert sum(first) == 8
    assert await index(place.database) == 0
    await place.write("镜架多少钱", Contact("fake", "老王", "老王"))
    assert await index(place.database) == 1
    assert await names(place, q="镜架") == ["老王"]


async def test_what_is_said_can_be_found_a_moment_later(site: Site) -> None:
    browser = await site.sign_in("Wang")
    conversation = await site.place.waiting(text="渐进片怎么选")
    async with asyncio.timeout(PATIENCE):
        while not (found := (await browser.get("/conversations?q=渐进"))["items"]):
            pass
    assert [one["id"] for one in found] == [conversation]


async def test_a_row_shows_what_was_said_and_not_what_the_system_added(
    place: Place, clock: StillClock
) -> None:
    conversation = await place.waiting(text="where is my parcel?")
    assert (await lines(place.database, conversation))[-1].author == "system"
    [row] = (await page(place.database, BOSS, Filter())).items
    assert row.last
    assert row.last.text == "where is my parcel?"
