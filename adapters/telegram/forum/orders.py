"""What agents order in a topic: by a command, or by closing it with their own hands."""

from collections.abc import Awaitable
from dataclasses import replace

from adapters.telegram.forum import commands
from adapters.telegram.forum.commands import Command
from adapters.telegram.forum.hearing import Written
from adapters.telegram.forum.refusals import refusal
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.telling import Telling
from adapters.telegram.forum.topic import Topic, done, noticed
from gateway.clock import MINUTE, SECOND
from gateway.conversation import Mode
from gateway.errors import Refused
from gateway.surface import Seat


class Orders:
    """Orders in one group."""

    def __init__(self, room: Room, telling: Telling) -> None:
        self._room = room
        self._telling = telling
        self._words = room.words

    async def do(self, written: Written, seat: Seat, command: Command) -> None:
        """Do what a command says, or say why not."""
        match command.name:
            case "claim":
                deed: Awaitable[object] | None = seat.claim(written.conversation)
            case "return":
                deed = seat.give_back(written.conversation)
            case "transfer":
                deed = await self._transfer(written, seat, command.rest)
            case _:
                deed = await self._close(written, seat, command.rest)
        if deed is not None and await self.tried(written, deed):
            await self._telling.done(written)

    async def tried(self, written: Written, deed: Awaitable[object]) -> bool:
        """Whether it was done; if not, it is said why."""
        try:
            await deed
        except Refused as error:
            why = refusal(error, await self._room.state(written.conversation), self._words)
            await self._telling.say(written, f"refused {written.id}", why)
            return False
        return True

    async def close_by_hand(self, written: Written) -> None:
        """Somebody closed the topic: that ends the conversation, if they may end it.

        Where they may not, the topic opens again, as it is closed while the conversation is open.
        """
        conversation = (await self._room.state(written.conversation)).conversation
        if written.message.date.timestamp() * SECOND < conversation.opened - MINUTE:
            return  # it was about the one before; their clock and ours may differ
        why = await self._why_open(written)

        def closed(topic: Topic) -> Topic:
            topic = replace(done(topic, written.deed), closed=True)
            if not why:
                return topic
            text = self._words.say("reopened", name=written.person.name, why=why)
            return noticed(topic, f"closed {written.id}", text)

        await self._telling.change(written, closed)

    async def _transfer(self, written: Written, seat: Seat, rest: str) -> Awaitable[object] | None:
        places = await self._room.places()
        to, note = commands.split_name(rest, places)
        if to:
            return seat.transfer(written.conversation, to, note)
        text = self._words.say("transfer_to", names=", ".join(places))
        await self._telling.say(written, f"transfer {written.id}", text)
        return None

    async def _close(self, written: Written, seat: Seat, rest: str) -> Awaitable[object] | None:
        for id_, name in self._room.outcomes:
            if rest.casefold() in (id_.casefold(), name.casefold()):
                return seat.close(written.conversation, id_, seen=written.topic.seen)
        names = ", ".join(name for _, name in self._room.outcomes)
        text = self._words.say("close_how", names=names)
        await self._telling.say(written, f"close {written.id}", text)
        return None

    async def _why_open(self, written: Written) -> str:
        """End the conversation with the first outcome; why that is not done, "" if it is."""
        if written.person.anonymous:
            return self._words.say("anonymous")
        if written.seat is None:
            return self._words.say("who_are_you", id=written.person.id)
        outcome, _ = self._room.outcomes[0]
        try:
            await written.seat.close(written.conversation, outcome, seen=written.topic.seen)
        except Refused as error:
            state = await self._room.state(written.conversation)
            if state.conversation.mode is not Mode.CLOSED:
                return refusal(error, state, self._words)
        return ""
