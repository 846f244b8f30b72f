"""`frontdesk faq ask` and `faq rank` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq.cli import Shop, faq


def run(*arguments: str, configured: Path | None = None, zh: bool = False) -> tuple[int, str]:
    group = faq(lambda chinese, english: chinese if zh else english)
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
