"""Who comes in: authentication, rights, and the proof that our own page is asking."""

from hmac import compare_digest
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from gateway.errors import Forbidden, Unauthorized
from handoff.agents import Agent, Role
from handoff.api.route import PUBLIC, Route
from handoff.sessions import LONGEST, Identity, Sessions
from handoff.settings import Settings
from handoff.tokens import Tokens

NOBODY = Identity(Agent("", "", Role.EDITOR), "")


class Door:
    """Admits requests, or refuses them with 401 or 403."""

    def __init__(self, sessions: Sessions, tokens: Tokens, settings: Settings) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._settings = settings

    async def admit(self, request: web.Request, route: Route) -> Identity:
        """Who asks, if they may call `route`."""
        if route.roles is PUBLIC:
            self._require_own_page(request)
            return NOBODY
        identity = await self._identify(request, route)
        if identity.agent.role not in route.roles:
            raise Forbidden("your role doesn't allow this")
        if route.console and not identity.csrf:
            raise Forbidden("sign in for this: an API token may not do it")
        return identity

    def cookie(self, request: web.Request) -> str:
        """The session's secret as the browser sent it."""
        return request.cookies.get(self._name, "")

    def set_cookie(self, response: web.StreamResponse, secret: str) -> None:
        """Give the browser its session, or take it away with ""."""
        response.set_cookie(
            self._name,
            secret,
            max_age=LONGEST // 1000 if secret else 0,
            path="/",
            secure=self._settings.secure,
            httponly=True,
            samesite="Lax",
        )

    @property
    def _name(self) -> str:
        return "__Host-frontdesk" if self._settings.secure else "frontdesk"

    async def _identify(self, request: web.Request, route: Route) -> Identity:
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() == "bearer":
            identity = await self._tokens.whose(token.strip())
        else:
            identity = await self._sessions.whose(self.cookie(request))
        if identity is None:
            raise Unauthorized("sign in first")
        if identity.csrf:
            self._require_intent(request, route, identity)
        return identity

    def _require_intent(self, request: web.Request, route: Route, identity: Identity) -> None:
        socket = route.handle is None
        if not socket and route.method == hdrs.METH_GET:
            return
        self._require_own_page(request)
        if socket and hdrs.ORIGIN in request.headers:
            return  # a page can send no header of its own with a socket, but says where it is from
        sent = request.headers.get("X-CSRF-Token", "")
        if not compare_digest(sent.encode(errors="surrogateescape"), identity.csrf.encode()):
            raise Forbidden("send the session's token as X-CSRF-Token")

    def _require_own_page(self, request: web.Request) -> None:
        """Refuse another site's page; a browser names its page where it matters."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None:
            foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        else:
            foreign = _host(origin) not in self._hosts(request)
        if foreign:
            raise Forbidden("another site's page may not do this")

    def _hosts(self, request: web.Request) -> set[str]:
        return {request.host, _host(self._settings.public_url)} - {""}


def _host(url: str) -> str:
    """The host and port of a URL, "" where it has none or is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
