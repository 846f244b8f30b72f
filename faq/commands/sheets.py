"""`faq import` and `faq export`: the FAQ as a table, for a spreadsheet program."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from faq.commands.shop import (
    FINDINGS,
    UNUSABLE,
    Say,
    Shop,
    language,
    loaded,
    path_option,
    refuse,
)
from faq.content import Faq, survey
from faq.files.problem import DocumentError
from faq.sheets import sheet
from faq.sheets.columns import header
from faq.sheets.exchange import Change, Plan, exported, guess, planned

_SHOWN = 20
_MANY = 50


def export(say: Say) -> click.Command:
    """`frontdesk faq export FILE`."""
    about = say(
        "把常见问题导出成表格：FILE 以 .xlsx 或 .csv 结尾。",
        "Write the FAQ into a table: FILE ends with .xlsx or .csv.",
    )

    @click.command(help=about, params=[path_option(say)])
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @click.option("--yes", is_flag=True, help=say("覆盖已有的文件。", "Replace the file."))
    @click.pass_obj
    def command(shop: Shop, file: Path, yes: bool, path: Path | None) -> None:
        _known(file, say)
        folder = shop.at(path)
        faq = loaded(folder, say)
        if file.exists() and not yes:
            click.echo(
                say(
                    f"{file} 已经有了：加 --yes 覆盖。", f"{file} exists: say --yes to replace it."
                ),
                err=True,
            )
            raise SystemExit(FINDINGS)
        try:
            sheet.write(file, exported(faq, folder, language(say)))
        except DocumentError as error:
            _end(error, say)
        count = len(faq.entries)
        click.echo(say(f"{count} 个条目已写进 {file}。", f"{count} entries are in {file}."))

    return command


def import_(say: Say) -> click.Command:
    """`frontdesk faq import FILE [--yes]`."""
    about = say(
        "把表格（.xlsx 或 .csv）里的问答写进常见问题：先列出要改什么，同意了才写。",
        "Take the rows of a table (.xlsx or .csv) into the FAQ: what would change is shown first.",
    )

    @click.command(help=about, params=[path_option(say)])
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
    @click.option("--yes", is_flag=True, help=say("不问，直接写。", "Don't ask, write."))
    @click.pass_obj
    def command(shop: Shop, file: Path, yes: bool, path: Path | None) -> None:
        _known(file, say)
        folder = shop.at(path)
        try:
            plan = planned(sheet.read(file), _current(folder, say), str(file))
        except DocumentError as error:
            _end(error, say)
        _preview(plan, say)
        if plan.problems:
            raise SystemExit(FINDINGS)
        if plan.changes and _agreed(yes, say):
            _write(folder, plan.changes, say)

    return command


def _known(file: Path, say: Say) -> None:
    if file.suffix.lower() not in sheet.SUFFIXES:
        zh, en = "文件要以 .xlsx 或 .csv 结尾。", "the file must end with .xlsx or .csv."
        raise click.UsageError(say(zh, en))


def _current(folder: Path, say: Say) -> Faq:
    """The FAQ as it is, which may be empty still."""
    faq, problems = survey(folder)
    if problems and (faq.entries or any(problem.line for problem in problems)):
        refuse(problems, say)
        raise SystemExit(UNUSABLE)
    return faq


def _preview(plan: Plan, say: Say) -> None:
    for name in plan.ignored:
        meant = guess(name, language(say))
        hint = say(f"，是不是“{meant}”？", f'; is it "{meant}"?') if meant else ""
        click.echo(say(f"没有用到的列：{name}{hint}", f"column left out: {name}{hint}"))
    for change in plan.changes[:_SHOWN]:
        click.echo(_line(change, say))
    if (more := len(plan.changes) - _SHOWN) > 0:
        click.echo(say(f"  …… 还有 {more} 条", f"  … and {more} more"))
    for problem in plan.problems:
        click.echo(problem.zh if language(say) == "zh" else problem.en, err=True)
    new = sum(change.before is None for change in plan.changes)
    changed = len(plan.changes) - new
    click.echo(
        say(
            f"新增 {new} 条，修改 {changed} 条，不变 {plan.same} 条，"
            f"{len(plan.problems)} 处要先改。",
            f"{new} new, {changed} changed, {plan.same} the same, "
            f"{len(plan.problems)} to be put right first.",
        )
    )


def _line(change: Change, say: Say) -> str:
    row = say(f"第 {change.row} 行", f"row {change.row}")
    if change.before is None:
        return f"  + {change.entry.id}  ({row})"
    columns = say("、", ", ").join(header(column, language(say)) for column in change.keys)
    return f"  ~ {change.entry.id}  ({row}{say('：', ': ')}{columns})"


def _agreed(yes: bool, say: Say) -> bool:
    if yes:
        return True
    if sys.stdin.isatty():
        return click.confirm(say("写进去吗？", "Write it?"))
    click.echo(say("还没有写：加 --yes 就写。", "Nothing is written yet: say --yes to write it."))
    return False


def _write(folder: Path, changes: Sequence[Change], say: Say) -> None:
    from faq.files.writing import put

    wanted = [(change.entry, change.before, change.file) for change in changes]
    try:
        if len(wanted) < _MANY:
            files = put(folder, wanted)
        else:
            with click.progressbar(length=len(wanted), label=say("写入", "Writing")) as bar:
                files = put(folder, wanted, lambda: bar.update(1))
    except DocumentError as error:
        _end(error, say)
    names = say("、", ", ").join(file.relative_to(folder).as_posix() for file in files)
    click.echo(
        say(
            f"已写进 {names}。接着可以运行 frontdesk faq check。",
            f"Written to {names}. Next: frontdesk faq check.",
        )
    )


def _end(error: DocumentError, say: Say) -> NoReturn:
    refuse(error.problems, say)
    raise SystemExit(UNUSABLE) from error
