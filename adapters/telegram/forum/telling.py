"""Telling the people of a topic what became of what they wrote.

A text goes into the topic's note and from there into the group with what else there is to say, so
it is said once and never lost. A mark on the message itself is quick, and a hint and no more.
"""

import logging
from collections.abc import Callable, Sequence

from aiogram.types import Message

from adapters.telegram.errors import ApiError, Declined
from adapters.telegram.forum.hearing import Written
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.topic import Topic, done, noticed

NOTED = ("📝", "✍")  # Telegram lets bots react with the second one only, at the time of writing
UNSENT = ("🙊",)

log = logging.getLogger(__name__)


class Telling:
    """Speaks to the people of one group."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def say(self, written: Written, about: str, text: str) -> None:
        """Say a text in the topic, once for what it is `about`."""
        await self.change(written, lambda topic: noticed(topic, about, text))

    async def unsent(self, written: Written, about: str, text: str) -> None:
        """The same, of what did not reach the customer; the mark on it comes every time."""
        await self.say(written, about, text)
        await self._react(written.message, UNSENT)

    async def lost(self, written: Written) -> None:
        """Only the mark, where nothing can be said in the topic any more."""
        await self._react(written.message, UNSENT)

    async def noted(self, written: Written) -> None:
        """Show that a note was kept."""
        await self._react(written.message, NOTED)

    async def done(self, written: Written) -> None:
        """Write down that it has been done: it may come again."""
        await self.change(written, lambda topic: done(topic, written.deed))

    async def change(self, written: Written, change: Callable[[Topic], Topic]) -> None:
        """Change the topic's note, and have it looked at."""
        await self._room.topics.change(written.contact, change)
        await self._room.nudge(written.conversation, written.contact)

    async def _react(self, message: Message, emojis: Sequence[str]) -> None:
        """With the first one that Telegram takes."""
        for emoji in emojis:
            fields = {
                "chat_id": self._room.group,
                "message_id": message.message_id,
                "reaction": [{"type": "emoji", "emoji": emoji}],
            }
            try:
                await self._room.api.ask("setMessageReaction", fields)
            except Declined:
                continue
            except ApiError as error:
                log.info("a message in the agents' group stays without its mark: %s", error)
            return
