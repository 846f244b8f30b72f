"""The sample shop: complete, bilingual, and answering."""

from __future__ import annotations

from pathlib import Path

import pytest

from faq.cli import DEFAULT
from faq.content import Faq, files, load
from faq.matching.match import Decision
from faq.matching.matcher import Matcher

SAMPLE = load(DEFAULT)
MATCHER = Matcher(SAMPLE)


@pytest.fixture(scope="module")
def sample() -> Faq:
    return SAMPLE


def test_every_entry_is_asked_and_answered_in_both_languages(sample: Faq) -> None:
    assert len(sample.entries) == 60
    for entry in sample.entries:
        english = [question for question in entry.questions if question.isascii()]
        chinese = [question for question in entry.questions if not question.isascii()]
        assert len(english) >= 4, entry.id
        assert len(chinese) >= 6, entry.id
        if entry.answers:
            zh, en = entry.answer(language="zh"), entry.answer(language="en")
            assert zh
            assert en
            assert zh.text != en.text


def test_every_follow_up_leads_somewhere(sample: Faq) -> None:
    for entry in sample.entries:
        for answer in entry.answers.values():
            assert all(sample.entry(follow_up) for follow_up in answer.follow_ups), entry.id


def test_every_file_names_its_schema() -> None:
    for path in files(DEFAULT):
        line = path.read_text(encoding="utf-8").split("\n", 1)[0]
        _, _, schema = line.partition("$schema=")
        assert (path.parent / schema).resolve().is_file(), path


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("請問運費怎麼算呀？", "ship_fee"),
        ("你好，发货时间", "ship_time"),
        ("can you tell me how much is shipping please", "ship_fee"),
        ("How do I book an eye test??", "exam_book"),
        ("隐型眼镜怎么护理", "contact_care"),
    ],
)
def test_plain_questions_get_their_answer(text: str, entry: str) -> None:
    match = MATCHER.match(text)
    assert match.decision is Decision.ANSWER
    assert match.best
    assert match.best.id == entry


@pytest.mark.parametrize("text", ["麻烦给我转人工", "I need a HUMAN!", "找個真人來"])
def test_who_wants_a_person_is_heard(text: str) -> None:
    assert SAMPLE.person.find(text)


@pytest.mark.parametrize("text", ["再不处理我打12315", "this is a scam", "我要投訴你們"])
def test_complaints_are_heard(text: str) -> None:
    assert SAMPLE.complaint.find(text)


@pytest.mark.parametrize("text", ["运费多少", "how humane is it", "where are my glasses"])
def test_ordinary_questions_are_not_taken_for_either(text: str) -> None:
    assert SAMPLE.person.find(text) is None
    assert SAMPLE.complaint.find(text) is None


def test_the_sample_ships_with_the_package() -> None:
    assert Path(DEFAULT / "shipping.yaml").is_file()
