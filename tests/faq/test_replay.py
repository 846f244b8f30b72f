"""`faq test`: examples, and real questions asked again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq.cli import DEFAULT, Shop, faq
from faq.content import load
from faq.files.document import DocumentError
from faq.matching.matcher import Matcher
from faq.replay import Outcome, Question, read, replay

SAMPLE = load(DEFAULT)
MATCHER = Matcher(SAMPLE)


def run(*arguments: str, zh: bool = False, folder: Path | None = None) -> tuple[int, str]:
    group = faq(lambda chinese, english: chinese if zh else english)
    result = CliRunner().invoke(group, ["test", *arguments], obj=Shop(folder))
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("text", "entry", "outcome"),
    [
        ("运费怎么算", "ship_fee", Outcome.RIGHT),
        ("运费怎么算", "ship_time", Outcome.WRONG),
        ("运费怎么算", "", Outcome.WRONG),
        ("？？", "", Outcome.RIGHT),
        ("？？", "ship_fee", Outcome.PERSON),
        ("运费怎么算，我要投诉", "ship_fee", Outcome.PERSON),
        ("我要投诉", "", Outcome.RIGHT),
    ],
)
def test_each_question_has_one_outcome(text: str, entry: str, outcome: Outcome) -> None:
    [one] = replay([Question(text, entry)], SAMPLE, MATCHER)
    assert one.outcome is outcome


def test_the_right_one_among_the_suggestions_counts_apart() -> None:
    texts = ["运费", "发票", "退货", "眼镜", "镜片", "地址", "快递", "退款", "验光", "会员"]
    offered = [
        (text, match.suggestions)
        for text in texts
        if (match := MATCHER.match(text)).decision.value == "suggest"
    ]
    assert offered
    text, suggestions = offered[0]
    [one] = replay([Question(text, suggestions[-1].id)], SAMPLE, MATCHER)
    assert one.outcome is Outcome.OFFERED
    [one] = replay([Question(text, "no such entry")], SAMPLE, MATCHER)
    assert one.outcome is Outcome.PERSON


def test_examples_that_hold_pass(tmp_path: Path) -> None:
    text = "- id: fee\n  questions: [运费怎么算, 邮费]\n  answer: 八元\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    code, output = run(str(tmp_path))
    assert code == 0
    assert output.startswith("no examples yet: write customers' own words into `examples`")
    more = "  examples: [请问运费怎么算呀]\n  not: [几点开门]\n"
    (tmp_path / "a.yaml").write_text(text + more, encoding="utf-8")
    assert run(folder=tmp_path) == (0, "examples: 2 of 2 hold.\n")
    assert run(folder=tmp_path, zh=True) == (0, "例句：2 条，2 条符合。\n")


def test_examples_that_miss_are_named(tmp_path: Path) -> None:
    text = "- id: fee\n  questions: [运费怎么算, 邮费]\n  answer: 八元\n  examples: [几点开门]\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    code, output = run(folder=tmp_path)
    assert code == 1
    assert "a.yaml:4:1: the example" in output
    assert "examples: 0 of 1 hold." in output


def test_a_replay_reports_what_is_not_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "real.jsonl"
    asked = [("运费怎么算", "ship_fee"), ("邮费", "ship_time"), ("？", "ship_fee"), ("！", None)]
    lines = [json.dumps({"text": text, "id": entry}) for text, entry in asked]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    code, output = run("--replay", str(file), zh=True)
    assert code == 1
    assert "  ✗ 邮费  应为: ship_time  却是: ship_fee (100%)\n" in output
    assert "  ? ？  没有答出: ship_fee  (最接近: -)\n" in output
    assert "真实问题：4 个，答对 2 (50%)，在可选项里 0 (0%)，转人工 1 (25%)，答错 1" in output
    file.write_text(lines[0], encoding="utf-8")
    code, output = run("--replay", str(file))
    assert code == 0
    assert "real questions: 1; right 1 (100%), among the suggestions 0 (0%)" in output


def test_questions_come_from_tables_too(tmp_path: Path) -> None:
    file = tmp_path / "real.csv"
    file.write_text("原话,编号,备注\n邮费,ship_fee\n,x,\n天气,,\n", encoding="utf-8")
    assert read(file) == [Question("邮费", "ship_fee"), Question("天气", "")]
    file.write_text("问题,编号\n邮费,ship_fee\n", encoding="utf-8")
    assert read(file) == [Question("邮费", "ship_fee")]


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("a.jsonl", b'{"text": "x", "id": "y"}\n{"text": 1}\nno\n', [2, 3]),
        ("a.jsonl", b"\xff", [0]),
        ("a.csv", b"name,id\nx,y\n", [1]),
        ("a.csv", b"", [1]),
    ],
)
def test_files_of_another_shape_are_refused(
    tmp_path: Path, name: str, content: bytes, lines: list[int]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read(tmp_path / name)
    assert [problem.line for problem in caught.value.problems] == lines
    assert run("--replay", str(tmp_path / name))[0] == 2
