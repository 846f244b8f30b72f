"""What a FAQ that was just begun does: a handful of entries, a phrasing or three each."""

from __future__ import annotations

import pytest

from faq.content import Faq
from faq.entry import Entry
from faq.matching.match import Decision
from faq.matching.matcher import Matcher

SHOP = Matcher(
    Faq(
        (
            Entry("hours", ("opening hours", "when do you open", "几点开门", "营业时间")),
            Entry("shipping", ("how long does shipping take", "when will it ship", "多久发货")),
            Entry("refund", ("refund", "how do i get my money back", "退款")),
        )
    )
)
ENGLISH = Matcher(
    Faq(
        (
            Entry("shipping", ("shipping time", "how long does shipping take")),
            Entry("hours", ("opening hours", "when are you open")),
            Entry("long", ("a long answer please",)),
            Entry("marks", ("which marks do you use",)),
        )
    )
)
ONE = Matcher(Faq((Entry("shipping", ("多久发货",)),)))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("when do you open on sunday", "hours"),
        ("how long is shipping", "shipping"),
        ("can i get a refund", "refund"),
        ("退款怎么弄", "refund"),
        ("大概多久能发货", "shipping"),
    ],
)
def test_it_answers_what_it_was_made_for(text: str, entry: str) -> None:
    found = SHOP.match(text)
    assert found.decision is Decision.ANSWER
    assert found.best
    assert found.best.id == entry


@pytest.mark.parametrize(
    "text", ["我的包裹丢在山里了", "my parcel is lost in the mountains", "do you repair phones"]
)
def test_it_leaves_the_rest_to_people(text: str) -> None:
    assert SHOP.match(text).decision is Decision.HANDOFF


@pytest.mark.parametrize("text", ["今天天气怎么样", "我的包裹丢在山里了", "你们卖手机吗"])
def test_another_language_about_something_else_is_left_to_people(text: str) -> None:
    assert ENGLISH.match(text).decision is Decision.HANDOFF


@pytest.mark.parametrize("text", ["你好", "我的包裹丢在山里了", "do you repair phones"])
def test_a_single_entry_is_not_the_answer_to_everything(text: str) -> None:
    assert ONE.match(text).decision is Decision.HANDOFF
