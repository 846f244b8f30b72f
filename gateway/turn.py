"""A conversation's turn: what the router makes of its unread lines, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Protocol

from gateway.clock import Clock
from gateway.conversation import Conversation, Mode, heard
from gateway.message import Contact, Line
from gateway.router import Reading, Route, Router
from gateway.store import Reads, Tx
from gateway.store.transcript import Draft, Transcript


class Desk(Protocol):
    """What the bot must know of the people."""

    def is_open(self, at: int) -> bool:
        """Whether somebody is to be expected at the desk at an instant (ms)."""

    async def ahead(self, reads: Reads, conversation: Conversation) -> int:
        """How many wait before this one."""


@dataclass(slots=True)
class Turn:
    """What the router makes of a conversation's lines, before it is written down.

    `stored` is the conversation as it stands in the store. `read` are the customer's lines with
    what was made of each, `said` the replies.
    """

    stored: Conversation
    state: Conversation
    read: list[Line] = field(default_factory=list)
    said: list[Line] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Turns:
    """Takes them, and writes nothing."""

    transcript: Transcript
    router: Router
    desk: Desk
    clock: Clock

    async def take(
        self,
        tx: Tx,
        stored: Conversation,
        state: Conversation,
        lines: Sequence[Line],
        readings: Mapping[int, Reading],
        contact: Contact,
    ) -> Turn:
        """Decide on the lines that were read, in order."""
        now = self.clock()
        turn = Turn(stored, state)
        for line in takewhile(lambda line: line.seq in readings, lines):
            before = _expect(turn.state, line)
            route = self.router.route(before, line, readings[line.seq], contact.language, now)
            turn.read.append(line._replace(routed=route.routed))
            turn.reasons.append(route.reason)
            replies = route.replies
            if before.mode is Mode.BOT and route.conversation.mode is Mode.WAITING:
                replies = (*replies, await self._welcome(tx, route, contact, now))
            turn.state = route.conversation
            for draft in replies:
                turn.state, reply = self.transcript.place(turn.state, draft, now)
                turn.said.append(reply)
        for line in lines[len(turn.read) :]:
            turn.state = _expect(turn.state, line)
        return turn

    async def _welcome(self, tx: Tx, route: Route, contact: Contact, now: int) -> Draft:
        return self.router.welcome(
            route,
            contact.language,
            open_now=self.desk.is_open(now),
            ahead=await self.desk.ahead(tx, route.conversation),
        )


def _expect(state: Conversation, line: Line) -> Conversation:
    """A customer's line is owed an answer, each of several too; a person sees what they owe."""
    if line.asks and state.mode in (Mode.BOT, Mode.WAITING):
        return heard(state, line.at)
    return state
