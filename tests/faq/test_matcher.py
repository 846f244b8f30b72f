"""Matching, as tables of examples and as properties."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.content import Faq
from faq.entry import Entry
from faq.matching.match import Decision
from faq.matching.matcher import Matcher

FAQ = Faq(
    (
        Entry("ship_fee", ("运费怎么算", "多少钱包邮？", "邮费", "how much is shipping")),
        Entry("ship_time", ("下单后多久发货", "发货时间", "when will my order ship")),
        Entry("refund", ("退款多久到账", "钱什么时候退回来", "when do I get my refund")),
        Entry("hours", ("门店营业时间", "几点开门", "what are your opening hours")),
        Entry("invoice", ("怎么申请电子发票", "开发票", "how do I get an invoice")),
    ),
    synonyms={"快递费": "运费"},
)
MATCHER = Matcher(FAQ)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("運費怎麼算", "ship_fee"),
        ("请问一下运费怎么算呀😂", "ship_fee"),
        ("快递费怎么算", "ship_fee"),
        ("云费怎么算", "ship_fee"),
        ("开发飘", "invoice"),
        ("how much is shiping", "ship_fee"),
        ("could you tell me your openning hours please", "hours"),
        ("WHEN WILL I GET MY REFUND", "refund"),
        ("你们店几点开门", "hours"),
    ],
)
def test_the_right_entry_comes_first(text: str, entry: str) -> None:
    best = MATCHER.match(text).best
    assert best
    assert best.id == entry


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("云费怎么算", "运费"),
        ("运废怎么算", "运费"),
        ("退宽多久到账", "退款"),
        ("how much is shiping", "shipping"),
        ("when do I get my refundd", "refund"),
    ],
)
def test_typing_errors_are_read_as_what_the_faq_says(written: str, read: str) -> None:
    assert read in MATCHER.match(written).reasons.repaired[0][1]


@pytest.mark.parametrize(
    "text", ["请问猫粮怎么卖", "tell me about cats", "退款", "ship it", "昂贵的运费"]
)
def test_what_is_no_typing_error_is_left_alone(text: str) -> None:
    assert MATCHER.match(text).reasons.repaired == ()


@pytest.mark.parametrize("text", [q for entry in FAQ.entries for q in entry.questions])
def test_a_phrasing_always_hits_its_own_entry(text: str) -> None:
    match = MATCHER.match(f" {text}!! ")
    assert match.decision is Decision.ANSWER
    assert match.reasons.exact
    assert match.best
    assert match.best.phrasing == text


@pytest.mark.parametrize("text", ["", "   ", "？？？", "😂", "кириллица", "ħ"])
def test_what_shares_nothing_goes_to_a_person(text: str) -> None:
    match = MATCHER.match(text)
    assert match.decision is Decision.HANDOFF
    assert match.best is None


@pytest.mark.parametrize("text", ["退款", "refund"])
def test_a_single_word_that_several_entries_have_is_asked_about(text: str) -> None:
    faq = Faq(
        (
            Entry("refund_time", ("退款多久到账", "退款要几天", "how long does a refund take")),
            Entry("refund_how", ("怎么申请退款", "我要退款", "how do I ask for a refund")),
            Entry("hours", ("几点开门", "营业时间", "when do you open")),
        )
    )
    assert Matcher(faq, answer_from=0.1).match(text).decision is Decision.SUGGEST
    assert Matcher(FAQ, answer_from=0.1).match(text).decision is Decision.ANSWER


def test_the_reasons_say_what_was_read_repaired_and_shared() -> None:
    reasons = MATCHER.match("please how much is shiping to Mars").reasons
    assert reasons.repaired == (("shiping", "shipping"),)
    assert reasons.replaced == (("please", ""), ("how much is", "cost"))
    assert "shipping" in reasons.shared
    assert "mars" in reasons.unknown
    assert not reasons.exact
    assert not reasons.cut


def test_asking_again_gives_the_same_and_forgetting_is_harmless() -> None:
    first = MATCHER.match("快递费要多少钱呀")
    assert MATCHER.match("快递费要多少钱呀？") is first
    for number in range(1100):
        MATCHER.match(f"{number}")
    assert MATCHER.match("快递费要多少钱呀") == first


def test_what_was_asked_lately_or_is_a_phrasing_is_known_without_matching() -> None:
    text = "请问快递要花多少钱呀！"
    assert MATCHER.known(text) is None
    assert MATCHER.match(text) is MATCHER.known(text)
    assert MATCHER.known("請問快遞要花多少錢呀") is MATCHER.match(text)
    assert MATCHER.known("運費怎麼算!") == MATCHER.match("运费怎么算!")


@pytest.mark.parametrize(
    "faq", [Faq(()), Faq((Entry("empty", ("？？",)),)), Faq((Entry("one", ("x",)),))]
)
def test_a_faq_with_next_to_nothing_in_it_hands_over(faq: Faq) -> None:
    assert Matcher(faq).match("营业时间 opening hours").decision is Decision.HANDOFF


def test_long_texts_are_cut_and_say_so() -> None:
    match = MATCHER.match("运费怎么算" + "，" * 60_000)
    assert match.reasons.cut
    assert len(match.reasons.read_as) <= 500


@settings(deadline=None)
@given(st.text(alphabet="运费怎么算发票开多久abcdefgship ?。", max_size=60) | st.text(max_size=600))
def test_confidences_are_probabilities_in_order(text: str) -> None:
    match = MATCHER.match(text)
    shares = [candidate.confidence for candidate in match.candidates]
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares, reverse=True)
    assert len(shares) <= 5
    assert len({candidate.id for candidate in match.candidates}) == len(shares)


@settings(deadline=None)
@given(st.permutations(FAQ.entries))
def test_the_order_of_entries_is_irrelevant(entries: list[Entry]) -> None:
    shuffled = Matcher(Faq(tuple(entries), FAQ.synonyms))
    for text in ("寄到拉萨运费要多少", "order shipped when", "开门"):
        ours, theirs = MATCHER.match(text), shuffled.match(text)
        assert ours.best
        assert theirs.best
        assert ours.best.id == theirs.best.id
        assert ours.best.confidence == pytest.approx(theirs.best.confidence, abs=1e-3)
