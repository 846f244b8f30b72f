"""`faq check`: all that staff should look at again, in one list."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from faq.answers import Limits, Votes
from faq.check import findings
from faq.commands.shop import FINDINGS, UNUSABLE, Say, Shop, language, path_argument, refuse
from faq.content import survey
from faq.finding import Finding, Level

_VOTES_COUNT_MS = 90 * 86_400_000


def check(say: Say) -> click.Command:
    """`frontdesk faq check [PATH] [--strict]`: exit code 0 fine, 1 findings, 2 unusable."""
    about = say(
        "检查常见问题，把所有可以改进的地方一次列出来。返回 0：可以用；1：有错误"
        "（加 --strict 时提醒也算）；2：文件读不懂。",
        "Check the FAQ and list at once all that should be better. Exit code 0: fit for use; "
        "1: errors (with --strict warnings too); 2: files that cannot be read.",
    )

    brief = say("检查，列出可以改进的地方。", "List all that should be better.")

    @click.command(help=about, short_help=brief, params=[path_argument()])
    @click.option("--strict", is_flag=True, help=say("提醒也算不合格。", "Warnings fail too."))
    @click.option(
        "--max-bytes",
        type=click.IntRange(1),
        default=Limits().bytes,
        show_default=True,
        help=say("一条答案最多多少字节。", "Bytes that an answer may have."),
    )
    @click.option(
        "--max-characters",
        type=click.IntRange(1),
        default=Limits().characters,
        show_default=True,
        help=say("一条答案最多多少字。", "Characters that an answer may have."),
    )
    @click.pass_obj
    def command(
        shop: Shop, path: Path | None, strict: bool, max_bytes: int, max_characters: int
    ) -> None:
        faq, problems = survey(shop.at(path))
        refuse(problems, say)
        today = datetime.now(UTC).astimezone().date()
        limits = Limits(max_characters, max_bytes)
        found = findings(faq, today, limits, {} if path else _votes(shop))
        for one in found:
            click.echo(one.say(language(say)))
        if problems:
            click.echo(_unread(len(problems), say), err=True)
            raise SystemExit(UNUSABLE)
        click.echo(_summary(len(faq.entries), found, say))
        worst = Level.WARNING if strict else Level.ERROR
        if any(one.level >= worst for one in found):
            raise SystemExit(FINDINGS)

    return command


def _votes(shop: Shop) -> Mapping[str, Votes]:
    return shop.votes(int(time.time() * 1000) - _VOTES_COUNT_MS) if shop.votes else {}


def _unread(count: int, say: Say) -> str:
    return say(
        f"有 {count} 处读不懂，先改好这些：改好之前，机器人继续用原来的内容。",
        f"{count} things cannot be read, put them right first: "
        "until then what was live before stays.",
    )


def _summary(entries: int, found: list[Finding], say: Say) -> str:
    count = Counter(one.level for one in found)
    if not found:
        return say(f"没有问题：{entries} 个条目。", f"Fine: {entries} entries.")
    return say(
        f"{entries} 个条目：{count[Level.ERROR]} 个错误，{count[Level.WARNING]} 个提醒，"
        f"{count[Level.NOTE]} 个说明。",
        f"entries: {entries}; errors: {count[Level.ERROR]}, warnings: {count[Level.WARNING]}, "
        f"notes: {count[Level.NOTE]}.",
    )
