"""The Bot API as one channel calls it: paced, with errors of our own, and the token in no text.

Methods and results are aiogram's; the call itself is ours, as we must tell a message that was
surely not sent from one that may have been. `ask` is the short way for what is sent all day.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, FormData
from pydantic import ValidationError

from adapters.telegram.errors import (
    ApiError,
    Blocked,
    Declined,
    Failed,
    Limited,
    Migrated,
    Taken,
    Unauthorised,
    Unclear,
    Unreached,
)
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace
from adapters.telegram.wire import LostError, NotSentError, Wire
from gateway.clock import SECOND

T = TypeVar("T")
Json = dict[str, Any]

TIMEOUT = 10  # seconds for a call: well within what the core gives a send
UPLOAD_TIMEOUT = 18
PATIENCE = 1500  # ms that a call waits for its turn; longer ones come back later
DEFAULT_RETRY = 3 * SECOND  # where a 429 doesn't say
CHUNK = 64 * 1024
_PACED = ("send", "edit", "forward", "copy")
_UNPACED = frozenset({"sendChatAction"})


class Api:
    """One bot. Its constructor does no I/O."""

    def __init__(self, token: str, base: str, pace: Pace, moved: Moved) -> None:
        """`base` is the address of the Bot API, Telegram's own or another."""
        self._token = token
        self._server = TelegramAPIServer.from_base(base)
        self._session = AiohttpSession(api=self._server)
        self._wire = Wire(base)
        self._bot = Bot(token, session=self._session)
        self._pace = pace
        self._moved = moved
        self._client: ClientSession | None = None

    @property
    def id(self) -> int:
        """The bot's own user id."""
        return self._bot.id

    async def open(self) -> None:
        """Make the connections' pool; nothing is asked yet."""
        self._client = await self._session.create_session()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.close()
        if self._client:
            await self._client.close()

    async def call(self, method: TelegramMethod[T], seconds: float = TIMEOUT) -> T:
        """Call a method of aiogram's. Raises what `ask` raises."""
        name, chat = method.__api_method__, getattr(method, "chat_id", None)

        async def post(chat: object) -> Json:
            here = method if chat is None else method.model_copy(update={"chat_id": chat})
            form = self._session.build_form_data(self._bot, here)
            return await self._post(name, seconds, form)

        answer = await self._paced(name, chat, post)
        shape: Any = Response[method.__returning__]  # type: ignore[name-defined]
        try:
            result: T = shape.model_validate(answer, context={"bot": self._bot}).result
        except ValidationError as error:
            raise Unclear(f"{name}: a result that can't be read") from error
        return result

    async def ask(self, name: str, fields: Mapping[str, Any], seconds: float = TIMEOUT) -> Any:
        """Call a method by its name with JSON; the result as it came.

        Raises Limited, Declined, Blocked, Unauthorised, Taken, Failed, Unreached or Unclear.
        """
        chat = fields.get("chat_id")

        async def post(chat: object) -> Json:
            here = fields if chat is None else {**fields, "chat_id": chat}
            return await self._post_json(name, seconds, here)

        return (await self._paced(name, chat, post))["result"]

    async def download(self, path: str) -> AsyncIterator[bytes]:
        """The bytes of a file that `getFile` named. Raises what `ask` raises."""
        url = self._server.file_url(self._token, path)
        try:
            async with self._connected.get(url, timeout=ClientTimeout(sock_read=TIMEOUT)) as answer:
                if answer.status != 200:
                    raise _error(f"the file came with status {answer.status}", answer.status, None)
                async for chunk in answer.content.iter_chunked(CHUNK):
                    yield chunk
        except (ClientError, TimeoutError, OSError) as error:
            raise self._lost("download", error) from None

    @property
    def _connected(self) -> ClientSession:
        if self._client is None or self._client.closed:
            raise Unreached("the channel is not running")
        return self._client

    async def _paced(
        self, name: str, chat: object, post: Callable[[object], Awaitable[Json]]
    ) -> Json:
        """Post in a chat's turn; a chat that has moved is followed to where it is now."""
        if not isinstance(chat, int):
            return await post(chat)
        here = self._moved.where(chat)
        if name.startswith(_PACED) and name not in _UNPACED:
            await self._pace.turn(here, PATIENCE)
        try:
            return await post(here)
        except Limited as error:
            self._pace.hold(here, error.retry_after)
            raise
        except Migrated as error:
            await self._moved.note(chat, error.to)
            return await post(error.to)

    async def _post(self, name: str, seconds: float, form: FormData) -> Json:
        url, limit = self._server.api_url(self._token, name), ClientTimeout(seconds)
        try:
            async with self._connected.post(url, data=form, timeout=limit) as answer:
                status, content = answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            # Without its cause: there the URL stands, and in the URL the token.
            raise self._lost(name, error) from None
        return self._result(name, status, content)

    async def _post_json(self, name: str, seconds: float, fields: Mapping[str, Any]) -> Json:
        if self._client is None or self._client.closed:
            raise Unreached("the channel is not running")
        path = f"/bot{self._token}/{name}"
        try:
            status, content = await self._wire.post(path, json.dumps(fields).encode(), seconds)
        except NotSentError as error:
            raise Unreached(self._redact(f"{name}: {error}")) from None
        except LostError as error:
            raise Unclear(self._redact(f"{name}: {error}")) from None
        return self._result(name, status, content)

    def _lost(self, name: str, error: Exception) -> ApiError:
        kind = Unreached if isinstance(error, ClientConnectorError) else Unclear
        said = str(error) if isinstance(error, OSError) else ""
        return kind(self._redact(f"{name}: {type(error).__name__} {said}".rstrip()))

    def _result(self, name: str, status: int, body: bytes) -> Json:
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Unclear(f"{name}: status {status} without JSON")
        if answer.get("ok") is True and "result" in answer:
            return answer
        text = self._redact(f"{name}: {answer.get('description') or f'status {status}'}")
        code = answer.get("error_code")
        raise _error(text, code if isinstance(code, int) else status, answer.get("parameters"))

    def _redact(self, text: str) -> str:
        return text.replace(self._token, "***")


def _error(text: str, code: int, parameters: object) -> ApiError:
    more = parameters if isinstance(parameters, dict) else {}
    match code:
        case 429:
            seconds = more.get("retry_after")
            return Limited(text, int(seconds * SECOND) if seconds else DEFAULT_RETRY)
        case 401:
            return Unauthorised(text)
        case 403:
            return Blocked(text)
        case 409:
            return Taken(text)
        case 502 | 504:  # of a gateway, which can't know how far it came behind it
            return Unclear(text)
        case _ if code >= 500:
            return Failed(text)
    if to := more.get("migrate_to_chat_id"):
        return Migrated(text, int(to))
    return Declined(text, code)
