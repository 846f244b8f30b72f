"""Answers in the open request: what they say, once, to all attempts of one message."""

import asyncio
from pathlib import Path

from tests.wechat.house import ANSWER, ASKED, House, open_house
from tests.wechat.platform import SEND, Tencent


async def test_a_question_is_answered_in_its_request(house: House) -> None:
    said = await house.phone.say(ASKED)
    assert (said.status, said.text) == (200, ANSWER)
    await house.settled(ANSWER, "sent")
    assert house.tencent.count[SEND] == 0


async def test_case_15_one_message_three_times_at_once_is_one(house: House) -> None:
    xml = house.phone.text(ASKED)
    said = await asyncio.gather(*(house.phone.post(xml) for _ in range(3)))
    assert [one.text for one in said] == [ANSWER] * 3
    assert [line.text for line in await house.lines()] == [ASKED, ANSWER]


async def test_case_16_two_events_of_one_second_are_two_and_a_replay_is_none(
    house: House,
) -> None:
    subscribed = house.phone.event("subscribe")
    at = int(subscribed.split("<CreateTime>")[1].split("<")[0])
    clicked = house.phone.event("CLICK", "hours", at)
    greeting = await house.phone.post(subscribed)
    assert greeting.text
    assert (await house.phone.post(clicked)).text == ANSWER
    assert (await house.phone.post(subscribed)).text == greeting.text
    assert (await house.phone.post(clicked)).text == ANSWER
    texts = [line.text for line in await house.lines()]
    assert texts == ["", greeting.text, "hours", ANSWER]


async def test_case_20_whatever_fails_the_platform_hears_success(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, fails="receive") as house:
        said = await house.phone.say(ASKED)
        assert (said.status, said.body) == (200, "success")


async def test_a_store_that_is_away_is_waited_for(tmp_path: Path, tencent: Tencent) -> None:
    async with open_house(tmp_path, tencent, fails="store") as house:
        assert (await house.phone.say(ASKED)).text == ANSWER


async def test_what_could_not_be_kept_is_not_acknowledged(tmp_path: Path, tencent: Tencent) -> None:
    async with open_house(tmp_path, tencent, fails="always", budget=0.1, hold=0.2) as house:
        said = await house.phone.say(ASKED)
        assert (said.status, said.body) == (503, "")


async def test_case_21_where_nobody_says_anything_the_answer_is_success(house: House) -> None:
    await house.led()
    said = await house.phone.say("在吗")
    assert (said.status, said.body) == (200, "success")


async def test_case_29_who_leaves_hears_nothing_and_what_was_parked_is_dropped(
    house: House,
) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, 45015)
    await seat.reply(conversation, "k1", "在的")
    await house.settled("在的", "held")
    said = await house.phone.post(house.phone.event("unsubscribe"))
    assert said.body == "success"
    assert "在的" not in [line.text for line in await house.lines()]
    assert (await house.phone.say(ASKED)).text == ANSWER


async def test_case_29_what_was_parked_in_a_closed_chat_is_dropped_too(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, can_push="no") as house:
        seat, conversation = await house.led()
        await seat.reply(conversation, "k1", "在的")
        await house.settled("在的", "held")
        await seat.close(conversation, "solved")
        rate = (await house.lines())[-1].text
        await house.settled(rate, "held")
        assert (await house.phone.post(house.phone.event("unsubscribe"))).body == "success"
        assert {"在的", rate}.isdisjoint(line.text for line in await house.lines())
        back = await house.phone.post(house.phone.event("subscribe"))
        assert back.text == "您好，欢迎光临！请问有什么可以帮您？"
        assert (await house.phone.say(ASKED)).text == ANSWER


async def test_what_is_pending_is_merged_into_one_answer(house: House) -> None:
    seat, conversation = await house.led()
    house.tencent.refuse(SEND, 45015, 45015)
    for key in ("一", "二"):
        await seat.reply(conversation, key, key)
        await house.settled(key, "held")
    assert (await house.phone.say("在吗")).text == "一\n\n二"
    assert await house.settled("二", "sent")
    assert house.tencent.count[SEND] == 1


async def test_a_message_from_before_a_restart_is_answered_again(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent) as house:
        xml = house.phone.text(ASKED)
        assert (await house.phone.post(xml)).text == ANSWER
        await house.settled(ANSWER, "sent")
    async with open_house(tmp_path, tencent) as house:
        assert (await house.phone.post(xml)).text == ANSWER
        await house.settled(ANSWER, "sent")
        assert [line.text for line in await house.lines()] == [ASKED, ANSWER]


async def test_a_pushed_answer_is_not_said_again_after_a_restart(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, budget=0.1) as house:
        house.adapter.gate.clear()
        xml = house.phone.text(ASKED)
        assert (await house.phone.post(xml)).body == "success"
        house.adapter.gate.set()
        await house.settled(ANSWER, "sent")
    async with open_house(tmp_path, tencent) as house:
        assert (await house.phone.post(xml)).body == "success"
    assert tencent.count[SEND] == 1


async def test_after_a_store_that_was_away_too_long_the_next_attempt_begins_anew(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, fails="reading", budget=0.1, hold=0.2) as house:
        await house.led()
        seat = await house.agent()
        await seat.close((await house.lines())[-1].conversation, "solved")
        stars = (await house.pushed())["msgmenu"]["list"][0]["content"]
        xml = house.phone.text(stars)
        assert (await house.phone.post(xml)).status == 503
        assert (await house.phone.post(xml)).body == "success"
