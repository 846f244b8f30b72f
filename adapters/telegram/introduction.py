"""What a bot tells Telegram about itself at the start, and asks it: its name, menu and webhook."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from adapters.telegram.api import Api
from adapters.telegram.config import Config
from adapters.telegram.errors import ApiError, Unauthorised
from adapters.telegram.health import Health, advice
from adapters.telegram.pace import Sleep
from gateway.config.fields import Words
from gateway.errors import StoreUnavailable

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
BUSINESS_KINDS = ("business_connection", "business_message", "edited_business_message")


class Introduction:
    """Gets through as soon as the network and the token let it."""

    def __init__(
        self,
        api: Api,
        config: Config,
        health: Health,
        named: Callable[[str], Awaitable[None]],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`named` is told the bot's user name."""
        self._api = api
        self._config = config
        self._health = health
        self._named = named
        self._sleep = sleep

    async def run(self) -> None:
        """Try until it is done."""
        failures = 0
        while True:
            try:
                await self._introduce()
            except (ApiError, StoreUnavailable) as error:
                self._health.bad("start", _trouble(error))
                failures += 1
                pause = 60 if isinstance(error, Unauthorised) else min(30, 2.0 ** min(failures, 5))
                await self._sleep(pause)
            else:
                self._health.good("start")
                return

    async def _introduce(self) -> None:
        me = await self._api.ask("getMe", {})
        await self._named(me.get("username", ""))
        # Before the menu: a menu that Telegram declines must not leave the channel deaf.
        if self._config.mode == "webhook" and self._config.webhook_url:
            await set_webhook(self._api, self._config)
        for language, code in (("en", ""), ("zh", "zh"), ("en", "en")):
            commands = _menu(self._config.commands, language)
            fields = {"commands": commands, **({"language_code": code} if code else {})}
            await self._api.ask("setMyCommands", fields)


async def set_webhook(api: Api, config: Config) -> None:
    """Register our address; what waits at Telegram is kept."""
    fields = {
        "url": config.webhook_url,
        "secret_token": config.webhook_secret.get_secret_value(),
        "allowed_updates": kinds(config),
        "max_connections": 40,
        "drop_pending_updates": False,
    }
    await api.ask("setWebhook", fields)


def kinds(config: Config) -> tuple[str, ...]:
    """The kinds of updates that a channel wants."""
    return (*KINDS, *BUSINESS_KINDS) if config.business else KINDS


def _trouble(error: ApiError | StoreUnavailable) -> str:
    return advice(error) if isinstance(error, ApiError) else f"the store is away ({error})"


def _menu(commands: Mapping[str, Words], language: str) -> list[dict[str, str]]:
    return [
        {"command": name, "description": getattr(words, language)[:256]}
        for name, words in commands.items()
    ]
