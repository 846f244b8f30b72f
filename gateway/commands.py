"""What an operator does: run, check, look at dead letters, write the schema.

Each function makes its command in the language that `say` picks.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import click

from faq.check import findings as look
from faq.content import Faq
from faq.content import load as load_faq
from faq.files.document import DocumentError, Problem, read
from faq.finding import Level
from gateway import dead as letters
from gateway import hints as boards
from gateway import store as stores
from gateway.check import findings, of_folder
from gateway.cli import Say
from gateway.clock import isoformat, system_clock
from gateway.config import Config
from gateway.config.schema import write
from gateway.errors import FrontdeskError
from gateway.language import pick
from gateway.logs import configure
from gateway.masking import mask
from gateway.store import Database
from gateway.terminal import FINDINGS, Terminal

LONGEST = 60  # characters of a text in a list
ALL = 1_000_000

T = TypeVar("T")


def run(say: Say) -> click.Command:
    """`frontdesk run [-v]`."""

    @click.command(help=say("启动前台。收到 SIGTERM 时有序停止。", "Serve. SIGTERM drains."))
    @click.option("-v", "--verbose", is_flag=True, help=say("也记录细节", "Log details too."))
    @click.pass_obj
    def command(terminal: Terminal, verbose: bool) -> None:
        config = terminal.config()
        configure(sys.stderr, config.secrets(), verbose=verbose)
        _serve(terminal, config)

    return command


def _serve(terminal: Terminal, config: Config) -> None:
    from gateway.app import serve

    try:
        asyncio.run(serve(config, click.echo))
    except DocumentError as error:
        terminal.refuse(of_folder(read(terminal.path), config.faq.path, error))
    except ModuleNotFoundError as error:
        terminal.lacks(error)
    except FrontdeskError as error:
        terminal.give_up(f"无法启动：{error}", f"can't start: {error}")
    except OSError as error:
        where = f"{config.server.host}:{config.server.port}"
        reason = error.strerror or str(error)
        terminal.give_up(
            f"无法在 {where} 上启动：{reason}。请改配置里的 server.port。",
            f"can't listen on {where}: {reason}. Change server.port in the configuration.",
        )


def check(say: Say) -> click.Command:
    """`frontdesk check`: exit code 0 fine, 1 findings, 2 unusable."""
    about = say(
        "检查配置和常见问题。返回 0：没有问题，1：有建议，2：不能用。",
        "Check the configuration and the FAQ. Exit code 0: fine, 1: findings, 2: unusable.",
    )

    @click.command(help=about)
    @click.option(
        "--online", is_flag=True, help=say("也登录各平台试一试", "Try the platforms too.")
    )
    @click.pass_obj
    def command(terminal: Terminal, online: bool) -> None:
        config, content = _both(terminal)
        _try_imports(terminal, config)
        found = sorted([*findings(config, read(terminal.path), content), *_wrong(content)])
        for problem in found:
            click.echo(problem.say(terminal.language))
        fine = not online or asyncio.run(_probe(terminal, config))
        if found or not fine:
            raise SystemExit(FINDINGS)
        entries = len(content.entries)
        click.echo(
            terminal.pick(
                f"没有问题：{len(config.channels)} 个渠道，{entries} 条常见问题。",
                f"Fine: {len(config.channels)} channels, {entries} FAQ entries.",
            )
        )

    return command


async def _probe(terminal: Terminal, config: Config) -> bool:
    """Say what each channel's platform says to its credentials; whether nothing is to be done."""
    from gateway.app import probes

    fine = True
    for name, probe in probes(config):
        async for remark in probe:
            mark = "✓" if remark.fine else "✗"
            click.echo(f"{mark} {name}: {terminal.pick(remark.zh, remark.en)}")
            fine = fine and remark.fine
    return fine


def _both(terminal: Terminal) -> tuple[Config, Faq]:
    """The configuration and the FAQ; all that is wrong with either is told at once."""
    problems: list[Problem] = []
    config = _or_problems(terminal.load, problems)
    content = _or_problems(lambda: _faq(terminal), problems)
    if config is None or content is None:
        terminal.refuse(DocumentError(dict.fromkeys(problems)))
    return config, content


def _faq(terminal: Terminal) -> Faq:
    folder = terminal.faq_path()
    try:
        return load_faq(folder)
    except DocumentError as error:
        raise of_folder(read(terminal.path), folder, error) from error


def _try_imports(terminal: Terminal, config: Config) -> None:
    """Make what the store and the hints need, without connecting to anything."""
    try:
        stores.connect(config.store.get_secret_value())
        boards.connect(config.hints.get_secret_value())
    except ModuleNotFoundError as error:
        terminal.lacks(error)


def _wrong(content: Faq) -> Iterator[Problem]:
    """What will give customers a wrong answer or none; `faq check` tells the lesser things too."""
    today = datetime.now(UTC).astimezone().date()
    return (one.problem for one in look(content, today) if one.level is Level.ERROR)


def _or_problems(get: Callable[[], T], problems: list[Problem]) -> T | None:
    try:
        return get()
    except DocumentError as error:
        problems += error.problems
    return None


def dead(say: Say) -> click.Group:
    """`frontdesk dead list|replay`."""
    group = click.Group(
        "dead", help=say("没能处理或送达的消息。", "What was given up after 8 tries.")
    )

    @group.command("list", help=say("列出来，最早的在前", "List them, oldest first."))
    @click.pass_obj
    def listing(terminal: Terminal) -> None:
        found = terminal.with_store(letters.letters)
        for letter in found:
            click.echo(_line(letter, terminal.language))
        if not found:
            click.echo(terminal.pick("一条也没有。", "There are none."))

    @group.command(help=say("再试一次", "Try one again, or all."))
    @click.argument("letters", nargs=-1, required=False, metavar="ID…")
    @click.option("--all", "everything", is_flag=True, help=say("全部", "All of them."))
    @click.pass_obj
    def replay(terminal: Terminal, letters: tuple[str, ...], everything: bool) -> None:
        if everything == bool(letters):
            raise click.UsageError(say("请写明编号，或者 --all。", "Name some, or say --all."))
        done = terminal.with_store(lambda database: _replay(database, letters))
        click.echo(terminal.pick(f"{done} 条将再试一次。", f"{done} will be tried again."))

    return group


async def _replay(database: Database, chosen: Sequence[str]) -> int:
    chosen = chosen or [letter.id for letter in await letters.letters(database, ALL)]
    for letter in chosen:
        await letters.replay(database, letter, system_clock)
    return len(chosen)


def _line(letter: letters.Letter, language: str) -> str:
    text = mask(letter.text).replace("\n", " ")
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    about = f"{letter.id}  {isoformat(letter.at)}  {letter.channel}  {letter.author}"
    return f"{about}  {text}  ({pick(letter.detail, language)})"


def schema(say: Say) -> click.Command:
    """`frontdesk schema`: what config.schema.json holds."""

    @click.command(help=say("打印配置的 JSON Schema。", "Print the configuration's JSON Schema."))
    @click.pass_obj
    def command(terminal: Terminal) -> None:
        click.echo(write(terminal.models()), nl=False)

    return command
