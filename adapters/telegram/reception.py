"""What becomes of each thing that a customer does: their files are fetched, the core is told.

Everything here may be done twice, after a crash or a repeated update, and comes to the same.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from aiogram.types import CallbackQuery

from adapters.telegram import address
from adapters.telegram.api import Api
from adapters.telegram.config import Texts
from adapters.telegram.convert import Event, Returned, Said, Tapped, chosen
from adapters.telegram.delivery import Outbox
from adapters.telegram.downloads import Downloads, Fetched
from adapters.telegram.errors import ApiError
from gateway.adapter import Core, Receipt
from gateway.clock import MINUTE
from gateway.message import Attachment, Contact, Message

JOINED = 50 * 60 * MINUTE  # ms; parts of an album may be edited for 48 hours

log = logging.getLogger(__name__)

Json = Any


class Reception:
    """Receives for one channel."""

    def __init__(
        self, core: Core, api: Api, outbox: Outbox, downloads: Downloads, texts: Texts
    ) -> None:
        self._core = core
        self._api = api
        self._outbox = outbox
        self._downloads = downloads
        self._texts = texts
        self._asides: set[asyncio.Task[None]] = set()

    async def take(self, event: Event) -> None:
        """See to one event."""
        match event:
            case Said():
                await self._said(event)
            case Tapped():
                await self._tapped(event)
            case Returned():
                await self._outbox.returned(event.contact)

    async def album(self, parts: Sequence[Said]) -> None:
        """Parts of an album: one message with all their files.

        Parts that come late, or are put in other words, make a revision of it.
        """
        first = parts[0].message
        album = f"{first.contact.id}:album:{parts[0].album}"
        fetched = [await self._fetch(part) for part in parts]
        told = {_number(p): _told(p, f) for p, f in zip(parts, fetched, strict=True)}
        known = await self._core.notes.change(
            f"album {album}", lambda old: _laid_over(old, told), lasts=JOINED, about=first.contact
        )
        if first.edits or known.keys() != told.keys():
            change = first.id if first.edits else f"{first.id}:late"
            message = replace(first, id=change, edits=album)
        else:
            message = replace(first, id=album)
        receipt = await self._core.receive(_joined(message, known))
        self._notify(receipt, first.contact, [one for some in fetched for one in some])

    def acknowledge(self, query: CallbackQuery, event: Event | None) -> None:
        """Let the button rest at once, whosever it is: what it leads to may take a while."""
        fields: dict[str, str] = {"callback_query_id": query.id}
        if isinstance(event, Tapped) and event.rates:
            fields["text"] = getattr(self._texts.rated, event.contact.language)
        self._aside(self._best("answerCallbackQuery", fields))

    async def drain(self, seconds: float) -> None:
        """Let what is beside the way end."""
        if self._asides:
            await asyncio.wait(self._asides, timeout=seconds)

    async def _said(self, said: Said) -> None:
        message = said.message
        if not said.media:
            await self._core.receive(message)
            return
        fetched = await self._fetch(said)
        attachments = tuple(one.attachment for one in fetched)
        receipt = await self._core.receive(replace(message, attachments=attachments))
        self._notify(receipt, message.contact, fetched)

    async def _tapped(self, tap: Tapped) -> None:
        lines = await self._core.thread.lines(tap.contact, tap.line - 1, 1)
        message = chosen(tap, lines[0] if lines else None)
        if message is None:
            await self._outbox.say(tap.contact, getattr(self._texts.stale, tap.contact.language))
            return
        await self._core.receive(message)
        if tap.rates and tap.message:
            where = address.of_contact(tap.contact.id)
            done: dict[str, int | str] = {"chat_id": where.chat, "message_id": tap.message}
            if where.business:
                done["business_connection_id"] = where.business
            self._aside(self._best("editMessageReplyMarkup", done))

    async def _fetch(self, said: Said) -> list[Fetched]:
        return [await self._downloads.fetch(said.message.contact, one) for one in said.media]

    def _notify(self, receipt: Receipt, contact: Contact, fetched: Sequence[Fetched]) -> None:
        """Tell whoever sent files that we can't have, once for each reason."""
        for notice in {one.notice for one in fetched if one.notice} if receipt.new else ():
            text = getattr(getattr(self._texts, notice), contact.language)
            self._aside(self._outbox.say(contact, text))

    async def _best(self, name: str, fields: Mapping[str, Any]) -> None:
        """Something that may fail: a query is soon too old, a message soon out of reach."""
        try:
            await self._api.ask(name, fields)
        except ApiError as error:
            log.info("%s was in vain: %s", name, error)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


def _number(part: Said) -> str:
    """A part's own number in its chat, the same for what it is put in other words later."""
    return (part.message.edits or part.message.id).rpartition(":")[2]


def _told(part: Said, fetched: Sequence[Fetched]) -> Json:
    files = [asdict(one.attachment) for one in fetched]
    return {"text": part.message.text, "worded": part.worded, "files": files}


def _laid_over(old: Json, told: Json) -> tuple[Json, Json]:
    known = {**(old or {}), **told}
    return known, known


def _joined(message: Message, known: Json) -> Message:
    """The album as far as it is known: its captions, else its first placeholder, and its files."""
    ordered = [known[number] for number in sorted(known, key=int)]
    texts = [one["text"] for one in ordered if one["worded"]] or [ordered[0]["text"]]
    files = tuple(Attachment(**file) for one in ordered for file in one["files"])
    return replace(message, text="\n".join(texts), attachments=files)
