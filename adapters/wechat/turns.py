"""The requests that stand open, and the message that each asks an answer for.

The platform drops a request after 5 s and asks the same twice more. All requests for one message
are one turn and get one answer, each in an envelope of its own; the turn remembers it for as long
as the platform may ask again.
"""

import asyncio
from asyncio import Future
from dataclasses import dataclass

ATTEMPTS = 3
REMEMBER = 20.0  # seconds; the third request ends well before


@dataclass(frozen=True, slots=True)
class Passive:
    """What an answer in an open request holds: a text, or the media id of a picture."""

    text: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we let requests stand open, in seconds.

    After `budget` a request is answered, with what there is; one that the platform is to drop, so
    that it asks again, stands open for `hold`, and its next one comes within `gap`. Before `glance`
    nobody looks whether anything comes at all. A customer's file has `fetch` to come in before the
    message is taken without it.
    """

    budget: float = 4.5
    hold: float = 6.5
    gap: float = 2.0
    glance: float = 0.05
    fetch: float = 2.5


class Request:
    """One request for an answer."""

    __slots__ = ("_told", "_waiting", "answer", "written")

    def __init__(self) -> None:
        self.answer: Passive | None = None
        """What to answer; None for nothing, or as long as there is none."""
        self.written: Future[bool] = asyncio.get_running_loop().create_future()
        """Whether the answer went out to somebody."""
        self._told = False
        self._waiting: Future[None] | None = None

    async def told(self, seconds: float) -> bool:
        """Wait for the answer, but no longer; whether it is there."""
        if not self._told:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, self._wake)
            try:
                await self._waiting
            finally:
                timer.cancel()
        return self._told

    def tell(self, said: Passive | None) -> None:
        """This is the answer."""
        if not self._told:
            self._told, self.answer = True, said
            self._wake()

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)


class Turn:
    """A customer's message and the requests for its answer."""

    def __init__(self, message: str, contact: str, began: float) -> None:
        """`contact` is our key of them, `began` by the loop's time."""
        self.message = message
        self.contact = contact
        self.began = began
        self.attempts = 0
        self.accepted = False
        """Whether the message is on the disk."""
        self.seq = 0
        """The message's line."""
        self.announced = 0
        """How many of the attempts other nodes have been told of."""
        self._said: Passive | None = None
        self._over = False
        self._reached = False
        self._requests: list[Request] = []
        self._stirred = asyncio.Event()

    @property
    def open(self) -> bool:
        """Whether something may still be said in it."""
        return not self._over and self._said is None

    @property
    def done(self) -> bool:
        """Whether nothing will ever be said in it any more."""
        return self._over or self._reached

    @property
    def last(self) -> bool:
        """Whether the platform asks no more after the requests that are open."""
        return self.attempts >= ATTEMPTS

    def enter(self) -> Request:
        """Another request for the answer."""
        self.attempts += 1
        request = Request()
        self._requests.append(request)
        if not self.open:
            request.tell(self._said)
        self.stir()
        return request

    def leave(self, request: Request, *, written: bool) -> None:
        """A request has ended. A platform that has heard that nothing is said asks no more.

        One that has asked again meanwhile did not hear: a proxy kept the former request open.
        """
        self._requests.remove(request)
        self._reached |= written and self._said is not None
        self._over |= written and self._said is None and not self._requests
        if not request.written.done():  # who waited for it may be gone
            request.written.set_result(written)

    async def say(self, said: Passive, gap: float) -> bool:
        """Answer the requests that are open, or the next one; whether anybody got it."""
        self._said = said
        for request in self._requests:
            request.tell(said)
        while not self._reached and await self._asked(gap):
            await self._requests[0].written
        if not self._reached:
            self._said = None
        return self._reached

    def end(self, said: Passive | None = None) -> None:
        """Nothing more is said in it but `said`."""
        self._over = True
        self._said = self._said or said
        for request in self._requests:
            request.tell(self._said)
        self.stir()

    def stir(self) -> None:
        """Something happened."""
        self._stirred.set()

    async def stirred(self, seconds: float) -> None:
        """Wait until something happens, but no longer."""
        waiting = asyncio.ensure_future(self._stirred.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()
        self._stirred.clear()

    async def _asked(self, gap: float) -> bool:
        """Whether somebody asks, now or within `gap` seconds where another request may come."""
        until = asyncio.get_running_loop().time() + gap
        while not (self._requests or self._reached or self.last):
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self.stirred(left)
        return bool(self._requests)


class Turns:
    """The turns of one channel in this process."""

    def __init__(self) -> None:
        self._by_message: dict[str, Turn] = {}  # in the order in which they began
        self._by_contact: dict[str, list[Turn]] = {}

    def join(self, message: str, contact: str) -> tuple[Turn, bool]:
        """The turn of a message (by the platform's id), and whether it begins now."""
        if turn := self._by_message.get(message):
            return turn, False
        now = asyncio.get_running_loop().time()
        self._forget(now - REMEMBER)
        turn = self._by_message[message] = Turn(message, contact, now)
        self._by_contact.setdefault(contact, []).append(turn)
        return turn, True

    def drop(self, turn: Turn) -> None:
        """It has failed: the next request for its message begins anew."""
        self._by_message.pop(turn.message, None)
        turn.end()

    def find(self, contact: str, message: str) -> Turn | None:
        """Where something can be said to a contact: in this message's turn, else in the oldest."""
        turns = self.of(contact)
        own = (turn for turn in turns if turn.message == message)
        return next(own, turns[0] if turns else None)

    def of(self, contact: str) -> list[Turn]:
        """A contact's turns in which something may still be said, oldest first."""
        if contact not in self._by_contact:
            return []
        left = [turn for turn in self._by_contact[contact] if not turn.done]
        if left:
            self._by_contact[contact] = left
        else:
            del self._by_contact[contact]
        return [turn for turn in left if turn.open]

    def end(self) -> None:
        """Nothing more is said in any of them."""
        for turn in self._by_message.values():
            turn.end()

    def _forget(self, before: float) -> None:
        while self._by_message:
            turn = next(iter(self._by_message.values()))
            if turn.began > before:
                return
            del self._by_message[turn.message]
            self.of(turn.contact)
