"""Carries out steps in the group and notes what has become so.

First the deed, then the note: a crash in between shows something twice to agents, never too little.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aiogram.methods import (
    CloseForumTopic,
    CreateForumTopic,
    EditForumTopic,
    EditMessageText,
    ReopenForumTopic,
    SendMessage,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)

from adapters.telegram.api import Api
from adapters.telegram.errors import ApiError, Declined, Unclear
from adapters.telegram.forum import cards, lines
from adapters.telegram.forum.cards import Buttons
from adapters.telegram.forum.lines import FilePiece
from adapters.telegram.forum.plan import (
    Card,
    Close,
    Deed,
    Edit,
    Make,
    Note,
    Paint,
    Post,
    Reopen,
    Step,
    Upload,
    patience,
)
from adapters.telegram.forum.rights import Rights
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.topic import Topic, Topics, gone
from adapters.telegram.forum.words import Words
from adapters.telegram.uploads import upload
from gateway.errors import NotFound
from gateway.files import Files
from gateway.message import Contact

# A deleted topic is only heard of by these: https://core.telegram.org/bots/api has no list.
GONE = ("message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID")
SAME = ("TOPIC_NOT_MODIFIED", "message is not modified")
CARD_GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")
PLAIN = LinkPreviewOptions(is_disabled=True)

log = logging.getLogger(__name__)


class Clerk:
    """Does what a plan says."""

    def __init__(
        self,
        settings: Settings,
        api: Api,
        topics: Topics,
        files: Files,
        rights: Rights,
        words: Words,
    ) -> None:
        self._group = settings.group
        self._api = api
        self._topics = topics
        self._files = files
        self._rights = rights
        self._words = words

    async def do(self, contact: Contact, topic: Topic, step: Step) -> None:
        """One step in the topic of a contact. Raises ApiError where Telegram doesn't let us."""
        if isinstance(step.deed, Make):
            if thread := await self._make(contact, topic, step.deed):
                topic = replace(topic, thread=thread)
                await self._mark(contact, topic, step, step.marks)
            return
        marks = dict(step.marks)
        try:
            if card := await self._deed(topic, step.deed):
                marks["card"] = card
        except Declined as error:
            if not _says(error, SAME):
                await self._declined(contact, topic, error)
                return

        await self._mark(contact, topic, step, marks)

    async def close(self, thread: int) -> None:
        """Close a topic that nobody needs; it doesn't matter much whether that works."""
        try:
            await self._api.call(CloseForumTopic(chat_id=self._group, message_thread_id=thread))
        except ApiError as error:
            log.info("a topic too many stays open: %s", error)

    async def _mark(
        self, contact: Contact, topic: Topic, step: Step, marks: Mapping[str, Any]
    ) -> None:
        def marked(now: Topic) -> Topic:
            if not _same(now, topic):
                return now
            return replace(now, **marks, notices=now.notices[step.said :])

        await self._topics.change(contact.key, marked, contact)

    async def _make(self, contact: Contact, topic: Topic, deed: Make) -> int:
        """Its id, 0 where another has made it or is about to."""
        tag = cards.tag(topic.conversation)
        if not await self._topics.begin(contact, tag, patience):
            return 0
        method = CreateForumTopic(
            chat_id=self._group,
            name=deed.name,
            icon_custom_emoji_id=self._rights.icons.get(deed.face),
        )
        try:
            made = await self._api.call(method)
        except Unclear:
            raise
        except ApiError:
            await self._topics.unmade(contact.key)
            raise
        thread = made.message_thread_id
        after = await self._topics.made(contact.key, tag, thread, contact)
        if after.thread != thread:
            await self.close(thread)
            return 0
        return thread

    async def _deed(self, topic: Topic, deed: Deed) -> int:
        """The id of the card that this puts up, 0 for all else."""
        group, thread = self._group, topic.thread
        match deed:
            case Card(text, buttons):
                return await self._send(thread, text, buttons)
            case Post(text):
                await self._send(thread, text)
            case Upload(file):
                await self._upload(thread, file)
            case Edit(text, buttons):
                await self._api.call(
                    EditMessageText(
                        chat_id=group,
                        message_id=topic.card,
                        text=text,
                        reply_markup=keyboard(buttons),
                        link_preview_options=PLAIN,
                    )
                )
            case Paint(name, face):
                icon = self._rights.icons.get(face)
                await self._api.call(
                    EditForumTopic(
                        chat_id=group,
                        message_thread_id=thread,
                        name=name,
                        icon_custom_emoji_id=icon,
                    )
                )
            case Reopen():
                await self._api.call(ReopenForumTopic(chat_id=group, message_thread_id=thread))
            case Close():
                await self._api.call(CloseForumTopic(chat_id=group, message_thread_id=thread))
            case Make() | Note():
                pass
        return 0

    async def _send(self, thread: int, text: str, buttons: Buttons = ()) -> int:
        method = SendMessage(
            chat_id=self._group,
            message_thread_id=thread,
            text=text,
            reply_markup=keyboard(buttons),
            link_preview_options=PLAIN,
        )
        return (await self._api.call(method)).message_id

    async def _upload(self, thread: int, piece: FilePiece) -> None:
        """Show a file, or say that it can't be shown: nothing behind it waits for it."""
        where = {
            "chat_id": self._group,
            "message_thread_id": thread,
            "caption": piece.caption,
        }
        try:
            await upload(self._api, await self._files.find(piece.attachment.id), where)
        except (NotFound, OSError, Declined) as error:
            if isinstance(error, Declined) and _says(error, GONE):
                raise
            log.warning("a file of a customer can't be shown in its topic: %s", error)
            name = lines.attachment(piece.attachment, self._words)
            text = self._words.say("not_shown", file=name)
            await self._send(thread, self._words.say("line", who=piece.caption, text=text))

    async def _declined(self, contact: Contact, topic: Topic, error: Declined) -> None:
        change: Callable[[Topic], Topic]
        if _says(error, GONE):
            change = gone
        elif _says(error, CARD_GONE):
            change = _without_card
        else:
            raise error
        await self._topics.change(
            contact.key, lambda now: change(now) if _same(now, topic) else now, contact
        )


def keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram takes them."""
    rows = [
        [InlineKeyboardButton(text=label, callback_data=data) for label, data in row]
        for row in buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _says(error: Declined, texts: tuple[str, ...]) -> bool:
    said = str(error).casefold()
    return any(text.casefold() in said for text in texts)


def _same(now: Topic, before: Topic) -> bool:
    """Whether a deed still concerns the topic as it is by now."""
    return (now.thread, now.conversation) == (before.thread, before.conversation)


def _without_card(topic: Topic) -> Topic:
    return replace(topic, card=0, shown="")
