"""`frontdesk …`, in the language of whoever types it. Imports wait for the command that runs."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

import adapters
from gateway.language import language

if TYPE_CHECKING:
    from pydantic import BaseModel

    from faq.commands.shop import Shop
    from gateway.terminal import Terminal

VARIABLE = "FRONTDESK_CONFIG"
CONFIG = ("-c", "--config")

Say = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that is imported when it is asked for: its line of help, `module:name`."""

    help: str
    place: str

    def make(self, say: Say) -> click.Command:
        """Import it and make it in the reader's language."""
        module, name = self.place.split(":")
        return cast("click.Command", getattr(import_module(module), name)(say))


class Commands(click.Group):
    """A group that imports no command but the one that runs."""

    def __init__(self, say: Say, entries: Mapping[str, Entry]) -> None:
        self._say = say
        self._entries = entries
        about = say(
            "前台：客服聊天网关。常见问题自动回答，答不了的转给人工。",
            "A chat gateway for customer service: a FAQ answers first, people take over.",
        )
        super().__init__("frontdesk", help=about, no_args_is_help=True)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read them as if `-c FILE` stood in front, wherever it does."""
        return super().parse_args(ctx, _config_first(args))

    def list_commands(self, _: click.Context) -> list[str]:
        """Their names, in the order of the table."""
        return list(self._entries)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Import one."""
        entry = self._entries.get(cmd_name)
        return entry.make(self._say) if entry else None

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing them."""
        with formatter.section(self._say("命令", "Commands")):
            formatter.write_dl([(name, entry.help) for name, entry in self._entries.items()])


def main() -> None:
    """The command as it is installed."""
    commands(os.environ)()


def commands(environment: Mapping[str, str]) -> click.Group:
    """All commands, for somebody with this environment."""

    def say(zh: str, en: str) -> str:
        return zh if language(environment) == "zh" else en

    @click.pass_context
    def begin(ctx: click.Context, path: Path | None) -> None:
        from gateway.terminal import Terminal

        chosen = path or Path(environment.get(VARIABLE, "config.yaml"))
        terminal = Terminal(environment, chosen, _models)
        ctx.obj = _shop(terminal) if ctx.invoked_subcommand == "faq" else terminal

    group = Commands(say, _table(say))
    group.callback = begin
    group.params.append(_config_option(say))
    return click.version_option(version("frontdesk"), message="%(prog)s %(version)s")(group)


def _shop(terminal: "Terminal") -> "Shop":
    from gateway.asked import shop

    return shop(terminal)


def _models() -> "Mapping[str, type[BaseModel]]":
    from gateway.app import models

    return models()


def _config_first(args: Sequence[str]) -> list[str]:
    """What comes behind `--` is text, even if it looks like an option."""
    first: list[str] = []
    others: list[str] = []
    rest = iter(args)
    for word in rest:
        if word == "--":
            others += [word, *rest]
        elif word in CONFIG:
            named = list(islice(rest, 1))
            if not named:
                return [word]  # click says that the file's name is missing
            first += [word, *named]
        elif word.startswith(f"{CONFIG[-1]}="):
            first.append(word)
        else:
            others.append(word)
    return first + others


def _config_option(say: Say) -> click.Option:
    return click.Option(
        [*CONFIG, "path"],
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=say(
            "配置文件，默认 ./config.yaml；写在命令前后都可以",
            "The configuration, by default ./config.yaml; stands before or after a command",
        ),
    )


def _table(say: Say) -> dict[str, Entry]:
    ours = "gateway.commands"
    core = {
        "run": Entry(say("启动，收到 SIGTERM 时有序停止", "Serve; SIGTERM drains"), f"{ours}:run"),
        "check": Entry(say("检查配置和常见问题", "Check the config and the FAQ"), f"{ours}:check"),
        "faq": Entry(say("试问、检查常见问题", "Ask and check the FAQ"), "faq.cli:faq"),
        "agent": Entry(say("客服账号", "The people of the desk"), "handoff.cli:agent"),
        "dead": Entry(say("没能处理或送达的消息", "What was given up"), f"{ours}:dead"),
        "schema": Entry(say("配置的 JSON Schema", "The config's JSON Schema"), f"{ours}:schema"),
    }
    return core | {
        name: Entry(say("这个平台自己的命令", "The platform's own commands"), f"{module}:command")
        for name, module in _platforms()
    }


def _platforms() -> Iterator[tuple[str, str]]:
    """The platforms that have commands of their own, found without importing them."""
    for folder in adapters.__path__:
        for path in sorted(Path(folder).glob("*/cli.py")):
            yield path.parent.name, f"adapters.{path.parent.name}.cli"
