"""Whose a message in the group is, and which conversation it belongs to."""

from dataclasses import dataclass

from aiogram.types import Message

from adapters.telegram.forum import lines
from adapters.telegram.forum.people import Person, writer
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.topic import Topic
from gateway.errors import NotFound
from gateway.surface import Seat

GENERAL = 1  # the topic that every forum has, in which nothing is about a customer


@dataclass(frozen=True, slots=True)
class Written:
    """A person's message in a topic of ours; `seat` is None for who has none.

    `contact` is our key of the customer, `key` what makes a reply or a note one and the same.
    """

    message: Message
    person: Person
    contact: str
    topic: Topic
    seat: Seat | None
    key: str

    @property
    def id(self) -> int:
        """The message's."""
        return self.message.message_id

    @property
    def conversation(self) -> str:
        """The one that the topic shows."""
        return self.topic.conversation

    @property
    def text(self) -> str:
        """What stands in it or under its picture."""
        return self.message.text or self.message.caption or ""

    @property
    def deed(self) -> str:
        """What stands in the topic's note once a command, or a close by hand, has been done."""
        return f"done {self.id}"


async def written(room: Room, message: Message) -> Written | None:
    """None for what is not for us: General, bots, topics that people made for themselves."""
    thread = message.message_thread_id
    # A reply in General carries the id of a thread of replies, which is no topic.
    if not message.is_topic_message or thread is None or thread == GENERAL:
        return None
    person = writer(message, room.settings.agents)
    contact = await room.topics.of_thread(thread) if person else None
    if person is None or contact is None:
        return None
    topic = await room.topics.get(contact)
    if topic.thread != thread or not topic.conversation:
        return None
    key = lines.key(room.group, message.message_id)
    return Written(message, person, contact, topic, await _seat(room, person), key)


async def _seat(room: Room, person: Person) -> Seat | None:
    if not person.agent:
        return None
    try:
        return await room.surface.seat(person.agent)
    except NotFound:
        return None
