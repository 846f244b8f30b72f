"""The protocol of the widget's socket, against the real server."""

import asyncio
import json
import uuid

import pytest

from gateway.conversation import Mode
from gateway.hints import Hint
from gateway.message import NONE, PERSON, Author, Kind, Suggestion
from gateway.thread import State
from tests.web.shop import Shop


async def test_a_first_hello_gets_a_token_and_the_state(shop: Shop) -> None:
    client = await shop.connect()
    welcome = await client.hello(language="en")
    assert welcome["seq"] == 0
    assert len(welcome["token"]) >= 32
    assert await client.frame() == {"type": "state", "mode": "bot", "ahead": 0}


async def test_a_message_is_accepted_first_and_then_shown(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello(language="en-GB")
    await client.next("state")
    own = str(uuid.uuid4())
    await client.send(type="message", id=own, text=" Hello\r\nthere\x00 ")
    assert await client.frame() == {"type": "accepted", "id": own, "seq": 1}
    shown = await client.frame()
    assert (shown["type"], shown["seq"], shown["id"]) == ("message", 1, own)
    assert shown["author"] == "customer"
    assert shown["text"] == "Hello\nthere"
    assert shown["at"].endswith("Z")
    message = shop.book.received[0]
    assert message.id == f"{message.contact.id}:{own}"
    assert message.contact.language == "en"


async def test_the_same_id_again_gets_the_same_answer(shop: Shop) -> None:
    client, _ = await shop.visitor()
    assert (await client.say("m1", "一"))["seq"] == 2
    assert (await client.say("m1", "一"))["seq"] == 2
    assert len(shop.book.received) == 2


async def test_two_visitors_may_use_the_same_id(shop: Shop) -> None:
    await shop.visitor()
    await shop.visitor()
    ids = {message.id for message in shop.book.received}
    assert len(ids) == 2


async def test_an_answer_comes_to_every_tab_of_the_visitor(shop: Shop) -> None:
    first, who = await shop.visitor()
    second = await shop.connect()
    await second.hello(token=first.token, after=1)
    await shop.book.say(who, "您好", suggestions=[Suggestion("ship", "发货时间")])
    for client in (first, second):
        shown = await client.next("message")
        while shown["seq"] < 2:
            shown = await client.next("message")
        assert (shown["text"], shown["author"]) == ("您好", "bot")
        assert shown["suggestions"] == [{"id": "ship", "text": "发货时间"}]


async def test_a_return_brings_only_what_is_newer(shop: Shop) -> None:
    client, who = await shop.visitor()
    await client.ws.close()
    for text in "一二三":
        await shop.book.say(who, text)
    again = await shop.connect()
    assert (await again.hello(token=client.token, after=2))["seq"] == 4
    assert [(await again.frame())["text"] for _ in range(2)] == ["二", "三"]


async def test_a_long_absence_comes_in_pages_without_a_gap(shop: Shop) -> None:
    client, who = await shop.visitor()
    await client.ws.close()
    for number in range(450):
        await shop.book.say(who, str(number))
    again = await shop.connect()
    await again.hello(token=client.token, after=1)
    assert [(await again.frame())["seq"] for _ in range(450)] == list(range(2, 452))


async def test_one_from_a_lost_store_gets_everything_from_the_start(shop: Shop) -> None:
    client, _ = await shop.visitor()
    again = await shop.connect()
    assert (await again.hello(token=client.token, after=99))["seq"] == 1
    assert (await again.frame())["seq"] == 1


async def test_notes_between_agents_leave_only_a_gap(shop: Shop) -> None:
    client, who = await shop.visitor()
    await shop.book.say(who, "客户很急", Author.AGENT, private=True)
    await shop.book.say(who, "您好", Author.AGENT, name="小王")
    shown = await client.next("message")
    while shown["author"] == "customer":
        shown = await client.next("message")
    assert (shown["seq"], shown["text"], shown["name"]) == (3, "您好", "小王")


async def test_a_lost_hint_costs_only_time(shop: Shop) -> None:
    client, who = await shop.visitor()
    await shop.book.say(who, "没有人提醒", quietly=True)
    shop.clock.advance(60_000)
    shown = await client.next("message")
    while shown["seq"] < 2:
        shown = await client.next("message")
    assert shown["text"] == "没有人提醒"


async def test_the_place_in_the_queue_is_told_when_it_changes(shop: Shop) -> None:
    client, who = await shop.visitor()
    await shop.book.enter(who, State(Mode.WAITING, ahead=2))
    assert (await client.next("state")) == {"type": "state", "mode": "waiting", "ahead": 2}
    await shop.book.enter(who, State(Mode.ASSIGNED))
    assert (await client.next("state")) == {"type": "state", "mode": "assigned", "ahead": 0}


async def test_somebody_elses_move_updates_the_place(shop: Shop) -> None:
    client, who = await shop.visitor()
    await shop.book.enter(who, State(Mode.WAITING, ahead=2))
    while (await client.next("state"))["ahead"] != 2:
        pass
    await shop.book.enter(who, State(Mode.WAITING, ahead=1), quietly=True)
    await shop.hints.publish(Hint("changed", "another", "somebody else"))
    assert (await client.next("state"))["ahead"] == 1


async def test_a_tap_carries_our_label_never_the_clients(shop: Shop) -> None:
    client, who = await shop.visitor()
    await shop.book.say(who, "您是不是想问", suggestions=[Suggestion("ship", "发货时间")])
    await client.send(type="choose", id="t1", suggestion="ship", text="<b>骗人</b>")
    await client.next("accepted")
    message = shop.book.received[-1]
    assert (message.kind, message.choice, message.text) == (Kind.CHOICE, "ship", "发货时间")


async def test_a_tap_on_nothing_that_was_offered_is_refused(shop: Shop) -> None:
    client, _ = await shop.visitor()
    await client.send(type="choose", id="t1", suggestion=NONE)
    error = await client.next("error")
    assert (error["code"], error["id"]) == ("not_found", "t1")
    assert (await client.say("m2", "还在吗"))["seq"] == 2


async def test_a_person_may_be_asked_for_at_any_time(shop: Shop) -> None:
    client, _ = await shop.visitor(language="en")
    await client.send(type="choose", id="t1", suggestion=PERSON)
    await client.next("accepted")
    assert shop.book.received[-1].choice == PERSON
    assert shop.book.received[-1].text == "Talk to a person"


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "rate", "score": 4, "comment": " 谢谢 "},
        {"type": "rate", "score": 4, "comment": "谢谢", "id": "r1"},
    ],
)
async def test_a_rating_reaches_the_core(shop: Shop, frame: dict[str, object]) -> None:
    client, _ = await shop.visitor()
    await client.send(**frame)
    await client.next("accepted")
    message = shop.book.received[-1]
    assert (message.kind, message.rating, message.text) == (Kind.RATING, 4, "谢谢")


