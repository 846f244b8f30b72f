"""Safe reading of YAML: SECURITY 33, 34 and the YAML half of 36."""

from __future__ import annotations

from pathlib import Path

import pytest

from faq.files.document import DocumentError, parse, read


def problems(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(DocumentError) as caught:
        parse(text, "shop.yaml")
    return [(problem.line, problem.en) for problem in caught.value.problems]


def test_values_are_plain_and_know_their_lines() -> None:
    document = parse("# shop\nname: 前台\nhours:\n  - '9:30'\n  - 18\nopen: true\n", "shop.yaml")
    assert document.value == {"name": "前台", "hours": ["9:30", 18], "open": True}
    assert document.line("name") == 2
    assert document.line("hours", 1) == 5
    assert document.line("hours", 7) == 3, "a path that leads nowhere is its parent's"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", "anchors are not allowed"),
        ("a: *x", "aliases are not allowed"),
        ("*x : 1", "aliases are not allowed"),
        ("a: !!python/object:os.system {}", "tags are not allowed"),
        ("a: !!str 1", "tags are not allowed"),
        ("? [a, b]\n: 1", "a key must be a word"),
        ("a: 1\n---\nb: 2", "one document"),
        ("a: 1\nb: 2\na: 3", "written twice (first on line 1)"),
        ("a：1\nb: 2", "full-width colon"),
        ("a: 1\n\tb: 2", "a tab"),
        ("a: \x01", "control character"),
        ("a: 1\nb:2\nc: 3", "space is missing after the colon"),
        ("a: @b", "quote the whole text"),
        ("- a\nb: 1", "not valid YAML"),
        (b"a: \xc4\xe3\xba\xc3", "not UTF-8"),
        ("a: " + "x" * 2**20, "larger than 1 MiB"),
    ],
)
def test_each_refusal_says_what_to_do(text: str | bytes, said: str) -> None:
    assert said in problems(text)[0][1]


def test_all_problems_come_at_once_in_the_files_order() -> None:
    found = problems("a: *x\nb: !t 1\na: 2\nc: &y 3\n")
    assert [line for line, _ in found] == [1, 2, 3, 4]


def test_a_merge_bomb_is_refused_before_it_is_built() -> None:
    bomb = "a: &a {k: v}\n" + "".join(f"{c}: &{c} {{<<: [*a, *a]}}\n" for c in "bcdefghij")
    assert "anchors" in problems(bomb)[0][1]


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_thirty_thousand_brackets_are_only_too_deep(bracket: str) -> None:
    [(_, said)] = problems(bracket * 30_000)
    assert said.startswith("nested deeper than 20")


def test_twenty_levels_are_fine() -> None:
    assert parse("[" * 20 + "]" * 20, "deep").value


@pytest.mark.parametrize(
    "written",
    ["no", "Yes", "on", "9:30", "007", "1_000", "2026-01-31", "1e5", "0x1F", ".inf"],
)
def test_what_yaml_turns_into_something_else_stays_text_and_is_told(written: str) -> None:
    document = parse(f"a:\n- {written}\n", "shop.yaml")
    [(path, problem)] = document.unclear()
    assert document.value == {"a": [written]}
    assert path == ("a", 0)
    assert problem.line == 2
    assert f'write "{written}"' in problem.en
    assert f'写成 "{written}"' in problem.zh


@pytest.mark.parametrize("written", ["9:30-18:00", "'no'", '"9:30"', "not", "1/2", "12 months"])
def test_what_every_reader_takes_for_text_is_not_told(written: str) -> None:
    assert list(parse(f"a: {written}", "shop.yaml").unclear()) == []


def test_byte_order_marks_are_ignored() -> None:
    assert parse(b"\xef\xbb\xbfa: 1", "shop.yaml").value == {"a": 1}


def test_a_missing_file_is_a_problem_of_the_whole_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read(tmp_path / "none.yaml")
    [problem] = caught.value.problems
    assert problem.line == 0
    assert problem.say("zh").endswith("打不开这个文件：No such file or directory。")


def test_a_problem_is_said_the_way_editors_link_it() -> None:
    with pytest.raises(DocumentError) as caught:
        parse("a: &x 1", "shop.yaml")
    assert caught.value.say("zh").startswith("shop.yaml:1:4: 不能用锚点")
    assert str(caught.value).startswith("shop.yaml:1:4: anchors")
