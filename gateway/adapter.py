"""The seam between the core and a platform: six members make an adapter.

A platform's package has two names of its own: `Config`, the model of a channel's configuration,
and `build(name, config, core)`, which makes the adapter of one channel and imports what it needs.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from aiohttp.web import AbstractRouteDef

from gateway.clock import Clock
from gateway.hints import Hints
from gateway.message import Message, Reply
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
    speak only after the customer has written again. `detail` is for people.
    """

    fate: Fate
    detail: str = ""
    retry_after: int = 0


SENT = Delivery(Fate.SENT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`receive`'s proof that a message is on disk; `new` is False for one that we had already."""

    conversation: str
    seq: int
    new: bool


Receive = Callable[[Message], Awaitable[Receipt]]


@dataclass(frozen=True, slots=True)
class Core:
    """What the core offers to an adapter; `key` is a secret that all nodes of a channel share."""

    receive: Receive
    thread: Thread
    hints: Hints
    clock: Clock
    key: bytes


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
