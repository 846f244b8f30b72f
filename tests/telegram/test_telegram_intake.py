"""What comes in by polling, case by case of the specification, through the whole program."""

import asyncio
from pathlib import Path

import pytest

from adapters.telegram.health import POLLER, REFUSED, WEBHOOK
from gateway.message import Kind
from gateway.store import connect
from tests.telegram import bot_api
from tests.telegram.bot_api import BotApi, Json
from tests.telegram.shop import (
    ANN,
    BOB,
    SHIPPING,
    Shop,
    edited,
    member,
    message,
    open_shop,
    person,
    said,
    until,
)

STRANGE = {"type": "teleported", "date": 1}  # no forward origin that anybody knows


def forwarded(text: str) -> Json:
    return {"message": message(text=text, forward_origin=STRANGE)}


async def test_case_1_a_text_is_one_message_and_is_answered(shop: Shop) -> None:
    await shop.api.push(said("shipping time"))
    (sent,) = await shop.api.sent()
    assert sent == {"chat_id": ANN, "text": SHIPPING}
    (line,) = await shop.heard()
    assert (line["text"], line["name"]) == ("shipping time", "Ann")


async def test_case_2_the_same_update_twice_is_one_message(shop: Shop) -> None:
    update = said("shipping time")
    await shop.api.push(update, {**update})
    await shop.api.push(said("opening hours", BOB))
    await shop.api.sent(2)
    assert {line["text"] for line in await shop.heard(2)} == {"shipping time", "opening hours"}
    assert sorted(shop.api.texts) == sorted([SHIPPING, "Every day."])
    assert len(await shop.lines("customer")) == 2


async def test_case_6_a_chat_stays_in_order_and_holds_up_no_other(shop: Shop) -> None:
    """The first of Ann's is a file that takes its time."""
    slow = asyncio.Event()
    shop.api.slow_files = slow
    shop.api.files["slow"] = b"%PDF-1.4 slow"
    document = {"file_id": "slow", "file_unique_id": "s", "file_name": "1.pdf", "file_size": 13}
    await shop.api.push({"message": message(document=document, caption="1")})
    await shop.api.push(said("2"), said("3"), said("shipping time", BOB))
    await shop.api.sent(chat=BOB)
    assert [line["text"] for line in await shop.heard()] == ["shipping time"]
    slow.set()
    texts = [line["text"] for line in await shop.heard(4)]
    assert texts == ["shipping time", "1", "2", "3"]


async def test_case_7_what_can_not_be_read_is_a_dead_letter_between_good_messages(
    shop: Shop,
) -> None:
    await shop.api.push(said("shipping time"), forwarded("?"), said("opening hours", BOB))
    await shop.api.sent(2)
    (dead,) = await shop.in_journal("dead")
    assert "forward_origin" in dead["detail"]
    assert "teleported" in dead["body"]
    await shop.api.until(lambda: not shop.api.pending)


async def test_case_8_an_unknown_kind_is_kept_ignored_and_confirmed(shop: Shop) -> None:
    (number,) = await shop.api.push({"telepathy": {"thought": "hm"}})
    await shop.api.until(lambda: not shop.api.pending)
    done = await shop.in_journal("done")
    assert [one["id"] for one in done] == [str(number)]
    assert await shop.lines() == []


async def test_case_9_ids_that_begin_anew_are_accepted(shop: Shop) -> None:
    await shop.api.push({**said("shipping time"), "update_id": 900_000_000})
    await shop.api.sent()
    await shop.api.until(lambda: not shop.api.pending)
    await shop.api.be_quiet()
    await shop.api.until(lambda: "offset" not in shop.api.of("getUpdates")[-1])
    await shop.api.push({**said("opening hours"), "update_id": 5})
    await shop.api.sent(2)


async def test_case_10_a_page_in_html_instead_of_json_passes(tmp_path: Path, api: BotApi) -> None:
    api.script("getUpdates", bot_api.BAD_GATEWAY, bot_api.BAD_GATEWAY)
    async with open_shop(tmp_path, api) as shop:
        await shop.is_well("without JSON")
        await api.push(said("shipping time"))
        await api.sent()
        await shop.is_well()


async def test_case_11_who_is_told_to_wait_two_seconds_waits_two_seconds(
    tmp_path: Path, api: BotApi
) -> None:
    api.script("getUpdates", bot_api.limited(2))
    async with open_shop(tmp_path, api) as shop:
        await shop.is_well("wait 2 s")
        await api.push(said("shipping time"))
        await api.sent()
        first, second = [call.at for call in api.calls if call.method == "getUpdates"][:2]
        assert second - first >= 2
        await shop.is_well()


