"""A Bot API for tests: a real server that keeps updates until they are confirmed, or is unwell.

It notes every call in `calls`. `script` says what the next calls of a method get instead of a
result. What a method gives when all is well stands in `_result`; more methods are added by
`answers`.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from gateway.web import address

Json = dict[str, Any]
TOKEN = "123456:canary-t0ken-7f3e"
BOT_ID = 123456


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came in: `files` are the uploaded ones, name to (file name, bytes).

    `at` is when, in seconds of a clock that only goes forward.
    """

    method: str
    fields: Json
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a call gets instead of a result.

    `hang` takes the call and never answers, `reset` takes it and cuts the connection; both have
    been done. A `body` goes out as it is.
    """

    status: int = 500
    description: str = ""
    parameters: Json | None = None
    body: str | None = None
    hang: bool = False
    reset: bool = False


def limited(seconds: int) -> Trouble:
    return Trouble(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


BAD_GATEWAY = Trouble(502, body="<html><h1>502 Bad Gateway</h1></html>")
UNAUTHORISED = Trouble(401, "Unauthorized")
OTHER_POLLER = Trouble(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running",
)
WEBHOOK_SET = Trouble(
    409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
)
BLOCKED = Trouble(403, "Forbidden: bot was blocked by the user")

Answer = Callable[[Json], Any]


class BotApi:
    """The server. `pending` are the updates that nobody has confirmed."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.accepted: list[Call] = []
        """The calls that were carried out."""
        self.pending: list[Json] = []
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, Answer] = {}
        self.webhook_url = ""
        self.cut_downloads = 0
        self.failing_downloads = 0
        self.slow_files: asyncio.Event | None = None
        """Until it is set, nobody hears where a file lies."""
        self.polls: list[int] = []
        """How many asked for updates at once, each time that somebody began to."""
        self.base = ""
        self.handed_out = 0
        self._polling = 0
        self._quiet = 0
        self._troubles: dict[str, deque[Trouble]] = {}
        self._update_ids = count(1000)
        self._message_ids = count(1)
        self._changed = asyncio.Condition()
        self._ended = asyncio.Event()

    # What a test does to it

    def script(self, method: str, *troubles: Trouble) -> None:
        """The next calls of a method get these, one each."""
        self._troubles.setdefault(method, deque()).extend(troubles)

    async def push(self, *updates: Json) -> list[int]:
        """Updates come in; those without an id get one. Their ids."""
        async with self._changed:
            for update in updates:
                update.setdefault("update_id", next(self._update_ids))
                self.pending.append(update)
            self._changed.notify_all()
        return [update["update_id"] for update in updates]

    async def be_quiet(self) -> None:
        """The time for which somebody waits for updates is over, and nothing came."""
        self._quiet += 1
        await self._tell()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; looked at after every call and every update."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(condition)

    async def sent(self, number: int = 1, chat: int | None = None) -> list[Json]:
        """The fields of the first `number` messages that were taken, when they are there."""
        await self.until(lambda: len(self._taken(chat)) >= number)
        return self._taken(chat)[:number]

    def of(self, method: str) -> list[Json]:
        """The fields of all calls of a method."""
        return [call.fields for call in self.calls if call.method == method]

    @property
    def texts(self) -> list[str]:
        """The texts that were taken, in order."""
        return [str(one.get("text", one.get("caption", ""))) for one in self._taken(None)]

    def _taken(self, chat: int | None) -> list[Json]:
        return [
            call.fields
            for call in self.accepted
            if call.method.startswith("send")
            and call.method != "sendChatAction"
            and chat in (None, call.fields.get("chat_id"))
        ]

    # The server

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.*}", self._file),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        call = await _read(request, method)
        if request.match_info["token"] != TOKEN:
            return _refused(UNAUTHORISED)
        self.calls.append(call)
        trouble = self._next_trouble(method)
        if trouble is None or trouble.hang or trouble.reset:
            self.accepted.append(call)
        await self._tell()
        if trouble is not None:
            return await self._in_trouble(request, trouble)
        return await self._well(request, call)

    async def _in_trouble(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        if trouble.hang:
            await self._ended.wait()
        if (trouble.reset or trouble.hang) and request.transport:
            request.transport.abort()
        return _refused(trouble)

    async def _well(self, request: web.Request, call: Call) -> web.StreamResponse:
        if call.method == "getFile" and self.slow_files:
            await self.slow_files.wait()
        if call.method == "getUpdates":
            result: Any = await self._updates(call.fields)
        elif call.method in self.answers:
            result = self.answers[call.method](call.fields)
            if isinstance(result, Trouble):
                self.accepted.remove(call)
                return _refused(result)
        else:
            result = self._result(call)
        return web.json_response({"ok": True, "result": result})

    def _next_trouble(self, method: str) -> Trouble | None:
        troubles = self._troubles.get(method)
        return troubles.popleft() if troubles else None

    async def _updates(self, fields: Json) -> list[Json]:
        offset = int(fields.get("offset", 0))
        if offset:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
            await self._tell()
        if not self.pending and int(fields.get("timeout", 0)):
            await self._wait_for_updates()
        self.handed_out += len(self.pending)
        return self.pending[: int(fields.get("limit", 100))]

    async def _wait_for_updates(self) -> None:
        self._polling += 1
        self.polls.append(self._polling)
        began = self._quiet

        def over() -> bool:
            return bool(self.pending) or self._ended.is_set() or self._quiet > began

        try:
            async with self._changed:
                await self._changed.wait_for(over)
        finally:
            self._polling -= 1

    def _result(self, call: Call) -> Any:
        match call.method:
            case "getMe":
                return {
                    "id": BOT_ID,
                    "is_bot": True,
                    "first_name": "Shop",
                    "username": "shop_bot",
                    "can_join_groups": True,
                    "can_read_all_group_messages": True,
                    "supports_inline_queries": False,
                }
            case "getWebhookInfo":
                return {
                    "url": self.webhook_url,
                    "has_custom_certificate": False,
                    "pending_update_count": len(self.pending),
                }
            case "setWebhook":
                self.webhook_url = call.fields["url"]
                return True
            case "getFile":
                name = call.fields["file_id"]
                return {"file_id": name, "file_unique_id": name, "file_path": f"documents/{name}"}
            case name if name.startswith(("send", "edit")) and name != "sendChatAction":
                return self._message(call)
        return True

    def _message(self, call: Call) -> Json:
        chat = int(call.fields.get("chat_id", 0))
        return {
            "message_id": next(self._message_ids),
            "date": 1_700_000_000,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "text": call.fields.get("text", ""),
        }

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if self.failing_downloads:
            self.failing_downloads -= 1
            return _refused(BAD_GATEWAY)
        data = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if data is None:
            return _refused(Trouble(404, "Not Found"))
        response = web.StreamResponse(headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        if self.cut_downloads:
            self.cut_downloads -= 1
            await response.write(data[: len(data) // 2])
            if request.transport:
                request.transport.abort()
            return response
        await response.write(data)
        return response

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def start(self, port: int = 0) -> None:
        """Listen; on a port that the kernel gives unless a test brings the server back."""
        self._ended = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.base = address(self._runner)

    async def stop(self) -> None:
        """End; whoever waits is let go."""
        self._ended.set()
        await self._tell()
        await self._runner.cleanup()


@asynccontextmanager
async def running_bot_api() -> AsyncIterator[BotApi]:
    """The server on a port of its own."""
    api = BotApi()
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


async def _read(request: web.Request, method: str) -> Call:
    if request.content_type == "application/json":
        return Call(method, await request.json())
    fields: Json = {}
    files: dict[str, tuple[str, bytes]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        else:
            fields[name] = _typed(str(value))
    return Call(method, fields, files)


def _typed(value: str) -> Any:
    """A form's numbers and JSON as what they are."""
    if value[:1] in "[{" or value in ("true", "false") or value.lstrip("-").isdigit():
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _refused(trouble: Trouble) -> web.Response:
    if trouble.body is not None:
        return web.Response(status=trouble.status, text=trouble.body, content_type="text/html")
    body: Json = {"ok": False, "error_code": trouble.status, "description": trouble.description}
    if trouble.parameters:
        body["parameters"] = trouble.parameters
    return web.json_response(body, status=trouble.status)
