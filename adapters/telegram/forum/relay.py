"""What people write in a topic: passed on to the customer, kept as a note, or done as a command.

What comes twice is one: a reply and a note have the message's id as their key, and what else has
been done stands in the topic's note. Whatever did not reach the customer says so.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from aiogram.methods import SetMessageReaction
from aiogram.types import Message, ReactionTypeEmoji

from adapters.telegram.api import Api
from adapters.telegram.content import Media, content
from adapters.telegram.downloads import Downloads
from adapters.telegram.errors import ApiError, Declined
from adapters.telegram.forum import cards, commands, lines
from adapters.telegram.forum.clerk import Clerk
from adapters.telegram.forum.commands import Command, Elsewhere, Remark, Say, Unknown
from adapters.telegram.forum.people import Person, writer
from adapters.telegram.forum.refusals import refusal, unsaid
from adapters.telegram.forum.rights import Rights
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.topic import Topic, Topics, done, noticed
from adapters.telegram.forum.watch import nudge
from adapters.telegram.forum.words import Words
from gateway.adapter import Core
from gateway.clock import SECOND
from gateway.conversation import Mode
from gateway.errors import Conflict, NotFound, Refused
from gateway.message import Attachment
from gateway.surface import Seat, Sheet

GENERAL = 1  # the topic that every forum has, in which nothing is about a customer
NOTED = ("📝", "✍")  # Telegram lets bots react with the second one only, at the time of writing
UNSENT = ("🙊",)
BACK = 150  # lines in which an edited message is looked for

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A person's message in a topic of ours; `seat` is None for who has none."""

    message: Message
    person: Person
    contact: str
    topic: Topic
    seat: Seat | None = None

    @property
    def conversation(self) -> str:
        """The one that the topic shows."""
        return self.topic.conversation

    @property
    def name(self) -> str:
        """The person's."""
        return self.person.name

    @property
    def deed(self) -> str:
        """What stands in the topic's note once a command, or a close by hand, has been done."""
        return f"done {self.message.message_id}"


