"""What is known of one contact's topic, and where it is written down.

A contact has one topic for all their consultations: it is closed and opened again with them. What
stands in the note has been done; what the sheet of the conversation has beyond that is to be done.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from gateway.clock import MINUTE, Clock
from gateway.message import Contact
from gateway.notes import Json, Notes

TOLD = 100  # of what was said once, the newest
HEARD_OF = 48 * 60 * MINUTE  # Telegram keeps what it tells a bot for a day


@dataclass(frozen=True, slots=True)
class Topic:
    """The state of a topic. `thread` and `card` are message ids of Telegram's, 0 without one.

    `seen` is the last line of the conversation that stands in it, `pieces` how many pieces of the
    next one do; `revised` (ms) the newest edit that was told. `asked` is what stands on the card of
    the talk before it, `shown` the card as it is, `face` the name and the icon as they are, `stage`
    who was last said to lead. `making` (ms) is when it was begun to be made, `tries` how often.
    `troubles` are the replies whose trouble has been told. `notices` wait to be said; `told` are
    the things that have been said or done and are not to be repeated.
    """

    conversation: str = ""
    thread: int = 0
    seen: int = 0
    pieces: int = 0
    revised: int = 0
    card: int = 0
    asked: str = ""
    shown: str = ""
    face: str = ""
    stage: str = ""
    closed: bool = False
    making: int = 0
    tries: int = 0
    troubles: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def gone(topic: Topic) -> Topic:
    """Somebody deleted it: what was in it is lost, what comes next goes into a new one."""
    return replace(
        topic, thread=0, card=0, shown="", face="", stage="", closed=False, making=0, tries=0
    )


def noticed(topic: Topic, key: str, text: str) -> Topic:
    """Something is to be said there, once for each `key`."""
    if key in topic.told:
        return topic
    return replace(topic, told=(*topic.told, key)[-TOLD:], notices=(*topic.notices, text))


def done(topic: Topic, key: str) -> Topic:
    """Something has been done that must not be done again."""
    return topic if key in topic.told else replace(topic, told=(*topic.told, key)[-TOLD:])


def write(topic: Topic) -> Json:
    """A topic as JSON."""
    return asdict(topic)


def read(note: Json) -> Topic:
    """What `write` wrote, or nothing yet."""
    facts: dict[str, Any] = dict(note or {})
    for name in ("notices", "told"):
        facts[name] = tuple(facts.get(name, ()))
    return Topic(**facts)


class Topics:
    """The topics of one group, in the channel's notes."""

    def __init__(self, notes: Notes, group: int, clock: Clock) -> None:
        self._notes = notes
        self._group = group
        self._clock = clock

    async def get(self, contact: str) -> Topic:
        """A contact's, by our key of them; an empty one where there is none."""
        return read(await self._notes.get(self._name(contact)))

    async def change(
        self, contact: str, change: Callable[[Topic], Topic], about: Contact | None = None
    ) -> Topic:
        """Replace it by what `change` makes of it, while nobody else can."""

        def changed(note: Json) -> tuple[Json, Topic]:
            after = change(read(note))
            return write(after), after

        return await self._notes.change(self._name(contact), changed, about=about)

    async def open(self) -> dict[str, str]:
        """The contacts whose topics show a conversation that has not been closed there yet.

        By the conversation's id.
        """
        found = await self._notes.find(self._name(""))
        topics = {name.rpartition(" ")[2]: read(note) for name, note in found.items()}
        return {
            topic.conversation: contact
            for contact, topic in topics.items()
            if topic.conversation and not topic.closed
        }

    async def begin(self, contact: Contact, tag: str, patience: Callable[[int], int]) -> bool:
        """Claim the making of a topic; False while another has, who is given `patience` ms."""
        now = self._clock()

        def begun(note: Json) -> tuple[Json, bool]:
            topic = read(note)
            if topic.thread or (topic.making and now < topic.making + patience(topic.tries)):
                return note, False
            return write(replace(topic, making=now, tries=topic.tries + 1)), True

        await self._notes.put(self._made(tag), contact.key, lasts=HEARD_OF, about=contact)
        return await self._notes.change(self._name(contact.key), begun, about=contact)

    async def made(self, contact: Contact, tag: str, thread: int) -> Topic:
        """It is there: first it is known whose it is, then that it is there."""
        await self._notes.put(self._thread(thread), contact.key, about=contact)
        topic = await self.change(contact.key, lambda topic: _made(topic, thread))
        await self._notes.put(self._made(tag), None)
        return topic

    async def unmade(self, contact: str) -> None:
        """It surely was not made: the next try need not wait."""
        await self.change(contact, lambda topic: replace(topic, making=0))

    async def of_thread(self, thread: int) -> str | None:
        """Whose topic it is, by our key."""
        found: str | None = await self._notes.get(self._thread(thread))
        return found

    async def in_the_making(self, tag: str) -> str | None:
        """For whom a topic with this tag is being made."""
        found: str | None = await self._notes.get(self._made(tag))
        return found

    def _name(self, contact: str) -> str:
        return f"topic {self._group} {contact}"

    def _thread(self, thread: int) -> str:
        return f"thread {self._group} {thread}"

    def _made(self, tag: str) -> str:
        return f"making {self._group} {tag}"


def _made(topic: Topic, thread: int) -> Topic:
    """Of two that were made for one contact the first one stays."""
    if topic.thread:
        return replace(topic, making=0, tries=0)
    return replace(topic, thread=thread, closed=False, making=0, tries=0)
