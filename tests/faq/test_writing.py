"""YAML that a person wrote, changed by the program: nothing else in it may move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from faq.content import load
from faq.entry import ANY, Answer, Entry, Place
from faq.files.document import DocumentError, parse
from faq.files.items import items
from faq.files.writing import dumped, edit, put, rewritten
from tests.faq.entries import calmly, entries

SHOP = """\
# 我们的店
# 第二行

- id: fee   # 不要改编号
  questions:
    # 中文
    - 运费怎么算
    - "邮费"  # 简称

    # English
    - how much is shipping
  # 答案由法务看过
  answer:
    zh: '满99元包邮。'
    en: >-
      Free from 99 yuan,
      eight yuan below.
  tags: [物流, 运费]

# 发票
-   question: 怎么开发票
    answer: 在订单页申请。
# 结尾
"""


def read(text: str) -> list[Entry]:
    found, problems = items(parse(text, "a.yaml"))
    assert not problems
    return found


def changed(text: str, number: int, **values: object) -> str:
    entry = read(text)[number]
    return rewritten(text, "a.yaml", {entry.place.line: replace(entry, **values)})  # type: ignore[arg-type]


def differing(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_new_phrasing_is_one_new_line() -> None:
    fee = read(SHOP)[0]
    after = changed(SHOP, 0, questions=(*fee.questions, "包邮吗"))
    assert after == SHOP.replace(
        "    - how much is shipping\n", "    - how much is shipping\n    - 包邮吗\n"
    )


def test_a_phrasing_in_the_middle_goes_and_its_neighbours_stay() -> None:
    after = changed(SHOP, 0, questions=("运费怎么算", "how much is shipping"))
    gone, new = differing(SHOP, after)
    assert (gone, new) == (['    - "邮费"  # 简称'], [])


def test_a_changed_answer_leaves_the_other_language_alone() -> None:
    answers = dict(read(SHOP)[0].answers)
    answers[ANY, "zh"] = Answer("满88元包邮。")
    gone, new = differing(SHOP, changed(SHOP, 0, answers=answers))
    assert (gone, new) == (["    zh: '满99元包邮。'"], ["    zh: '满88元包邮。'"])


def test_the_short_form_stays_short_while_it_can() -> None:
    after = changed(SHOP, 1, answers={(ANY, ANY): Answer("在“我的订单”里申请。")})
    gone, new = differing(SHOP, after)
    assert new == ["    answer: 在“我的订单”里申请。"]
    assert gone == ["    answer: 在订单页申请。"]


def test_a_second_phrasing_makes_the_list_and_keeps_the_entrys_id() -> None:
    after = changed(SHOP, 1, questions=("怎么开发票", "开发票"))
    assert "-   questions:\n      - 怎么开发票\n      - 开发票\n    answer: 在订单页" in after
    after = changed(SHOP, 1, questions=("开发票",))
    assert "-   id: 怎么开发票\n    question: 开发票\n    answer: 在订单页申请。\n# 结尾\n" in after


def test_entries_are_added_below_with_a_line_between() -> None:
    [entry] = read("- id: x\n  question: a\n  answer: 'no'\n")
    after = rewritten(SHOP, "a.yaml", {}, [entry])
    assert after == SHOP + '\n- id: x\n  questions:\n    - a\n  answer: "no"\n'


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- question: a\n  answer: b"])
def test_entries_are_added_to_whatever_is_there(text: str) -> None:
    [entry] = read("- id: x\n  question: a\n  answer: b\n")
    after = rewritten(text, "a.yaml", {}, [entry])
    assert after.startswith(text)
    assert read(after)[-1].id == "x"


def test_a_list_that_is_indented_stays_so() -> None:
    text = "  - question: a\n    answer: b\n"
    [entry] = read(text)
    after = rewritten(text, "a.yaml", {1: replace(entry, questions=("a", "c"))}, [
        replace(entry, id="new")
    ])  # fmt: skip
    assert after == (
        "  - questions:\n      - a\n      - c\n    answer: b\n"
        "\n  - id: new\n    questions:\n      - a\n    answer: b\n"
    )


def test_flow_style_stays_on_its_line() -> None:
    text = "- {question: a, answer: b}  # x\n"
    assert changed(text, 0, questions=("a", "c")) == "- {questions: [a, c], answer: b} # x\n"


def test_a_file_in_brackets_is_refused_and_says_what_to_do() -> None:
    text = "[{question: a, answer: b}]\n"
    [entry] = read(text)
    with pytest.raises(DocumentError) as caught:
        rewritten(text, "a.yaml", {1: replace(entry, questions=("c",))})
    assert "begin each entry so" in caught.value.problems[0].en
    assert "以“- ”开头" in caught.value.problems[0].zh
    with pytest.raises(DocumentError, match="begin each entry so"):
        rewritten(text, "a.yaml", {}, [entry])


def test_what_would_not_say_what_it_should_is_not_written(tmp_path: Path) -> None:
    [entry] = read("- question: a\n  answer: b\n")
    file = tmp_path / "a.yaml"
    file.write_text(SHOP, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        edit(file, {99: entry})
    assert "the file is as it was" in caught.value.problems[0].en
    with pytest.raises(DocumentError):
        edit(file, {4: replace(entry, answers={(ANY, "fr"): Answer("x")})})
    assert file.read_text(encoding="utf-8") == SHOP


def test_line_ends_and_the_mark_at_the_beginning_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    before = ("\ufeff" + SHOP).replace("\n", "\r\n").encode()
    file.write_bytes(before)
    file.chmod(0o640)
    entry = load(tmp_path).entries[0]
    edit(file, {entry.place.line: replace(entry, tags=("物流", "运费", "新"))})
    after = file.read_bytes()
    assert after.count(b"\r\n") == after.count(b"\n") == before.count(b"\n")
    assert after.startswith(before[:40])
    assert "[物流, 运费, 新]".encode() in after
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_a_new_file_names_its_schema_as_its_neighbours_do(tmp_path: Path) -> None:
    line = "# yaml-language-server: $schema=../schema/entries.json\n"
    (tmp_path / "a.yaml").write_text(line + "- question: a\n  answer: b\n", encoding="utf-8")
    [entry] = read("- id: x\n  question: c\n  answer: d\n")
    assert put(tmp_path, [(entry, None, "new/b.yaml"), (entry, None, "b.yaml")]) == [
        tmp_path / "b.yaml",
        tmp_path / "new/b.yaml",
    ]
    assert (tmp_path / "b.yaml").read_text(encoding="utf-8").startswith(line + "\n- id: x\n")
    assert (tmp_path / "new/b.yaml").read_text(encoding="utf-8").startswith("- id: x\n")


def test_a_file_that_would_be_too_large_gets_a_successor(tmp_path: Path) -> None:
    [entry] = read("- id: x\n  question: c\n  answer: d\n")
    long = {(ANY, ANY): Answer("好" * 40_000)}
    many = [replace(entry, id=f"x{number}", answers=long) for number in range(20)]
    told: list[int] = []
    files = put(tmp_path, [(one, None, "a.yaml") for one in many], lambda: told.append(1))
    assert [file.name for file in files] == ["a-2.yaml", "a-3.yaml", "a.yaml"]
    assert len(told) == 20
    assert {one.id for one in load(tmp_path).entries} == {one.id for one in many}


@calmly
@given(entries, entries)
def test_any_entry_can_become_any_other(before: list[Entry], after: list[Entry]) -> None:
    text = "\n# remark\n".join(map(dumped, before))
    old, new = read(text), dict(zip([one.place.line for one in read(text)], after, strict=False))
    became = read(rewritten(text, "a.yaml", new))
    wanted = [*after[: len(old)], *old[len(after) :]]
    for one, other in zip(became, wanted, strict=True):
        assert replace(one, place=Place("", 0)) == replace(other, place=Place("", 0))
