"""Files between the platform, which forgets them after three days, and our own store.

What customers send is fetched at once. Where it lies is told by the platform, in payloads that
nobody may forge and that we still don't trust: no address inside our network is fetched from, and
no redirect is followed. What we send is uploaded once, for as long as the platform keeps it.
"""

import ipaddress
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from adapters.wechat.api import Api, Upload
from adapters.wechat.convert import Media
from adapters.wechat.troubles import Doubtful, Trouble, Unreachable
from gateway.clock import MINUTE
from gateway.errors import Refused
from gateway.files import Files
from gateway.message import Attachment, Contact
from gateway.notes import Notes

KEPT = 60 * 60 * MINUTE  # the platform keeps an upload for 72 hours; we count on 60
TIMEOUT = ClientTimeout(total=60, connect=5)
CHUNK = 64 * 1024  # bytes

log = logging.getLogger(__name__)


class Fetcher:
    """Brings customers' files into our store."""

    def __init__(self, api: Api, files: Files, base: str) -> None:
        """`base` is where the API is: the one place that may be inside our network."""
        self._api = api
        self._files = files
        self._base = URL(base).origin()
        self._session: ClientSession | None = None

    async def open(self) -> None:
        """Get ready."""
        self._session = ClientSession(
            connector=TCPConnector(resolver=PublicResolver()), timeout=TIMEOUT
        )

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    async def keep(self, contact: Contact, attachment: Attachment, media: Media) -> Attachment:
        """The attachment with its file, or as it is where that can't be had; never raises."""
        try:
            async with self._found(media) as answer:
                known = Attachment(attachment.kind, attachment.name, answer.content_type)
                data = answer.content.iter_chunked(CHUNK)
                return await self._files.keep(contact, known, data)
        except (Trouble, Refused, ClientError, ValueError, TimeoutError, OSError) as error:
            # Not the error's own words: they may hold an address with a ticket in it.
            log.warning("a customer's %s could not be fetched: %s", media.kind, _say(error))
            return attachment

    @asynccontextmanager
    async def _found(self, media: Media) -> AsyncIterator[ClientResponse]:
        try:
            async with self._api.media(media.id) as found:
                if isinstance(found, ClientResponse):
                    yield found
                    return
                address = found
        except Trouble:  # an account without the right still gets the address of pictures
            if not media.url:
                raise
            address = media.url
        async with self._public(address) as answer:
            yield answer

    @asynccontextmanager
    async def _public(self, address: str) -> AsyncIterator[ClientResponse]:
        url = self._checked(address)
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != 200:
                raise Trouble(f"HTTP {answer.status}")
            yield answer

    def _checked(self, address: str) -> URL:
        """The address as it is connected to. Raises Trouble for what is not on the web."""
        try:
            url = URL(address)
            inside = url.origin() != self._base and _is_inside(url.raw_host or "")
        except ValueError:
            raise Trouble("expected an address on the web") from None
        if url.scheme not in ("http", "https"):
            raise Trouble("expected an address on the web")
        if inside:
            raise Trouble("the address is inside a network")
        return url


class PublicResolver(AbstractResolver):
    """Finds hosts, but none inside our network: looked at when connecting, not before."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host; OSError for one that is not public."""
        found = await self._resolver.resolve(host, port, family)
        if not all(ipaddress.ip_address(one["host"]).is_global for one in found):
            raise OSError("the address is inside a network")
        return found

    async def close(self) -> None:
        """Let go."""
        await self._resolver.close()


class Uploads:
    """Our files as the platform knows them."""

    def __init__(self, api: Api, files: Files, notes: Notes) -> None:
        self._api = api
        self._files = files
        self._notes = notes

    async def id(self, attachment: Attachment) -> str:
        """The platform's id of a file of ours. Raises NotFound and what the API raises."""
        known = await self._notes.get(f"media {attachment.id}")
        return str(known) if known else await self.renew(attachment)

    async def renew(self, attachment: Attachment) -> str:
        """The same after the platform has forgotten it."""
        file = await self._files.find(attachment.id)
        kind = file.attachment.type
        name = f"file.{kind.rpartition('/')[2] or 'bin'}"  # theirs may be in any characters
        try:
            media = await self._api.upload(Upload(attachment.kind, file.path, name, kind))
        except Doubtful as error:  # the platform may have it once more: nobody is sent it
            raise Unreachable(str(error)) from None
        await self._notes.put(f"media {attachment.id}", media, lasts=KEPT)
        return media


def _is_inside(host: str) -> bool:
    """Whether a host that is a number is not public; one that is a name is looked at later.

    What ends in a number is one, as browsers have it: no resolver is asked for 127.1 or 2130706433.
    Raises ValueError for those and whatever else is no address in full.
    """
    is_number = ":" in host or host.rstrip(".").rpartition(".")[2][:1].isdigit()
    return is_number and not ipaddress.ip_address(host).is_global


def _say(error: Exception) -> str:
    return str(error) if isinstance(error, Trouble | Refused) else type(error).__name__
