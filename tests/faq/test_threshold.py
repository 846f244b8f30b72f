"""The threshold that sets itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.content import Faq
from faq.entry import Entry
from faq.matching.confidence import MEANT, WRITTEN, Estimator, Model
from faq.matching.match import Decision
from faq.matching.matcher import Matcher
from faq.matching.threshold import Thresholds, raised

COMMON = Thresholds(0.84, 0.2)


def test_a_faq_without_trials_gets_the_common_threshold() -> None:
    assert raised(COMMON, []) == COMMON


def test_right_trials_leave_the_threshold_low() -> None:
    assert raised(COMMON, [(0.9, True)] * 200) == COMMON


def test_confident_mistakes_raise_it_until_they_are_rare() -> None:
    trials = [(0.86, False)] * 40 + [(0.95, True)] * 60
    assert raised(COMMON, trials).answer == pytest.approx(0.87)
    assert raised(COMMON, trials).suggest == COMMON.suggest


def test_it_never_rises_out_of_reach() -> None:
    assert raised(COMMON, [(0.99, False)] * 200).answer == pytest.approx(0.92)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_it_stays_within_its_bounds(trials: list[tuple[float, bool]]) -> None:
    assert 0.84 <= raised(COMMON, trials).answer <= 0.92


def test_it_can_be_set_by_hand() -> None:
    faq = Faq((Entry("fee", ("运费怎么算", "邮费")), Entry("hours", ("几点开门", "营业时间"))))
    shy, bold = Matcher(faq, answer_from=1.0), Matcher(faq, answer_from=0.0)
    question = "运费要怎么算才对"
    assert shy.thresholds.answer == 1.0
    assert shy.match(question).decision is not Decision.ANSWER
    assert bold.match(question).decision is Decision.ANSWER
    assert shy.match("邮费！").decision is Decision.ANSWER, "an exact phrasing is always answered"


@pytest.mark.parametrize("model", [WRITTEN, MEANT])
def test_many_entries_of_few_phrasings_want_more(model: Model) -> None:
    def wanted(entries: int, phrasings: int) -> float:
        return Estimator(model, np.full(entries, phrasings)).thresholds.answer

    assert wanted(20, 1) == wanted(10, 3) == pytest.approx(model.sparse_from)
    assert wanted(20, 6) == wanted(20, 40) == wanted(4, 1) == wanted(1, 1) == model.answer_from
    assert wanted(20, 3) > wanted(20, 4) > wanted(20, 5) > wanted(20, 6)
    assert wanted(10, 3) > wanted(7, 3) > wanted(4, 3)


def test_a_faq_without_entries_has_a_threshold_too() -> None:
    assert Estimator(WRITTEN, np.zeros(0)).thresholds.answer == WRITTEN.answer_from
