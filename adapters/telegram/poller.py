"""Long polling: one node asks, keeps what it gets on the disk, and only then confirms it.

aiogram's own polling confirms an update before its handler ends, which a kill turns into a loss,
and gives up a whole batch for one update that it can't read: so this asks by itself.
"""

import asyncio
import logging
from contextlib import suppress

from adapters.telegram.api import Api
from adapters.telegram.errors import ApiError, Limited, Taken, Unauthorised, Unclear
from adapters.telegram.health import WEBHOOK, Health, advice
from adapters.telegram.intake import Intake, Json
from adapters.telegram.pace import Sleep
from gateway.clock import SECOND
from gateway.errors import StoreUnavailable

POLL = 25  # seconds for which Telegram may hold our question
LIMIT = 100
PATIENCE = POLL + 10

log = logging.getLogger(__name__)


class Poller:
    """Asks for one bot, for as long as it is let run."""

    def __init__(
        self,
        api: Api,
        intake: Intake,
        health: Health,
        kinds: tuple[str, ...],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`kinds` are those of the updates to ask for."""
        self._api = api
        self._intake = intake
        self._health = health
        self._kinds = kinds
        self._sleep = sleep
        self._offset = 0
        self._failures = 0

    async def run(self) -> None:
        """Ask until cancelled, whatever comes instead of an answer."""
        # Another node may have asked since we last did: an old offset would confirm what nobody
        # has, where ids have begun anew.
        self._offset = 0
        while True:
            try:
                await self._ask()
                self._failures = 0
            except ApiError as error:
                self._health.bad("receiving", advice(error))
                await self._sleep(self._pause(error))
            except StoreUnavailable as error:
                log.warning("updates are not confirmed while the store is away: %s", error)
                await self._sleep(1)
            except Exception:
                log.exception("a batch of updates could not be taken in; asking again")
                await self._sleep(self._pause(None))

    async def confirm(self) -> None:
        """Tell Telegram what we have, without taking more."""
        if self._offset:
            fields = {"offset": self._offset, "limit": 1, "timeout": 0}
            with suppress(ApiError):  # else it comes again, and we know it
                await self._api.ask("getUpdates", fields, seconds=3)

    async def _ask(self) -> None:
        fields = {"limit": LIMIT, "timeout": POLL, "allowed_updates": self._kinds}
        if self._offset:
            fields["offset"] = self._offset
        batch: list[Json] = await self._api.ask("getUpdates", fields, seconds=PATIENCE)
        self._health.good("receiving")
        if not isinstance(batch, list):
            raise Unclear("getUpdates: expected a list of updates")
        if batch:
            await self._intake.take(batch)
        # The answer confirms that all before it are gone: ids may begin anew after a quiet week,
        # so an offset is used for as long as it confirms something.
        self._offset = batch[-1]["update_id"] + 1 if batch else 0

    def _pause(self, error: ApiError | None) -> float:
        self._failures += 1
        match error:
            case Limited():
                return error.retry_after / SECOND
            case Unauthorised():
                return 60
            case Taken():
                return 30 if advice(error) == WEBHOOK else 5
            case _:
                return min(30, 2.0 ** (min(self._failures, 6) - 1))
