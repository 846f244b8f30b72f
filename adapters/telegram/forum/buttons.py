"""What the buttons of a card do, for whoever presses them.

A press is answered by a line that only its presser sees: what came of it, or at once where that
takes long.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiogram.types import CallbackQuery

from adapters.telegram.errors import ApiError
from adapters.telegram.forum import cards
from adapters.telegram.forum.clerk import keyboard
from adapters.telegram.forum.people import presser
from adapters.telegram.forum.refusals import refusal
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.topic import done
from gateway.errors import NotFound, Refused
from gateway.surface import Seat

PATIENCE = 1.5  # seconds; a press that is not answered spins on
ALERT = 200  # letters of an answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """A button's, with what it carries."""

    query: CallbackQuery
    kind: str
    conversation: str
    choice: str

    @classmethod
    def read(cls, query: CallbackQuery) -> "Press":
        """What `cards.data` wrote; empty parts for what anybody else did."""
        kind, _, rest = (query.data or "").partition(":")
        conversation, _, choice = rest.partition(":")
        return cls(query, kind, conversation, choice)


class Buttons:
    """Presses of buttons in the group."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._words = room.words

    async def press(self, query: CallbackQuery) -> None:
        """Do what the button says. Raises StoreUnavailable: the press may come again."""
        doing = asyncio.ensure_future(self._told(Press.read(query)))
        await asyncio.wait({doing}, timeout=PATIENCE)
        if not doing.done():
            await self._answer(query, "")
            await doing
        elif doing.exception():
            await self._answer(query, self._words.say("busy"))
            doing.result()
        else:
            await self._answer(query, doing.result())

    async def _answer(self, query: CallbackQuery, text: str) -> None:
        said = {"text": text[:ALERT], "show_alert": True} if text else {}
        try:
            await self._room.api.ask("answerCallbackQuery", {"callback_query_id": query.id, **said})
        except ApiError as error:  # too old, above all: whoever pressed has stopped waiting
            log.info("a press could not be answered: %s", error)

    async def _told(self, press: Press) -> str:
        """What to tell the presser, "" if all went well."""
        person = presser(press.query, self._room.settings.agents)
        if not person.agent:
            return self._words.say("who_are_you", id=person.id)
        try:
            seat = await self._room.surface.seat(person.agent)
        except NotFound:
            return self._words.say("no_seat", name=person.name, agent=person.agent)
        try:
            contact = (await self._room.state(press.conversation)).contact.key
        except NotFound:
            return self._words.say("stale")
        try:
            return await self._once(press, seat, contact)
        except Refused as error:
            return refusal(error, await self._room.state(press.conversation), self._words)

    async def _once(self, press: Press, seat: Seat, contact: str) -> str:
        """Do it unless it was done: a press may come again after a restart."""
        topic = await self._room.topics.get(contact)
        if press.query.id in topic.told:
            return ""
        if press.kind in ("transfer", "close"):
            return await self._menu(press, seat)
        if not await self._deed(press, seat, topic.seen):
            return self._words.say("stale")
        # The menu goes, whatever else has changed on the card.
        await self._room.topics.change(
            contact, lambda now: replace(done(now, press.query.id), shown="")
        )
        await self._room.nudge(press.conversation, contact)
        return ""

    async def _deed(self, press: Press, seat: Seat, seen: int) -> bool:
        """Whether there is such a deed."""
        match press.kind:
            case "claim":
                await seat.claim(press.conversation)
            case "return":
                await seat.give_back(press.conversation)
            case "to":
                to = _chosen(await self._room.places(), press.choice)
                await seat.transfer(press.conversation, to, "")
            case "end":
                outcome = _chosen([one for one, _ in self._room.outcomes], press.choice)
                await seat.close(press.conversation, outcome, seen=seen)
            case "back":
                pass
            case _:
                return False
        return True

    async def _menu(self, press: Press, seat: Seat) -> str:
        if press.query.message is None:
            return self._words.say("stale")
        if press.kind == "close":
            buttons = cards.choices("end", press.conversation, self._room.outcomes, self._words)
        else:
            names = [(one, one) for one in await self._room.places() if one != seat.name]
            buttons = cards.choices("to", press.conversation, names, self._words)
        fields = {
            "chat_id": self._room.group,
            "message_id": press.query.message.message_id,
            "reply_markup": keyboard(buttons),
        }
        try:
            await self._room.api.ask("editMessageReplyMarkup", fields)
        except ApiError as error:
            log.info("a menu could not be shown: %s", error)
            return self._words.say("busy")
        return ""


def _chosen(names: Sequence[str], choice: str) -> str:
    for name in names:
        if cards.digest(name) == choice:
            return name
    raise NotFound("this choice is not on offer any more", name="?")