async def test_a_tapped_star_is_a_rating(shop: Shop) -> None:
    client, _ = await shop.visitor()
    await client.send(type="choose", id="t1", suggestion="rate:5")
    await client.next("accepted")
    assert (shop.book.received[-1].kind, shop.book.received[-1].rating) == (Kind.RATING, 5)


async def test_typing_goes_both_ways(shop: Shop) -> None:
    client, who = await shop.visitor()
    async with shop.hints.listen() as hints:
        await client.send(type="typing")
        hint = await anext(hints)
        assert hint == Hint("typing", contact=who.key, detail="customer")
        await shop.hints.publish(Hint("typing", contact=who.key, detail="agent"))
        assert await client.next("typing") == {"type": "typing"}


async def test_much_typing_is_told_once_in_a_while(shop: Shop) -> None:
    client, _ = await shop.visitor()
    async with shop.hints.listen() as hints:
        for _ in range(20):
            await client.send(type="typing")
        await client.send(type="read", seq=1)
        told = [await anext(hints) for _ in range(2)]
        assert [hint.kind for hint in told] == ["typing", "read"]
        shop.clock.advance(5_000)
        await client.send(type="typing")
        assert (await anext(hints)).kind == "typing"


async def test_what_was_read_is_told_and_never_more_than_was_sent(shop: Shop) -> None:
    client, who = await shop.visitor()
    await client.next("message")
    async with shop.hints.listen() as hints:
        await client.send(type="read", seq=99)
        await client.send(type="read", seq=1)
        assert await anext(hints) == Hint("read", contact=who.key, detail="1")


async def test_a_store_that_is_down_is_told_and_the_same_id_goes_later(shop: Shop) -> None:
    client, _ = await shop.visitor(language="en")
    shop.book.down = True
    await client.send(type="message", id="m2", text="hello?")
    error = await client.next("error")
    assert (error["code"], error["id"]) == ("unavailable", "m2")
    assert "try again" in error["text"]
    shop.book.down = False
    assert (await client.say("m2", "hello?"))["seq"] == 2


async def test_nobody_is_welcomed_while_the_store_is_down(shop: Shop) -> None:
    shop.book.down = True
    client = await shop.connect()
    await client.send(type="hello", token=None)
    assert (await client.frame())["code"] == "unavailable"
    assert await client.closed() == 1013


async def test_an_empty_message_is_refused_and_the_socket_stays(shop: Shop) -> None:
    client, _ = await shop.visitor()
    await client.send(type="message", id="m2", text=" \n\x00 ")
    assert (await client.next("error"))["code"] == "invalid"
    assert (await client.say("m3", "你好"))["seq"] == 2


async def test_a_stop_asks_the_widgets_to_come_back(shop: Shop) -> None:
    client, _ = await shop.visitor()
    closing = asyncio.create_task(client.closed())
    await shop.adapter.stop()
    assert await closing == 1012


async def test_everything_on_the_wire_is_json_text(shop: Shop) -> None:
    client = await shop.connect()
    await client.send(type="hello", token=None, language="zh-CN", future="field")
    raw = await client.ws.receive_str()
    assert json.loads(raw)["type"] == "welcome"


async def test_a_widget_begins_anew_when_its_transcript_was_deleted(shop: Shop) -> None:
    client, who = await shop.visitor()
    await client.next("message")
    await shop.book.forget(who)
    assert await client.closed() == 1012
    await shop.book.say(who, "您好")
    again = await shop.connect()
    assert (await again.hello(token=client.token, after=9))["seq"] == 1
    assert (await again.next("message"))["text"] == "您好"


async def test_a_channel_that_has_stopped_keeps_no_socket(shop: Shop) -> None:
    welcomed, silent = await shop.connect(), await shop.connect()
    await welcomed.hello()
    ends = asyncio.gather(welcomed.closed(), silent.closed())
    await shop.adapter.stop()
    late = await shop.connect()
    assert [*await ends, await late.closed()] == [1012] * 3
