"""Files that customers send: fetched from Telegram into our store, whole or not at all."""

import asyncio
import logging
from dataclasses import dataclass, replace

from aiogram.methods import GetFile

from adapters.telegram.api import Api
from adapters.telegram.content import Media
from adapters.telegram.errors import ApiError, Declined
from adapters.telegram.pace import Sleep
from gateway.errors import Invalid, TooLarge
from gateway.files import Files
from gateway.message import Attachment, Contact

LARGEST = 20 * 1024 * 1024  # bytes that a bot may download
TRIES = 3
AT_ONCE = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An attachment; `notice` is the text that says why there is no file with it, or ""."""

    attachment: Attachment
    notice: str = ""


class Downloads:
    """Fetches for one channel, a few at a time."""

    def __init__(self, api: Api, files: Files, sleep: Sleep = asyncio.sleep) -> None:
        self._api = api
        self._files = files
        self._sleep = sleep
        self._places = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, contact: Contact, media: Media) -> Fetched:
        """Fetch a file, with some patience; what can't be had leaves what we know of it."""
        if not media.file:
            return Fetched(media.attachment)
        if media.attachment.size > LARGEST:
            return Fetched(media.attachment, "too_big")
        async with self._places:
            return await self._try(contact, media)

    async def _try(self, contact: Contact, media: Media) -> Fetched:
        for attempt in range(TRIES):
            try:
                return Fetched(await self._keep(contact, media))
            except TooLarge:
                return Fetched(media.attachment, "too_big")
            except Invalid as error:
                log.info("a file of %s was not taken: %s", contact.key, error)
                # A moving sticker has a form of its own; whoever sends one misses nothing.
                notice = "" if media.attachment.kind == "sticker" else "refused"
                return Fetched(media.attachment, notice)
            except Declined as error:
                log.warning("a file of %s can't be fetched: %s", contact.key, error)
                return Fetched(media.attachment, "too_big" if "too big" in str(error) else "lost")
            except ApiError as error:
                log.warning("a file of %s came in pieces, again: %s", contact.key, error)
                await self._sleep(2**attempt)
        return Fetched(media.attachment, "lost")

    async def _keep(self, contact: Contact, media: Media) -> Attachment:
        found = await self._api.call(GetFile(file_id=media.file))
        known = replace(media.attachment, size=media.attachment.size or found.file_size or 0)
        if not found.file_path or known.size > LARGEST:
            raise TooLarge("Telegram gives bots files of up to 20 MB")
        return await self._files.keep(contact, known, self._api.download(found.file_path))