async def test_case_12_a_token_that_is_refused_is_said_and_asked_with_no_more(
    tmp_path: Path, api: BotApi
) -> None:
    api.script("getUpdates", bot_api.UNAUTHORISED)
    async with open_shop(tmp_path, api) as shop:
        await shop.is_well(REFUSED)
        assert (await shop.ready())["status"] == "degraded"
        assert len(api.of("getUpdates")) == 1


async def test_case_13_another_poller_is_an_alarm_until_it_is_gone(
    tmp_path: Path, api: BotApi
) -> None:
    api.script("getUpdates", bot_api.OTHER_POLLER)
    async with open_shop(tmp_path, api) as shop:
        await shop.is_well(POLLER)
        await api.push(said("shipping time"))
        await api.sent()
        await shop.is_well()


async def test_case_14_a_webhook_is_an_alarm_and_is_never_taken_away(
    tmp_path: Path, api: BotApi
) -> None:
    api.script("getUpdates", bot_api.WEBHOOK_SET)
    await api.push(said("shipping time"))
    async with open_shop(tmp_path, api) as shop:
        await shop.is_well(WEBHOOK)
        assert not api.of("deleteWebhook")
        assert len(api.pending) == 1


async def test_case_15_a_stop_ends_what_is_under_way_and_confirms_it(
    tmp_path: Path, api: BotApi
) -> None:
    async with open_shop(tmp_path, api) as shop:
        await api.push(*(said(str(number), number) for number in range(100, 150)))
        await api.until(lambda: len(api.of("getUpdates")) > 1 or not api.pending)
        await shop.node.stop()
        assert api.pending == []
        shop.node.database = connect(f"sqlite:///{tmp_path / 'frontdesk.db'}")
        await shop.node.database.open()
        assert len(await shop.journal("done")) == 50
        assert len(await shop.lines("customer")) == 50
        assert await shop.settled("unknown", 0) == []
        await shop.node.database.close()


async def test_case_16_without_a_network_at_the_start_the_channel_waits_and_recovers(
    tmp_path: Path, api: BotApi
) -> None:
    port = int(api.base.rpartition(":")[2])
    await api.stop()
    async with open_shop(tmp_path, api) as shop:
        await shop.is_well("can't be reached")
        await api.start(port)
        await api.push(said("shipping time"))
        await api.sent()
        await shop.is_well()


async def test_case_17_what_brought_somebody_is_kept(shop: Shop) -> None:
    await shop.api.push(said("/start ORD_42"))
    await shop.api.sent()
    (line,) = await shop.heard()
    assert (line["kind"], line["choice"]) == (Kind.JOINED, "ORD_42")


async def test_a_start_with_an_entry_gives_its_answer(shop: Shop) -> None:
    await shop.api.push(said("/start shipping"))
    await shop.api.sent(2)
    assert shop.api.texts[1] == SHIPPING


async def test_case_18_a_command_for_another_bot_is_ignored(shop: Shop) -> None:
    await shop.api.push(said("/start@other_bot"), said("/start@shop_bot"))
    await shop.api.sent()
    assert len(await shop.heard()) == 1


async def test_case_19_an_edit_is_a_revision_and_asks_nothing(shop: Shop) -> None:
    first = said("opening hours")
    await shop.api.push(first)
    await shop.api.sent()
    await shop.api.push(edited(first, "shipping time"), said("when are you open", BOB))
    await shop.api.sent(2)
    assert shop.api.texts == ["Every day.", "Every day."]
    line = (await shop.heard())[0]
    assert line["text"] == "shipping time"
    assert line["edited"]
    (before,) = await shop.node.database.rows("SELECT * FROM revisions")
    assert before["text"] == "opening hours"


async def test_case_20_an_edit_of_what_we_never_saw_is_new(shop: Shop) -> None:
    update = edited(said("?"), "shipping time")
    await shop.api.push(update)
    await shop.api.sent()
    assert [line["text"] for line in await shop.heard()] == ["shipping time"]
    await shop.api.push({**update, "update_id": 7})
    await shop.in_journal("done", 2)
    assert len(await shop.lines("customer")) == 1


async def test_a_name_and_a_language_are_as_telegram_says(shop: Shop) -> None:
    ann = person(language="zh-hans", last_name="Chen")
    await shop.api.push({"message": {**message(text="shipping time"), "from": ann}})
    await shop.api.sent()
    (row,) = await shop.node.database.rows("SELECT name, language FROM contacts")
    assert (row["name"], row["language"]) == ("Ann Chen", "zh")


