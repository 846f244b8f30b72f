"""The HTTP application: what every request and every answer goes through, and how we are doing.

Adapters, desk and demo bring their routes; here stand the limits, the headers, the form of errors,
the request log, `/healthz`, `/readyz` and `/metrics`.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Middleware

from gateway.errors import StoreUnavailable
from gateway.health import Check, Level, examine, worst
from gateway.metrics import CONTENT_TYPE, Metrics
from gateway.proxies import Network, Proxies
from gateway.refusals import ANSWERED, Next, refusals

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
HSTS = "max-age=31536000"
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

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


async def _nothing() -> None:
    """No figures to bring up to date."""


def application(
    routes: Iterable[web.AbstractRouteDef],
    *,
    checks: Mapping[str, Check],
    metrics: Metrics,
    measure: Callable[[], Awaitable[None]] = _nothing,
    trusted_proxies: Sequence[Network] = (),
    secure: bool = False,
    limits: Limits | None = None,
) -> web.Application:
    """Put the application together.

    `checks` decide on readiness, `measure` brings the metrics up to date before they are read,
    `secure` says that browsers come by https. Answers get our security headers where they bring
    none of their own.
    """
    limits = limits or Limits()
    app = web.Application(
        client_max_size=limits.body,
        middlewares=[
            Proxies(trusted_proxies),
            _logged,
            _counted(metrics),
            _answered(limits),
            refusals,
            _read(limits),
        ],
    )
    app.on_response_prepare.append(_headers({"Strict-Transport-Security": HSTS} if secure else {}))
    app.add_routes(
        [
            web.get("/healthz", _alive),
            web.get("/readyz", _readiness(checks)),
            web.get("/metrics", _figures(metrics, measure)),
            *routes,
        ]
    )
    return app


async def listen(
    app: web.Application, host: str, port: int, limits: Limits | None = None
) -> web.AppRunner:
    """Serve on an address; `cleanup()` of what is returned ends it. Raises OSError if taken."""
    limits = limits or Limits()
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        keepalive_timeout=limits.head_seconds,
        lingering_time=1,
        shutdown_timeout=5,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner


def address(runner: web.AppRunner) -> str:
    """Where a runner listens, as a URL."""
    host, port = runner.addresses[0][:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@web.middleware
async def _logged(request: web.Request, handler: Next) -> web.StreamResponse:
    """Note each request, without its query, in which there may be secrets."""
    began = time.perf_counter()
    response = await handler(request)
    log.log(
        logging.DEBUG if request.path in QUIET else logging.INFO,
        "%s %s %d",
        request.method,
        request.path,
        response.status,
        extra={"ms": round((time.perf_counter() - began) * 1000, 1), "remote": request.remote},
    )
    return response


def _counted(metrics: Metrics) -> Middleware:
    """Count the sockets that are open, by the paths of their routes."""

    @web.middleware
    async def counted(request: web.Request, handler: Next) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return await handler(request)
        resource = request.match_info.route.resource
        path = resource.canonical if resource else ""
        metrics.opened(path)
        try:
            return await handler(request)
        finally:
            metrics.closed(path)

    return counted


def _answered(limits: Limits) -> Middleware:
    """Write the answer out here, so that somebody who doesn't read it can't hold us for ever."""

    @web.middleware
    async def answered(request: web.Request, handler: Next) -> web.StreamResponse:
        response = await handler(request)
        if response.prepared or isinstance(response, web.FileResponse):
            return response  # a file can be prepared only once, and aiohttp will do so
        try:
            async with asyncio.timeout(limits.answer_seconds):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError:
            log.info("gave up on a slow reader", extra={"remote": request.remote})
            if request.transport is not None:
                request.transport.abort()
        return response

    return answered


def _read(limits: Limits) -> Middleware:
    """Read the body before the handler does, within its time; it finds it read."""

    @web.middleware
    async def read(request: web.Request, handler: Next) -> web.StreamResponse:
        if request.can_read_body and request.match_info.http_exception is None:
            try:
                async with asyncio.timeout(limits.body_seconds):
                    await request.read()
            except TimeoutError:
                raise web.HTTPRequestTimeout(headers={"Connection": "close"}) from None
        return await handler(request)

    return read


def _headers(
    more: Mapping[str, str],
) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    wanted = HEADERS | dict(more)

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        request[ANSWERED] = True
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "Frontdesk"

    return add


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"status": Level.OK})


def _readiness(checks: Mapping[str, Check]) -> Next:
    async def ready(_: web.Request) -> web.Response:
        states = await examine(checks)
        level = worst(states)
        body = {
            "status": level,
            "checks": {name: {"status": s.level, "text": s.text} for name, s in states.items()},
        }
        return web.json_response(body, status=503 if level is Level.DOWN else 200)

    return ready


def _figures(metrics: Metrics, measure: Callable[[], Awaitable[None]]) -> Next:
    async def figures(_: web.Request) -> web.Response:
        with suppress(StoreUnavailable):  # then the figures of this process have to do
            await measure()
        return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE})

    return figures
