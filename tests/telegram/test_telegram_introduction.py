"""What a bot tells Telegram at the start, where something is in the way of it."""

from pathlib import Path

from adapters.telegram.api import Api
from adapters.telegram.config import Config
from adapters.telegram.health import Health
from adapters.telegram.introduction import Introduction
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace, Rates
from gateway.clock import system_clock
from gateway.errors import StoreUnavailable
from gateway.health import OK
from tests.telegram.bot_api import TOKEN, BotApi, Trouble
from tests.telegram.shop import open_shop, webhook


async def test_a_menu_that_is_declined_does_not_keep_the_webhook_from_being_set(
    tmp_path: Path, api: BotApi
) -> None:
    api.answers["setMyCommands"] = lambda _: Trouble(400, "BOT_COMMAND_DESCRIPTION_INVALID")
    url = "https://chat.example.com/telegram/telegram"
    async with open_shop(tmp_path, api, **webhook(webhook_url=url)) as shop:
        await shop.is_well("BOT_COMMAND_DESCRIPTION_INVALID")
        assert [one["url"] for one in api.of("setWebhook")] == [url]


async def test_a_store_that_is_away_at_the_start_is_waited_for(api: BotApi) -> None:
    health, said = Health("telegram"), []
    names: list[str] = []

    async def named(name: str) -> None:
        names.append(name)
        if len(names) == 1:
            raise StoreUnavailable("no disk")

    async def sleep(_: float) -> None:
        said.append(health.state.text)

    client = Api(TOKEN, api.base, Pace(Rates(), system_clock), Moved())
    await client.open()
    await Introduction(client, Config.model_validate({"token": TOKEN}), health, named, sleep).run()
    await client.close()
    assert said == ["the store is away (no disk)"]
    assert names == ["shop_bot"] * 2
    assert health.state == OK
