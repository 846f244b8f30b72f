"""The HTTP application: what every request and every answer goes through, and how we are doing.

Adapters, desk and demo bring their routes; here stand the order of what all requests go
through, the headers, `/healthz`, `/readyz` and `/metrics`.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from aiohttp import web

from gateway import middleware
from gateway.errors import StoreUnavailable
from gateway.health import Check, Level, examine, worst
from gateway.metrics import CONTENT_TYPE, Metrics
from gateway.middleware import Limits
from gateway.proxies import Network, Proxies
from gateway.refusals import ANSWERED, Next, refusals

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
HSTS = "max-age=31536000"


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
            middleware.logged,
            middleware.counted(metrics),
            middleware.answered(limits),
            refusals,
            middleware.read(limits),
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
