"""What every request passes through on its way in and every answer on its way out."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Middleware

from gateway.metrics import Metrics
from gateway.refusals import Next

PATIENCE = web.RequestKey("patience", float)
"""Seconds more than usual that whoever asked may take to read our answer."""

SMALL = 16 * 1024
"""Bytes of a body that a connection with nothing else to send takes at once."""

H = TypeVar("H", bound=Callable[..., Awaitable[web.StreamResponse]])
_STREAMED = "reads_its_body"
_TAKES = "takes_bodies_of"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: bytes of body, seconds for head, body and reading our answer.

    The seconds for a request's head are also those after which an idle connection is closed; those
    of head and body together stay below the 15 within which a slow connection has to be gone.
    """

    body: int = 1024 * 1024
    head_seconds: float = 7
    body_seconds: float = 7
    answer_seconds: float = 60


@web.middleware
async def logged(request: web.Request, handler: Next) -> web.StreamResponse:
    """Note each request, without its query, in which there may be secrets.

    Those that went well are for who looks for details (`run -v`): a line each is a tenth of the
    work that a message makes, and `/metrics` counts them.
    """
    began = time.perf_counter()
    response = await handler(request)
    level = logging.INFO if response.status >= 400 else logging.DEBUG
    if not log.isEnabledFor(level):
        return response
    log.log(
        level,
        "%s %s %d",
        request.method,
        request.path,
        response.status,
        extra={"ms": round((time.perf_counter() - began) * 1000, 1), "remote": request.remote},
    )
    return response


def counted(metrics: Metrics) -> Middleware:
    """Count the sockets that are open, by the paths of their routes."""

    @web.middleware
    async def step(request: web.Request, handler: Next) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return await handler(request)
        resource = request.match_info.route.resource
        path = resource.canonical if resource else ""
        metrics.opened(path)
        try:
            return await handler(request)
        finally:
            metrics.closed(path)

    return step


def answered(limits: Limits) -> Middleware:
    """Write the answer out here, so that somebody who doesn't read it can't hold us for ever."""

    @web.middleware
    async def step(request: web.Request, handler: Next) -> web.StreamResponse:
        response = await handler(request)
        if response.prepared:
            return response
        seconds = limits.answer_seconds + request.get(PATIENCE, 0)
        try:
            if _fits(request, response):
                await response.prepare(request)
                await response.write_eof()
                return response
            async with asyncio.timeout(seconds):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError:
            log.info("gave up on a slow reader", extra={"remote": request.remote})
            if request.transport is not None:
                request.transport.abort()
        except ConnectionError:
            log.debug("a reader left", extra={"remote": request.remote})
        return _Sent(response)

    return step


def _fits(request: web.Request, response: web.StreamResponse) -> bool:
    """Whether the connection takes it at once, whoever reads it or not."""
    return (
        isinstance(response, web.Response)
        and isinstance(response.body, bytes | None)
        and len(response.body or b"") <= SMALL
        and request.transport is not None
        and not request.transport.get_write_buffer_size()
    )


class _Sent(web.StreamResponse):
    """Stands for an answer that is out: aiohttp would begin once more with a file."""

    def __init__(self, answer: web.StreamResponse) -> None:
        super().__init__(status=answer.status)
        self._answer = answer

    @property
    def keep_alive(self) -> bool | None:
        """As the answer said."""
        return self._answer.keep_alive

    async def prepare(self, request: web.BaseRequest) -> None:
        """Nothing is left to be begun."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to be ended."""


def streamed(handler: H) -> H:
    """Mark a handler that reads the body itself, piece by piece, and counts bytes and seconds."""
    setattr(handler, _STREAMED, True)
    return handler


def takes(size: int) -> Callable[[H], H]:
    """Mark a handler whose requests may have bodies of up to `size` bytes, whatever others may."""

    def mark(handler: H) -> H:
        setattr(handler, _TAKES, size)
        return handler

    return mark


def read(limits: Limits) -> Middleware:
    """Read the body before the handler does, within its time; it finds it read.

    Those that are `streamed` do so themselves.
    """

    @web.middleware
    async def step(request: web.Request, handler: Next) -> web.StreamResponse:
        if hasattr(request.match_info.handler, _STREAMED):
            return await handler(request)
        size = getattr(request.match_info.handler, _TAKES, 0)
        if size and (request.content_length is None or request.content_length > limits.body):
            request = request.clone(client_max_size=size)
        if request.can_read_body and request.match_info.http_exception is None:
            await _read(request, limits.body_seconds)
        return await handler(request)

    return step


async def _read(request: web.Request, seconds: float) -> None:
    try:
        if request.content.is_eof():  # it is all here: no need to look at the time
            await request.read()
            return
        async with asyncio.timeout(seconds):
            await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(headers={"Connection": "close"}) from None
    except web.RequestPayloadError:
        text = "the body is not encoded as its head says"
        raise web.HTTPBadRequest(text=text, headers={"Connection": "close"}) from None
