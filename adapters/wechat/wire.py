"""One request to the platform's API, with every error made one of ours.

Tokens travel in query strings, and aiohttp puts addresses into its errors: so none of its errors
leaves this module, not even as a cause.
"""

import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    TCPConnector,
)

from adapters.wechat.troubles import Doubtful, Refusal, Trouble, Unreachable
from gateway.masking import Secrets

Json = dict[str, Any]

TIMEOUT = ClientTimeout(total=6, connect=3)
IDLE = 10  # seconds: the platform closes idle connections, and a post into one has no known fate

_RID = re.compile(r"rid: ?([\w-]+)")

log = logging.getLogger(__name__)


class Wire:
    """A session with the platform, open from `open` to `close`."""

    def __init__(self, base: str, secret: str) -> None:
        """`base` is where the API is; `secret` is struck out of whatever the platform says."""
        self.base = base.rstrip("/")
        self._secret = secret
        self._session: ClientSession | None = None

    async def open(self) -> None:
        """Get ready; nothing is connected before the first request."""
        connector = TCPConnector(keepalive_timeout=IDLE)
        self._session = ClientSession(connector=connector, timeout=TIMEOUT)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    async def ask(self, method: str, path: str, token: str = "", **more: Any) -> Json:
        """A request whose answer is JSON. Raises Refusal, Unreachable or Doubtful."""
        async with self.answer(method, path, token, **more) as answer:
            return self.read(path, token, await answer.read())

    @asynccontextmanager
    async def answer(
        self, method: str, path: str, token: str = "", **more: Any
    ) -> AsyncIterator[ClientResponse]:
        """The answer to a request, while it comes in; of a status below 400.

        Redirects are not followed: they would carry the token to a stranger.
        """
        query = {**more.pop("params", {}), **({"access_token": token} if token else {})}
        trouble: Trouble | None = None
        try:
            async with self._opened.request(
                method, f"{self.base}{path}", params=query, allow_redirects=False, **more
            ) as answer:
                trouble = _by_status(path, answer.status)
                if trouble is None:
                    yield answer
        except (ClientError, TimeoutError, OSError) as error:
            trouble = _by_error(path, error)
        if trouble:
            raise trouble from None

    def read(self, path: str, token: str, body: bytes) -> Json:
        """What an answer says. Raises Refusal for an error code, Doubtful for what is no answer."""
        said = _parsed(body)
        code = said.get("errcode", 0) if said is not None else None
        if said is None or not isinstance(code, int):
            raise Doubtful(f"{path}: expected JSON, {len(body)} bytes of something else came")
        if code:
            raise self._refusal(path, code, str(said.get("errmsg", "")), token)
        return said

    def _refusal(self, path: str, code: int, text: str, token: str) -> Refusal:
        text = Secrets((self._secret, token)).strike(text)
        found = _RID.search(text)
        rid = found[1] if found else ""
        log.info("%s was refused: %d %s", path, code, text, extra={"rid": rid})
        return Refusal(code, text, rid)

    @property
    def _opened(self) -> ClientSession:
        if self._session is None:
            raise RuntimeError("the wire is not open")
        return self._session


def encode(body: Mapping[str, Any]) -> bytes:
    """JSON with Chinese as it is: the platform refuses some of it escaped (40033)."""
    return json.dumps(body, ensure_ascii=False).encode()


def _parsed(body: bytes) -> Json | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _by_status(path: str, status: int) -> Trouble | None:
    if status >= 500:
        return Doubtful(f"{path}: HTTP {status}")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unreachable(f"{path}: HTTP {status}")
    if status >= 300:
        return Refusal(status, f"{path}: HTTP {status}")
    return None


def _by_error(path: str, error: Exception) -> Trouble:
    text = f"{path}: {type(error).__name__}"
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError):
        return Unreachable(text)
    return Doubtful(text)
