"""Customers and agents who don't give up: what got no answer is said again, with the same id."""

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from random import Random
from typing import Any

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    CookieJar,
    WSMsgType,
)

TEXTS = ("运费怎么算", "多久发货", "转人工", "火星上能配眼镜吗", "你们老板属什么", "怎么查物流")
PATIENCE = 0.05  # seconds until the same is said again


class Customers:
    """Write through the hook; `accepted` are those that the gateway has answered with 200."""

    def __init__(self, base: str, chance: Random) -> None:
        self.accepted: list[str] = []
        self._base = base
        self._chance = chance

    async def write(self, contact: str) -> None:
        """Write until cancelled."""
        async with ClientSession(timeout=ClientTimeout(5)) as session:
            for number in itertools.count():
                body = {
                    "id": f"{contact}-{number}",
                    "contact": contact,
                    "text": self._chance.choice(TEXTS),
                }
                url = f"{self._base}/hook/hook"
                await _until_ok(partial(session.post, url, json=body))
                self.accepted.append(str(body["id"]))
                await asyncio.sleep(self._chance.random() * 0.1)


class Agents:
    """Take who waits, answer, and now and then close; `accepted` are the ids of replies."""

    def __init__(self, base: str, chance: Random) -> None:
        self.accepted: list[str] = []
        self._api = f"{base}/api/v1"
        self._chance = chance
        self.token = ""

    async def sign_in(self, name: str, password: str) -> None:
        """Get an API token, which outlives restarts."""
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            body = {"name": name, "password": password}
            async with session.post(f"{self._api}/session", json=body) as answer:
                csrf = (await answer.json())["csrf"]
            headers = {"X-CSRF-Token": csrf, "Origin": self._api.removesuffix("/api/v1")}
            named = {"name": "crash test"}
            async with session.post(f"{self._api}/tokens", json=named, headers=headers) as answer:
                answer.raise_for_status()
                self.token = (await answer.json())["token"]

    async def work(self) -> None:
        """Work until cancelled."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with ClientSession(timeout=ClientTimeout(5), headers=headers) as session:
            while True:
                with suppress(ClientError, TimeoutError, json.JSONDecodeError):
                    await self._take_and_answer(session)
                await asyncio.sleep(PATIENCE)

    async def _take_and_answer(self, session: ClientSession) -> None:
        mode = self._chance.choice(("waiting", "assigned", "bot"))
        async with session.get(f"{self._api}/conversations?mode={mode}&limit=50") as answer:
            items = (await answer.json())["items"]
        if not items:
            return
        url = f"{self._api}/conversations/{self._chance.choice(items)['id']}"
        async with session.post(f"{url}/claim") as answer:
            if answer.status != 200:
                return
        key = str(uuid.uuid4())
        body = {"id": key, "text": "您好，我来为您解答。"}
        if await _until_ok(lambda: session.post(f"{url}/messages", json=body), also=(404, 409)):
            self.accepted.append(key)
        if self._chance.random() < 0.3:
            record = {"outcome": "solved", "summary": "ok"}
            await _until_ok(lambda: session.post(f"{url}/close", json=record), also=(404, 409))


class Visitor:
    """A widget: one transcript, built through any number of cuts."""

    def __init__(self, base: str, chance: Random) -> None:
        self.transcript: list[tuple[int, str, str]] = []
        self.accepted: list[str] = []
        self._url = f"{base}/widget/website/socket"
        self._chance = chance
        self._token: str | None = None
        self._unsent: dict[str, str] = {}

    async def visit(self) -> None:
        """Chat until cancelled."""
        while True:
            with suppress(ClientError, OSError, TimeoutError):
                async with self._connected() as socket:
                    await self._chat(socket)
            await asyncio.sleep(PATIENCE)

    async def catch_up(self) -> None:
        """Read what is left until nothing new comes for a second."""
        async with self._connected() as socket:
            with suppress(TimeoutError):
                while True:
                    await self._hear(socket, 1.0)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[ClientWebSocketResponse]:
        async with ClientSession() as session, session.ws_connect(self._url) as socket:
            after = self.transcript[-1][0] if self.transcript else 0
            await socket.send_json(
                {"type": "hello", "token": self._token, "after": after, "language": "zh-CN"}
            )
            for key, text in self._unsent.items():
                await socket.send_json({"type": "message", "id": key, "text": text})
            yield socket

    async def _chat(self, socket: ClientWebSocketResponse) -> None:
        while True:
            if not self._unsent:
                key, text = str(uuid.uuid4()), self._chance.choice(TEXTS)
                self._unsent[key] = text
                await socket.send_json({"type": "message", "id": key, "text": text})
            with suppress(TimeoutError):
                await self._hear(socket, 0.1)

    async def _hear(self, socket: ClientWebSocketResponse, patience: float) -> None:
        frame = await socket.receive(patience)
        if frame.type is not WSMsgType.TEXT:
            raise ConnectionError(frame.type)
        self._note(json.loads(frame.data))

    def _note(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "welcome":
                self._token = frame["token"]
            case "accepted":
                self._unsent.pop(frame["id"], None)
                self.accepted.append(frame["id"])
            case "message":
                self.transcript.append((frame["seq"], frame["author"], frame["text"]))


async def _until_ok(ask: Callable[[], Any], also: tuple[int, ...] = ()) -> bool:
    """Ask until the answer is a yes (True) or a no that is one of `also` (False)."""
    while True:
        with suppress(ClientError, TimeoutError):
            async with ask() as answer:
                if answer.ok or answer.status in also:
                    return bool(answer.ok)
        await asyncio.sleep(PATIENCE)
