"""Customer-service messages: counted, claimed before they go out, and what the codes ask for."""

import json
import logging
from pathlib import Path

import pytest

from gateway.clock import MINUTE, system_clock
from gateway.health import Level
from gateway.language import both, pick
from tests.wechat.house import House, open_house
from tests.wechat.platform import SEND, TOKEN, TYPING, Tencent


async def detail(house: House, text: str) -> str:
    return next(line.detail for line in await house.lines() if line.text == text)


async def test_case_34_the_sixth_message_is_parked_until_the_customer_writes(house: House) -> None:
    seat, conversation = await house.led()
    for number in range(1, 6):
        await seat.reply(conversation, f"k{number}", f"第{number}句")
        assert (await house.pushed())["text"]["content"] == f"第{number}句"
        await house.settled(f"第{number}句", "sent")
    await seat.reply(conversation, "k6", "第6句")
    await house.settled("第6句", "held")
    assert "held until the customer writes" in await detail(house, "第6句")
    assert (await house.phone.say("在吗")).text == "第6句"
    await house.settled("第6句", "sent")
    assert house.tencent.count[SEND] == 5


async def test_the_last_message_holds_all_that_waits(house: House) -> None:
    seat, conversation = await house.led()
    for number in range(1, 5):
        await seat.reply(conversation, f"k{number}", f"第{number}句")
        await house.pushed()
        await house.settled(f"第{number}句", "sent")
    house.adapter.gate.clear()
    for number in range(5, 8):  # the first of them is on its way alone, and comes back
        await seat.reply(conversation, f"k{number}", f"第{number}句")
    house.tencent.refuse(SEND, -1, -1, -1)
    house.adapter.gate.set()
    assert (await house.pushed())["text"]["content"] == "第5句\n\n第6句\n\n第7句"
    await house.settled("第7句", "sent")


@pytest.mark.parametrize("code", [45015, 45047])
async def test_case_35_a_closed_window_parks_and_tells_the_agent(house: House, code: int) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, code)
    await seat.reply(conversation, "k", "在的")
    await house.settled("在的", "held")
    assert pick(await detail(house, "在的"), "en") == (
        f"held until the customer writes: the platform takes no more until then ({code})"
    )
    await seat.reply(conversation, "k2", "还在吗")
    await house.settled("还在吗", "held")
    assert house.tencent.count[SEND] == 1


async def test_case_35_without_the_right_there_is_one_try_and_then_none(house: House) -> None:
    seat, conversation = await house.led()
    house.tencent.verified = False
    for text in ("在的", "请说"):
        await seat.reply(conversation, text, text)
        await house.settled(text, "held")
    assert house.tencent.count[SEND] == 1
    assert await detail(house, "请说") == both(
        "等顾客再次发言后送出：这个账号只能回复，不能主动发送",
        "held until the customer writes: this account may only answer",
    )


@pytest.mark.parametrize("code", [40003, 43004, 43019])
async def test_who_can_never_be_reached_is_told_to_the_agent(house: House, code: int) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, code)
    await seat.reply(conversation, "k", "在的")
    await house.settled("在的", "dead")
    for language in ("zh", "en"):
        assert str(code) in pick(await detail(house, "在的"), language)


async def test_a_busy_platform_is_asked_three_times_at_once(house: House) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, -1, -1)
    await seat.reply(conversation, "k", "在的")
    await house.settled("在的", "sent")
    assert house.tencent.count[SEND] == 3


async def test_what_is_found_too_long_goes_in_smaller_pieces(house: House) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, 45002)
    text = "第一句很长。" * 20
    await seat.reply(conversation, "k", text)
    pieces = [(await house.pushed())["text"]["content"] for _ in range(2)]
    assert "".join(pieces) == text
    await house.settled(text, "sent")


@pytest.mark.parametrize(
    ("code", "why"), [(45009, "the day's limit of calls"), (45011, "too many calls")]
)
async def test_a_limit_of_the_platforms_pauses_all_pushes_and_tells_ops(
    house: House, code: int, why: str
) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, code)
    await seat.reply(conversation, "k", "在的")
    await house.tencent.called(SEND)
    await house.settled("在的", "pending")
    health = await house.adapter.health()
    assert health.level is Level.DEGRADED
    assert why in health.text


async def test_a_send_that_is_cut_off_is_nobodys_guess(house: House) -> None:
    seat, conversation = await house.led()
    house.tencent.cut.add(SEND)
    await seat.reply(conversation, "k", "在的")
    await house.settled("在的", "unknown")
    zh, en = (await detail(house, "在的")).split("\n")
    assert "不确定" in zh
    assert "may or may not" in en
    assert house.tencent.count[SEND] == 1


async def test_case_39_what_goes_out_is_raw_chinese_and_emoji(house: House) -> None:
    seat, conversation = await house.led()
    await seat.reply(conversation, "k", "中文😀")
    await house.pushed()
    assert "中文😀".encode() in house.tencent.of(SEND)[0].body


async def test_case_40_without_menus_there_are_links_from_then_on(house: House) -> None:
    for round_ in (1, 2):
        seat, conversation = await house.led()
        if round_ == 1:
            house.tencent.refuse(SEND, 40200)
        await seat.close(conversation, "solved")
        asked = await house.pushed()
        assert asked["msgtype"] == "text"
        assert '<a href="weixin://bizmsgmenu?' in asked["text"]["content"]
    kinds = [call.json["msgtype"] for call in house.tencent.of(SEND)]
    assert kinds == ["msgmenu", "text", "text"]


async def test_case_32_a_tapped_rating_is_recorded(house: House) -> None:
    seat, conversation = await house.led()
    await seat.close(conversation, "solved")
    items = (await house.pushed())["msgmenu"]["list"]
    tap = f"<bizmsgmenuid>{items[0]['id']}</bizmsgmenuid></xml>"
    said = await house.phone.post(house.phone.text(items[0]["content"]).replace("</xml>", tap))
    assert said.body == "success"
    row = await house.node.database.row(
        "SELECT rating, budget FROM conversations JOIN contacts ON contacts.id = contact"
        " WHERE conversations.id = ?",
        conversation,
    )
    assert row
    assert row["rating"] == 5
    left, until, _ = json.loads(row["budget"])["click"]
    assert left == 3
    assert 0 < until - system_clock() <= MINUTE


@pytest.mark.parametrize("code", [0, 45072, 45080, 45081])
async def test_customers_see_that_an_agent_types_whatever_the_platform_thinks_of_it(
    house: House, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(TYPING, code)
    await house.type()
    await house.tencent.called(TYPING)
    call = house.tencent.of(TYPING)[0]
    assert call.json == {"touser": house.phone.openid, "command": "Typing"}
    await seat.reply(conversation, "k", "在的")
    await house.settled("在的", "sent")
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


async def test_nothing_is_pushed_where_the_platform_can_not_be_reached(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent) as house:
        seat, conversation = await house.led()
        await tencent.stop()
        await seat.reply(conversation, "k", "在的")
        await house.settled("在的", "sending")
        await house.settled("在的", "pending")
        assert (await house.phone.say("在吗")).status == 200


async def test_a_token_that_does_not_come_leaves_no_reply_in_doubt(
    tmp_path: Path, tencent: Tencent
) -> None:
    tencent.cut.add(TOKEN)
    async with open_house(tmp_path, tencent) as house:
        seat, conversation = await house.led()
        await seat.reply(conversation, "k", "在的")
        await tencent.called(TOKEN)
        tencent.cut.clear()
        await house.settled("在的", "sent")
        assert tencent.count[SEND] == 1
