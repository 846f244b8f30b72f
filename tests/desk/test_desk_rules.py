"""What the console is told of the desk as a whole."""

import pytest

from gateway.store import Database
from handoff.agents import Role
from tests.desk.place import Site, open_place

SINCE = "2026-11-22T08:00:00.000Z"


async def test_teams_have_their_names_in_both_languages(site: Site) -> None:
    browser = await site.sign_in("Wang")
    assert (await browser.get("/desk"))["teams"] == [
        {"id": "sales", "name": "售前", "zh": "售前", "en": "Sales"},
        {"id": "care", "name": "售后", "zh": "售后", "en": "After-sales"},
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"since": SINCE, "entries": 40, "refused": None},
        {"since": SINCE, "entries": 40, "refused": [{"zh": "没有答案", "en": "no answer"}]},
        {"since": None, "entries": 0, "refused": None},
    ],
)
async def test_everybody_is_told_how_the_faq_is(
    database: Database, told: dict[str, object]
) -> None:
    async with open_place(database, faq=lambda: told) as site:
        for role in Role:
            browser = await site.sign_in(role.value, role)
            assert (await browser.get("/desk"))["faq"] == told


async def test_a_desk_that_knows_no_faq_says_nothing_of_one(site: Site) -> None:
    assert (await (await site.sign_in("Wang")).get("/desk"))["faq"] is None


async def test_one_reads_back_the_status_one_chose_while_others_see_who_is_there(
    site: Site,
) -> None:
    browser = await site.sign_in("Wang")
    for status in ("busy", "online", "away", "offline"):
        answer = (await browser.ask("PUT", "/me/status", {"status": status}))[1]
        assert answer["agent"]["status"] == status
        assert (await browser.get("/agents"))["items"][0]["status"] == "offline"
    async with browser.live() as sight:
        await sight.next("welcome")
        await browser.ask("PUT", "/me/status", {"status": "busy"})
        await sight.person(name="Wang", status="busy")
        assert (await browser.get("/agents"))["items"][0]["status"] == "busy"
