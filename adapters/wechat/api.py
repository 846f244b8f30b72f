"""The few calls that we make, each with a fresh token and with what the codes ask for."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientTimeout, FormData

from adapters.wechat.codes import Do
from adapters.wechat.config import Config
from adapters.wechat.tokens import Credentials, FreshTokens, TokenSource
from adapters.wechat.troubles import Doubtful, Refusal, Unreachable
from adapters.wechat.wire import Json, Wire, encode
from gateway.clock import SECOND, Clock, system_clock

BUSY_TRIES = 2  # more, after the platform said that it is busy (-1)
PAUSE = 0.3  # seconds before the first of them, at most
# Files take longer than words; one that is sent has to be there well within the sender's time.
UPLOADING = ClientTimeout(total=10, connect=3)
FETCHING = ClientTimeout(total=60, connect=3)

log = logging.getLogger(__name__)

Make = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for the platform: `kind` is image, voice or video."""

    kind: str
    path: Path
    name: str
    type: str


class Api:
    """The calls of one account. Each raises Refusal, Unreachable or Doubtful."""

    def __init__(self, wire: Wire, tokens: TokenSource) -> None:
        self._wire = wire
        self._tokens = tokens

    async def send(self, message: Json) -> None:
        """Push a message to a customer."""
        await self._post("/cgi-bin/message/custom/send", message)

    async def show_typing(self, openid: str) -> None:
        """Show a customer that somebody types, for some seconds."""
        body = {"touser": openid, "command": "Typing"}
        await self._post("/cgi-bin/message/custom/typing", body)

    async def upload(self, upload: Upload) -> str:
        """Upload a file that the platform keeps for three days; its media id."""
        data = await asyncio.to_thread(upload.path.read_bytes)

        def form() -> Mapping[str, Any]:  # a form can be sent only once, a retry needs another
            made = FormData()
            made.add_field("media", data, filename=upload.name, content_type=upload.type)
            return {"data": made, "params": {"type": upload.kind}, "timeout": UPLOADING}

        said = await self._call("POST", "/cgi-bin/media/upload", form)
        if "media_id" not in said:
            raise Doubtful("expected the id of an upload, but none came")
        return str(said["media_id"])

    @asynccontextmanager
    async def media(self, media_id: str) -> AsyncIterator[ClientResponse | str]:
        """A customer's file as it comes in, or the address of a video to be fetched from there."""
        path = "/cgi-bin/media/get"
        query = {"params": {"media_id": media_id}, "timeout": FETCHING}
        token = await self._tokens.get()
        for last in (False, True):
            async with self._wire.answer("GET", path, token, **query) as answer:
                if answer.content_type not in ("application/json", "text/plain"):
                    yield answer
                    return
                try:
                    said = self._wire.read(path, token, await answer.read())
                except Refusal as refusal:
                    if last or refusal.do is not Do.RENEW:
                        raise
                else:
                    yield str(said.get("video_url", ""))
                    return
            token = await self._tokens.get(token)

    async def menu(self) -> Json:
        """The account's menu, {} where there is none."""
        try:
            return await self._call("GET", "/cgi-bin/menu/get", dict)
        except Refusal as refusal:
            if refusal.code == 46003:
                return {}
            raise

    async def set_menu(self, menu: Json) -> None:
        """Replace the account's menu."""
        await self._post("/cgi-bin/menu/create", menu)

    async def servers(self) -> list[str]:
        """The addresses that the platform calls us from: for this any account has the right."""
        said = await self._call("GET", "/cgi-bin/getcallbackip", dict)
        return [str(one) for one in said.get("ip_list", ())]

    async def _post(self, path: str, body: Json) -> Json:
        return await self._call("POST", path, lambda: {"data": encode(body)})

    async def _call(self, method: str, path: str, make: Make) -> Json:
        for tried in range(BUSY_TRIES + 1):
            try:
                return await self._with_token(method, path, make)
            except Refusal as refusal:
                if refusal.do is not Do.TRY_AGAIN:
                    raise
            if tried < BUSY_TRIES:
                await asyncio.sleep(PAUSE * 2**tried * random.uniform(0.5, 1))  # noqa: S311
        raise Unreachable(f"{path}: the platform is busy (-1)", SECOND)

    async def _with_token(self, method: str, path: str, make: Make) -> Json:
        token = await self._tokens.get()
        try:
            return await self._wire.ask(method, path, token, **make())
        except Refusal as refusal:
            if refusal.do is not Do.RENEW:
                raise
        token = await self._tokens.get(token)
        return await self._wire.ask(method, path, token, **make())


@asynccontextmanager
async def standalone(config: Config, clock: Clock = system_clock) -> AsyncIterator[Api]:
    """The API for a command that runs once, without a store; with a token of its own."""
    wire = Wire(config.api_base, config.app_secret.get_secret_value())
    await wire.open()
    try:
        yield Api(wire, FreshTokens(wire, credentials(config), clock))
    finally:
        await wire.close()


def credentials(config: Config) -> Credentials:
    """Who the account is."""
    return Credentials(config.app_id, config.app_secret.get_secret_value())