async def test_who_blocks_the_bot_has_left_and_what_waits_is_dropped(shop: Shop) -> None:
    await shop.api.push(said("a person please, my lamp is broken"))
    await shop.heard()
    await shop.api.push(member("kicked"))
    await shop.heard(2)
    (row,) = await shop.node.database.rows("SELECT mode FROM conversations")
    assert row["mode"] == "closed"


@pytest.mark.parametrize(
    "update",
    [
        {"message": {**message(-100, text="shipping time"), "chat": {"id": -100, "type": "group"}}},
        {"message": {**message(text="shipping time"), "from": {**person(), "is_bot": True}}},
        {"message": message(pinned_message=message(text="?"))},
        {"channel_post": {**message(-5, text="x"), "chat": {"id": -5, "type": "channel"}}},
        {"business_message": message(text="shipping time", business_connection_id="b1")},
    ],
    ids=["a group", "a bot", "a notice", "a channel", "case 50: business"],
)
async def test_what_is_not_said_to_us_is_confirmed_and_no_message(shop: Shop, update: Json) -> None:
    await shop.api.push(update)
    await shop.in_journal("done")
    assert await shop.lines() == []


async def test_case_50_a_business_chat_with_the_same_number_is_another_chat(
    tmp_path: Path, api: BotApi
) -> None:
    async with open_shop(tmp_path, api, business=True) as shop:
        business = message(text="opening hours", business_connection_id="b1")
        await api.push(said("shipping time"), {"business_message": business})
        sent = await api.sent(2)
        assert {"chat_id": ANN, "text": SHIPPING} in sent
        answered = {"chat_id": ANN, "business_connection_id": "b1", "text": "Every day."}
        assert answered in sent
        assert len(await shop.node.database.rows("SELECT id FROM contacts")) == 2


async def test_a_topic_of_a_private_chat_is_a_conversation_of_its_own(shop: Shop) -> None:
    topic: Json = {"message_thread_id": 5, "is_topic_message": True}
    await shop.api.push(said("shipping time"), {"message": message(text="opening hours", **topic)})
    sent = await shop.api.sent(2)
    assert {"chat_id": ANN, "message_thread_id": 5, "text": "Every day."} in sent
    assert len(await shop.node.database.rows("SELECT id FROM conversations")) == 2


async def test_commands_of_the_menu_are_set_in_each_language_and_are_taps(
    tmp_path: Path, api: BotApi
) -> None:
    commands = {
        "start": {"zh": "开始", "en": "Start"},
        "person": {"zh": "转人工", "en": "A person"},
        "hours": {"zh": "营业时间", "en": "Opening hours"},
    }
    async with open_shop(tmp_path, api, commands=commands) as shop:
        await api.until(lambda: len(api.of("setMyCommands")) == 3)
        menus = {one.get("language_code", ""): one for one in api.of("setMyCommands")}
        assert menus.keys() == {"", "zh", "en"}
        assert {"command": "hours", "description": "营业时间"} in menus["zh"]["commands"]
        await api.push(said("/hours"))
        await api.sent()
        assert api.texts == ["Every day."]
        await api.push(said("/person"))
        await api.sent(2)
        (row,) = await shop.node.database.rows("SELECT mode FROM conversations")
        assert row["mode"] == "waiting"


async def test_one_of_two_nodes_polls_and_the_other_takes_over(
    tmp_path: Path, api: BotApi, postgres_url: str
) -> None:
    async with open_shop(tmp_path, api, store=postgres_url) as first:
        await api.push(said("shipping time"))
        await api.sent()
        async with open_shop(tmp_path, api, store=postgres_url):
            await first.node.stop()
            await api.push(said("opening hours"))
            await api.sent(2)
        assert api.texts == [SHIPPING, "Every day."]
        assert not [one for one in api.polls if one > 1]


async def test_a_node_that_has_lost_its_turn_confirms_nothing(shop: Shop) -> None:
    """Ids have begun anew meanwhile: the offset that it knows would drop what nobody has."""
    await shop.api.push({**said("shipping time"), "update_id": 900_000_000})
    await shop.api.until(lambda: not shop.api.pending)
    other = {"holder": "another", "until": 1 << 60}
    await shop.adapter._core.notes.put("lease intake", other)

    async def lost() -> bool:
        return shop.adapter._duty._working is None

    await until(lost)
    await shop.api.push({**said("opening hours"), "update_id": 5})
    await shop.node.stop()
    assert [one["update_id"] for one in shop.api.pending] == [5]
