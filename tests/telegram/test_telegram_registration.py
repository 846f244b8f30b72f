"""In webhook mode: whether Telegram still calls us, and what is done if not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from adapters.telegram.api import Api
from adapters.telegram.config import Config
from adapters.telegram.health import Health
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace, Rates
from adapters.telegram.registration import MISSING, RECENT, Registration
from gateway.clock import SECOND
from gateway.health import Level
from tests.clock import StillClock
from tests.telegram.bot_api import TOKEN, BotApi, Json
from tests.telegram.shop import SECRET

OURS = "https://chat.example.com/telegram/telegram"


@pytest.fixture
async def client(api: BotApi, clock: StillClock) -> AsyncIterator[Api]:
    client = Api(TOKEN, api.base, Pace(Rates(), clock), Moved())
    await client.open()
    yield client
    await client.close()


async def looked(client: Api, clock: StillClock, url: str = OURS, looks: int = 1) -> Health:
    """The channel's health after so many looks."""
    config = Config.model_validate(
        {"token": TOKEN, "mode": "webhook", "webhook_secret": SECRET, "webhook_url": url}
    )
    health, left = Health("telegram"), looks

    async def sleep(_: float) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await Registration(client, config, health, clock, sleep).run()
    return health


async def test_a_webhook_that_is_called_is_well(
    api: BotApi, client: Api, clock: StillClock
) -> None:
    api.webhook_url = OURS
    assert (await looked(client, clock)).state.level is Level.OK
    assert not api.of("setWebhook")


async def test_a_webhook_that_is_gone_is_set_again(
    api: BotApi, client: Api, clock: StillClock
) -> None:
    assert (await looked(client, clock, looks=2)).state.level is Level.OK
    (fields,) = api.of("setWebhook")
    assert (fields["url"], fields["drop_pending_updates"]) == (OURS, False)


async def test_a_webhook_of_somebody_else_is_an_alarm_and_left_alone(
    api: BotApi, client: Api, clock: StillClock
) -> None:
    api.webhook_url = "https://other.example/"
    assert "https://other.example/" in (await looked(client, clock)).state.text
    assert not api.of("setWebhook")


async def test_who_registers_it_by_hand_is_told_that_it_is_missing(
    client: Api, clock: StillClock
) -> None:
    assert (await looked(client, clock, url="")).state.text == MISSING


@pytest.mark.parametrize(("age", "said"), [(SECOND, "refused"), (RECENT + SECOND, "")])
async def test_calls_that_fail_are_news_for_two_minutes(
    api: BotApi, client: Api, clock: StillClock, age: int, said: str
) -> None:
    info: Json = {
        "url": OURS,
        "pending_update_count": 3,
        "last_error_date": (clock() - age) // SECOND,
        "last_error_message": "Connection refused",
    }
    api.answers["getWebhookInfo"] = lambda _: info
    assert said in (await looked(client, clock)).state.text


async def test_a_telegram_that_is_away_is_said(api: BotApi, client: Api, clock: StillClock) -> None:
    await api.stop()
    assert "can't be reached" in (await looked(client, clock)).state.text
