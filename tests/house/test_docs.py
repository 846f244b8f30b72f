"""What the documents say is so: links, commands, figures, and the same in both languages."""

import re
from pathlib import Path

import click
import pytest
import yaml
from prometheus_client import CollectorRegistry

from faq.content import load as load_faq
from gateway.app import models
from gateway.cli import commands
from gateway.config import Config, load
from gateway.metrics import Metrics

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CHINESE = [path for path in DOCUMENTS if path.name.endswith(".zh-CN.md")]
ENVIRONMENT = {
    "DB_PASSWORD": "of our own",
    "WECHAT_APP_ID": "wx0123456789abcdef",
    "WECHAT_APP_SECRET": "of our own",
    "WECHAT_TOKEN": "of our own",
    "WECHAT_AES_KEY": "a" * 43,
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def shape(path: Path) -> list[str]:
    """What both languages share: headings by level, rows of tables, kinds of code."""
    outline = re.sub(r"^(```\w*).*?^```$", r"\1", text(path), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^(#+|```\w*|\||\d+\.|-)", outline, re.MULTILINE)
    return [str(one) for one in found]


def spans(path: Path) -> set[str]:
    """What stands in backquotes and is in no language."""
    found = re.findall(r"`([^`\n]+)`", FENCE.sub("", text(path)))
    return {one for one in found if not re.search("[\u4e00-\u9fff]", one)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_document_is_there_in_both_languages(path: Path) -> None:
    other = path.name.replace(".zh-CN.md", ".md")
    if other == path.name:
        other = path.name.replace(".md", ".zh-CN.md")
    assert (path.parent / other).is_file()


@pytest.mark.parametrize("path", CHINESE, ids=name)
def test_both_languages_say_the_same_things_in_the_same_order(path: Path) -> None:
    english = path.with_name(path.name.replace(".zh-CN.md", ".md"))
    assert shape(path) == shape(english)
    assert spans(path) <= spans(english)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text(path)):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_commands_are_commands(path: Path) -> None:
    known = commands({})
    for command in re.findall(r"[`/]frontdesk ([a-z]+)\b", text(path)):
        assert known.get_command(click.Context(known), command), command


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_figures_are_figures(path: Path) -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.accepted("c", 1)
    metrics.routed("c", "r")
    metrics.sent("c", "f", 1)
    metrics.conversations({"owed": 1})
    metrics.opened("widget")
    known = metrics.render().decode()
    for figure in re.findall(r"\bfrontdesk_[a-z_]+", text(path)):
        assert re.search(rf"^{figure}(?:_bucket)?\{{", known, re.MULTILINE), figure


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_configurations_are_accepted(path: Path, tmp_path: Path) -> None:
    for kind, code in FENCE.findall(text(path)):
        sections = yaml.safe_load(code) if kind == "yaml" else None
        if isinstance(sections, dict) and sections.keys() & Config.model_fields.keys():
            channels = "" if "channels" in sections else "channels: {website: {adapter: web}}\n"
            config = tmp_path / "config.yaml"
            config.write_text(code + channels, encoding="utf-8")
            load(config, ENVIRONMENT, models())


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_entries_are_entries(path: Path, tmp_path: Path) -> None:
    for kind, code in FENCE.findall(text(path)):
        if kind == "yaml" and isinstance(yaml.safe_load(code), list):
            (tmp_path / "entries.yaml").write_text(code, encoding="utf-8")
            assert load_faq(tmp_path).entries
