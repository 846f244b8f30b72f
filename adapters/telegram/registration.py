"""Whether Telegram still calls us: in webhook mode nothing else would tell that it doesn't.

Somebody who takes the webhook away, sets another one, or closes the way to us, leaves a channel
that is merely quiet.
"""

import asyncio

from adapters.telegram.api import Api, Json
from adapters.telegram.config import Config
from adapters.telegram.errors import ApiError
from adapters.telegram.health import Health, advice
from adapters.telegram.introduction import set_webhook
from adapters.telegram.pace import Sleep
from gateway.clock import MINUTE, SECOND, Clock

EVERY = 60.0  # seconds between two looks
RECENT = 2 * MINUTE  # ms for which a failed call counts as news

ELSEWHERE = (
    "the webhook is set to another address ({url}): stop the program that set it, then restart"
    " this one, which registers its own"
)
MISSING = "no webhook is set: write webhook_url into the configuration, or register it yourself"
FAILING = (
    "Telegram can't call the webhook ({trouble}; {waiting} updates wait): check the address, its"
    " certificate and the proxy in front of us"
)


class Registration:
    """Looks after one bot's webhook."""

    def __init__(
        self, api: Api, config: Config, health: Health, clock: Clock, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._api = api
        self._config = config
        self._health = health
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Look until cancelled. One that is gone is set again; another's is left alone."""
        while True:
            await self._sleep(EVERY)
            try:
                await self._look()
            except ApiError as error:
                self._health.bad("webhook", advice(error))

    async def _look(self) -> None:
        info = await self._api.ask("getWebhookInfo", {})
        ours = self._config.webhook_url
        if ours and not info.get("url"):
            await set_webhook(self._api, self._config)
        elif trouble := self._trouble(info, ours):
            self._health.bad("webhook", trouble)
            return
        self._health.good("webhook")

    def _trouble(self, info: Json, ours: str) -> str:
        url, failed = info.get("url", ""), info.get("last_error_date", 0) * SECOND
        if not url:
            return MISSING
        if ours and url != ours:
            return ELSEWHERE.format(url=url)
        waiting = info.get("pending_update_count", 0)
        if waiting and self._clock() - failed < RECENT:
            return FAILING.format(trouble=info.get("last_error_message", ""), waiting=waiting)
        return ""
