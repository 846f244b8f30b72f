"""What goes out, case by case of the specification, through the whole program."""

from pathlib import Path

import pytest

from gateway.hints import Hint
from gateway.message import Author, Status
from tests.telegram import bot_api
from tests.telegram.bot_api import BotApi, Json, Trouble
from tests.telegram.shop import ANN, BOB, SHIPPING, Shop, member, open_shop, said, tapped, until


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def buttons(fields: Json) -> list[Json]:
    return [one for row in fields["reply_markup"]["inline_keyboard"] for one in row]


async def offered(shop: Shop) -> Json:
    """A message with suggestions, as the customer gets it."""
    await shop.api.push(said("opening or shipping"))
    (sent,) = await shop.api.sent()
    return sent


async def closed_by_an_agent(shop: Shop) -> Json:
    """The rating question, as the customer gets it."""
    await shop.api.push(said("/person"))
    await shop.api.sent()
    surface = shop.node.handoff.surface
    (conversation,) = await surface.current()
    seat = await surface.seat("admin")
    await seat.claim(conversation)
    await seat.close(conversation, "solved")
    return (await shop.api.sent(2))[1]


async def test_case_27_a_tap_is_acknowledged_before_its_answer(shop: Shop) -> None:
    sent = await offered(shop)
    tap = buttons(sent)[0]
    assert len(tap["callback_data"].encode()) <= 64
    await shop.api.push(tapped(tap["callback_data"]))
    await shop.api.sent(2)
    assert shop.api.texts[1] == SHIPPING
    methods = [call.method for call in shop.api.calls]
    answered = len(methods) - 1 - methods[::-1].index("sendMessage")
    assert methods.index("answerCallbackQuery") < answered
    (tap_line,) = [line for line in await shop.heard(2) if line["kind"] == "choice"]
    assert (tap_line["choice"], tap_line["text"]) == ("shipping", tap["text"])


async def test_case_28_a_tap_on_a_message_out_of_reach_is_acknowledged(shop: Shop) -> None:
    tap = buttons(await offered(shop))[0]
    gone = {"message_id": 1, "date": 0, "chat": {"id": ANN, "type": "private"}}
    await shop.api.push(tapped(tap["callback_data"], gone))
    await shop.api.sent(2)
    assert len(shop.api.of("answerCallbackQuery")) == 1


@pytest.mark.parametrize("data", ["of another program", f"tap:{10**30}:0:01234567"])
async def test_a_tap_that_nobody_knows_is_acknowledged_and_holds_up_nothing(
    shop: Shop, data: str
) -> None:
    await shop.api.push(tapped(data), said("shipping time"))
    await shop.api.sent()
    await shop.api.until(lambda: bool(shop.api.of("answerCallbackQuery")))
    assert shop.api.texts == [SHIPPING]
    assert await shop.journal("dead") == []


async def test_case_29_a_query_that_is_too_old_is_passed_over(shop: Shop) -> None:
    tap = buttons(await offered(shop))[0]
    old = Trouble(400, "Bad Request: query is too old and response timeout expired")
    shop.api.script("answerCallbackQuery", old)
    await shop.api.push(tapped(tap["callback_data"]))
    await shop.api.sent(2)
    assert shop.api.texts[1] == SHIPPING
    assert (await shop.ready())["status"] == "ok"


async def test_a_tap_that_is_not_on_offer_says_so(shop: Shop) -> None:
    await shop.api.push(tapped("tap:1:0:00000000"))
    await shop.api.sent()
    assert "not on offer" in shop.api.texts[0]
    assert await shop.lines() == []


