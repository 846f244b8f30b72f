"""Whatever goes wrong in a request, said as `{"error": {"code", "text"}}` and never a traceback."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import NoReturn

from aiohttp import web

from gateway.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    StoreUnavailable,
    TooLarge,
    TooMany,
    Unauthorized,
)

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]

ANSWERED = web.RequestKey("answered", bool)
STATUS = {
    Invalid: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    TooMany: 429,
}
CODES = {
    400: "invalid",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    409: "conflict",
    413: "too_large",
    429: "too_many",
}

log = logging.getLogger(__name__)


@web.middleware
async def refusals(request: web.Request, handler: Next) -> web.StreamResponse:
    """Turn errors into answers; what nobody foresaw gets a number that stands in the log too."""
    try:
        return await handler(request)
    except Exception as error:
        if request.transport is None or request.transport.is_closing():
            raise
        if request.get(ANSWERED):
            _hang_up(request, error)
        return _said(request, error)


def _said(request: web.Request, error: Exception) -> web.Response:
    match error:
        case Refused():
            return _refused(error)
        case StoreUnavailable():
            log.warning("store unavailable: %s", error)
            text = "the store can't be reached now, nothing was stored: try again"
            return _answer(503, "unavailable", text, {"Retry-After": "1"})
        case web.HTTPException():
            return _http(error)
        case _:
            return _unforeseen(request, error)


def _refused(error: Refused) -> web.Response:
    status = next((STATUS[kind] for kind in type(error).mro() if kind in STATUS), 400)
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.facts.get("retry_after", 1))
    return _answer(status, error.code, str(error), headers, error.facts)


def _http(error: web.HTTPException) -> web.Response:
    if error.status < 400:
        kept = {name: value for name, value in error.headers.items() if name != "Content-Type"}
        return web.Response(status=error.status, headers=kept)
    text = error.text or ""
    if not text or text.startswith(f"{error.status}: "):
        text = error.reason.lower()
    headers = {
        name: value for name, value in error.headers.items() if name in ("Allow", "Connection")
    }
    code = CODES.get(error.status, "refused" if error.status < 500 else "failed")
    return _answer(error.status, code, text, headers)


def _unforeseen(request: web.Request, error: Exception) -> web.Response:
    reference = secrets.token_hex(4)
    facts = {"reference": reference}
    log.error("%s %s failed", request.method, request.path, exc_info=error, extra=facts)
    text = f"something went wrong here; the log tells more under {reference}"
    return _answer(500, "failed", text, facts=facts)


def _hang_up(request: web.Request, error: Exception) -> NoReturn:
    """Half an answer is out: whoever waits for the rest must learn that it won't come."""
    log.error("%s %s failed on the way", request.method, request.path, exc_info=error)
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError


def _answer(
    status: int,
    code: str,
    text: str,
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, object] | None = None,
) -> web.Response:
    body = {"error": {**(facts or {}), "code": code, "text": text}}
    return web.json_response(body, status=status, headers=headers)
