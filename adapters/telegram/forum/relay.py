"""What people write in a topic: passed on to the customer, kept as a note, or done as an order.

What comes twice is one: a reply and a note have the message's id as their key, and what else has
been done stands in the topic's note. Whatever did not reach the customer says so.
"""

from collections.abc import Sequence
from contextlib import suppress

from aiogram.types import Message

from adapters.telegram.content import Content, Media, content
from adapters.telegram.downloads import Downloads
from adapters.telegram.forum import commands, lines
from adapters.telegram.forum.commands import Command, Elsewhere, Remark, Say, Unknown
from adapters.telegram.forum.hearing import Written, written
from adapters.telegram.forum.making import Making
from adapters.telegram.forum.orders import Orders
from adapters.telegram.forum.refusals import unsaid
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.telling import Telling
from gateway.errors import Conflict, NotFound
from gateway.message import Attachment, Line
from gateway.surface import Seat

BACK = 150  # lines in which one that was written before is looked for


class Relay:
    """Messages of one group."""

    def __init__(self, room: Room, making: Making) -> None:
        self._room = room
        self._making = making
        self._telling = Telling(room)
        self._orders = Orders(room, self._telling)
        self._downloads = Downloads(room.api, room.core.files)

    async def hear(self, message: Message) -> None:
        """A new message. Raises StoreUnavailable: it may come again."""
        made = message.forum_topic_created
        if made and message.message_thread_id and self._is_own(message):
            await self._making.adopt(message.message_thread_id, made.name)
            return
        one = await written(self._room, message)
        if one is None or one.deed in one.topic.told:
            return
        try:
            await self._see_to(one)
        except NotFound:  # the conversation has been deleted, and its topic shows nothing any more
            await self._telling.lost(one)

    async def _see_to(self, one: Written) -> None:
        if one.message.forum_topic_closed:
            await self._orders.close_by_hand(one)
        elif found := content(one.message, self._room.words.language):
            await self._pass_on(one, found)  # else a service message: nobody's words

    async def hear_edit(self, message: Message) -> None:
        """A message in other words: what has gone out stays as it was, and that is said."""
        one, line = await written(self._room, message), None
        if one:
            with suppress(NotFound):  # the conversation has been deleted
                line = await self._line(one)
        if one and line:
            text = "already_noted" if line.private else "already_sent"
            await self._telling.say(one, f"edit {one.id}", self._say(one, text))

    async def _pass_on(self, one: Written, found: Content) -> None:
        if one.seat is None:
            await self._turn_away(one)
            return
        match commands.read(one.text, await self._room.username()):
            case Say(text):
                await self._reply(one, one.seat, text, found.media)
            case Remark(text):
                await self._note(one, one.seat, text, found.media)
            case Unknown(name):
                text = self._say(one, "unknown_command", command=name)
                await self._telling.unsent(one, f"unknown {name}", text)
            case Command() as command:
                await self._orders.do(one, one.seat, command)
            case Elsewhere():
                pass

    async def _turn_away(self, one: Written) -> None:
        """Say once why nothing of theirs goes out."""
        person = one.person
        listed = "no_seat" if person.agent else "stranger"
        why = "anonymous" if person.anonymous else listed
        text = self._say(one, why, id=person.id, agent=person.agent)
        await self._telling.unsent(one, f"{why} {person.id}", text)

    async def _reply(self, one: Written, seat: Seat, text: str, media: Sequence[Media]) -> None:
        if await self._may_not(one, seat):
            return
        if any(not thing.file for thing in media) or not (text or media):
            why = self._say(one, "not_for_customers")
            await self._telling.unsent(one, f"kind {one.id}", why)
            return
        files = await self._fetched(one, media)
        if files is None:
            return
        try:
            await seat.reply(one.conversation, one.key, text, files)
        except Conflict:
            if not await self._may_not(one, seat):
                raise

    async def _may_not(self, one: Written, seat: Seat) -> bool:
        """Whether they may not speak to the customer (any more); then they are told why."""
        state = await self._room.state(one.conversation)
        why = unsaid(state, seat.name, one.person.name, self._room.words)
        if why and await self._line(one) is None:  # it may have gone out before it came again
            await self._telling.unsent(one, f"unsaid {one.person.id} {why}", why)
        return bool(why)

    async def _fetched(self, one: Written, media: Sequence[Media]) -> Sequence[Attachment] | None:
        """Keep the files as the customer's; None if one can't be had, which is then said."""
        if not media:
            return ()
        contact = (await self._room.state(one.conversation)).contact
        kept = []
        for thing in media:
            fetched = await self._downloads.fetch(contact, thing)
            if fetched.notice:
                why = "bad_file" if fetched.notice == "refused" else fetched.notice
                await self._telling.unsent(one, f"file {one.id}", self._say(one, why))
                return None
            kept.append(fetched.attachment)
        return kept

    async def _note(self, one: Written, seat: Seat, text: str, media: Sequence[Media]) -> None:
        """A note is words; what came with it is named."""
        named = [lines.attachment(thing.attachment, self._room.words) for thing in media]
        text = " ".join((text, *named)).strip()
        if not text:
            await self._telling.say(one, f"empty {one.id}", self._say(one, "empty_note"))
        elif await self._orders.tried(one, seat.note(one.conversation, one.key, text)):
            await self._telling.noted(one)

    async def _line(self, one: Written) -> Line | None:
        """What the message has become before."""
        after = max(0, one.topic.seen - BACK)
        sheet = await self._room.surface.sheet(one.conversation, after)
        found = (line for line in sheet.lines if line.external.endswith(f":{one.key}"))
        return next(found, None)

    def _is_own(self, message: Message) -> bool:
        return message.from_user is not None and message.from_user.id == self._room.api.id

    def _say(self, one: Written, key: str, **values: object) -> str:
        return self._room.words.say(key, name=one.person.name, **values)