async def test_a_rating_is_thanked_for_noted_and_can_not_be_given_twice(shop: Shop) -> None:
    asked = await closed_by_an_agent(shop)
    rows = asked["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows] == [2, 3]
    (four,) = [one for one in buttons(asked) if one["text"] == "★★★★"]
    await shop.api.push(tapped(four["callback_data"]))
    await shop.api.until(lambda: len(shop.api.of("editMessageReplyMarkup")) == 1)
    assert "reply_markup" not in shop.api.of("editMessageReplyMarkup")[0]
    assert shop.api.of("answerCallbackQuery")[0]["text"] == "Thank you for your rating!"
    (row,) = await shop.node.database.rows("SELECT rating FROM conversations")
    assert row["rating"] == 4


async def test_case_30_a_long_reply_comes_in_ordered_parts(shop: Shop) -> None:
    await shop.api.push(said("a long answer please"))
    sent = await shop.api.sent(3)
    assert "".join(one["text"] for one in sent) == "😀" * 5000
    assert all(units(one["text"]) <= 4096 for one in sent)
    await shop.settled("sent")


async def test_case_31_marks_stay_as_they_are(shop: Shop) -> None:
    await shop.api.push(said("which marks do you use"))
    (sent,) = await shop.api.sent()
    assert sent == {"chat_id": ANN, "text": "<b>&_* stay as they are"}


async def test_case_32_a_chat_that_must_wait_gets_everything_in_order(shop: Shop) -> None:
    shop.api.script("sendMessage", bot_api.limited(1))
    await shop.api.push(said("shipping time"), said("opening hours"))
    await shop.api.sent(2)
    assert shop.api.texts == [SHIPPING, "Every day."]
    await shop.api.push(said("shipping time", BOB))
    await shop.settled("sent", 3)


async def test_case_33_after_a_time_out_a_person_decides(tmp_path: Path, api: BotApi) -> None:
    api.script("sendMessage", Trouble(reset=True))
    async with open_shop(tmp_path, api) as shop:
        await api.push(said("shipping time"))
        (line,) = await shop.settled("unknown")
        assert "sendMessage" in line["detail"]
        assert len(api.of("sendMessage")) == 1


async def test_case_33_or_it_is_sent_once_more_and_never_again(tmp_path: Path, api: BotApi) -> None:
    api.script("sendMessage", Trouble(reset=True), Trouble(reset=True))
    async with open_shop(tmp_path, api, delivery={"unknown": "resend"}) as shop:
        await api.push(said("shipping time"))
        await shop.settled("unknown")
        assert len(api.of("sendMessage")) == 2


async def test_case_34_who_has_blocked_the_bot_is_left_alone_until_they_return(
    shop: Shop,
) -> None:
    shop.api.script("sendMessage", bot_api.BLOCKED)
    await shop.api.push(said("shipping time"))
    (dead,) = await shop.settled("dead")
    assert "blocked" in dead["detail"]
    await shop.api.push(said("opening hours"))
    await shop.settled("dead", 2)
    assert len(shop.api.of("sendMessage")) == 1
    await shop.api.push(member("member"), said("opening hours"))
    await shop.api.sent()
    assert shop.api.texts == ["Every day."]


async def test_case_35_a_chat_that_has_moved_is_followed_and_remembered(
    tmp_path: Path, api: BotApi
) -> None:
    moved = Trouble(400, "Bad Request: group upgraded", {"migrate_to_chat_id": 77})
    api.script("sendMessage", moved)
    async with open_shop(tmp_path, api) as shop:
        await api.push(said("shipping time"))
        assert await api.sent() == [{"chat_id": 77, "text": SHIPPING}]
        await shop.settled("sent")
    async with open_shop(tmp_path, api):
        await api.push(said("opening hours"))
        assert (await api.sent(2))[1]["chat_id"] == 77


@pytest.mark.parametrize(
    ("trouble", "attempts"),
    [(Trouble(500, "Internal Server Error"), 2), (Trouble(400, "Bad Request: chat not found"), 1)],
    ids=["a failure is tried again", "a refusal is final"],
)
async def test_what_surely_was_not_sent_is_sent_again_if_that_helps(
    shop: Shop, trouble: Trouble, attempts: int
) -> None:
    shop.api.script("sendMessage", trouble)
    await shop.api.push(said("shipping time"))
    await shop.settled("sent" if attempts == 2 else "dead")
    assert len(shop.api.of("sendMessage")) == attempts


async def test_no_part_of_a_reply_is_sent_twice(shop: Shop) -> None:
    """The second of three fails surely, and the third: each goes on where it was."""
    shop.api.script("sendMessage", Trouble(500, "no"), Trouble(500, "no"))
    await shop.api.push(said("a long answer please"))
    await shop.settled("sent")
    texts = shop.api.texts
    assert [units(text) for text in texts] == [4096, 4096, 1808]


async def test_case_51_an_agents_claim_silences_the_bot(shop: Shop) -> None:
    """The customer asks the FAQ; the reply waits for its turn when an agent takes over."""
    shop.api.script("sendMessage", bot_api.limited(2))
    await shop.api.push(said("shipping time"))
    await shop.api.until(lambda: len(shop.api.of("sendMessage")) == 1)
    (row,) = await shop.node.database.rows("SELECT id FROM conversations")
    seat = await shop.node.handoff.surface.seat("admin")

    async def pending() -> bool:
        rows = await shop.lines(Author.BOT)
        return [one["status"] for one in rows] == [Status.PENDING]

    await until(pending)
    await seat.claim(row["id"])
    await seat.reply(row["id"], "k1", "I am here.")
    await shop.api.sent()
    assert shop.api.texts == ["I am here."]
    assert [one["status"] for one in await shop.lines(Author.BOT)] == [Status.CANCELLED]


async def test_an_agent_who_types_is_seen_typing(shop: Shop) -> None:

    await shop.api.push(said("/person"))
    (line,) = await shop.heard()
    await shop.node.hints.publish(Hint("typing", contact=line["contact"], detail="agent"))
    await shop.node.hints.publish(Hint("typing", contact=line["contact"], detail="agent"))
    await shop.api.until(lambda: bool(shop.api.of("sendChatAction")))
    assert shop.api.of("sendChatAction") == [{"chat_id": ANN, "action": "typing"}]


async def test_when_telegram_is_away_nothing_is_lost(tmp_path: Path, api: BotApi) -> None:
    port = int(api.base.rpartition(":")[2])
    async with open_shop(tmp_path, api) as shop:
        api.answers["sendMessage"] = lambda fields: Trouble(500, "going down")
        await api.push(said("shipping time"))
        await api.until(lambda: bool(api.of("sendMessage")))
        await api.stop()
        await shop.is_well("can't be reached")
        del api.answers["sendMessage"]
        await api.start(port)
        await shop.settled("sent")
        assert api.texts == [SHIPPING]
