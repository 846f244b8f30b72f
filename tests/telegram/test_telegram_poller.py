"""How long a poller waits after each kind of trouble, without waiting."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.telegram.api import Api
from adapters.telegram.health import Health
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace, Rates
from adapters.telegram.poller import Poller
from gateway.clock import system_clock
from tests.telegram import bot_api
from tests.telegram.bot_api import TOKEN, BotApi, Trouble
from tests.telegram.shop import open_shop, said, webhook


@pytest.mark.parametrize(
    ("trouble", "pauses"),
    [
        (bot_api.UNAUTHORISED, [60, 60, 60]),
        (bot_api.OTHER_POLLER, [5, 5, 5]),
        (bot_api.WEBHOOK_SET, [30, 30, 30]),
        (bot_api.limited(7), [7, 7, 7]),
        (Trouble(429, "Too Many Requests"), [3, 3, 3]),
        (bot_api.BAD_GATEWAY, [1, 2, 4, 8, 16, 30, 30]),
        (Trouble(reset=True), [1, 2, 4]),
        (Trouble(200, body='{"ok": true, "result": {"no": "list"}}'), [1, 2, 4]),
        (Trouble(200, body='{"ok": true, "result": ["no update"]}'), [1, 2, 4]),
    ],
    ids=["case 12", "case 13", "case 14", "case 11", "429", "case 10", "reset", "no list", "odd"],
)
async def test_after_trouble_it_waits(
    tmp_path: Path, api: BotApi, trouble: Trouble, pauses: list[float]
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == len(pauses):
            raise asyncio.CancelledError

    client = Api(TOKEN, api.base, Pace(Rates(), system_clock), Moved())
    await client.open()
    async with open_shop(tmp_path, api, **webhook()) as shop:  # which does not poll by itself
        api.script("getUpdates", *(trouble for _ in pauses))
        await api.push(said("shipping time"))
        poller = Poller(client, shop.adapter._intake, Health("telegram"), ("message",), sleep)
        with suppress(asyncio.CancelledError):
            await poller.run()
    await client.close()
    assert slept == pauses
    assert len(api.of("getUpdates")) == len(pauses)
    assert len(api.pending) == 1
