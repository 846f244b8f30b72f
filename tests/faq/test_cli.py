"""`frontdesk faq ask` and `faq rank` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq.cli import Shop, faq


def chinese(zh: str, _: str) -> str:
    return zh


def english(_: str, en: str) -> str:
    return en


def run(*arguments: str, configured: Path | None = None, zh: bool = False) -> tuple[int, str]:
    group = faq(chinese if zh else english)
    result = CliRunner().invoke(group, list(arguments), obj=Shop(configured))
    return result.exit_code, result.output


def test_ask_answers_in_the_customers_language() -> None:
    code, output = run("ask", "运费怎么算")
    assert code == 0
    assert output.startswith("Answer: ship_fee (100%)\n您好，订单满99元全国包邮")


def test_explain_says_why() -> None:
    _, output = run("ask", "please how much is shiping", "--explain", zh=True)
    assert "错字：shiping → shipping" in output
    assert "（客套话）" in output
    assert "门槛：" in output
    assert "  1. " in output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("转人工", "To a person: it says"),
        ("投诉你们", "To a person, first"),
        ("？？", "To a person"),
    ],
)
def test_what_a_person_answers_is_said(text: str, said: str) -> None:
    assert run("ask", text)[1].startswith(said)


def test_the_configured_folder_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- question: 暗号\n  answer: 天王盖地虎\n", encoding="utf-8")
    assert "天王盖地虎" in run("ask", "暗号", configured=tmp_path)[1]
    assert "天王盖地虎" in run("ask", "暗号", "--path", str(tmp_path))[1]


def test_an_unusable_faq_says_where_and_exits_2(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- question: x\n  anser: y\n", encoding="utf-8")
    code, output = run("ask", "x", configured=tmp_path, zh=True)
    assert code == 2
    assert "a.yaml:2:3: 不认识“anser”：是不是想写 answer？" in output


def test_rank_writes_a_line_a_query_and_its_figures(tmp_path: Path) -> None:
    faq_file, queries, out = (tmp_path / name for name in ("f.jsonl", "q.jsonl", "p.jsonl"))
    faq_file.write_text(
        '{"id": "a", "questions": ["运费怎么算", "邮费"]}\n{"id": "b", "questions": ["开发票"]}\n',
        encoding="utf-8",
    )
    queries.write_text('{"text": "邮费"}\n{"text": "moon"}\n', encoding="utf-8")
    code, output = run("rank", "--faq", str(faq_file), "--queries", str(queries), "--out", str(out))
    assert code == 0
    figures = json.loads(output)
    assert figures.keys() == {"phrasings", "build_s", "p50_us", "p99_us", "rss_mb"}
    assert figures["phrasings"] == 3
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert first["decision"] == "answer"
    assert first["top"] == [{"id": "a", "confidence": 1.0}]
    assert second["decision"] == "handoff"
    assert second["top"] == []


@pytest.mark.parametrize("zh", [True, False])
def test_a_new_faq_is_fine_to_begin_with(tmp_path: Path, zh: bool) -> None:
    folder = tmp_path / "我的店"
    code, output = run("new", str(folder), zh=zh)
    assert code == 0
    assert f"faq: {{path: {folder}}}" in output
    assert run("check", "--strict", str(folder))[0] == 0
    asked = "周末上班吗" if zh else "when do you open"
    assert run("ask", asked, "--path", str(folder))[1].startswith("Answer: ")
    for path in folder.glob("*.yaml"):
        line = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert (folder / line.removeprefix("# yaml-language-server: $schema=")).is_file()


def test_a_new_faq_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    code, output = run("new", str(tmp_path))
    assert code == 1
    assert "is not empty" in output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_every_command_says_what_it_is_for_in_both_languages() -> None:
    for zh in (True, False):
        group = faq(chinese if zh else english)
        for name, command in group.commands.items():
            assert (command.help or "").isascii() is not zh, name
            for option in command.params:
                told = getattr(option, "help", None)
                assert told is None or told.isascii() is not zh, (name, option.name)
