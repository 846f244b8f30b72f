"""Shows a customer that an agent is writing, for as long as they are."""

import logging

from adapters.telegram import address
from adapters.telegram.api import Api
from adapters.telegram.errors import ApiError
from gateway.adapter import Core
from gateway.clock import SECOND
from gateway.errors import StoreUnavailable
from gateway.hints import Hint

AGAIN = 4 * SECOND  # Telegram shows it for five

log = logging.getLogger(__name__)


class Typing:
    """Follows the hints for one channel."""

    def __init__(self, core: Core, api: Api) -> None:
        self._core = core
        self._api = api
        self._shown: dict[str, int] = {}

    async def run(self) -> None:
        """Show until cancelled."""
        async with self._core.hints.listen() as board:
            async for hint in board:
                if hint.kind == "typing" and hint.detail == "agent" and self._is_due(hint):
                    await self._show(hint.contact)

    def _is_due(self, hint: Hint) -> bool:
        now = self._core.clock()
        self._shown = {key: at for key, at in self._shown.items() if now - at < AGAIN}
        return hint.contact not in self._shown

    async def _show(self, key: str) -> None:
        self._shown[key] = self._core.clock()
        try:
            contact = await self._core.thread.contact(key)
            if contact is None:  # another channel's
                return
            where = address.of_contact(contact.id)
            await self._api.ask("sendChatAction", {**where.fields, "action": "typing"}, seconds=3)
        except (ApiError, StoreUnavailable, ValueError) as error:
            log.debug("typing could not be shown: %s", error)
