"""Answers that come after the platform's 5 seconds: pushed, or in a later attempt, or parked."""

import asyncio
from asyncio import Task
from pathlib import Path

import pytest
from aiohttp import ClientError

from adapters.wechat.reception import AGAIN
from adapters.wechat.turns import Patience, Turn
from gateway.health import Level
from tests.wechat.house import ANSWER, ASKED, LONG, House, Said, open_house
from tests.wechat.platform import SEND, Tencent

DROPPED = 5  # seconds after which the platform waits no longer
PLACEHOLDER = "正在为您查询，请稍候……您再发一条消息，就会收到回复。"


async def attempt(house: House, xml: str, number: int) -> "Task[Said]":
    """The platform's request number so and so for a message, once it has come in."""
    task = house.phone.ask(xml)
    await house.asked(xml, number)
    return task


async def drop(attempt: "Task[Said]") -> None:
    """The platform waits no longer."""
    attempt.cancel()
    await asyncio.gather(attempt, return_exceptions=True)


async def test_case_17_late_with_push_is_success_at_once_and_then_one_push(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, budget=0.2) as house:
        house.adapter.gate.clear()
        assert (await house.phone.say(ASKED)).body == "success"
        assert tencent.count[SEND] == 0
        house.adapter.gate.set()
        assert (await house.pushed())["text"] == {"content": ANSWER}
        await house.settled(ANSWER, "sent")
        assert tencent.count[SEND] == 1


async def test_case_18_late_without_push_goes_with_the_second_attempt(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, can_push="no", budget=0.2) as house:
        house.adapter.gate.clear()
        xml = house.phone.text(ASKED)
        await drop(await attempt(house, xml, 1))
        second = await attempt(house, xml, 2)
        house.adapter.gate.set()
        assert (await second).text == ANSWER
        await house.settled(ANSWER, "sent")
        assert tencent.count[SEND] == 0


async def test_an_answer_between_two_attempts_waits_for_the_next(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, can_push="no") as house:
        house.adapter.gate.clear()
        xml = house.phone.text(ASKED)
        await drop(await attempt(house, xml, 1))
        house.adapter.gate.set()
        assert (await house.phone.post(xml)).text == ANSWER
        await house.settled(ANSWER, "sent")


@pytest.mark.parametrize("can_push", ["no", "auto"])
async def test_case_19_after_three_attempts_a_placeholder_then_the_answer(
    can_push: str, tmp_path: Path, tencent: Tencent
) -> None:
    tencent.verified = False
    async with open_house(tmp_path, tencent, can_push=can_push, budget=0.2) as house:
        if can_push == "auto":
            await learn(house)
        house.adapter.gate.clear()
        xml = house.phone.text(ASKED)
        await drop(await attempt(house, xml, 1))
        await drop(await attempt(house, xml, 2))
        assert (await house.phone.post(xml)).text == PLACEHOLDER
        house.adapter.gate.set()
        assert await house.settled(ANSWER, "held")
        assert ANSWER in str((await house.phone.say("在吗")).text)
        assert await house.settled(ANSWER, "sent")


async def learn(house: House) -> None:
    """The account is refused a push, and knows better from then on."""
    house.adapter.gate.clear()
    assert (await house.phone.say("什么时候开门")).body == "success"
    house.adapter.gate.set()
    await house.settled(ANSWER, "held")
    house.phone.openid = "oOTHER"


async def test_a_request_that_a_proxy_kept_open_ends_nothing_while_the_next_stands() -> None:
    turn = Turn("m1", "c1", 0)
    first, second = turn.enter(), turn.enter()
    turn.leave(first, written=True)
    assert turn.open
    turn.leave(second, written=True)
    assert turn.done


def test_cases_17_and_18_the_seconds_are_those_of_the_platform() -> None:
    patience = Patience()
    assert patience.budget + AGAIN < DROPPED < patience.hold
    assert patience.budget <= 4.6


async def test_a_persons_answer_in_time_goes_with_the_open_request(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, can_push="no") as house:
        seat, conversation = await house.led()
        xml = house.phone.text("在吗")
        first = await attempt(house, xml, 1)
        await seat.reply(conversation, "key", "在的")
        assert (await first).text == "在的"
        await house.settled("在的", "sent")


async def test_with_push_no_request_waits_for_a_person(house: House) -> None:
    seat, conversation = await house.led()
    assert (await house.phone.say("在吗")).body == "success"
    await seat.reply(conversation, "key", "在的")
    assert (await house.pushed())["text"] == {"content": "在的"}


async def test_a_long_answer_is_pushed_in_pieces_each_once(house: House) -> None:
    assert (await house.phone.say(LONG)).body == "success"
    pieces = [(await house.pushed())["text"]["content"] for _ in range(2)]
    long = (await house.lines())[-1].text
    assert "".join(pieces) == long
    await house.settled(long, "sent")
    assert house.tencent.count[SEND] == len(pieces)


async def test_without_push_each_message_of_the_customer_brings_a_part(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, can_push="no") as house:
        xml = house.phone.text(LONG)
        first = await house.phone.post(xml)
        assert first.text
        assert first.text.endswith("就会收到其余部分。）")
        assert (await house.phone.post(xml)).text == first.text
        long = (await house.lines())[-1].text
        await house.settled(long, "held")
        second = await house.phone.say("继续")
        assert second.text
        assert first.text.split("\n\n")[0] + second.text == long
        await house.settled(long, "sent")


async def test_the_third_attempt_is_known_by_its_age_after_a_restart(
    tmp_path: Path, tencent: Tencent
) -> None:
    settings = {"can_push": "no", "budget": 0.2}
    async with open_house(tmp_path, tencent, **settings) as house:
        house.adapter.gate.clear()
        xml = house.phone.text(ASKED, ago=10)
        await drop(await attempt(house, xml, 1))
    async with open_house(tmp_path, tencent, **settings) as house:
        house.adapter.gate.clear()
        assert (await house.phone.post(xml)).text == PLACEHOLDER


async def test_a_node_that_stops_leaves_open_requests_to_the_next(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, can_push="no") as house:
        await house.led()
        xml = house.phone.text("在吗")
        asked = await attempt(house, xml, 1)
        await house.node.stop()
        with pytest.raises(ClientError):
            await asked


async def test_who_wants_to_push_and_may_not_is_told(tmp_path: Path, tencent: Tencent) -> None:
    tencent.verified = False
    async with open_house(tmp_path, tencent, can_push="yes") as house:
        seat, conversation = await house.led()
        assert (await house.adapter.health()).level is Level.OK
        await seat.reply(conversation, "k", "在的")
        await house.settled("在的", "held")
        health = await house.adapter.health()
        assert health.level is Level.DEGRADED
        assert "can_push: no" in health.text
