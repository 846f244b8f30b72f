"""The seam between the core and a platform: six members make an adapter.

A platform's package has two names of its own: `Config`, the model of a channel's configuration,
and `build(name, config, core)`, which makes the adapter of one channel and imports what it needs.
It may have three more: `probe(name, config)`, which tries the channel's credentials for
`frontdesk check --online`; `demo_routes(name)`, pages that show it; and a module `cli` whose
`command(say)` makes the commands of `frontdesk <platform>`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from aiohttp.web import AbstractRouteDef

from gateway.budgets import Budgets
from gateway.clock import Clock
from gateway.files import Files
from gateway.health import State
from gateway.hints import Hints
from gateway.journal import Journal
from gateway.message import Contact, Message, Reply
from gateway.notes import Notes
from gateway.surface import Surface
from gateway.thread import Thread


class Fate(StrEnum):
    """What became of one attempt to send."""

    SENT = "sent"
    RETRY = "retry"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one attempt.

    RETRY: surely not delivered, try again (not before `retry_after` ms, if the platform said so);
    after eight of these it is a dead letter. UNREACHABLE: the platform is down or busy, which is no
    fault of this reply: try again for as long as it takes.
    REJECTED: never will be. UNKNOWN: it may or may not have arrived. HELD: the platform lets us
    speak only after the customer has written again. `detail` is for people, at best
    by `gateway.language.both`. `taken` says how many
    of the replies behind this one went along with it and share its fate.
    """

    fate: Fate
    detail: str = ""
    retry_after: int = 0
    taken: int = 0


SENT = Delivery(Fate.SENT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`receive`'s proof that a message is on disk; `new` is False for one that we had already."""

    conversation: str
    seq: int
    new: bool


Receive = Callable[[Message], Awaitable[Receipt]]
Again = Callable[[Contact, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Core:
    """What the core offers to an adapter.

    `receive` takes a message in. `again(contact, message)` is for platforms that take our answer
    in the response to their request: it asks for the same message once more, so what was answered
    in that response has not arrived, and is to be sent again; whether there is anything. Replies
    on which a budget was spent went another way and stay as they are. `key` is a secret that all
    nodes of the channel share.
    """

    receive: Receive
    again: Again
    thread: Thread
    hints: Hints
    clock: Clock
    key: bytes
    notes: Notes
    journal: Journal
    budgets: Budgets
    files: Files
    surface: Surface


class Adapter(Protocol):
    """The code that speaks one platform for one channel. Its constructor does no I/O.

    `resumes`: customers of this channel read their transcript by seq, so that a committed reply
    is a delivered one and `send` is not called.
    """

    @property
    def name(self) -> str:
        """The channel's name in the configuration."""

    @property
    def resumes(self) -> bool:
        """Whether a committed reply counts as delivered."""

    @property
    def routes(self) -> Sequence[AbstractRouteDef]:
        """The HTTP routes that the platform or its customers call."""

    async def start(self) -> None:
        """Begin to receive."""

    async def send(self, reply: Reply) -> Delivery:
        """Try once to deliver; report what became of it, don't raise for a platform's refusal."""

    async def stop(self) -> None:
        """Stop receiving, let go of everything."""


@runtime_checkable
class Bundling(Protocol):
    """An adapter that may put several replies into one message.

    The replies that wait behind one come with it, as its `behind`.
    """

    @property
    def bundles(self) -> bool:
        """Whether this channel does so."""


@runtime_checkable
class Watched(Protocol):
    """An adapter that knows how its channel is; what it says stands in `/readyz`."""

    async def health(self) -> State:
        """DEGRADED, with what to do, where the platform can't be heard or spoken to."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a probe of a channel found, in both languages; `fine` if there is nothing to do."""

    zh: str
    en: str
    fine: bool = False
