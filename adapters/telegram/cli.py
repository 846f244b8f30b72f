"""`frontdesk telegram …`: what an operator does to a bot by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from adapters.telegram.config import Config

if TYPE_CHECKING:
    from gateway.terminal import Terminal

Say = Callable[[str, str], str]


def command(say: Say) -> click.Group:
    """`frontdesk telegram unhook CHANNEL`."""
    group = click.Group("telegram", help=say("Telegram 机器人。", "Telegram bots."))

    @group.command(
        help=say(
            "取消机器人的 webhook，好让它轮询；等着的消息不会丢。",
            "Take a bot's webhook away, so that it can be polled; what waits is not lost.",
        )
    )
    @click.argument("channel", metavar="CHANNEL")
    @click.pass_obj
    def unhook(terminal: Terminal, channel: str) -> None:
        config = terminal.config().channels.get(channel)
        if not isinstance(config, Config):
            terminal.give_up(
                f"配置里没有叫 {channel} 的 Telegram 渠道。",
                f"there is no telegram channel {channel!r} in the configuration.",
            )
        if trouble := asyncio.run(_unhook(config)):
            terminal.give_up(f"办不到：{trouble}", f"it can't be done: {trouble}")
        click.echo(terminal.pick("webhook 已取消。", "The webhook is gone."))

    return group


async def _unhook(config: Config) -> str:
    """What went wrong, "" if nothing."""
    from adapters.telegram.api import Api
    from adapters.telegram.errors import ApiError
    from adapters.telegram.moved import Moved
    from adapters.telegram.pace import Pace, Rates
    from gateway.clock import system_clock

    pace = Pace(Rates(), system_clock)
    api = Api(config.token.get_secret_value(), config.api_base, pace, Moved())
    await api.open()
    try:
        await api.ask("deleteWebhook", {"drop_pending_updates": False})
    except ApiError as error:
        return str(error)
    finally:
        await api.close()
    return ""
