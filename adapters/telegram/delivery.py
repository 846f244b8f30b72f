"""Replies out: part by part, none twice, and what became of each said as it is."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from adapters.telegram import address
from adapters.telegram.address import Address
from adapters.telegram.api import Api
from adapters.telegram.errors import (
    ApiError,
    Blocked,
    Declined,
    Failed,
    Limited,
    Taken,
    Unauthorised,
    Unreached,
)
from adapters.telegram.health import Health, advice
from adapters.telegram.parts import Part, parts
from adapters.telegram.uploads import upload
from gateway.adapter import SENT, Delivery, Fate
from gateway.clock import MINUTE
from gateway.errors import NotFound
from gateway.files import Files
from gateway.language import both
from gateway.message import Attachment, Contact, Reply
from gateway.notes import Notes

REMEMBERED = 7 * 24 * 60 * MINUTE  # ms for which a person may have the rest of a reply sent
BLOCKED = both(
    "顾客屏蔽了机器人；解除屏蔽后可以重发",
    "the customer has blocked the bot; when they let it speak again, it can be sent again",
)
STOPPING = both("渠道正在停止", "the channel is stopping")
NO_FILE = both("附件已经不在了", "the attached file is not there any more")
_BLOCKED = "blocked "

log = logging.getLogger(__name__)


class Outbox:
    """Sends for one channel."""

    def __init__(self, api: Api, notes: Notes, files: Files, health: Health) -> None:
        self._api = api
        self._notes = notes
        self._files = files
        self._health = health
        self._blocked: set[str] = set()
        self._open = True
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def load(self) -> None:
        """Read who had blocked the bot before."""
        found = await self._notes.find(_BLOCKED)
        self._blocked = {name.removeprefix(_BLOCKED) for name in found}

    async def send(self, reply: Reply) -> Delivery:
        """Try once. What an earlier attempt has surely delivered is not sent again."""
        if not self._open:
            return Delivery(Fate.UNREACHABLE, STOPPING)
        self._under_way += 1
        self._idle.clear()
        try:
            return await self._try(reply)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def close(self, seconds: float) -> None:
        """Begin nothing more; what is on its way has so long to arrive."""
        self._open = False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    async def _try(self, reply: Reply) -> Delivery:
        try:
            where = address.of_contact(reply.contact.id)
        except ValueError as error:
            return Delivery(
                Fate.REJECTED, both(f"不是 Telegram 的聊天：{reply.contact.id}", str(error))
            )
        if await self._is_blocked(reply.contact):
            return Delivery(Fate.REJECTED, BLOCKED)
        try:
            await self._send(reply, where)
        except ApiError as error:
            return await self._fate(error, reply.contact)
        except NotFound:
            return Delivery(Fate.REJECTED, NO_FILE)
        self._health.good("sending")
        return SENT

    async def say(self, contact: Contact, text: str) -> None:
        """Tell a customer something beside the conversation, if that can be done now."""
        try:
            await self._send_part(Part(text), address.of_contact(contact.id))
        except ApiError as error:
            log.info("contact %s could not be told: %s", contact.key, error)

    async def returned(self, contact: Contact) -> None:
        """The customer lets the bot speak again. Another node may have noted that they don't."""
        self._blocked.discard(contact.id)
        await self._notes.put(f"{_BLOCKED}{contact.id}", None)

    async def _is_blocked(self, contact: Contact) -> bool:
        if contact.id not in self._blocked:
            return False
        if await self._notes.get(f"{_BLOCKED}{contact.id}"):
            return True
        self._blocked.discard(contact.id)
        return False

    async def _send(self, reply: Reply, where: Address) -> None:
        found = parts(reply)
        if len(found) == 1:
            await self._send_part(found[0], where)
            return
        note = f"parts {reply.id}"
        done = await self._notes.get(note) or 0
        for number, part in enumerate(found[done:], done + 1):
            await self._send_part(part, where)
            await self._notes.put(note, number, lasts=REMEMBERED, about=reply.contact)

    async def _send_part(self, part: Part, where: Address) -> None:
        if part.file:
            await self._send_file(part, part.file, where)
            return
        fields: dict[str, Any] = {**where.fields, "text": part.text}
        if part.keyboard:
            fields["reply_markup"] = part.keyboard
        await self._api.ask("sendMessage", fields)

    async def _send_file(self, part: Part, attachment: Attachment, where: Address) -> None:
        markup = InlineKeyboardMarkup.model_validate(part.keyboard) if part.keyboard else None
        fields = {**where.fields, "caption": part.text or None, "reply_markup": markup}
        await upload(self._api, await self._files.find(attachment.id), fields)

    async def _fate(self, error: ApiError, contact: Contact) -> Delivery:
        if isinstance(error, Unreached | Unauthorised):
            self._health.bad("sending", advice(error))
        match error:
            case Limited():
                return Delivery(Fate.UNREACHABLE, str(error), error.retry_after)
            case Unreached() | Unauthorised():
                return Delivery(Fate.UNREACHABLE, str(error))
            case Failed() | Taken():
                return Delivery(Fate.RETRY, str(error))
            case Blocked():
                self._blocked.add(contact.id)
                await self._notes.put(f"{_BLOCKED}{contact.id}", 1, about=contact)
                return Delivery(Fate.REJECTED, BLOCKED)
            case Declined():
                return Delivery(Fate.REJECTED, str(error))
        return Delivery(Fate.UNKNOWN, str(error))
