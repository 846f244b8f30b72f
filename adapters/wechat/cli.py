"""`frontdesk wechat menu pull|push`: the account's menu, kept as a file beside the FAQ."""

import asyncio
from collections.abc import Callable, Coroutine
from difflib import unified_diff
from pathlib import Path
from typing import Any, TypeVar

import click

from adapters.wechat.api import Api, standalone
from adapters.wechat.config import Config
from adapters.wechat.menu import Json, Menu, dumped, keys, sent, told, written
from adapters.wechat.troubles import Trouble
from gateway.config import DocumentError, Written, read_written
from gateway.message import PERSON
from gateway.terminal import Terminal

Say = Callable[[str, str], str]
T = TypeVar("T")


def command(say: Say) -> click.Group:
    """`frontdesk wechat …`, in the language that `say` picks."""
    menu = click.Group("menu", help=say("公众号菜单", "The account's menu"))
    menu.add_command(_pull(say))
    menu.add_command(_push(say))
    about = say("微信公众号", "WeChat official accounts")
    return click.Group("wechat", help=about, commands={"menu": menu})


def _pull(say: Say) -> click.Command:
    @click.command("pull", help=say("把线上的菜单写进文件", "Write the live menu into the file."))
    @_channel(say)
    @_yes(say)
    @click.pass_obj
    def command(terminal: Terminal, channel: str | None, yes: bool) -> None:
        config = _config(terminal, channel)
        live, path = _live(terminal, config), config.menu
        if not live:
            terminal.give_up(
                "这个账号没有通过接口设置的菜单；公众平台网页上设置的菜单读不到。",
                "this account has no menu set through the API; one made on the platform's pages"
                " can't be read.",
            )
        if _says(path, live):
            click.echo(say(f"{path} 已经是最新的。", f"{path} is up to date."))
            return
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        text = written(live, before)
        _confirm(say, before, text, yes=yes or not before)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(say(f"已写入 {path}。", f"written to {path}."))

    return command


def _push(say: Say) -> click.Command:
    @click.command(
        "push", help=say("把文件里的菜单发布到线上", "Make the file's menu the live one.")
    )
    @_channel(say)
    @_yes(say)
    @click.pass_obj
    def command(terminal: Terminal, channel: str | None, yes: bool) -> None:
        config = _config(terminal, channel)
        menu = terminal.read(config.menu, Menu)
        _warn(terminal, menu)
        live = _live(terminal, config)
        if _said(menu) == live:
            click.echo(
                say("线上的菜单已经是这样，不用发布。", "the live menu is like that already.")
            )
            return
        _confirm(say, dumped(live), dumped(_said(menu)), yes=yes)
        _call(terminal, config, lambda api: api.set_menu(sent(menu.value)))
        click.echo(
            say(
                "已发布。顾客下次进入公众号时看到，最多晚五分钟。",
                "published. Customers see it when they next enter, five minutes later at most.",
            )
        )

    return command


def _warn(terminal: Terminal, menu: Written[Menu]) -> None:
    known = terminal.entries() | {PERSON}
    for where, item in keys(menu.value):
        if item.key not in known:
            zh = f"常见问题里没有“{item.key}”：点击会当作顾客写了“{item.name}”。"
            en = f'no FAQ entry has the id "{item.key}": a click counts as writing "{item.name}".'
            click.echo(f"{menu.place(*where)}: {terminal.pick(zh, en)}", err=True)


def _said(menu: Written[Menu]) -> Json:
    """The file's menu as it will be read back."""
    return told({"menu": sent(menu.value)})


def _says(path: Path, menu: Json) -> bool:
    """Whether a file says just that; one that is faulty or not there says nothing."""
    try:
        return _said(read_written(path, Menu)) == menu
    except DocumentError:
        return False


def _live(terminal: Terminal, config: Config) -> Json:
    return told(_call(terminal, config, lambda api: api.menu()))


def _call(terminal: Terminal, config: Config, use: Callable[[Api], Coroutine[Any, Any, T]]) -> T:
    async def opened() -> T:
        async with standalone(config) as api:
            return await use(api)

    try:
        return asyncio.run(opened())
    except Trouble as trouble:
        terminal.give_up(f"微信平台没有照办：{trouble}", f"the platform did not do it: {trouble}")


def _config(terminal: Terminal, channel: str | None) -> Config:
    """The channel that is named, or the only one."""
    found = {
        name: one for name, one in terminal.config().channels.items() if isinstance(one, Config)
    }
    if not found:
        terminal.give_up("配置里没有微信渠道。", "the configuration has no WeChat channel.")
    if channel not in found and (channel or len(found) > 1):
        names = ", ".join(found)
        terminal.give_up(f"请用 --channel 指明渠道：{names}。", f"say which --channel: {names}.")
    config = found[channel or next(iter(found))]
    _check_place(terminal, config.menu)
    return config


def _check_place(terminal: Terminal, path: Path) -> None:
    """A menu in the FAQ's folder would be read as a part of the FAQ, which then is faulty."""
    folder = terminal.faq_path()
    if folder in path.parents:
        terminal.give_up(
            f"菜单文件 {path} 在常见问题的文件夹 {folder} 里，会被当作常见问题读取：请用 menu 写明"
            "别的位置。",
            f"the menu's file {path} lies in the FAQ's folder {folder}, which would be read as a"
            " part of the FAQ: set menu to another place.",
        )


def _confirm(say: Say, before: str, after: str, *, yes: bool) -> None:
    """Show what changes; end here unless that is wanted."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    for line in list(lines)[2:]:
        click.echo(line)
    if not yes:
        click.confirm(say("要这样改吗？", "Is that what you want?"), abort=True)


def _channel(say: Say) -> Callable[[click.decorators.FC], click.decorators.FC]:
    text = say("渠道的名字，只有一个时可以不写", "The channel's name, where there are several.")
    return click.option("--channel", metavar="NAME", help=text)


def _yes(say: Say) -> Callable[[click.decorators.FC], click.decorators.FC]:
    return click.option("--yes", is_flag=True, help=say("不用确认", "Don't ask."))
