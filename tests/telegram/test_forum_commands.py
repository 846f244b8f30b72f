"""What an agent's message asks for, by examples."""

import pytest

from adapters.telegram.forum.commands import (
    Command,
    Elsewhere,
    Remark,
    Say,
    Unknown,
    Wish,
    read,
    split_name,
)
from adapters.telegram.forum.refusals import refusal
from adapters.telegram.forum.words import WORDS, Words
from gateway.conversation import Mode
from gateway.errors import Conflict, Invalid, NotFound, Refused
from tests.telegram.sheets import sheet


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("您好", Say("您好")),
        ("", Say("")),
        ("1/2 price", Say("1/2 price")),
        ("//", Remark("")),
        ("// she is angry", Remark("she is angry")),
        ("//she\nis", Remark("she\nis")),
        ("／／ 客人生气了", Remark("客人生气了")),
        ("、、客人生气了", Remark("客人生气了")),
        ("／note 客人生气了", Remark("客人生气了")),
        ("、", Say("、")),
        ("/note she is angry", Remark("she is angry")),
        ("/note@Shop_Bot two\nlines", Remark("two\nlines")),
        ("/claim", Command("claim", "")),
        ("/Claim@shop_bot", Command("claim", "")),
        ("/transfer li  please", Command("transfer", "li  please")),
        ("/close 已解决", Command("close", "已解决")),
        ("/claim@other_bot", Elsewhere()),
        ("/note@other_bot secret", Elsewhere()),
        ("/clsoe", Unknown("/clsoe")),
        ("/ note", Unknown("/")),
        ("/", Unknown("/")),
    ],
)
def test_a_message_asks_for(text: str, wish: Wish) -> None:
    assert read(text, "shop_bot") == wish


def test_before_the_bot_knows_its_name_commands_are_its_own() -> None:
    assert read("/claim@shop_bot", "") == Command("claim", "")


@pytest.mark.parametrize(
    ("rest", "name", "note"),
    [
        ("li please", "li", "please"),
        ("Li Lei please", "li lei", "please"),
        ("LI\nplease", "li", "please"),
        ("lina please", "lina", "please"),
        ("售后 请看一下", "售后", "请看一下"),
        ("nobody", "nobody", ""),
        ("", "", ""),
    ],
)
def test_a_transfer_names_somebody_and_says_why(rest: str, name: str, note: str) -> None:
    assert split_name(rest, ["li", "li lei", "售后"]) == (name, note)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Conflict("…", holder={"id": "1", "name": "小李"}), "小李 正在接待。"),
        (Conflict("…", written=True), "顾客又写了新的内容，看过再结束。"),
        (Conflict("…", load=5, capacity=5), "已经接待了 5 位，最多 5 位。"),
        (NotFound("no agent is called 'x'", name="x"), "没有叫「x」的客服或团队。"),
        (NotFound("no such conversation"), "这次咨询属于别的团队，您看不到。"),
        (Invalid("an editor takes none"), "没有做成：an editor takes none"),
    ],
)
def test_a_refusal_reads(error: Refused, says: str) -> None:
    assert refusal(error, sheet(), Words("zh")) == says


def test_whatever_is_refused_in_a_closed_conversation_it_is_because_it_has_ended() -> None:
    closed = sheet(mode=Mode.CLOSED)

    assert refusal(Conflict("…"), closed, Words("en")) == "This chat has ended."


@pytest.mark.parametrize("key", WORDS)
def test_every_text_is_there_in_both_languages_with_the_same_values(key: str) -> None:
    texts = WORDS[key]

    assert texts.keys() == {"zh", "en"}
    values = [{part.split("}")[0] for part in text.split("{")[1:]} for text in texts.values()]
    assert values[0] == values[1]
