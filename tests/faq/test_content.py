"""What staff write in YAML, what it becomes, and every error it can have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from faq.content import Faq, load
from faq.entry import Answer, Link
from faq.files.document import DocumentError


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path, **files: str) -> Faq:
    return load(write(folder, **files))


def refused(folder: Path, **files: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load(write(folder, **files))
    return [problem.say("en").removeprefix(f"{folder}/") for problem in caught.value.problems]


SHORT = "- question: 运费怎么算？\n  answer: 满99元包邮。\n"
FULL = """
- id: ship_fee
  questions: [运费怎么算, 邮费]
  answer:
    zh: 满99元包邮。
    en:
      text: Free from 99 yuan.
      link: {url: "https://example.com/en", text: Fees}
    image: fees.png
    link: https://example.com/zh
    follow_ups: [ship_time]
    channels:
      official: 满99元包邮，点菜单看详情。
      website: {en: Free shipping from 99 yuan.}
  tags: [物流]
  valid: {from: 2026-01-01, to: 2026-12-31}
  examples: [寄到拉萨多少钱]
  not: [退货运费谁出]
- id: refund_dispute
  questions: [退款金额不对]
  team: 售后
  priority: high
"""


def test_the_short_form_needs_a_question_and_an_answer_only(tmp_path: Path) -> None:
    [entry] = loaded(tmp_path, a=SHORT).entries
    assert entry.id == "运费怎么算?"
    assert entry.questions == ("运费怎么算？",)
    assert entry.answer() == Answer("满99元包邮。")
    assert (entry.place.file, entry.place.line) == (str(tmp_path / "a.yaml"), 1)


def test_the_full_form_says_everything(tmp_path: Path) -> None:
    fee, dispute = loaded(tmp_path, a=FULL).entries
    assert fee.tags == ("物流",)
    assert (fee.valid_from, fee.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert fee.examples == ("寄到拉萨多少钱",)
    assert fee.never == ("退货运费谁出",)
    assert (dispute.team, dispute.urgent, dispute.answer()) == ("售后", True, None)


@pytest.mark.parametrize(
    ("channel", "language", "text", "link"),
    [
        ("", "zh", "满99元包邮。", Link("https://example.com/zh")),
        ("", "zh-Hant-TW", "满99元包邮。", Link("https://example.com/zh")),
        ("", "en-GB", "Free from 99 yuan.", Link("https://example.com/en", "Fees")),
        ("", "fr", "满99元包邮。", Link("https://example.com/zh")),
        ("other", "en", "Free from 99 yuan.", Link("https://example.com/en", "Fees")),
        ("official", "en", "满99元包邮，点菜单看详情。", None),
        ("website", "en", "Free shipping from 99 yuan.", None),
        ("website", "zh", "Free shipping from 99 yuan.", None),
    ],
)
def test_the_nearest_answer_is_given(
    tmp_path: Path, channel: str, language: str, text: str, link: Link | None
) -> None:
    answer = loaded(tmp_path, a=FULL).entries[0].answer(channel, language)
    assert answer
    assert (answer.text, answer.link) == (text, link)


def test_validity_includes_both_ends(tmp_path: Path) -> None:
    entry = loaded(tmp_path, a=FULL).entries[0]
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [entry.valid(day) for day in days] == [False, True, True, False]


def test_answers_are_never_templates(tmp_path: Path) -> None:
    text = "{{7*7}} ${HOME} %s {name} <b>"
    [entry] = loaded(tmp_path, a=f"- question: a\n  answer: '{text}'\n").entries
    assert entry.answer() == Answer(text)


def test_synonyms_and_words_have_files_of_their_own(tmp_path: Path) -> None:
    faq = loaded(
        tmp_path,
        a=SHORT,
        synonyms="运费: [邮费, 快递费]\n",
        words="person: [转人工, real person]\ncomplaint: ['12315']\n",
    )
    assert faq.synonyms == {"邮费": "运费", "快递费": "运费"}
    assert faq.person.find("麻烦帮我轉人工！") == "转人工"
    assert faq.person.find("get me a REAL person") == "real person"
    assert faq.person.find("surreal persons") is None
    assert faq.complaint.find("我要打12315了") == "12315"
    assert faq.complaint.find("订单9123156") is None


def test_words_are_never_patterns(tmp_path: Path) -> None:
    faq = loaded(tmp_path, a=SHORT, words="person: ['.*', '(a+)+$', 人工]\n")
    assert faq.person.find("运费怎么算") is None
    assert faq.person.find("a" * 500) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1", "a.yaml:1:1: expected a list of entries"),
        ("- 运费", "a.yaml:1:3: 条目 entry: expected `name: value` lines, but text came"),
        ("- answer: x", "a.yaml:1:3: the entry has no question or questions"),
        ("- question: x", "a.yaml:1:3: the entry has no answer"),
        ("- question: [x, 12]\n  answer: y", 'a.yaml:1:17: text was expected, but YAML'),
        ("- question: x\n  answer: no", 'a.yaml:2:3: text was expected, but YAML'),
        ("- question: x\n  answer: 9:30", 'a.yaml:2:3: text was expected, but YAML'),
        ("- question: x\n  answer: true", 'a.yaml:2:3: text was expected'),
        ("- question: x\n  answer:", "a.yaml:2:3: answer: expected text, but nothing came"),
        ("- question: []\n  answer: y", "a.yaml:1:3: question: the list is empty"),
        ("- question: [[x]]\n  answer: y", "a.yaml:1:14: question: expected text, but a list"),
        ("- question: x\n  anser: y", 'a.yaml:2:3: unknown key "anser": did you mean answer?'),
        ("- question: x\n  zzzz: y", 'a.yaml:2:3: unknown key "zzzz": known are: id, '),
        ("- question: x\n  answer: {image: a.png}", "a.yaml:2:3: the answer has no text"),
        ("- question: x\n  answer: {zh: {image: a}}", "a.yaml:2:12: text is missing"),
        ("- question: x\n  answer: {text: y, channels: {z: {image: a}}}",
         "a.yaml:2:32: the answer has no text"),
        ("- question: x\n  answer: {text: y, link: {text: z}}", "the link has no url"),
        ("- question: x\n  answer: {text: y, link: 'javascript:x'}", "a link starts with https"),
        ("- question: x\n  answer: y\n  priority: soon", "expected normal / high"),
        ("- question: x\n  answer: y\n  valid: {from: soon}", "expected a date such as"),
        ("- question: x\n  answer: y\n  valid: {from: 2026-02-01, to: 2026-01-01}",
         "the end 2026-01-01 is before the beginning 2026-02-01"),
        ("- id: '" + "x" * 65 + "'\n  question: x\n  answer: y", "at most 64 characters"),
        ("- question: x\n  answer: y\n- question: x\n  answer: z",
         'the id "x" is already used at'),
        ("# nothing", "there are no FAQ entries in this folder"),
    ],
)  # fmt: skip
def test_each_error_names_its_place_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    [message] = refused(tmp_path, a=text)
    assert said in message


def test_all_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    found = refused(
        tmp_path,
        a="- question: x\n  anser: y\n- answer: z\n",
        b="- question: [*x]\n",
        words="persons: [x]",
        synonyms="- x",
    )
    places = [message.split(": ")[0] for message in found]
    assert places == [
        "a.yaml:2:3",
        "a.yaml:3:3",
        "b.yaml:1:14",
        "synonyms.yaml:1:1",
        "words.yaml:1:1",
    ]


def test_the_order_of_files_and_hidden_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".git", x="[[[")
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub", z="- question: z\n  answer: y\n")
    faq = loaded(tmp_path, b="- question: b\n  answer: y\n", a="- question: a\n  answer: y\n")
    assert [entry.id for entry in faq.entries] == ["a", "b", "z"]
