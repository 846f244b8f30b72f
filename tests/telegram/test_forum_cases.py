"""The agents' group, case by case, in the whole program: a site, a bot, a console and the group."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gateway.clock import MINUTE
from tests.clock import StillClock
from tests.telegram.bot_api import BotApi, Json
from tests.telegram.office import LI, STRANGER, WANG, Office, open_office
from tests.telegram.shop import said
from tests.telegram.topics_api import GROUP, ICONS, FakeForum

ASK = "my parcel is lost in the mountains"


async def claimed(office: Office) -> None:
    """A Telegram customer waits, and Wang takes them from the group."""
    await office.api.push(said(ASK))
    assert await office.forum.press(WANG, "🙋 Claim") == ""
    await office.forum.says("🎧 wang leads this chat")


async def test_a_queued_conversation_gets_a_topic_with_a_card(office: Office) -> None:
    await office.api.push(said(ASK))

    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")

    topic = office.forum.topic
    assert topic.name.endswith(" Ann")
    assert topic.icon == ICONS["❗️"]
    for part in ("Ann", "telegram", "English", ASK, "no answer fits"):
        assert part in topic.card["text"]


async def test_case_36_the_claimants_reply_in_the_topic_is_delivered_once(office: Office) -> None:
    await claimed(office)

    update = await office.forum.write(WANG, "Hello Ann")
    await office.api.push({**update, "update_id": 77_000})  # Telegram sends it again
    await office.forum.write(WANG, "Which mountains?")

    await office.api.until(lambda: "Which mountains?" in office.api.texts)
    assert office.api.texts.count("Hello Ann") == 1
    assert "Hello Ann" not in office.forum.topic.said


@pytest.mark.parametrize(
    ("user", "more", "told"),
    [
        (STRANGER, {}, "What Mallory writes does not go to the customer"),
        (LI, {}, "Li, this did not go to the customer: wang has this chat"),
        (
            {"id": 1087968824, "is_bot": True, "first_name": "Group"},
            {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "Agents"}},
            "What anonymous administrators write does not go to the customer",
        ),
    ],
)
async def test_case_37_what_others_write_is_not_delivered_and_they_are_told_once(
    office: Office, user: dict[str, Any], more: dict[str, Any], told: str
) -> None:
    await claimed(office)

    first = await office.forum.write(user, "psst", **more)
    second = await office.forum.write(user, "psst again", **more)
    await office.forum.says(told)
    await office.forum.write(WANG, "the end")

    await office.api.until(lambda: "the end" in office.api.texts)
    assert not any("psst" in text for text in office.api.texts)
    assert office.forum.topic.said.count(told) == 1
    marked = [message for message, mark in office.forum.reactions if mark == "🙊"]
    assert marked == [first["message"]["message_id"], second["message"]["message_id"]]


async def test_case_37_what_another_bot_writes_is_ignored(office: Office) -> None:
    await claimed(office)

    await office.forum.write({"id": 9, "is_bot": True, "first_name": "Spam"}, "buy now")
    await office.forum.write(WANG, "the end")

    await office.api.until(lambda: "the end" in office.api.texts)
    assert not any("buy now" in text for text in office.api.texts)
    assert office.forum.reactions == []


@pytest.mark.parametrize("written", ["// she is angry", "/note she is angry"])
async def test_case_38_a_note_never_leaves(office: Office, written: str) -> None:
    await claimed(office)

    update = await office.forum.write(WANG, written)
    await office.forum.write(WANG, "the end")

    await office.api.until(lambda: "the end" in office.api.texts)
    note, end = await office.lines("agent")
    assert (note["text"], note["status"]) == ("she is angry", None)
    assert end["text"] == "the end"
    assert not any("angry" in text for text in office.api.texts)
    assert office.forum.reactions == [(update["message"]["message_id"], "✍")]
    assert office.api.of("setMessageReaction")[0]["reaction"][0]["emoji"] == "📝"


async def test_case_39_general_is_ignored(office: Office) -> None:
    await claimed(office)
    thread = office.forum.topic.thread

    await office.forum.write(WANG, "lunch?", 0)
    await office.api.push(
        {"message": office.forum.message(WANG, 0, text="yes", message_thread_id=thread)}
    )
    await office.forum.write(WANG, "in the first topic of all", 1)
    await office.forum.write(WANG, "the end")

    await office.api.until(lambda: "the end" in office.api.texts)
    agent = [one["text"] for one in await office.lines("agent")]
    assert agent == ["the end"]


async def test_case_40_the_bots_own_closing_makes_no_loop(office: Office) -> None:
    await claimed(office)
    await office.forum.press(WANG, "✅ Close")
    assert await office.forum.press(WANG, "Solved") == ""

    await office.api.until(lambda: office.forum.topic.closed)
    await office.api.push(said("hello again, my parcel is still lost"))
    await office.api.until(lambda: not office.forum.topic.closed)
    await office.forum.press(WANG, "🙋 Claim")

    await office.forum.says("🎧 wang leads this chat")
    assert len(office.api.of("closeForumTopic")) == 1
    assert len(office.api.of("reopenForumTopic")) == 1
    assert len(office.forum.topics) == 1


async def test_case_41_a_topic_closed_by_hand_closes_the_conversation(office: Office) -> None:
    await claimed(office)

    await office.forum.close_by_hand(WANG)

    await office.forum.says("✅ Closed: Solved")
    await office.api.until(lambda: office.forum.topic.icon == ICONS["✅"])
    assert office.api.of("closeForumTopic") == []
    assert office.api.of("reopenForumTopic") == []


@pytest.mark.parametrize(("user", "why"), [(STRANGER, "not on the list"), (LI, "wang has")])
async def test_case_41_closed_by_whom_it_does_not_belong_to_the_topic_opens_again(
    office: Office, user: dict[str, Any], why: str
) -> None:
    await claimed(office)

    await office.forum.close_by_hand(user)

    await office.forum.says("closed the topic, but the chat goes on", why)
    assert not office.forum.topic.closed


async def test_case_42_a_deleted_topic_is_made_anew_and_what_came_is_there_once(
    office: Office,
) -> None:
    await claimed(office)
    office.forum.delete()

    await office.api.push(said("are you there?"))

    await office.forum.says("are you there?", ASK, "wang leads")
    assert office.forum.topic.said.count("are you there?") == 1
    assert len(office.forum.topics) == 2
    await office.forum.write(WANG, "I am")
    await office.api.until(lambda: "I am" in office.api.texts)


async def test_case_43_two_first_messages_at_once_make_one_topic(office: Office) -> None:
    await office.api.push(said(ASK), said("and it is urgent"))

    await office.forum.says(ASK, "and it is urgent")
    assert [one.name.split()[-1] for one in office.forum.topics] == ["Ann"]


async def test_case_43_two_customers_at_once_have_a_topic_each(office: Office) -> None:
    await asyncio.gather(office.api.push(said(ASK)), office.visitor("我的包裹丢在山里了"))

    await office.api.until(lambda: len(office.forum.topics) == 2)
    await office.api.until(lambda: all(one.card["text"] for one in office.forum.topics))
    channels = {one.card["text"].split(" · ")[1] for one in office.forum.topics}
    assert channels == {"telegram", "website"}


async def test_case_44_closing_twice_is_fine(office: Office) -> None:
    await claimed(office)
    await office.forum.press(WANG, "✅ Close")
    await office.api.until(lambda: "Solved" in office.forum.topic.buttons)
    solved = office.forum.topic.buttons["Solved"]
    assert await office.forum.press(WANG, "Solved") == ""
    office.forum.topic.closed = True  # somebody was quicker than the bot

    await office.forum.says("✅ Closed: Solved")
    await office.api.until(lambda: office.forum.topic.icon == ICONS["✅"])
    again = {"text": "Solved", "callback_data": solved}
    office.forum.topic.card["reply_markup"] = {"inline_keyboard": [[again]]}

    assert "This chat has ended" in await office.forum.press(WANG, "Solved")
    assert len([one for one in await office.lines("system") if "ended" in one["text"]]) == 1


async def test_case_45_twenty_five_messages_in_a_minute_are_shaped_and_none_is_lost(
    tmp_path: Path, api: BotApi, forum: FakeForum
) -> None:
    async with open_office(tmp_path, api, forum, StillClock()) as office:
        await claimed(office)
        for number in range(25):
            await api.push(said(f"line {number:02}"))
            await office.heard(number + 2)
            if len(in_group(api)) < 20:  # as long as there is room, each is shown at once
                await forum.says(f"line {number:02}")
        assert len(in_group(api)) == 20
        assert "line 24" not in forum.topic.said

        office.clock.advance(MINUTE)
        await office.nudge()
        await forum.says("line 24")

    shown = [text for text in forum.topic.said.splitlines() if "line " in text]
    assert shown == [f"👤 Ann: line {number:02}" for number in range(25)]
    assert len(in_group(api)) == 21


def in_group(api: BotApi) -> list[Json]:
    """The messages in the group that count: sent or changed."""
    return [
        call.fields
        for call in api.accepted
        if call.fields.get("chat_id") == GROUP and call.method.startswith(("send", "edit"))
    ]


async def test_case_51_an_agent_claims_while_the_faq_answers_and_the_bot_stays_silent(
    office: Office, api: BotApi
) -> None:
    await claimed(office)
    before = await office.lines("bot")

    await api.push(said("how long does shipping take"))

    await office.forum.says("how long does shipping take")
    await office.forum.write(WANG, "the end")
    await api.until(lambda: "the end" in api.texts)
    assert await office.lines("bot") == before
