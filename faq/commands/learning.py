"""`faq gaps`: what the FAQ should learn, and taking it in with one command."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import NoReturn

import click

from faq.commands.shop import FINDINGS, Say, Shop, loaded, path_option, refuse
from faq.content import Faq
from faq.files.problem import DocumentError
from faq.gaps import Gap, draft, group, placed, unanswered
from faq.matching.matcher import Matcher
from faq.sheets.exchange import is_of_entries

LEARNED = "learned.yaml"
_DAY_MS = 86_400_000
_WORDINGS = 5
_NO_ANSWER = ("请写答案", "write the answer here")


def gaps(say: Say) -> click.Group:
    """`frontdesk faq gaps [accept N]`."""
    about = say(
        "顾客问了、机器人没答上来的问题：意思相同的归在一起，问得多的在前，每组附上可以直接采用的写法。",
        "What customers asked and the FAQ did not answer: in groups, most asked first, each with "
        "a draft to accept.",
    )
    brief = say("没答上来的问题。", "What the FAQ did not answer.")
    days = click.Option(
        ["--days"],
        type=click.IntRange(1, 3650),
        default=30,
        show_default=True,
        help=say("看最近多少天。", "How many days back."),
    )

    @click.group(
        "gaps",
        help=about,
        short_help=brief,
        invoke_without_command=True,
        params=[path_option(say), days],
    )
    @click.option(
        "--limit",
        type=click.IntRange(1),
        default=10,
        show_default=True,
        help=say("最多列几组。", "How many groups to show."),
    )
    @click.pass_context
    def command(ctx: click.Context, path: Path | None, days: int, limit: int) -> None:
        if ctx.invoked_subcommand is None:
            _list(_found(ctx.obj, path, days, say), limit, say)

    command.add_command(_accept(say), "accept")
    return command


@dataclass(frozen=True, slots=True)
class _Found:
    """The gaps of a FAQ, numbered from 1 as they are shown."""

    folder: Path
    faq: Faq
    matcher: Matcher
    gaps: Sequence[Gap]

    def gap(self, number: int) -> Gap:
        """One of them, with the entry that it may belong to."""
        return placed(self.gaps[number - 1], self.matcher)


def _found(shop: Shop, path: Path | None, days: int, say: Say) -> _Found:
    if shop.asked is None:
        _give_up(
            say(
                "还没有聊天记录可看：在有 config.yaml 的文件夹里运行，或者用 -c 指定它。",
                "there are no chats to look at: run it beside config.yaml, or name it with -c.",
            )
        )
    folder = shop.at(path)
    faq = loaded(folder, say)
    asked = shop.asked(int(time.time() * 1000) - days * _DAY_MS)
    matcher = Matcher(faq)
    return _Found(folder, faq, matcher, group(unanswered(asked, faq, matcher), faq.synonyms))


def _list(found: _Found, limit: int, say: Say) -> None:
    from faq.files.writing import dumped

    for number in range(1, min(limit, len(found.gaps)) + 1):
        gap = found.gap(number)
        click.echo(_head(number, gap, say))
        for wording in gap.wordings[1:_WORDINGS]:
            click.echo(f"     · {wording}")
        answer = "" if gap.answer else say(*_NO_ANSWER)
        entry = draft(gap, found.faq, answer)
        if before := found.faq.entry(gap.entry):
            more = "\n".join(f"- {text}" for text in entry.questions[len(before.questions) :])
            click.echo(say(f"   给“{gap.entry}”加问法：", f'   phrasings for "{gap.entry}":'))
            click.echo(indent(more, "     "))
        else:
            click.echo(say("   新条目：", "   a new entry:"))
            click.echo(indent(dumped(entry).rstrip("\n"), "     "))
        click.echo()
    count = len(found.gaps)
    click.echo(
        say(
            f"共 {count} 组。采用第 1 组：frontdesk faq gaps accept 1",
            f"groups: {count}. To accept the first: frontdesk faq gaps accept 1",
        )
        if count
        else say("没有：顾客问的都答上来了。", "None: everything asked was answered.")
    )


def _head(number: int, gap: Gap, say: Say) -> str:
    day = datetime.fromtimestamp(gap.last / 1000, UTC).astimezone().date()
    times = len(gap.questions)
    when = say(f"问过 {times} 次，最近 {day}", f"asked {times}×, last on {day}")
    return f"{number}. {gap.wordings[0]}  ({when})"


def _accept(say: Say) -> click.Command:
    about = say(
        "采用第 N 组：写进对应的文件，原来的注释和顺序不变。",
        "Take group N into the FAQ; comments and order of the file stay.",
    )

    @click.command(help=about)
    @click.argument("number", type=click.IntRange(1), metavar="N")
    @click.option(
        "--answer", help=say("答案，不写就用客服的回答。", "The answer, if not the agent's.")
    )
    @click.option("--entry", help=say("加到这个条目里。", "Make them phrasings of this entry."))
    @click.option("--new", is_flag=True, help=say("写成新条目。", "Make it a new entry."))
    @click.option(
        "--into",
        default=LEARNED,
        show_default=True,
        help=say("新条目写进哪个文件。", "The file for a new entry."),
    )
    @click.option("--yes", is_flag=True, help=say("不问，直接写。", "Don't ask, write."))
    @click.pass_context
    def command(
        ctx: click.Context,
        number: int,
        answer: str | None,
        entry: str | None,
        new: bool,
        into: str,
        yes: bool,
    ) -> None:
        listed = ctx.parent.params if ctx.parent else {}
        found = _found(ctx.obj, listed["path"], listed["days"], say)
        gap = _chosen(found, number, entry, into, say)
        _take_in(found, gap, "" if new else entry, answer or "", into, yes, say)

    return command


def _chosen(found: _Found, number: int, entry: str | None, into: str, say: Say) -> Gap:
    if number > len(found.gaps):
        count = len(found.gaps)
        _give_up(say(f"只有 {count} 组。", f"there is no group {number}, the last is {count}."))
    if entry and found.faq.entry(entry) is None:
        _give_up(say(f"没有“{entry}”这个条目。", f'there is no entry "{entry}".'))
    if not is_of_entries(into):
        _give_up(say(f"文件名“{into}”不行：写成 名字.yaml。", f'"{into}": write name.yaml.'))
    return found.gap(number)


def _take_in(
    found: _Found, gap: Gap, entry: str | None, answer: str, into: str, yes: bool, say: Say
) -> None:
    from faq.files.writing import dumped, put

    asks = not yes and sys.stdin.isatty()
    before = found.faq.entry(gap.entry if entry is None else entry)
    if before is None and not (answer or gap.answer):
        if not asks:
            hint = '没有客服的回答可用：加 --answer "…" 写上答案。'
            _give_up(say(hint, 'no agent answered it: say --answer "…".'))
        answer = click.prompt(say("答案", "The answer"))
    wanted = draft(gap, found.faq, answer, entry)
    click.echo(dumped(wanted))
    if not yes and not (asks and click.confirm(say("写进去吗？", "Write it?"))):
        click.echo(say("没有写：加 --yes 就写。", "Nothing is written: say --yes to write it."))
        return
    try:
        [file] = put(found.folder, [(wanted, before, into)])
    except DocumentError as error:
        refuse(error.problems, say)
        raise SystemExit(FINDINGS) from error
    name = file.relative_to(found.folder).as_posix()
    click.echo(say(f"已写进 {name}。", f"Written to {name}."))


def _give_up(text: str) -> NoReturn:
    click.echo(text, err=True)
    raise SystemExit(FINDINGS)
