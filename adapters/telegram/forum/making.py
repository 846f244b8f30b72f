"""Topics as they come into being: one for each customer, also where that is interrupted.

That a topic is being made is on the disk before Telegram is asked, and whoever writes that down
makes it. Where the answer never came, nobody knows whether there is one: Telegram can't be asked,
but tells the bot of every topic that it has made. One that is heard of so is taken up; until then
it is waited for (`plan.patience`), and what turns up later than its successor is closed.
"""

import logging

from adapters.telegram.errors import ApiError, Unclear
from adapters.telegram.forum import cards
from adapters.telegram.forum.plan import patience
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.steps import Make
from adapters.telegram.forum.topic import Topic
from gateway.errors import NotFound
from gateway.message import Contact

log = logging.getLogger(__name__)


class Making:
    """Makes topics in one group."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def make(self, contact: Contact, topic: Topic, deed: Make) -> int:
        """Its id, 0 where another has made it or is about to. Raises ApiError."""
        topics, tag = self._room.topics, cards.tag(topic.conversation)
        if not await topics.begin(contact, tag, patience):
            return 0
        try:
            thread = await self._create(deed)
        except Unclear:
            raise
        except ApiError:  # surely not made
            await topics.unmade(contact.key)
            raise
        after = await topics.made(contact, tag, thread)
        if after.thread == thread:
            return thread
        await self._close(thread)
        return 0

    async def adopt(self, thread: int, name: str) -> None:
        """We are told of a topic of ours."""
        topics = self._room.topics
        if await topics.of_thread(thread):
            return
        tag = name.partition(" ")[0]
        contact = await self._wanted(tag)
        if contact is None:
            if not await topics.of_thread(thread):  # it may just have become known
                await self._close(thread)
            return
        topic = await topics.made(contact, tag, thread)
        if topic.thread != thread:
            await self._close(thread)
        await self._room.nudge(topic.conversation, contact.key)

    async def _wanted(self, tag: str) -> Contact | None:
        """For whom a topic with this tag is being made, where they have not been deleted."""
        key = await self._room.topics.in_the_making(tag)
        if key is None:
            return None
        shown = (await self._room.topics.get(key)).conversation
        try:
            return (await self._room.state(shown)).contact
        except NotFound:
            return None

    async def _create(self, deed: Make) -> int:
        icon = self._room.rights.icon(deed.face)
        fields = {"chat_id": self._room.group, "name": deed.name, **icon}
        made = await self._room.api.ask("createForumTopic", fields)
        return int(made["message_thread_id"])

    async def _close(self, thread: int) -> None:
        """Nobody needs it; it doesn't matter much whether this works."""
        fields = {"chat_id": self._room.group, "message_thread_id": thread}
        try:
            await self._room.api.ask("closeForumTopic", fields)
        except ApiError as error:
            log.info("a topic too many stays open: %s", error)
