"""The durable mailbox: accept, claim, settle, each one transaction under the conversation's lock.

A message is accepted when it is on the disk in its place. A worker claims the conversation: it
takes a lease with a fresh token, lets the router decide on every line that nobody has handled, and
gets the first reply to send. It settles that reply, fenced by the token, and gets the next, until
the conversation is let go.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gateway.adapter import SENT, Delivery, Receipt
from gateway.clock import Clock
from gateway.conversation import Conversation, Mode, answered, close, heard, queue
from gateway.hints import Hint, Hints
from gateway.message import Author, Contact, Kind, Line, Message, Reply, Status
from gateway.metrics import Metrics
from gateway.retry import TRIES, Retry
from gateway.router import Reading, Router
from gateway.store import Database, Tx, fates, inbox, leases, outbox, transcript
from gateway.store import conversations as table
from gateway.store.conversations import Locked
from gateway.store.transcript import Transcript
from gateway.together import Together
from gateway.turn import Desk, Turn, Turns

BUNDLE = 8  # replies that are handed out together, where an adapter may put them into one message


class Claim(NamedTuple):
    """A worker's hold on a conversation, and the reply to send; without one it is let go.

    `reasons` are those of the routes that were decided.
    """

    conversation: str
    contact: str
    channel: str
    token: int
    reply: Reply | None
    reasons: tuple[str, ...] = ()

    def over(self) -> "Claim":
        """The same when its conversation is let go."""
        return self._replace(reply=None, reasons=())


Admitted = tuple[Receipt, Claim | None]
Settlement = tuple[Claim, Delivery]


@dataclass(slots=True)
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
    _turns: Turns = field(init=False)
    _settling: Together[Settlement, Claim | None] = field(init=False)

    def __post_init__(self) -> None:
        self._turns = Turns(self.transcript, self.router, self.desk, self.clock)
        self._settling = Together(self._settle_all)

    async def accept(self, message: Message) -> Receipt:
        """Put a message on the disk, once. Raises StoreUnavailable if that can't be done now."""
        receipt, _ = await self._keep(message, None)
        return receipt

    def admit(self, message: Message, reading: Reading) -> Awaitable[Admitted]:
        """Accept a message and, in the same transaction, claim its conversation if that rests.

        `reading` is what the FAQ makes of it. Without a claim a worker has been told.
        """
        return self._keep(message, reading)

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
        return await leases.due(self.database, channel, self.clock(), limit)

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
        after = await self._settling.add((claim, delivery))
        await self._changed(claim.conversation, claim.contact)
        return after

    async def fail(self, conversation: str) -> None:
        """A worker could not handle it: later again; after 8 times it is a person's."""
        contact = await self.database.transaction(lambda tx: self._fail(tx, conversation))
        await self._changed(conversation, contact)

    async def _changed(self, conversation: str, contact: str) -> None:
        await self.hints.publish(Hint("changed", conversation, contact))

    def _keep(self, message: Message, reading: Reading | None) -> Awaitable[Admitted]:
        keeping = self.database.transaction(lambda tx: self._accept(tx, message, reading))
        return self._kept(message.contact, keeping)

    async def _kept(self, contact: Contact, keeping: Awaitable[Admitted]) -> Admitted:
        began = time.perf_counter()
        receipt, claim = await keeping
        if receipt.new:
            self.metrics.accepted(contact.channel, time.perf_counter() - began)
            await self._announce(receipt, contact, claim)
        return receipt, claim

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

    async def _accept(self, tx: Tx, message: Message, reading: Reading | None) -> Admitted:
        now = self.clock()
        met = await inbox.meet(tx, message.contact, now)
        if message.edits:
            if receipt := await inbox.revise(tx, message, now):
                return receipt, None
            message = replace(message, id=message.edits, edits="")
        if receipt := await inbox.seen(tx, message):
            return receipt, None
        await inbox.grant(tx, message, met["budget"], now)
        if message.kind is Kind.RATING:
            return await inbox.rate(tx, message, now), None
        found = await inbox.current(tx, message.contact, now)
        if message.kind is Kind.LEFT:
            await outbox.drop(tx, message.contact.key, now)
            if found is None:
                return Receipt("", 0, new=False), None
        found = found or await inbox.begin(tx, message.contact, now)
        return await self._enter(tx, found, message, reading, table.contact_from_row(met))

    async def _enter(
        self, tx: Tx, found: Locked, message: Message, reading: Reading | None, contact: Contact
    ) -> Admitted:
        now = self.clock()
        state, line = self.transcript.place(found.state, inbox.draft(message), now)
        receipt = Receipt(state.id, line.seq, new=True)
        if message.kind is Kind.LEFT:
            await self._store(tx, close(state, now, "left"), line, now)
            return receipt, None
        alone = not await outbox.release_held(tx, state.contact, now)
        if message.asks:
            state = heard(state, now)
        if reading is None or not found.rests(now):
            await self._store(tx, state, line, now, due=now)
            return receipt, None
        turn = await self._turns.take(tx, found.state, state, [line], {line.seq: reading}, contact)
        claim = await self._next(tx, turn, contact, found.token + 1, turn.read, alone=alone)
        return receipt, claim

    async def _store(
        self, tx: Tx, state: Conversation, line: Line, now: int, due: int | None = None
    ) -> None:
        if not await transcript.insert(tx, state, [line], now):
            raise AssertionError("the contact is locked: nobody else can have stored this")
        await table.save(tx, state, now, due=due)

    async def _claim(
        self, tx: Tx, conversation: str, readings: Mapping[int, Reading]
    ) -> Claim | None:
        now = self.clock()
        found = await leases.take(tx, conversation, now)
        if found is None:
            return None
        state = found.state
        contact = await table.contact_of(tx, state)
        if found.lease and Status.UNKNOWN in await fates.recover(tx, state.id, self.retry, now):
            state = fates.owe(state, now)
        lines = await inbox.unhandled(tx, conversation, state.handled)
        turn = await self._turns.take(tx, found.state, state, lines, readings, contact)
        for line in turn.read:
            await inbox.note_route(tx, line)
        return await self._next(tx, turn, contact, found.token + 1)

    def _settle_all(self, settlements: Sequence[Settlement]) -> Awaitable[Sequence[Claim | None]]:
        """Most replies arrive and are the last for now: these are noted all at once."""
        plain = {
            claim.conversation: (claim.token, claim.reply.id)
            for claim, delivery in settlements
            if claim.reply and delivery == SENT and not claim.reply.behind
        }

        async def body(tx: Tx) -> list[Claim | None]:
            done = await fates.finish(tx, plain, self.clock())
            after: list[Claim | None] = [
                claim.over()
                if claim.conversation in done and claim.token == plain[claim.conversation][0]
                else None
                for claim, _ in settlements
            ]
            # In the order of their ids, too, so that two nodes hardly ever wait for each other.
            names = [claim.conversation for claim, _ in settlements]
            for place in sorted(range(len(names)), key=names.__getitem__):
                if after[place] is None:
                    after[place] = await self._settle(tx, *settlements[place])
            return after

        return self.database.transaction(body, early=True)

    async def _settle(self, tx: Tx, claim: Claim, delivery: Delivery) -> Claim | None:
        now = self.clock()
        found = await leases.taken(tx, claim.conversation, claim.token)
        if found is None or claim.reply is None:
            return None
        state = found.state
        behind = claim.reply.behind
        for reply in (claim.reply, *behind[: delivery.taken]):
            status = await fates.settle(tx, reply.id, delivery, self.retry, now)
            if reply.author is not Author.SYSTEM:
                state = _after(state, status, now)
        await outbox.put_back(tx, behind[delivery.taken :], now)
        return await self._next(tx, Turn(found.state, state), claim.reply.contact, claim.token)

    async def _next(
        self,
        tx: Tx,
        turn: Turn,
        contact: Contact,
        token: int,
        new: Sequence[Line] = (),
        *,
        alone: bool = False,
    ) -> Claim:
        """Write the turn down, with `new` lines of the customer's, and get what is to be sent.

        `alone`: there is nothing to be sent but what was said in this turn.
        """
        now, state = self.clock(), turn.state
        limit = BUNDLE if self.bundles(state.channel) else 1
        fresh = [*new, *turn.said]
        reply, due = await outbox.next_reply(
            tx, state, contact, fresh, now, limit=limit, alone=alone
        )
        if reply:
            await leases.keep(tx, turn.stored, state, token, now)
        else:
            await leases.let_go(tx, turn.stored, state, token, due, now)
        return Claim(state.id, state.contact, state.channel, token, reply, tuple(turn.reasons))

    async def _fail(self, tx: Tx, conversation: str) -> str:
        now = self.clock()
        state = await table.lock(tx, conversation)
        failures = await leases.postpone(tx, conversation, self.retry, now)
        if failures >= TRIES and state.mode is not Mode.CLOSED:
            await inbox.bury(tx, state, now)
            await table.save(tx, queue(state._replace(handled=state.seq), now), now)
        return state.contact


def _after(state: Conversation, status: Status | None, now: int) -> Conversation:
    """What a reply's fate means for what is owed; one for a closed chat pays when it arrives."""
    if status in (Status.UNKNOWN, Status.DEAD):
        return fates.owe(state, now)
    if status is Status.SENT and state.mode is Mode.CLOSED:
        return answered(state)
    return state
