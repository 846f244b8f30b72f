"""The web channel: a widget on any page, and the socket behind it."""

import asyncio
from asyncio import Task
from collections.abc import Sequence

from aiohttp import WSCloseCode, web
from aiohttp.web import AbstractRouteDef, HTTPForbidden, Request, WebSocketResponse

from adapters.web.config import Config, Limits
from adapters.web.feed import Feed
from adapters.web.files import Counter
from adapters.web.frames import MAX_BYTES
from adapters.web.limits import Places, Quota, Window
from adapters.web.origins import Origins
from adapters.web.pages import ASSET, Pages
from adapters.web.seals import Seals
from adapters.web.socket import Reception, visit
from adapters.web.tokens import Tokens
from gateway.adapter import SENT, Core, Delivery
from gateway.clock import MINUTE, SECOND
from gateway.message import Reply

HEARTBEAT_SECONDS = 25
CLOSE_SECONDS = 2
HOUR = 60 * MINUTE


class WebAdapter:
    """Serves the visitors of one site or several."""

    resumes = True

    def __init__(self, name: str, config: Config, core: Core) -> None:
        """Without the core's key the visitors' tokens are worth nothing: keep it as they last."""
        self._name = name
        self._origins = Origins(config.allowed_origins)
        self._pages = Pages(config, core.files)
        self._places = Places(config.limits.sockets)
        quota = _quota(config.limits)
        self._feed = Feed(core.hints, core.clock, quota)
        tokens, seals = Tokens(core.key, name), Seals(core.key, name)
        secret = config.identity_secret.get_secret_value()
        self._reception = Reception(core, tokens, seals, secret, self._feed, quota)
        self._counter = Counter(
            core,
            self._origins,
            tokens,
            seals,
            secret,
            _file_quota(config.limits),
            Places(config.limits.sockets),
        )
        self._open: set[WebSocketResponse] = set()
        self._stopped = False
        self._listening: Task[None] | None = None

    @property
    def name(self) -> str:
        """The channel's name in the configuration."""
        return self._name

    @property
    def routes(self) -> Sequence[AbstractRouteDef]:
        """The loader, the frame with its modules, the socket, and the files that people send."""
        base = f"/widget/{self._name}"
        return (
            web.get(f"{base}/loader.js", self._pages.loader),
            web.get(f"{base}/frame", self._pages.frame),
            web.get(f"{base}/socket", self._socket),
            web.post(f"{base}/file", self._counter.take),
            web.get(f"{base}/file/{{file:[0-9a-f]{{32}}}}", self._counter.show),
            web.get(f"{base}/{ASSET}", self._pages.asset),
        )

    async def start(self) -> None:
        """Read the pages and listen for hints."""
        self._pages.load()
        self._listening = asyncio.create_task(self._feed.run())

    async def send(self, _: Reply) -> Delivery:
        """Nothing to do: visitors read their transcript by seq, so a committed reply is there."""
        return SENT

    async def stop(self) -> None:
        """Close every socket; the widgets come back to whoever serves them next.

        Those that come back here meanwhile are sent on: one that stayed would hold up the server.
        """
        self._stopped = True
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        closing = [ws.close(code=WSCloseCode.SERVICE_RESTART) for ws in self._open]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _socket(self, request: Request) -> WebSocketResponse:
        if not self._origins.allow(request.headers.get("Origin"), request.host):
            raise HTTPForbidden(text="this site is not on the list of allowed_origins")
        address = request.remote or ""
        # Without compression no small frame can unfold into a big one, and a socket holds no zlib.
        ws = WebSocketResponse(
            timeout=CLOSE_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            compress=False,
            max_msg_size=MAX_BYTES,
        )
        await ws.prepare(request)
        if self._stopped:
            await ws.close(code=WSCloseCode.SERVICE_RESTART)
        elif not self._places.take(address):
            await ws.close(code=WSCloseCode.TRY_AGAIN_LATER)
        else:
            await self._keep(ws, request, address)
        return ws

    async def _keep(self, ws: WebSocketResponse, request: Request, address: str) -> None:
        self._open.add(ws)
        try:
            await self._talk(ws, request, address)
        finally:
            self._open.discard(ws)
            self._places.leave(address)

    async def _talk(self, ws: WebSocketResponse, request: Request, address: str) -> None:
        transport = request.transport
        if transport is None:
            return
        await visit(ws, transport, address, self._reception)
        if ws.close_code == WSCloseCode.ABNORMAL_CLOSURE:
            transport.abort()  # a peer that answers no ping would keep its last bytes with us


def _quota(limits: Limits) -> Quota:
    span = limits.seconds * SECOND
    visitor = Window(limits.messages, span)
    return Quota(visitor, Window(limits.messages * limits.visitors, span))


def _file_quota(limits: Limits) -> Quota:
    return Quota(Window(limits.files, HOUR), Window(limits.files * limits.visitors, HOUR))
