"""The group and the console on one conversation, customers of any channel, and what goes wrong."""

from pathlib import Path

import pytest

from gateway.clock import MINUTE
from gateway.store import Tx
from tests.telegram.bot_api import BLOCKED, BotApi, Json, Trouble
from tests.telegram.office import LI, STRANGER, WANG, Ahead, Office, open_office
from tests.telegram.shop import edited, said
from tests.telegram.topics_api import BOT, ICONS, FakeForum

ASK = "my parcel is lost in the mountains"


async def test_a_visitor_of_the_site_is_answered_from_the_group(office: Office) -> None:
    visitor = await office.visitor("我的包裹丢在山里了")

    assert await office.forum.press(WANG, "🙋 Claim") == ""
    await office.forum.write(WANG, "哪座山？")

    while (frame := await visitor.next("message"))["author"] != "agent":
        pass
    assert (frame["name"], frame["text"]) == ("wang", "哪座山？")


async def test_who_loses_the_race_for_a_customer_is_told_who_won(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")
    console = await office.console("li")
    chat = await office.only(console, mode="waiting")
    assert (await console.ask("POST", f"/conversations/{chat['id']}/claim"))[0] == 200
    await office.forum.says("🎧 li leads this chat")

    assert await office.forum.press(WANG, "✅ Close") == ""
    assert await office.forum.press(WANG, "Solved") == "li has this chat."


async def test_what_the_console_does_stands_in_the_topic(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")
    console = await office.console("li")
    chat = f"/conversations/{(await office.only(console, mode='waiting'))['id']}"

    await console.ask("POST", f"{chat}/claim")
    await console.ask("POST", f"{chat}/messages", {"id": "one", "text": "Hello from the console"})
    await console.ask("POST", f"{chat}/notes", {"id": "two", "text": "ask the warehouse"})
    await office.forum.says("🎧 li: Hello from the console", "📝 li: ask the warehouse")
    await office.forum.offers("↪️ Transfer", "🤖 Back to the bot", "✅ Close")
    await office.api.until(lambda: office.forum.topic.icon == ICONS["💬"])

    await console.ask("POST", f"{chat}/close", {"outcome": "solved", "summary": ""})
    await office.forum.says("✅ Closed: Solved")
    await office.api.until(lambda: office.forum.topic.closed)


async def test_what_the_group_does_stands_in_the_console(office: Office) -> None:
    console = await office.console("li")
    async with console.live() as sight:
        await office.api.push(said(ASK))
        await office.forum.press(WANG, "🙋 Claim")
        assert (await sight.chat(mode="assigned"))["assignee"]["name"] == "wang"

        await office.forum.write(WANG, "Hello from the group")
        assert (await sight.line(author="agent"))["text"] == "Hello from the group"

        await office.forum.press(WANG, "✅ Close")
        await office.forum.press(WANG, "Not solved")
        assert (await sight.chat(mode="closed"))["outcome"] == "unsolved"


async def test_a_transfer_by_button_names_the_colleague_and_gives_them_the_chat(
    office: Office,
) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.says("🎧 wang leads")
    await office.forum.press(WANG, "↪️ Transfer")
    await office.forum.offers("After-sales", "admin", "li", "← Back")

    assert await office.forum.press(WANG, "li") == ""

    await office.forum.says("📝 wang: → li", "🎧 li leads this chat")
    await office.forum.write(LI, "Li here")
    await office.api.until(lambda: "Li here" in office.api.texts)


async def test_a_transfer_by_command_carries_a_note(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.says("🎧 wang leads")

    await office.forum.write(WANG, "/transfer after-sales she wants a refund")

    await office.forum.says("→ After-sales: she wants a refund", "⏳ Waits for After-sales")
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")


async def test_the_menu_goes_back(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "↪️ Transfer")

    await office.forum.press(WANG, "← Back")

    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")


async def test_the_bot_leads_again_after_return_and_what_it_said_comes_with_the_next_wait(
    office: Office,
) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.write(WANG, "/return")
    await office.forum.says("🤖 The bot leads this chat")

    await office.api.push(said("how long does shipping take"))
    await office.settled("sent", 2)
    await office.api.push(said("转人工"))

    await office.forum.says("how long does shipping take", "🤖 Bot: Within 48 hours.", "转人工")
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("/clsoe", "There is no command /clsoe"),
        ("/transfer", "There are: After-sales, admin, li, wang"),
        ("/transfer nobody please", "No agent or team is called “nobody”"),
        ("/close somehow", "There are: Solved, Follow-up needed"),
        ("//", "The note is empty."),
    ],
)
async def test_a_command_that_can_not_be_done_says_why(
    office: Office, written: str, told: str
) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")

    await office.forum.write(WANG, written)

    await office.forum.says(told)
    assert await office.lines("agent") == []


@pytest.mark.parametrize("written", ["are you there?", "/claim", "// hm"])
async def test_what_is_written_to_a_deleted_conversation_gets_its_mark(
    office: Office, written: str
) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.says("wang leads")

    async def delete(tx: Tx) -> None:
        await tx.execute("DELETE FROM messages")
        await tx.execute("DELETE FROM conversations")

    await office.node.database.transaction(delete)
    update = await office.forum.write(WANG, written)
    await office.api.push({"edited_message": {**update["message"], "edit_date": 1}})
    await office.api.until(lambda: bool(office.forum.reactions))
    await office.in_journal("done", 4)
    assert office.forum.reactions == [(update["message"]["message_id"], "🙊")]
    assert await office.journal("dead") == []


@pytest.mark.parametrize("written", ["/" + "a" * 4090, "/transfer " + "b" * 4080])
async def test_a_long_slip_of_an_agent_does_not_stop_the_topic(
    office: Office, written: str
) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.write(WANG, written)
    await office.api.push(said("are you there?"))
    await office.forum.says("are you there?", written.split()[-1][:200])


async def test_who_has_not_claimed_is_not_passed_on_and_told_so(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")

    await office.forum.write(WANG, "Hello")
    await office.forum.says("Wang, this did not go to the customer: claim the chat first.")
    await office.forum.write(WANG, "/claim")
    await office.forum.says("🎧 wang leads this chat")
    await office.forum.write(WANG, "Now hello")

    await office.api.until(lambda: "Now hello" in office.api.texts)
    assert "Hello" not in office.api.texts


async def test_a_stranger_who_presses_is_told_what_to_do(office: Office) -> None:
    await office.api.push(said(ASK))

    told = await office.forum.press(STRANGER, "🙋 Claim")

    assert told.startswith("You are not on the list of agents. An operator can add 666")


async def test_a_press_on_a_message_too_old_to_be_shown_counts(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")
    card = office.forum.topic.card
    shown = office.forum.message(BOT, 0)
    old = {"message_id": card["message_id"], "chat": shown["chat"], "date": 0}

    assert await office.forum.press(WANG, "🙋 Claim", message=old) == ""

    await office.forum.says("🎧 wang leads this chat")


async def test_a_press_that_can_not_be_answered_any_more_is_done_all_the_same(
    office: Office,
) -> None:
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    office.api.script("answerCallbackQuery", Trouble(400, old))
    await office.api.push(said(ASK))

    await office.forum.press(WANG, "🙋 Claim")

    await office.forum.says("🎧 wang leads this chat")


async def test_an_edit_of_what_was_sent_says_that_it_was_sent(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.says("🎧 wang leads")
    update = await office.forum.write(WANG, "Twenty euro")
    await office.api.until(lambda: "Twenty euro" in office.api.texts)

    await office.api.push(edited(update, "Thirty euro"))

    await office.forum.says("Wang, the change does not reach the customer")
    assert "Thirty euro" not in office.api.texts


async def test_an_edit_by_the_customer_stands_in_the_topic(office: Office) -> None:
    update = said(ASK)
    await office.api.push(update)
    await office.forum.says(ASK)

    await office.api.push(edited(update, "my parcel is lost at sea"))

    await office.forum.says("✏️ Ann now says: my parcel is lost at sea")


async def test_a_reply_that_did_not_arrive_is_shown_in_the_topic(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.says("🎧 wang leads")
    office.api.script("sendMessage", BLOCKED)

    await office.forum.write(WANG, "Hello?")

    await office.forum.says("❌ “Hello?” did not arrive: the customer has blocked the bot")


async def test_after_a_restart_the_topics_are_caught_up_and_nothing_comes_twice(
    tmp_path: Path, api: BotApi, forum: FakeForum
) -> None:
    async with open_office(tmp_path, api, forum) as office:
        await api.push(said(ASK))
        await forum.press(WANG, "🙋 Claim")
        await forum.says("🎧 wang leads this chat")
        await forum.offers("↪️ Transfer", "🤖 Back to the bot", "✅ Close")
    await api.push(said("while you were away"))
    await forum.write(WANG, "I was away")
    async with open_office(tmp_path, api, forum) as office:
        await forum.says("while you were away")
        await api.until(lambda: "I was away" in api.texts)
        assert [one["text"] for one in await office.lines("agent")] == ["I was away"]

    assert len(forum.topics) == 1
    assert forum.topic.said.count("while you were away") == 1
    assert forum.topic.said.count("🎧 wang leads this chat") == 2  # said, and on the card


async def test_a_topic_whose_making_got_no_answer_is_taken_up_when_it_is_heard_of(
    office: Office,
) -> None:
    office.api.script("createForumTopic", Trouble(reset=True))

    await office.api.push(said(ASK))
    await office.api.until(lambda: len(office.api.of("createForumTopic")) == 1)
    name = office.api.of("createForumTopic")[0]["name"]
    topic = office.forum.made(name)  # Telegram had done it
    await office.api.push({"message": office.forum.created(topic)})

    await office.forum.says(ASK)
    assert len(office.api.of("createForumTopic")) == 1
    notes = await office.node.database.rows("SELECT contact FROM notes WHERE name LIKE 'thread %'")
    assert [bool(one["contact"]) for one in notes] == [True]  # it goes when they are erased


async def test_a_topic_whose_making_got_no_answer_is_made_anew_where_nothing_is_heard_of_it(
    tmp_path: Path, api: BotApi, forum: FakeForum
) -> None:
    async with open_office(tmp_path, api, forum, Ahead()) as office:
        api.script("createForumTopic", Trouble(reset=True))
        await api.push(said(ASK))
        await api.until(lambda: len(api.of("createForumTopic")) == 1)

        office.clock.advance(MINUTE)
        await office.nudge()

        await forum.says(ASK)
        assert len(api.of("createForumTopic")) == 2
        assert len(forum.topics) == 1


async def test_a_topic_too_many_is_closed(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.says(ASK)
    second = office.forum.made(office.forum.topic.name)

    await office.api.push({"message": office.forum.created(second)})

    await office.api.until(lambda: second.closed)
    assert office.forum.topics[0].closed is False


async def test_a_card_that_somebody_deleted_comes_again(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.offers("🙋 Claim", "↪️ Transfer", "✅ Close")
    console = await office.console("li")
    chat = await office.only(console, mode="waiting")
    office.forum.topic.messages.clear()

    await console.ask("POST", f"/conversations/{chat['id']}/claim")

    await office.forum.offers("↪️ Transfer", "🤖 Back to the bot", "✅ Close")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"is_forum": False}, "has no topics: turn on Topics"),
        ({"status": "member"}, "make the bot an administrator"),
        ({"manages": False}, "allow the bot to “Manage topics”"),
    ],
)
async def test_without_its_rights_the_channel_says_what_to_do_and_recovers(
    tmp_path: Path, api: BotApi, forum: FakeForum, wrong: dict[str, object], says: str
) -> None:
    right = {name: getattr(forum, name) for name in wrong}
    vars(forum).update(wrong)
    async with open_office(tmp_path, api, forum) as office:
        await office.is_well(says)
        await api.push(said(ASK))
        vars(forum).update(right)
        await api.push(forum.promoted())

        await forum.says(ASK)
        await office.is_well()


async def test_a_group_that_is_not_there_is_a_degraded_channel(
    tmp_path: Path, api: BotApi, forum: FakeForum
) -> None:
    api.script("getChat", Trouble(400, "Bad Request: chat not found"))

    async with open_office(tmp_path, api, forum) as office:
        await office.is_well("check agents_group")


async def test_one_node_of_two_shows_the_topics(
    tmp_path: Path, api: BotApi, forum: FakeForum, postgres_url: str, redis_url: str
) -> None:
    shared: Json = {"store": postgres_url, "hints": redis_url}
    async with (
        open_office(tmp_path, api, forum, **shared) as first,
        open_office(tmp_path, api, forum, **shared),
    ):
        await api.push(said(ASK))
        await forum.press(WANG, "🙋 Claim")
        await forum.says("🎧 wang leads this chat")
        await forum.write(WANG, "Hello Ann")
        await api.until(lambda: "Hello Ann" in api.texts)
        assert len(await first.lines("agent")) == 1

    assert len(forum.topics) == 1
