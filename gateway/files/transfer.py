"""Files over HTTP: read piece by piece as they come in, and shown without being trusted.

A browser runs nothing of what we give out: it is told the type and to believe it, everything but
plain pictures, sound and video is a download, and what is opened in a window of its own is in a
sandbox.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import BodyPartReader, hdrs, web

from gateway.errors import Invalid, TooLarge
from gateway.files import File
from gateway.files.kinds import SHOWN, ending
from gateway.files.limits import MB
from gateway.message import Attachment
from gateway.middleware import PATIENCE

STALL = 7.0  # seconds in which something must come; with those for the head below 15
SLOWEST = 4 * 1024  # bytes a second that somebody must read or write at least
ROOM = 64 * 1024  # bytes beside the file's own in a form

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: what its sender says of it, and its bytes."""

    claim: Attachment
    data: AsyncIterator[bytes]


async def upload(request: web.Request, largest: int | None) -> Upload:
    """The file of a request: the first one of a form, or the whole body with its name in the query.

    Raises Invalid where there is none, TooLarge where it says itself that it has more than
    `largest` bytes. The handler has to be `streamed`.
    """
    if largest is not None and (request.content_length or 0) > largest + ROOM:
        raise TooLarge(f"one file may have {largest // MB} MB", why="file", limit=largest)
    if request.content_type == "multipart/form-data":
        return await _of_form(request)
    claim = Attachment("", request.query.get("name", ""), request.content_type)
    return Upload(claim, paced(request.content.iter_any()))


def response(request: web.Request, file: File) -> web.StreamResponse:
    """A file as an answer."""
    request[PATIENCE] = file.attachment.size / SLOWEST
    type_ = file.attachment.type
    how = "inline" if type_ in SHOWN else "attachment"
    name = file.attachment.name or f"{file.id[:8]}.{ending(type_) or 'bin'}"
    return web.FileResponse(
        file.path,
        headers={
            **HEADERS,
            hdrs.CONTENT_TYPE: type_,
            hdrs.CONTENT_DISPOSITION: f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        },
    )


async def _of_form(request: web.Request) -> Upload:
    try:
        reader = await request.multipart()
        async with asyncio.timeout(STALL):
            while part := await reader.next():
                if isinstance(part, BodyPartReader) and part.filename is not None:
                    type_ = part.headers.get(hdrs.CONTENT_TYPE, "")
                    return Upload(Attachment("", part.filename, type_), paced(_pieces(part)))
    except (ValueError, TimeoutError) as error:
        raise Invalid("this form can't be read", why="empty") from error
    raise Invalid("there is no file in this form", why="empty")


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(64 * 1024):
        yield chunk


async def paced(
    chunks: AsyncIterator[bytes], stall: float = STALL, slowest: float = SLOWEST
) -> AsyncIterator[bytes]:
    """The same, unless it comes too slowly: whoever drips must not hold us. Raises 408 then."""
    loop = asyncio.get_running_loop()
    latest, read = loop.time() + stall, 0
    while True:
        try:
            async with asyncio.timeout_at(min(loop.time() + stall, latest + read / slowest)):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise web.HTTPRequestTimeout(headers={"Connection": "close"}) from None
        read += len(chunk)
        yield chunk
