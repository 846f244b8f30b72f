"""Carries out steps in the group and notes what has become so.

First the deed, then the note: a crash in between shows something twice to agents, never too little.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from adapters.telegram.api import Json
from adapters.telegram.errors import Declined, Unclear
from adapters.telegram.forum import lines
from adapters.telegram.forum.cards import Buttons
from adapters.telegram.forum.lines import FilePiece
from adapters.telegram.forum.making import Making
from adapters.telegram.forum.room import Room
from adapters.telegram.forum.steps import (
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
)
from adapters.telegram.forum.topic import Topic, gone
from adapters.telegram.uploads import upload
from gateway.errors import NotFound
from gateway.message import Contact

# That a topic was deleted is only heard of so; the documentation lists none of these.
GONE = ("message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID")
SAME = ("TOPIC_NOT_MODIFIED", "message is not modified")
CARD_GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")
PLAIN = {"is_disabled": True}  # no previews of links

log = logging.getLogger(__name__)


class Clerk:
    """Does what a plan says in one group."""

    def __init__(self, room: Room, making: Making) -> None:
        self._room = room
        self._making = making

    async def do(self, contact: Contact, topic: Topic, step: Step) -> None:
        """One step in the topic of a contact. Raises ApiError where Telegram doesn't let us."""
        marks = dict(step.marks)
        try:
            if isinstance(step.deed, Make):
                topic = replace(topic, thread=await self._making.make(contact, topic, step.deed))
                if not topic.thread:
                    return
            elif card := await self._done(topic, step.deed):
                marks["card"] = card
        except Declined as error:
            if not _says(error, SAME):
                await self._declined(contact, topic, error)
                return
        await self._mark(contact, topic, marks, step.said)

    async def _mark(
        self, contact: Contact, topic: Topic, marks: Mapping[str, Any], said: int
    ) -> None:
        def marked(now: Topic) -> Topic:
            if not _same(now, topic):
                return now
            return replace(now, **marks, notices=now.notices[said:])

        await self._room.topics.change(contact.key, marked, contact)

    async def _declined(self, contact: Contact, topic: Topic, error: Declined) -> None:
        """What people have deleted is put up again by the next steps."""
        if _says(error, GONE):
            change: Callable[[Topic], Topic] = gone
        elif _says(error, CARD_GONE):
            change = _without_card
        else:
            raise error
        await self._room.topics.change(
            contact.key, lambda now: change(now) if _same(now, topic) else now, contact
        )

    async def _done(self, topic: Topic, deed: Deed) -> int:
        """Do it; the id of the card that this put up, 0 for all else."""
        thread = topic.thread
        match deed:
            case Card(text, buttons):
                return await self._send(thread, text, reply_markup=keyboard(buttons))
            case Post(text):
                await self._send(thread, text)
            case Upload(file):
                await self._upload(thread, file)
            case Edit(text, buttons):
                await self._edit(topic.card, text, buttons)
            case Paint(name, face):
                icon = self._room.rights.icon(face)
                await self._call("editForumTopic", message_thread_id=thread, name=name, **icon)
            case Reopen():
                await self._call("reopenForumTopic", message_thread_id=thread)
            case Close():
                await self._call("closeForumTopic", message_thread_id=thread)
            case Make() | Note():
                pass
        return 0

    async def _send(self, thread: int, text: str, **more: Any) -> int:
        sent = await self._call(
            "sendMessage", message_thread_id=thread, text=text, link_preview_options=PLAIN, **more
        )
        return int(sent["message_id"])

    async def _edit(self, card: int, text: str, buttons: Buttons) -> None:
        await self._call(
            "editMessageText",
            message_id=card,
            text=text,
            reply_markup=keyboard(buttons),
            link_preview_options=PLAIN,
        )

    async def _call(self, method: str, **fields: Any) -> Any:
        """The result as it comes: one that the library can't read would be asked for again."""
        return await self._room.api.ask(method, {"chat_id": self._room.group, **fields})

    async def _upload(self, thread: int, piece: FilePiece) -> None:
        """Show a file, or say that it can't be shown: nothing behind it waits for it."""
        where = {"chat_id": self._room.group, "message_thread_id": thread, "caption": piece.caption}
        try:
            file = await self._room.core.files.find(piece.attachment.id)
            await upload(self._room.api, file, where)
        except (NotFound, OSError, Declined, Unclear) as error:
            if isinstance(error, Declined) and _says(error, GONE):
                raise
            log.warning("a file can't be shown in the agents' group: %s", error)
            words = self._room.words
            text = words.say("not_shown", file=lines.attachment(piece.attachment, words))
            await self._send(thread, words.say("line", who=piece.caption, text=text))


def keyboard(buttons: Buttons) -> Json:
    """Buttons as Telegram takes them."""
    rows = [[{"text": label, "callback_data": data} for label, data in row] for row in buttons]
    return {"inline_keyboard": rows}


def _says(error: Declined, texts: tuple[str, ...]) -> bool:
    said = str(error).casefold()
    return any(text.casefold() in said for text in texts)


def _same(now: Topic, before: Topic) -> bool:
    """Whether a deed still concerns the topic as it is by now."""
    return (now.thread, now.conversation) == (before.thread, before.conversation)


def _without_card(topic: Topic) -> Topic:
    return replace(topic, card=0, shown="")
