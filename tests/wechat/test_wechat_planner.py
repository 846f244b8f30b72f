"""What goes into one message, and which messages a reply takes: by examples."""

import pytest

from adapters.wechat.pieces import LIMIT
from adapters.wechat.planner import Piece, bundle, first, parts, plan, smaller
from gateway.message import Attachment, Author, Contact, Reply, Suggestion

WHO = Contact("official", "oWHO")
YES = Suggestion("rate:5", "满意")
PICTURE = Attachment("image", "a.png", "image/png", id="f1")
SHEET = Attachment("file", "价目表.xlsx", "application/vnd.ms-excel", url="https://shop.example/f")
LONG = "好" * 683  # one byte more than a message holds


def reply(text: str, *behind: Reply, **more: object) -> Reply:
    made = Reply("r", "c", WHO, 1, Author.BOT, "", text, behind=behind)
    for name, value in more.items():
        object.__setattr__(made, name, value)
    return made


@pytest.mark.parametrize(
    ("given", "text", "taken"),
    [
        (reply("一"), "一", 0),
        (reply("一", reply("二"), reply("三")), "一\n\n二\n\n三", 2),
        (reply("一", reply(LONG), reply("三")), "一", 0),
        (reply("好" * 680, reply("二")), "好" * 680 + "\n\n二", 1),
        (reply("好" * 682, reply("二")), "好" * 682, 0),
        (reply("一", reply("", attachments=(PICTURE,)), reply("三")), "一", 0),
    ],
)
def test_what_is_pending_goes_together_while_it_fits(given: Reply, text: str, taken: int) -> None:
    found = bundle(given)
    assert found
    assert (found.text, found.taken) == (text, taken)
    assert len(found.text.encode()) <= LIMIT


@pytest.mark.parametrize("given", [reply(LONG), reply("看图", attachments=(PICTURE,)), reply("")])
def test_what_is_more_than_one_message_is_not_bundled(given: Reply) -> None:
    assert bundle(given) is None


@pytest.mark.parametrize(
    ("given", "links", "pieces"),
    [
        (reply("一"), False, [Piece("一")]),
        (reply("评分", suggestions=(YES,)), False, [Piece("评分", (YES,))]),
        (reply("", suggestions=(YES,)), False, [Piece("", (YES,))]),
        (reply("看图", attachments=(PICTURE,)), False, [Piece("看图"), Piece(file=PICTURE)]),
        (reply("", attachments=(PICTURE,)), False, [Piece(file=PICTURE)]),
        (reply("", attachments=(SHEET,)), False, [Piece("[价目表.xlsx] https://shop.example/f")]),
        (reply(LONG), False, [Piece("好" * 682), Piece("好")]),
        (
            reply(LONG, suggestions=(YES,)),
            False,
            [Piece("好" * 682), Piece("好", (YES,))],
        ),
    ],
)
def test_a_reply_is_planned_as_messages(given: Reply, links: bool, pieces: list[Piece]) -> None:
    assert list(plan(given, links=links)) == pieces


def test_without_menus_what_can_be_tapped_is_a_link() -> None:
    [piece] = plan(reply("评分", suggestions=(YES,)), links=True)
    assert piece.text.startswith('评分\n<a href="weixin://bizmsgmenu?')
    assert piece.suggestions == ()


def test_parts_say_that_there_is_more_and_fit() -> None:
    found = parts(reply("好。" * 700), "（还有）")
    assert [piece.text.endswith("（还有）") for piece in found] == [True, True, False]
    assert all(len(piece.text.encode()) <= LIMIT for piece in found)
    assert "".join(piece.text.removesuffix("\n\n（还有）") for piece in found) == "好。" * 700


@pytest.mark.parametrize(
    ("begun", "count", "at"), [(0, 1, 0), (1, 1, 0), (0, 3, 0), (1, 3, 1), (2, 3, 2), (3, 3, 2)]
)
def test_what_was_claimed_is_passed_over_but_for_the_last(begun: int, count: int, at: int) -> None:
    assert first(begun, count) == at


def test_what_is_too_long_is_halved_and_one_character_is_not() -> None:
    halves = smaller(Piece("一句话。" * 40, (YES,)))
    assert len(halves) == 2
    assert "".join(piece.text for piece in halves) == "一句话。" * 40
    assert [piece.suggestions for piece in halves] == [(), (YES,)]
    assert smaller(Piece("好")) == ()
