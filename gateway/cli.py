"""`frontdesk …`, in the language of whoever types it. Imports wait for the command that runs."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from gateway.language import language

if TYPE_CHECKING:
    from pydantic import BaseModel

    from faq.commands.shop import Shop
    from gateway.terminal import Terminal

VARIABLE = "FRONTDESK_CONFIG"

Say = Callable[[str, str], str]


Given = Callable[["Terminal"], object]


def _itself(terminal: "Terminal") -> object:
    return terminal


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that is imported when it is asked for: its line of help, `module:name`.

    `given` makes of the terminal what the command, or those in its group, want as their object.
    """

    help: str
    place: str
    given: Given = _itself

    def make(self, say: Say) -> click.Command:
        """Import it and make it in the reader's language."""
        module, name = self.place.split(":")
        command = cast("click.Command", getattr(import_module(module), name)(say))
        _take_config(command, say, self.given)
        return command


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
    def begin(ctx: click.Context, config_file: Path | None) -> None:
        from gateway.terminal import Terminal

        chosen = config_file or Path(environment.get(VARIABLE, "config.yaml"))
        ctx.obj = Terminal(environment, chosen, _models)

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


def _take_config(command: click.Command, say: Say, given: Given) -> None:
    """Let `-c FILE` stand behind the command's name too, and behind those of its group."""
    within = list(command.commands.values()) if isinstance(command, click.Group) else []

    def choose(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
        terminal = ctx.obj.at(path)
        ctx.obj = terminal if within else given(terminal)

    option = _config_option(say)
    option.expose_value, option.callback = False, choose
    command.params.append(option)
    for one in within:
        _take_config(one, say, given)


def _config_option(say: Say) -> click.Option:
    return click.Option(
        ["-c", "--config", "config_file"],
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=say("配置文件，默认 ./config.yaml", "The configuration; default ./config.yaml"),
    )


def _table(say: Say) -> dict[str, Entry]:
    ours = "gateway.commands"
    return {
        "run": Entry(say("启动，收到 SIGTERM 时有序停止", "Serve; SIGTERM drains"), f"{ours}:run"),
        "check": Entry(say("检查配置和常见问题", "Check the config and the FAQ"), f"{ours}:check"),
        "faq": Entry(say("试问、检查常见问题", "Ask and check the FAQ"), "faq.cli:faq", _shop),
        "agent": Entry(say("客服账号", "The people of the desk"), "handoff.cli:agent"),
        "dead": Entry(say("没能处理或送达的消息", "What was given up"), f"{ours}:dead"),
        "schema": Entry(say("配置的 JSON Schema", "The config's JSON Schema"), f"{ours}:schema"),
    }
