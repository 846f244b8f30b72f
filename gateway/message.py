"""What is said: by a customer (Message), by us (Reply), and both as a line of the transcript."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple


class Author(StrEnum):
    """Whose voice a line is."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Kind(StrEnum):
    """What a customer did: wrote, tapped a suggestion, rated, came or went."""

    TEXT = "text"
    CHOICE = "choice"
    RATING = "rating"
    JOINED = "joined"
    LEFT = "left"


class Status(StrEnum):
    """How far a reply has come on its way to the customer."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    HELD = "held"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person on a channel. `id` is the platform's, unique there; `language` is zh or en."""

    channel: str
    id: str
    name: str = ""
    language: str = "zh"

    @property
    def key(self) -> str:
        """Our id of the person: the same on every node, without asking the store."""
        return _key(self.channel, self.id)


@lru_cache(maxsize=4096)
def _key(channel: str, id_: str) -> str:
    return blake2b(f"{channel}\0{id_}".encode(), digest_size=14).hexdigest()


@dataclass(frozen=True, slots=True)
class Attachment:
    """What comes with a line: `kind` is image, voice, video, sticker, file, place or contact.

    `id` is that of a file of ours, "" where we have none; `url` is where it can be fetched by
    whoever gets to see it. `size` is in bytes, `type` a MIME type. `name` is for people: a file's
    name, a place's address, what was heard in a voice message.
    """

    kind: str
    name: str = ""
    type: str = ""
    size: int = 0
    url: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a platform lets us send unasked because of what a customer did.

    `count` messages within `lasts` ms; a grant replaces an earlier one of the same `name`.
    """

    name: str
    count: int
    lasts: int


class Budget(NamedTuple):
    """How many messages we may still send to a contact unasked, of how many, until when (ms)."""

    left: int
    until: int
    of: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing to tap. `id` is a FAQ entry's, or NONE or PERSON, or `rate:1` … `rate:5`.

    HELPFUL or UNHELPFUL with an entry's id behind it is what a customer thinks of an answer.
    """

    id: str
    text: str


NONE = "@none"
PERSON = "@person"
HELPFUL = "@helpful:"
UNHELPFUL = "@unhelpful:"


@dataclass(frozen=True, slots=True)
class Message:
    """What a customer did, as an adapter hands it to `receive`.

    `id` is the platform's and unique in the channel: the same id again is the same message.
    `choice` is the tapped suggestion's id (CHOICE) or what brought them here (JOINED), `rating` is
    1–5 (RATING, with `text` as the comment), `at` is the platform's time in ms, 0 if it gave none.
    `edits` is the platform's id of the message that this one puts in other words: it becomes a
    revision of that, or stands for it if we never saw it. `grant` is what we may send because of
    it, on platforms that count.
    """

    id: str
    contact: Contact
    text: str = ""
    kind: Kind = Kind.TEXT
    choice: str = ""
    rating: int = 0
    attachments: tuple[Attachment, ...] = ()
    at: int = 0
    edits: str = ""
    grant: Grant | None = None

    @property
    def asks(self) -> bool:
        """Whether it wants an answer."""
        return _asks(self.kind, self.choice)


@dataclass(frozen=True, slots=True)
class Reply:
    """What we say to `contact`, as the sender hands it to an adapter.

    `answers` is the platform's id of the customer's last message before it, "" if there is none;
    `attempt` counts from 1. `behind` are the replies that wait behind it, for adapters that may
    put several into one message.
    """

    id: str
    conversation: str
    contact: Contact
    seq: int
    author: Author
    name: str
    text: str
    suggestions: tuple[Suggestion, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    answers: str = ""
    attempt: int = 1
    behind: tuple["Reply", ...] = ()


class Line(NamedTuple):
    """A line of a conversation's transcript. `at` in ms; `private` lines are notes between agents.

    `seq` goes up by one from line to line, through all of a contact's conversations. `status` is
    None for what a customer wrote and for notes. `detail` says why a reply is not sent, in `both`
    languages or in one. `routed` says what the router made of a customer's line, or what it made
    the bot's of: `unknown`, `answer:shipping` and the like. `edited` (ms) is when the customer last
    put it in other words.
    """

    id: str
    conversation: str
    seq: int
    author: Author
    name: str
    text: str
    at: int
    kind: Kind = Kind.TEXT
    choice: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    private: bool = False
    status: Status | None = None
    detail: str = ""
    external: str = ""
    routed: str = ""
    edited: int | None = None

    @property
    def asks(self) -> bool:
        """Whether it wants an answer, where a customer wrote it."""
        return _asks(self.kind, self.choice)

    @property
    def answered_by(self) -> str:
        """The FAQ entry that the bot gave here, "" where it gave none."""
        kind, _, entry = self.routed.partition(":")
        return entry if self.author is Author.BOT and kind == "answer" else ""


def _asks(kind: Kind, choice: str) -> bool:
    """A goodbye wants no answer, nor does a verdict on one."""
    return kind is not Kind.LEFT and not choice.startswith((HELPFUL, UNHELPFUL))
