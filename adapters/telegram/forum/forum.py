"""The agents' group put together: what comes from it, and what is shown in it."""

import asyncio

from aiogram.types import Update

from adapters.telegram.api import Api
from adapters.telegram.forum.buttons import Buttons
from adapters.telegram.forum.clerk import Clerk
from adapters.telegram.forum.making import Making
from adapters.telegram.forum.relay import Relay
from adapters.telegram.forum.rights import Rights
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.topic import Topics
from adapters.telegram.forum.watch import Watch
from adapters.telegram.forum.words import Words
from gateway.adapter import Core
from gateway.health import State


class Forum:
    """A group of agents. Its constructor does no I/O."""

    def __init__(self, settings: Settings, core: Core, api: Api) -> None:
        words = Words(settings.language)
        self._rights = Rights(settings, api, words, core.clock)
        topics = Topics(core.notes, settings.group, core.clock)
        room = Room(settings, core, api, topics, self._rights, words)
        making = Making(room)
        self._watch = Watch(room, Clerk(room, making))
        self._relay = Relay(room, making)
        self._buttons = Buttons(room)
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to show; a Telegram that can't be reached is waited for."""
        self._watching = asyncio.create_task(self._watch.run())

    async def stop(self) -> None:
        """Show nothing more; another node may go on at once."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def take(self, update: Update) -> None:
        """Something happened in the group.

        Raises StoreUnavailable or ApiError where it is not done: call again with the same.
        """
        if update.callback_query:
            await self._buttons.press(update.callback_query)
        elif update.message:
            await self._relay.hear(update.message)
        elif update.edited_message:
            await self._relay.hear_edit(update.edited_message)
        elif update.my_chat_member:
            self._rights.doubt()

    async def health(self) -> State:
        """DEGRADED, with what to do, where the group can't be worked in."""
        return self._rights.state
