"""The core put together for tests, with a FAQ of one answer and a desk that is open."""

import asyncio
from dataclasses import dataclass, field, replace
from itertools import count

from aiohttp.web import AbstractRouteDef
from prometheus_client import CollectorRegistry

from faq.entry import Answer, Entry
from faq.matching.match import Candidate, Decision, Match, Reasons
from gateway.adapter import SENT, Delivery, Receipt
from gateway.bus import Bus
from gateway.clock import Clock
from gateway.conversation import Conversation
from gateway.hints import Hints, MemoryHints
from gateway.message import Contact, Kind, Message, Reply
from gateway.metrics import Metrics
from gateway.retry import Retry
from gateway.router import Reading, Router
from gateway.store import Database, Reads
from gateway.store.transcript import Transcript, lines
from gateway.texts import Texts

ANN = Contact("fake", "ann", "Ann", "en")
BOB = Contact("fake", "bob", "Bob", "en")
ENTRIES = {"ship": Entry("ship", ("shipping",), {("", ""): Answer("Within 48 hours.")})}
HOLD = Retry("hold", lambda: 0.5)
RESEND = Retry("resend", lambda: 0.5)

_numbers = count(1)


class OpenDesk:
    """A desk with somebody at it and nobody before you."""

    def is_open(self, at: int) -> bool:
        return True

    async def ahead(self, reads: Reads, conversation: Conversation) -> int:
        return 0


@dataclass
class FakeAdapter:
    """A platform that answers every attempt to send as it was told to, then with SENT."""

    name: str = "fake"
    resumes: bool = False
    routes: tuple[AbstractRouteDef, ...] = ()
    outcomes: list[Delivery] = field(default_factory=list)
    sent: list[Reply] = field(default_factory=list)
    arrived: asyncio.Queue[Reply] = field(default_factory=asyncio.Queue)

    async def start(self) -> None: ...

    async def send(self, reply: Reply) -> Delivery:
        self.sent.append(reply)
        self.arrived.put_nowait(reply)
        return self.outcomes.pop(0) if self.outcomes else SENT

    async def stop(self) -> None: ...


def make_bus(
    database: Database,
    clock: Clock,
    *,
    resumes: bool = False,
    retry: Retry = HOLD,
    hints: Hints | None = None,
) -> Bus:
    transcript = Transcript(lambda channel: resumes)
    return Bus(
        database,
        transcript,
        Router(Texts()),
        OpenDesk(),
        retry,
        hints or MemoryHints(),
        clock,
        Metrics(CollectorRegistry()),
    )


def said(
    text: str, contact: Contact = ANN, message_id: str = "", kind: Kind = Kind.TEXT
) -> Message:
    return Message(message_id or f"m{next(_numbers)}", contact, text, kind)


def read_one(text: str) -> Reading:
    """The FAQ: `shipping` is answered, `failure` fails, all else is unknown."""
    if text == "failure":
        return Reading(None, ENTRIES)
    if text == "shipping":
        best = (Candidate("ship", 0.9, "shipping"),)
        return Reading(Match(Decision.ANSWER, best, Reasons("shipping"), "en"), ENTRIES)
    return Reading(Match(Decision.HANDOFF, (), Reasons(text), "en"), ENTRIES)


async def readings(bus: Bus, conversation: str) -> dict[int, Reading]:
    return {line.seq: read_one(line.text) for line in await bus.unread(conversation)}


async def turn(bus: Bus, receipt: Receipt, adapter: FakeAdapter) -> None:
    """What a worker does, step by step."""
    claim = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    while claim and claim.reply:
        claim = await bus.settle(claim, await adapter.send(claim.reply))


async def shown(bus: Bus, conversation: str) -> list[tuple[int, str, str, str | None]]:
    """A transcript in short: seq, author, text, status."""
    found = await lines(bus.database, conversation)
    return [(one.seq, one.author.value, one.text, one.status) for one in found]


def without_name(contact: Contact) -> Contact:
    return replace(contact, name="")
