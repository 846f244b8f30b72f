"""Tencent's API as a small server: tokens, quotas, rights, media, and errors by script."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from gateway.web import address
from tests.files.samples import jpeg

Json = dict[str, Any]
SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
TOKEN = "/cgi-bin/stable_token"
UPLOAD = "/cgi-bin/media/upload"
GET = "/cgi-bin/media/get"
MENU = "/cgi-bin/menu/get"
CREATE = "/cgi-bin/menu/create"
SERVERS = "/cgi-bin/getcallbackip"
SECRET = "the-app-secret-of-the-tests"
JPEG = jpeg()


@dataclass(frozen=True)
class Call:
    """A request as it came in."""

    path: str
    query: Json
    body: bytes

    @property
    def json(self) -> Json:
        said: Json = json.loads(self.body)
        return said


@dataclass
class Tencent:
    """`errors[path]` are what the next calls of a path are refused with, in order; 0: not."""

    verified: bool = True
    """Whether the account may push."""
    errors: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[int, str] = field(default_factory=dict)
    """By code: what an error says."""
    media: dict[str, web.Response | Json] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    sent: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    typed: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    when_called: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    """By path: what to wait for before the call is looked at."""
    menu: Json = field(default_factory=dict)
    """The account's menu, as `menu/create` takes it."""
    nonsense: dict[str, str] = field(default_factory=dict)
    """By path: what its calls are answered with by somebody who is not the platform."""
    statuses: dict[str, int] = field(default_factory=dict)
    """By path: the status of its answers."""
    cut: set[str] = field(default_factory=set)
    """The paths whose calls are done, and whose answers never come."""
    moved: dict[str, str] = field(default_factory=dict)
    """By path: where a redirect leads."""
    token: str = ""
    base: str = ""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._heard = asyncio.Condition()

    async def start(self) -> None:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = address(self._runner)

    async def stop(self) -> None:
        await self._runner.cleanup()

    def of(self, path: str) -> list[Call]:
        """The calls of a path, in order."""
        return [call for call in self.calls if call.path == path]

    @property
    def count(self) -> Counter[str]:
        """How often each path was called."""
        return Counter(call.path for call in self.calls)

    async def called(self, path: str, times: int = 1) -> None:
        """Wait until a path has been called so often."""
        async with asyncio.timeout(30), self._heard:
            await self._heard.wait_for(lambda: self.count[path] >= times)

    def refuse(self, path: str, *codes: int) -> None:
        self.errors[path] += codes

    def expire(self) -> None:
        """What was given out as a token counts no more."""
        self.token = ""

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.path, dict(request.query), await request.read())
        self.calls.append(call)
        async with self._heard:
            self._heard.notify_all()
        if wait := self.when_called.get(call.path):
            await wait()
        if call.path in self.moved:
            return web.Response(status=302, headers={"Location": self.moved[call.path]})
        if {call.path} & (self.nonsense.keys() | self.statuses.keys()):
            text, status = self.nonsense.get(call.path), self.statuses.get(call.path, 200)
            return web.Response(text=text, status=status)
        answer = self._refusal(call) or self._done(call)
        if call.path in self.cut and request.transport:
            request.transport.abort()
        return answer

    def _refusal(self, call: Call) -> web.Response | None:
        if (waiting := self.errors[call.path]) and (code := waiting.pop(0)):
            return self._error(code)
        if call.path == TOKEN or call.path.startswith("/files/"):
            return None
        if not self.token or call.query.get("access_token") != self.token:
            return self._error(40001)
        if not self.verified and call.path in (SEND, TYPING, UPLOAD, GET):
            return self._error(48001)
        return None

    def _error(self, code: int) -> web.Response:
        text = self.texts.get(code, "refused by the script")
        return _said({"errcode": code, "errmsg": f"{text} rid: 6650a-1f-{next(self._numbers)}"})

    def _done(self, call: Call) -> web.Response:
        match call.path:
            case "/cgi-bin/stable_token":
                return self._give_token(call)
            case "/cgi-bin/message/custom/send":
                self.sent.put_nowait(call.json)
            case "/cgi-bin/message/custom/typing":
                self.typed.put_nowait(call.json)
            case "/cgi-bin/media/upload":
                return _said({"type": "image", "media_id": f"upload-{next(self._numbers)}"})
            case "/cgi-bin/media/get":
                return self._file(call.query["media_id"])
            case "/cgi-bin/menu/get":
                return _said({"menu": self.menu}) if self.menu else self._error(46003)
            case "/cgi-bin/menu/create":
                self.menu = call.json
            case "/cgi-bin/getcallbackip":
                return _said({"ip_list": ["127.0.0.1"]})
            case path if path.startswith("/files/"):
                return self._file(path.removeprefix("/files/"))
        return _said({"errcode": 0, "errmsg": "ok"})

    def _give_token(self, call: Call) -> web.Response:
        asked = call.json
        assert asked["grant_type"] == "client_credential"
        if asked["secret"] != SECRET:
            return self._error(40125)
        self.token = self.token or f"TOKEN-{next(self._numbers)}-{'x' * 20}"
        return _said({"access_token": self.token, "expires_in": 7200})

    def _file(self, media: str) -> web.Response:
        found = self.media.get(media)
        if found is None:
            return self._error(40007)
        if isinstance(found, web.Response):
            return web.Response(body=found.body, headers=found.headers, status=found.status)
        return _said(found)


def picture(body: bytes = JPEG) -> web.Response:
    """A file as the platform gives it out."""
    return web.Response(body=body, content_type="image/jpeg")


def _said(body: Json) -> web.Response:
    return web.Response(text=json.dumps(body), content_type="application/json")
