"""`faq test`: whether what staff promised still holds, and how real questions fare now."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from faq import replay as questions
from faq.commands.shop import (
    FINDINGS,
    UNUSABLE,
    Say,
    Shop,
    language,
    loaded,
    path_argument,
    refuse,
)
from faq.content import Faq
from faq.examples import misses
from faq.files.problem import DocumentError
from faq.lines import Lines
from faq.matching.matcher import Matcher
from faq.replay import Outcome, Replayed

_SHOWN = 30


def test(say: Say) -> click.Command:
    """`frontdesk faq test [PATH] [--replay FILE]`: exit code 0 fine, 1 misses, 2 unusable."""
    about = say(
        "例句（examples）都得到答案了吗？不该命中的（not）都没命中吗？"
        "加 --replay 再问一遍真实的问题。"
        "返回 0：都好；1：有不对的；2：文件读不懂。",
        "Do all `examples` get their answer, and none of `not`? With --replay real questions are "
        "asked again. Exit code 0: fine; 1: misses; 2: files that cannot be read.",
    )
    brief = say("例句还都答对吗？", "Do the examples still hold?")

    @click.command(help=about, short_help=brief, params=[path_argument()])
    @click.option(
        "--replay",
        "file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help=say(
            "真实的问题：.jsonl、.csv 或 .xlsx，有顾客的话和条目编号。",
            "Real questions: .jsonl, .csv or .xlsx with the text and the entry's id.",
        ),
    )
    @click.pass_obj
    def command(shop: Shop, path: Path | None, file: Path | None) -> None:
        faq = _today(loaded(shop.at(path), say))
        matcher = Matcher(faq)
        fine = _examples(faq, matcher, say)
        if file:
            fine = _replayed(file, faq, matcher, say) and fine
        if not fine:
            raise SystemExit(FINDINGS)

    return command


def _today(faq: Faq) -> Faq:
    today = datetime.now(UTC).astimezone().date()
    return replace(faq, entries=tuple(entry for entry in faq.entries if entry.valid(today)))


def _examples(faq: Faq, matcher: Matcher, say: Say) -> bool:
    lines = Lines()
    missed = sorted(miss.problem_at(lines) for miss in misses(faq, matcher))
    for problem in missed:
        click.echo(problem.say(language(say)))
    count = sum(len(entry.examples) + len(entry.never) for entry in faq.entries)
    held = count - len(missed)
    click.echo(
        say(f"例句：{count} 条，{held} 条符合。", f"examples: {held} of {count} hold.")
        if count
        else say(
            "还没有例句：把顾客的原话写进条目的 examples，改动时就知道会不会答错。",
            "no examples yet: write customers' own words into `examples` of the entries, "
            "and a change that would lose them is noticed.",
        )
    )
    return not missed


def _replayed(file: Path, faq: Faq, matcher: Matcher, say: Say) -> bool:
    try:
        asked = questions.read(file)
    except DocumentError as error:
        refuse(error.problems, say)
        raise SystemExit(UNUSABLE) from error
    found = list(questions.replay(asked, faq, matcher))
    for outcome in (Outcome.WRONG, Outcome.PERSON):
        lines = [_line(one, say) for one in found if one.outcome is outcome]
        for line in lines[:_SHOWN]:
            click.echo(line)
        if (more := len(lines) - _SHOWN) > 0:
            click.echo(say(f"  …… 还有 {more} 条", f"  … and {more} more"))
    count = Counter(one.outcome for one in found)
    right, offered, person, wrong = (_share(count[one], len(found)) for one in Outcome)
    click.echo(
        say(
            f"真实问题：{len(found)} 个，答对 {right}，在可选项里 {offered}，转人工 {person}，"
            f"答错 {wrong}。",
            f"real questions: {len(found)}; right {right}, among the suggestions {offered}, "
            f"to a person {person}, wrong {wrong}.",
        )
    )
    return not count[Outcome.WRONG]


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total:.0%})" if total else "0"


def _line(one: Replayed, say: Say) -> str:
    wanted = one.question.id or say("不该回答", "no answer")
    best = one.match.best
    got = f"{best.id} ({best.confidence:.0%})" if best else "-"
    if one.outcome is Outcome.PERSON:
        asked = say("没有答出", "not answered")
        nearest = say("最接近", "nearest")
        return f"  ? {one.question.text}  {asked}: {wanted}  ({nearest}: {got})"
    return (
        f"  ✗ {one.question.text}  {say('应为', 'expected')}: {wanted}  {say('却是', 'got')}: {got}"
    )