class Relay:
    """Messages of the group."""

    def __init__(
        self,
        settings: Settings,
        core: Core,
        api: Api,
        topics: Topics,
        clerk: Clerk,
        rights: Rights,
        words: Words,
    ) -> None:
        self._downloads = Downloads(api, core.files)
        self._settings = settings
        self._core = core
        self._api = api
        self._topics = topics
        self._clerk = clerk
        self._rights = rights
        self._words = words

    async def hear(self, message: Message) -> None:
        """A new message. Raises StoreUnavailable or ApiError: it may come again."""
        if message.forum_topic_created and self._is_own(message):
            await self._adopt(message)
            return
        written = await self._written(message)
        if written is None or written.deed in written.topic.told:
            return
        if message.forum_topic_closed:
            await self._closed(written)
        elif self._has_content(message):
            await self._heard(written)

    async def hear_edit(self, message: Message) -> None:
        """A message in other words: what has gone out stays as it was, and that is said."""
        written = await self._written(message)
        if written is None:
            return
        key = lines.key(self._settings.group, message.message_id)
        after = max(0, written.topic.seen - BACK)
        sheet = await self._core.surface.sheet(written.conversation, after)
        for line in sheet.lines:
            if line.external.endswith(f":{key}"):
                text = "already_noted" if line.private else "already_sent"
                await self._notice(written, f"edit {message.message_id}", text)

    # Whose it is

    def _is_own(self, message: Message) -> bool:
        return message.from_user is not None and message.from_user.id == self._api.id

    def _has_content(self, message: Message) -> bool:
        """Not a service message: those are nobody's words."""
        return content(message, self._words.language) is not None

    async def _written(self, message: Message) -> Written | None:
        """None for what is not for us: General, bots, topics that people made for themselves."""
        thread = message.message_thread_id
        # A reply in General carries the id of a thread of replies, which is no topic.
        if not message.is_topic_message or thread in (None, GENERAL):
            return None
        person = writer(message, self._settings.agents)
        contact = await self._topics.of_thread(thread) if person and thread else None
        if person is None or contact is None:
            return None
        topic = await self._topics.get(contact)
        if topic.thread != thread or not topic.conversation:
            return None
        try:
            seat = await self._core.surface.seat(person.agent) if person.agent else None
        except NotFound:
            seat = None
        return Written(message, person, contact, topic, seat)

    async def _adopt(self, message: Message) -> None:
        """A topic that we made: the one whose making was interrupted, or one too many."""
        thread, made = message.message_thread_id, message.forum_topic_created
        if not thread or not made or await self._topics.of_thread(thread):
            return
        tag = made.name.partition(" ")[0]
        contact = await self._topics.in_the_making(tag)
        if contact is None:
            await self._clerk.close(thread)
            return
        topic = await self._topics.made(contact, tag, thread)
        if topic.thread != thread:
            await self._clerk.close(thread)
        await self._core.hints.publish(nudge(topic.conversation, contact))

    # What it asks for

    async def _heard(self, written: Written) -> None:
        if written.seat is None:
            await self._turn_away(written)
            return
        message = written.message
        wish = commands.read(message.text or message.caption or "", self._rights.username)
        match wish:
            case Say(text):
                await self._say(written, written.seat, text)
            case Remark(text):
                await self._note(written, written.seat, text)
            case Unknown(name):
                await self._unsent(written, f"unknown {name}", "unknown_command", command=name)
            case Command():
                await self._do(written, written.seat, wish)
            case Elsewhere():
                pass

    async def _turn_away(self, written: Written) -> None:
        """Say once why nothing of theirs goes out."""
        person = written.person
        listed = "no_seat" if person.agent else "stranger"
        text = "anonymous" if person.anonymous else listed
        key = f"{text} {person.id}"
        await self._unsent(written, key, text, id=person.id, agent=person.agent)

    async def _say(self, written: Written, seat: Seat, text: str) -> None:
        if await self._cannot(written, seat):
            return
        found = content(written.message, self._words.language)
        media = found.media if found else ()
        if any(not one.file for one in media) or not (text or media):
            await self._unsent(written, f"kind {written.message.message_id}", "not_for_customers")
            return
        files = await self._fetch(written, media)
        if files is None:
            return
        key = lines.key(self._settings.group, written.message.message_id)
        try:
            await seat.reply(written.conversation, key, text, files)
        except Conflict as error:
            if not await self._cannot(written, seat):
                raise error from None

    async def _cannot(self, written: Written, seat: Seat) -> bool:
        """Whether they may not speak to the customer; then they are told why."""
        sheet = await self._sheet(written)
        why = unsaid(sheet, seat.name, written.name, self._words)
        if why:
            key = f"unsaid {written.person.id} {why}"
            await self._say_unsent(written, lambda topic: noticed(topic, key, why))
        return bool(why)

    async def _fetch(self, written: Written, media: Sequence[Media]) -> Sequence[Attachment] | None:
        """Keep the files as the customer's; None if one can't be had, which is then said."""
        if not media:
            return ()
        contact = (await self._sheet(written)).contact
        kept = []
        for one in media:
            fetched = await self._downloads.fetch(contact, one)
            if fetched.notice:
                text = "bad_file" if fetched.notice == "refused" else fetched.notice
                await self._unsent(written, f"file {written.message.message_id}", text)
                return None
            kept.append(fetched.attachment)
        return kept

    async def _note(self, written: Written, seat: Seat, text: str) -> None:
        found = content(written.message, self._words.language)
        media = found.media if found else ()
        files = [lines.attachment(one.attachment, self._words) for one in media]
        text = " ".join((text, *files)).strip()
        if not text:
            await self._notice(written, f"empty {written.message.message_id}", "empty_note")
            return
        key = lines.key(self._settings.group, written.message.message_id)
        if await self._tried(written, seat.note(written.conversation, key, text)):
            await self._react(written.message, NOTED)

    async def _do(self, written: Written, seat: Seat, command: Command) -> None:
        match command.name:
            case "claim":
                deed: Awaitable[object] | None = seat.claim(written.conversation)
            case "return":
                deed = seat.give_back(written.conversation)
            case "transfer":
                deed = await self._transfer(written, seat, command.rest)
            case _:
                deed = await self._close(written, seat, command.rest)
        if deed is not None and await self._tried(written, deed):
            await self._change(written, lambda topic: done(topic, written.deed))

    async def _transfer(self, written: Written, seat: Seat, rest: str) -> Awaitable[object] | None:
        surface = self._core.surface
        names = [*surface.teams(self._settings.language), *await surface.colleagues()]
        to, note = commands.split_name(rest, names)
        if to:
            return seat.transfer(written.conversation, to, note)
        key = f"transfer {written.message.message_id}"
        await self._notice(written, key, "transfer_to", names=", ".join(names))
        return None

    async def _close(self, written: Written, seat: Seat, rest: str) -> Awaitable[object] | None:
        outcomes = self._core.surface.outcomes(self._settings.language)
        for id_, name in outcomes:
            if rest.casefold() in (id_.casefold(), name.casefold()):
                return seat.close(written.conversation, id_, seen=written.topic.seen)
        names = ", ".join(name for _, name in outcomes)
        key = f"close {written.message.message_id}"
        await self._notice(written, key, "close_how", names=names)
        return None

    async def _closed(self, written: Written) -> None:
        """Somebody closed the topic by hand: that ends the conversation, if they may end it."""
        sheet = await self._sheet(written)
        if written.message.date.timestamp() * SECOND < sheet.conversation.opened - SECOND:
            return  # it was about the one before
        why = await self._why_not(written)
        message = f"closed {written.message.message_id}"

        def closed(topic: Topic) -> Topic:
            topic = replace(done(topic, written.deed), closed=True)
            if not why:
                return topic
            text = self._words.say("reopened", name=written.name, why=why)
            return noticed(topic, message, text)

        await self._topics.change(written.contact, closed)
        await self._core.hints.publish(nudge(written.conversation, written.contact))

    async def _why_not(self, written: Written) -> str:
        """End the conversation; why that is not done, "" if it is."""
        if written.seat is None:
            person = written.person
            if person.anonymous:
                return self._words.say("anonymous")
            return self._words.say("who_are_you", id=person.id)
        outcome = self._core.surface.outcomes(self._settings.language)[0][0]
        try:
            await written.seat.close(written.conversation, outcome, seen=written.topic.seen)
        except Refused as error:
            sheet = await self._sheet(written)
            if sheet.conversation.mode is not Mode.CLOSED:
                return refusal(error, sheet, self._words)
        return ""

    # What is said about it

    async def _tried(self, written: Written, deed: Awaitable[object]) -> bool:
        """Whether it was done; if not, it is said why."""
        try:
            await deed
        except Refused as error:
            why = refusal(error, await self._sheet(written), self._words)
            key = f"refused {written.message.message_id}"
            await self._change(written, lambda topic: noticed(topic, key, why))
            return False
        return True

    async def _unsent(self, written: Written, key: str, text: str, /, **values: object) -> None:
        why = self._words.say(text, name=written.name, **values)
        await self._say_unsent(written, lambda topic: noticed(topic, key, why))

    async def _say_unsent(self, written: Written, change: Callable[[Topic], Topic]) -> None:
        """What keeps a message from the customer is said once; the mark on it comes every time."""
        await self._change(written, change)
        await self._react(written.message, UNSENT)

    async def _notice(self, written: Written, key: str, text: str, /, **values: object) -> None:
        why = self._words.say(text, name=written.name, **values)
        await self._change(written, lambda topic: noticed(topic, key, why))

    async def _change(self, written: Written, change: Callable[[Topic], Topic]) -> None:
        await self._topics.change(written.contact, change)
        await self._core.hints.publish(nudge(written.conversation, written.contact))

    async def _react(self, message: Message, emojis: Sequence[str]) -> None:
        """Put the first mark on it that Telegram takes; it is a hint and no more."""
        for emoji in emojis:
            method = SetMessageReaction(
                chat_id=self._settings.group,
                message_id=message.message_id,
                reaction=[ReactionTypeEmoji(emoji=emoji)],
            )
            try:
                await self._api.call(method)
            except Declined:
                continue
            except ApiError as error:
                log.info("a message in the agents' group stays without its mark: %s", error)
            return

    async def _sheet(self, written: Written) -> Sheet:
        return await self._core.surface.sheet(written.conversation, cards.LAST)
