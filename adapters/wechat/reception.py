"""The life of a turn: a message is taken in, and its requests are answered in time, by whatever."""

import asyncio
import logging
from asyncio import Task
from collections.abc import Awaitable, Coroutine
from dataclasses import replace

from adapters.wechat import convert
from adapters.wechat.account import Account
from adapters.wechat.convert import Incoming
from adapters.wechat.files import Fetcher
from adapters.wechat.handover import Handover, Offer
from adapters.wechat.offered import Offered
from adapters.wechat.turns import Passive, Patience, Request, Turn, Turns
from gateway.adapter import Core, Receipt
from gateway.clock import SECOND
from gateway.conversation import Mode
from gateway.errors import StoreUnavailable
from gateway.message import Attachment, Author, Contact, Kind, Message, Status

LATE = 9 * SECOND  # the age of a message whose third request comes
LIFE = 20.0  # seconds until the platform surely asks no more
LOOK = 0.5  # seconds between two looks at a turn that nothing is heard of
AGAIN = 0.25  # seconds until a store that was away is tried again
NEAR = 12  # lines back, for what is on its way and what was offered

Receiving = Awaitable[Receipt]

UNDER_WAY = frozenset({Status.PENDING, Status.SENDING})

log = logging.getLogger(__name__)


class Reception:
    """Takes in the messages of one channel."""

    def __init__(
        self,
        core: Core,
        turns: Turns,
        account: Account,
        handover: Handover,
        fetcher: Fetcher,
        offered: Offered,
        patience: Patience,
        placeholder: str,
    ) -> None:
        """`placeholder` is said where the answer has to wait for the customer's next message."""
        self._core = core
        self._turns = turns
        self._account = account
        self._handover = handover
        self._fetcher = fetcher
        self._offered = offered
        self._patience = patience
        self._placeholder = Passive(placeholder)
        self._tasks: set[Task[None]] = set()

    def enter(self, incoming: Incoming, message: Message) -> tuple[Turn, Request]:
        """A request of the platform's: the turn it belongs to, begun where it is the first."""
        turn, new = self._turns.join(message.id, message.contact.key)
        request = turn.enter()
        if new:
            message = message if self._account.may_push else replace(message, grant=None)
            plain = not (incoming.media or self._is_tap(incoming, message))
            receiving = self._core.receive(message) if plain else None
            self.spawn(self._live(turn, incoming, message, receiving))
        return turn, request

    async def answer(self, turn: Turn, request: Request) -> Passive | None:
        """What to answer, None for nothing. Raises StoreUnavailable for what could not be kept."""
        if not await request.told(self._patience.budget):
            await self._late(turn, request)
        if request.answer is None and not turn.accepted:
            raise StoreUnavailable("the message could not be kept in time")
        return request.answer

    async def _late(self, turn: Turn, request: Request) -> None:
        if turn.accepted and (self._account.may_push or turn.last):
            await self._expire(turn)
            await request.told(AGAIN)
        else:  # the platform gives this one up and asks again: then there may be something to say
            await request.told(self._patience.hold - self._patience.budget)

    async def stop(self) -> None:
        """Let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside, until the channel stops."""
        task = asyncio.create_task(_tended(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _is_tap(self, incoming: Incoming, message: Message) -> bool:
        """Whether it may be one, where the platform tells only the words."""
        written = message.kind is Kind.TEXT and message.text in self._offered
        return bool(incoming.tap) or written

    async def _live(
        self, turn: Turn, incoming: Incoming, message: Message, receiving: Receiving | None
    ) -> None:
        try:
            await self._accept(turn, incoming, message, receiving)
            if turn.open:
                await asyncio.sleep(self._patience.glance)
            await self._watch(turn, message.contact)
        except StoreUnavailable as error:
            log.warning("a message waits for the store: %s", error)
            if not turn.accepted:
                self._turns.drop(turn)
        except Exception:
            log.exception("message %s could not be handled", message.id)
            turn.accepted = True  # once more would fail once more: the platform hears "success"
            turn.end()

    async def _accept(
        self, turn: Turn, incoming: Incoming, message: Message, receiving: Receiving | None
    ) -> None:
        if receiving is None and self._is_tap(incoming, message):
            message = await self._tapped(incoming, message)
        if incoming.media:
            receipt = await self._with_file(turn, incoming, message)
        else:
            receipt = await self._receive(turn, message, receiving)
        turn.accepted, turn.seq = True, receipt.seq
        if message.kind in (Kind.RATING, Kind.LEFT):
            turn.end()
        elif not receipt.new:
            await self._resume(turn, message)

    async def _tapped(self, incoming: Incoming, message: Message) -> Message:
        """What was written, or what was tapped where the platform tells only the words."""
        state = await self._core.thread.state(message.contact)
        lines = await self._core.thread.lines(message.contact, max(state.seq - NEAR, 0))
        offered = [one for line in reversed(lines) for one in line.suggestions]
        return convert.chosen(replace(incoming, message=message), offered).message or message

    async def _receive(
        self, turn: Turn, message: Message, receiving: Receiving | None = None
    ) -> Receipt:
        """Take it in; a store that is away has as long as the platform asks again."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await (receiving or self._core.receive(message))
            except StoreUnavailable:
                if loop.time() > turn.began + LIFE:
                    raise
            receiving = None
            await asyncio.sleep(AGAIN)

    async def _with_file(self, turn: Turn, incoming: Incoming, message: Message) -> Receipt:
        """Take it in with its file; a file that takes long comes behind, as a revision."""
        if incoming.media is None:
            raise ValueError("expected a message with a file")
        bare = message.attachments[0]
        keeping = asyncio.create_task(
            self._fetcher.keep(message.contact, bare, incoming.media), name="keep a file"
        )
        done, _ = await asyncio.wait({keeping}, timeout=self._patience.fetch)
        if done:
            return await self._receive(turn, _with(message, keeping.result()))
        receipt = await self._receive(turn, message)
        self.spawn(self._follow(message, keeping))
        return receipt

    async def _follow(self, message: Message, keeping: Task[Attachment]) -> None:
        kept = await keeping
        if kept.id:
            revised = replace(_with(message, kept), id=f"{message.id}:file", edits=message.id)
            await self._core.receive(replace(revised, grant=None))

    async def _resume(self, turn: Turn, message: Message) -> None:
        """A message that we have, and of whose turn this process knows nothing."""
        late = bool(message.at) and self._core.clock() - message.at >= LATE
        turn.attempts = turn.announced = max(turn.attempts, 3 if late else 2)
        # First of all: whichever node takes up the answer has to know where it is asked for.
        await self._handover.announce(message.contact)
        await self._core.again(message.contact, message.id)

    async def _watch(self, turn: Turn, contact: Contact) -> None:
        """Until something is said in the turn: look whether anything comes, and from where."""
        until = asyncio.get_running_loop().time() + LIFE
        while turn.open and asyncio.get_running_loop().time() < until:
            if await self._nothing_comes(turn, contact):
                turn.end()
                break
            if turn.announced < turn.attempts:
                turn.announced = turn.attempts
                await self._handover.announce(contact)
            if offer := await self._handover.take(contact.key):
                await self._hand(turn, offer)
            await turn.stirred(LOOK)
        turn.end()
        if turn.announced and not self._turns.of(contact.key):
            await self._handover.end(contact.key)

    async def _nothing_comes(self, turn: Turn, contact: Contact) -> bool:
        """Whether the router is done, and nothing is on its way that could go out here."""
        state = await self._core.thread.state(contact)
        if state.handled < turn.seq:
            return False
        lines = await self._core.thread.lines(contact, max(turn.seq - NEAR, 0))
        if any(line.status in UNDER_WAY for line in lines):
            return False
        # Who may not push waits for the person who leads: what they say in time goes out here.
        answered = any(line.author is Author.AGENT and line.seq > turn.seq for line in lines)
        return self._account.may_push or state.mode is not Mode.ASSIGNED or answered

    async def _expire(self, turn: Turn) -> None:
        """The time is up: say what another node has for us, else what is said in place of it."""
        offer = None
        if turn.announced:
            try:
                offer = await self._handover.end(turn.contact)
            except StoreUnavailable as error:
                log.warning("a turn ends without the store: %s", error)
        if offer:
            self.spawn(self._hand(turn, offer))
        else:
            turn.end(None if self._account.may_push else self._placeholder)

    async def _hand(self, turn: Turn, offer: Offer) -> None:
        written = await turn.say(offer.said, self._patience.gap)
        await self._handover.report(turn.contact, offer, written=written)


async def _tended(work: Coroutine[None, None, None]) -> None:
    """See to it that no failure passes unseen."""
    try:
        await work
    except StoreUnavailable as error:
        log.warning("something waits for the store: %s", error)
    except Exception:
        log.exception("something beside a request failed")


def _with(message: Message, kept: Attachment) -> Message:
    return replace(message, attachments=(kept, *message.attachments[1:]))
