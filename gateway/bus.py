"""The durable mailbox: accept, claim, settle, each one transaction under the conversation's lock.

A message is accepted when it is on the disk in its place. A worker claims the conversation: it
takes a lease with a fresh token, lets the router decide on every line that nobody has handled, and
gets the first reply to send. It settles that reply, fenced by the token, and gets the next, until
the conversation is let go.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Protocol

from gateway.adapter import Delivery, Receipt
from gateway.clock import Clock
from gateway.conversation import Conversation, Mode, answered, close, heard, queue
from gateway.hints import Hint, Hints
from gateway.message import Author, Contact, Kind, Line, Message, Reply, Status
from gateway.metrics import Metrics
from gateway.retry import TRIES, Retry
from gateway.router import Reading, Route, Router
from gateway.store import Database, Reads, Tx, inbox, outbox
from gateway.store import conversations as table
from gateway.store.transcript import Draft, Transcript


class Desk(Protocol):
    """What the bot must know of the people."""

    def is_open(self, at: int) -> bool:
        """Whether somebody is to be expected at the desk at an instant (ms)."""

    async def ahead(self, reads: Reads, conversation: Conversation) -> int:
        """How many wait before this one."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on a conversation, and the reply to send; without one it is let go.

    `reasons` are those of the routes that were decided.
    """

    conversation: str
    contact: str
    channel: str
    token: int
    reply: Reply | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bus:
    """Takes in from adapters, hands out to workers."""

    database: Database
    transcript: Transcript
    router: Router
    desk: Desk
    retry: Retry
    hints: Hints
    clock: Clock
    metrics: Metrics
    bundles: Callable[[str], bool] = lambda _: False
    """Whether a channel may put several replies into one message."""

    async def accept(self, message: Message) -> Receipt:
        """Put a message on the disk, once. Raises StoreUnavailable if that can't be done now."""
        began = time.perf_counter()
        receipt, _ = await self.database.transaction(lambda tx: self._accept(tx, message))
        if receipt.new:
            self.metrics.accepted(message.contact.channel, time.perf_counter() - began)
            await self._announce(receipt, message.contact, None)
        return receipt

    async def admit(self, message: Message, reading: Reading) -> tuple[Receipt, Claim | None]:
        """Accept a message and, in the same transaction, claim its conversation if it is free.

        `reading` is what the FAQ makes of it. Without a claim a worker has been told.
        """
        began = time.perf_counter()
        receipt, claim = await self.database.transaction(
            lambda tx: self._admit(tx, message, reading)
        )
        if receipt.new:
            self.metrics.accepted(message.contact.channel, time.perf_counter() - began)
            await self._announce(receipt, message.contact, claim)
        return receipt, claim

    async def again(self, contact: Contact, message: str) -> bool:
        """Have what answered a message in the response to its request sent once more."""
        conversation = await self.database.transaction(
            lambda tx: outbox.reopen(tx, contact.key, message, self.clock())
        )
        if conversation is None:
            return False
        await self.hints.publish(Hint("work", conversation, contact.key, contact.channel))
        return True

    async def unread(self, conversation: str) -> list[Line]:
        """The customer's lines that the router has not seen, in order."""
        return await inbox.unread(self.database, conversation)

    async def due(self, channel: str, limit: int) -> list[str]:
        """A channel's conversations in which a worker has something to do now."""
        return await outbox.due(self.database, channel, self.clock(), limit)

    async def claim(self, conversation: str, readings: Mapping[int, Reading]) -> Claim | None:
        """Take a conversation that is due and free, and route its lines.

        `readings` holds what the FAQ makes of each line, by seq; a line without one waits for the
        next claim. None: somebody else has it, or there is nothing to do.
        """
        claim = await self.database.transaction(lambda tx: self._claim(tx, conversation, readings))
        if claim:
            self._count(claim)
            await self._changed(conversation, claim.contact)
        return claim

    async def settle(self, claim: Claim, delivery: Delivery) -> Claim | None:
        """Note what became of the claim's reply, and go on. None: the lease was lost."""
        after = await self.database.transaction(lambda tx: self._settle(tx, claim, delivery))
        await self._changed(claim.conversation, claim.contact)
        return after

    async def fail(self, conversation: str) -> None:
        """A worker could not handle it: later again; after 8 times it is a person's."""
        contact = await self.database.transaction(lambda tx: self._fail(tx, conversation))
        await self._changed(conversation, contact)

    async def _changed(self, conversation: str, contact: str) -> None:
        await self.hints.publish(Hint("changed", conversation, contact))

    async def _announce(self, receipt: Receipt, contact: Contact, claim: Claim | None) -> None:
        hints = [Hint("changed", receipt.conversation, contact.key)]
        if claim is None:
            hints.insert(0, Hint("work", receipt.conversation, contact.key, contact.channel))
        else:
            self._count(claim)
        await self.hints.publish(*hints)

    def _count(self, claim: Claim) -> None:
        for reason in claim.reasons:
            self.metrics.routed(claim.channel, reason)

    async def _admit(
        self, tx: Tx, message: Message, reading: Reading
    ) -> tuple[Receipt, Claim | None]:
        receipt, contact = await self._accept(tx, message)
        if not receipt.new or message.kind in (Kind.RATING, Kind.LEFT):
            return receipt, None
        readings = {receipt.seq: reading}
        return receipt, await self._claim(tx, receipt.conversation, readings, contact)

    async def _accept(self, tx: Tx, message: Message) -> tuple[Receipt, Contact]:
        now = self.clock()
        met = await inbox.meet(tx, message.contact, now)
        contact = table.contact_from_row(met)
        if message.edits:
            if receipt := await inbox.revise(tx, message, now):
                return receipt, contact
            message = replace(message, id=message.edits, edits="")
        if receipt := await inbox.seen(tx, message):
            return receipt, contact
        await inbox.grant(tx, message, met["budget"], now)
        return await self._enter(tx, message, now), contact

    async def _enter(self, tx: Tx, message: Message, now: int) -> Receipt:
        if message.kind is Kind.RATING:
            return await inbox.rate(tx, message, now)
        state = await inbox.current(tx, message.contact, now)
        if message.kind is Kind.LEFT:
            await outbox.drop(tx, message.contact.key, now)
            if state is None:
                return Receipt("", 0, new=False)
        state = state or await inbox.begin(tx, message.contact, now)
        return await self._store(tx, state, message, now)

    async def _store(self, tx: Tx, state: Conversation, message: Message, now: int) -> Receipt:
        state, line = await self.transcript.append(tx, state, inbox.draft(message), now)
        if line is None:
            raise AssertionError("the contact is locked: nobody else can have stored this")
        if message.kind is Kind.LEFT:
            await table.save(tx, close(state, now, "left"), now)
        else:
            await outbox.release_held(tx, state.contact, now)
            after = heard(state, now) if message.asks else state
            await table.save(tx, after, now, due=now)
        return Receipt(state.id, line.seq, new=True)

    async def _claim(
        self,
        tx: Tx,
        conversation: str,
        readings: Mapping[int, Reading],
        contact: Contact | None = None,
    ) -> Claim | None:
        now = self.clock()
        row = await outbox.lease(tx, conversation, now)
        if row is None:
            return None
        state = table.from_row(row)
        contact = contact or await table.contact_of(tx, state)
        if Status.UNKNOWN in await outbox.recover(tx, conversation, self.retry, now):
            state = outbox.owe(state, now)
        lines = await inbox.unhandled(tx, conversation, state.handled)
        read = list(takewhile(lambda line: line.seq in readings, lines))
        reasons = []
        for line in read:
            state, reason = await self._route(tx, state, line, readings[line.seq], contact)
            reasons.append(reason)
        for line in lines[len(read) :]:
            state = _expect(state, line)
        await table.save(tx, state, now)
        claim = await self._next(tx, state, contact, row["token"])
        return replace(claim, reasons=tuple(reasons))

    async def _route(
        self, tx: Tx, state: Conversation, line: Line, reading: Reading, contact: Contact
    ) -> tuple[Conversation, str]:
        now = self.clock()
        state = _expect(state, line)
        route = self.router.route(state, line, reading, contact.language, now)
        await inbox.note_route(tx, line, route.routed)
        replies = route.replies
        if state.mode is Mode.BOT and route.conversation.mode is Mode.WAITING:
            replies = (*replies, await self._welcome(tx, route, contact, now))
        state = route.conversation
        for draft in replies:
            state, _ = await self.transcript.append(tx, state, draft, now)
        return state, route.reason

    async def _welcome(self, tx: Tx, route: Route, contact: Contact, now: int) -> Draft:
        return self.router.welcome(
            route,
            contact.language,
            open_now=self.desk.is_open(now),
            ahead=await self.desk.ahead(tx, route.conversation),
        )

    async def _settle(self, tx: Tx, claim: Claim, delivery: Delivery) -> Claim | None:
        now = self.clock()
        row = await outbox.renew(tx, claim.conversation, claim.token, now)
        if row is None or claim.reply is None:
            return None
        state = table.from_row(row)
        behind = claim.reply.behind
        gone = (claim.reply, *behind[: delivery.taken])
        for reply in gone:
            status = await outbox.settle(tx, reply.id, delivery, self.retry, now)
            if reply.author is not Author.SYSTEM:
                state = _after(state, status, now)
        await outbox.put_back(tx, behind[delivery.taken :], now)
        if any(reply.author is not Author.SYSTEM for reply in gone):
            await table.save(tx, state, now)
        return await self._next(tx, state, claim.reply.contact, claim.token)

    async def _next(self, tx: Tx, state: Conversation, contact: Contact, token: int) -> Claim:
        reply = await outbox.next_reply(
            tx, state, contact, self.clock(), bundled=self.bundles(state.channel)
        )
        return Claim(state.id, state.contact, state.channel, token, reply)

    async def _fail(self, tx: Tx, conversation: str) -> str:
        now = self.clock()
        state = await table.lock(tx, conversation)
        failures = await outbox.postpone(tx, conversation, self.retry, now)
        if failures >= TRIES and state.mode is not Mode.CLOSED:
            await inbox.bury(tx, state, now)
            await table.save(tx, queue(replace(state, handled=state.seq), now), now)
        return state.contact


def _expect(state: Conversation, line: Line) -> Conversation:
    """A customer's line is owed an answer, each of several too; a person sees what they owe."""
    if line.asks and state.mode in (Mode.BOT, Mode.WAITING):
        return heard(state, line.at)
    return state


def _after(state: Conversation, status: Status | None, now: int) -> Conversation:
    """What a reply's fate means for what is owed; one for a closed chat pays when it arrives."""
    if status in (Status.UNKNOWN, Status.DEAD):
        return outbox.owe(state, now)
    if status is Status.SENT and state.mode is Mode.CLOSED:
        return answered(state)
    return state
