"""The guides for staff work word for word: their files are saved, their commands typed."""

from __future__ import annotations

import asyncio
import re
import shlex
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faq.content import load
from faq.files.document import parse
from faq.files.items import items
from gateway.cli import commands
from gateway.message import Author
from gateway.store import Tx, connect
from gateway.store import conversations as table
from gateway.store.transcript import Draft
from tests.clock import StillClock
from tests.gateway.house import FakeAdapter, make_bus, said, turn

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = {"faq.md": "en", "faq.zh-CN.md": "zh"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(guide: str) -> list[tuple[str, str]]:
    return FENCE.findall((DOCS / guide).read_text(encoding="utf-8"))


def typed(line: str, language: str) -> Result:
    program, *arguments = shlex.split(line)
    assert program == "frontdesk"
    group = commands({"FRONTDESK_LANG": language})
    return CliRunner().invoke(group, arguments, catch_exceptions=False)


async def ask_in_vain(folder: Path) -> None:
    """A customer asks what the FAQ does not know, lately, and an agent answers."""
    (folder / "data").mkdir()
    database = connect(f"sqlite:///{folder / 'data/frontdesk.db'}")
    await database.open()
    bus = make_bus(database, StillClock(int(time.time() * 1000)))
    receipt = await bus.accept(said("do you sell hearing aids"))
    await turn(bus, receipt, FakeAdapter())

    async def answer(tx: Tx) -> None:
        state = await table.lock(tx, receipt.conversation)
        await bus.transcript.append(tx, state, Draft(Author.AGENT, "We don't."), bus.clock())

    await database.transaction(answer)
    await database.close()


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_works_word_for_word(
    guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "questions.csv").write_text("question,id\n", encoding="utf-8")
    (tmp_path / "真实问题.csv").write_text("问题,编号\n", encoding="utf-8")
    outputs = []
    for _, block in blocks(guide):
        if named := re.match(r"# (\S+\.yaml)\n", block):
            (tmp_path / named[1]).write_text(block, encoding="utf-8")
            if named[1] == "config.yaml":
                asyncio.run(ask_in_vain(tmp_path))
        for line in block.splitlines():
            if line.startswith("frontdesk "):
                result = typed(line, GUIDES[guide])
                assert result.exit_code == 0, (line, result.output)
                outputs.append(result.output)
    assert "hearing aids" in "".join(outputs)
    entries = load(next(path.parent for path in tmp_path.rglob("words.yaml"))).entries
    assert len(entries) == 3


@pytest.mark.parametrize("guide", GUIDES)
def test_every_example_in_the_guide_is_read_without_a_problem(guide: str) -> None:
    entries = []
    for kind, block in blocks(guide):
        if kind == "yaml" and isinstance((document := parse(block, guide)).value, list):
            found, problems = items(document)
            assert [problem.en for problem in problems] == []
            entries += found
    assert len(entries) == 4
