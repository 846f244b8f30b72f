"""What customers and agents confirm moves the threshold a little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.confirmed import LATEST, trials
from faq.content import Faq
from faq.entry import ANY, Answer, Entry
from faq.gaps import Asked
from faq.matching.matcher import Matcher
from faq.matching.threshold import Thresholds, sharpened

OWN = Thresholds(0.8, 0.2)
FAQ = Faq(
    (
        Entry("fee", ("运费怎么算", "邮费多少"), {(ANY, ANY): Answer("满 99 元包邮。")}),
        Entry("hours", ("几点开门", "营业时间"), {(ANY, ANY): Answer("早上九点。")}),
    )
)
MATCHER = Matcher(FAQ)
ASKED = "寄过来运费要怎么算呀"


def test_without_confirmations_nothing_moves() -> None:
    assert sharpened(OWN, []) == OWN


@pytest.mark.parametrize("right", [True, False])
def test_a_few_confirmations_move_nothing(right: bool) -> None:
    assert sharpened(OWN, [(0.79, right), (0.85, right)] * 9) == OWN


def test_answers_that_people_refute_raise_it_until_they_are_rare() -> None:
    confirmed = [(0.82, False)] * 15 + [(0.82, True)] * 15 + [(0.95, True)] * 200
    assert sharpened(OWN, confirmed).answer == pytest.approx(0.8)
    wrong = [(0.82, False)] * 30 + [(0.95, True)] * 60
    assert sharpened(OWN, wrong).answer == pytest.approx(0.83)


def test_suggestions_that_are_right_lower_it() -> None:
    assert sharpened(OWN, [(0.76, True)] * 60).answer == pytest.approx(0.72)
    assert sharpened(OWN, [(0.76, True)] * 40 + [(0.76, False)] * 20) == OWN


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80).map(lambda some: some * 3),
    st.floats(0.1, 1),
)
def test_it_moves_no_farther_than_a_little(
    confirmed: list[tuple[float, bool]], answer: float
) -> None:
    moved = sharpened(Thresholds(answer, 0.2), confirmed).answer
    assert abs(moved - answer) <= 0.08 + 1e-9
    assert moved >= min(answer, 0.7)
    assert moved <= max(answer, 0.92)


@pytest.mark.parametrize(
    ("question", "right"),
    [
        (Asked(ASKED, 1, "answer", "fee", helpful=True), [True]),
        (Asked(ASKED, 1, "answer", "fee", helpful=False), [False]),
        (Asked(ASKED, 1, "answer", "fee"), []),
        (Asked(ASKED, 1, "answer", "hours", helpful=False), []),
        (Asked(ASKED, 1, "suggest", "fee"), [True]),
        (Asked(ASKED, 1, "suggest", "hours"), [False]),
        (Asked(ASKED, 1, "suggest", "", "满 99 元包邮"), [True]),
        (Asked(ASKED, 1, "suggest", "", "我们看一下。"), [False]),
        (Asked(ASKED, 1, "suggest"), []),
        (Asked(ASKED, 1, "unknown", "", "满 99 元包邮"), []),
        (Asked("运费怎么算", 1, "answer", "fee", helpful=False), []),
    ],
)
def test_taps_verdicts_and_agents_settle_what_was_right(question: Asked, right: list[bool]) -> None:
    found = list(trials([question], FAQ, MATCHER))
    assert [one for _, one in found] == right
    assert all(0 <= sure <= 1 for sure, _ in found)


def test_only_the_latest_are_asked_again() -> None:
    questions = [Asked(f"{ASKED}{n}", n, "suggest", "fee") for n in range(LATEST + 10)]
    assert len(list(trials(questions, FAQ, MATCHER))) == LATEST


def test_a_matcher_is_sharpened_anew_each_time_and_remembers_nothing_older() -> None:
    matcher = Matcher(FAQ)
    before = matcher.match(ASKED).reasons.threshold
    matcher.sharpen([(before + 0.01, False)] * 100)
    assert matcher.match(ASKED).reasons.threshold > before
    matcher.sharpen([])
    assert matcher.match(ASKED).reasons.threshold == before


def test_a_threshold_that_was_set_by_hand_stays() -> None:
    matcher = Matcher(FAQ, answer_from=0.5)
    matcher.sharpen([(0.6, False)] * 100)
    assert matcher.thresholds.answer == 0.5
