"""One visitor's socket from hello to close: frames in, messages to the core, errors back."""

import asyncio
import math
from asyncio import Transport
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from aiohttp import WSCloseCode, WSMsgType
from aiohttp.web import WebSocketResponse

from adapters.web import convert, refusals
from adapters.web.feed import Feed
from adapters.web.frames import Choose, Frame, Hello, Rate, Read, Say, Typing, parse
from adapters.web.lane import Lane
from adapters.web.limits import Quota
from adapters.web.seals import Seals
from adapters.web.tokens import Tokens
from gateway.adapter import Core
from gateway.clock import SECOND
from gateway.errors import FrontdeskError, Invalid, Refused, StoreUnavailable, TooMany
from gateway.hints import Hint
from gateway.message import Message

HELLO_SECONDS = 10
TYPING_EVERY = 2 * SECOND
OFFERS = 50  # lines back in which a suggestion may still be tapped


@dataclass(frozen=True, slots=True)
class Reception:
    """What all sockets of a channel share."""

    core: Core
    tokens: Tokens
    seals: Seals
    identity_secret: str
    feed: Feed
    quota: Quota


async def visit(
    ws: WebSocketResponse, transport: Transport, address: str, reception: Reception
) -> None:
    """Serve an open socket, whose other end is at `address`, until it closes."""
    language = "zh"
    try:
        hello = await _hello(ws)
        language = convert.language(hello.language)
        await _welcome(ws, transport, address, reception, hello)
    except Refused as error:
        await _turn_away(ws, refusals.frame(error, language), WSCloseCode.POLICY_VIOLATION)
    except StoreUnavailable as error:
        await _turn_away(ws, refusals.frame(error, language), WSCloseCode.TRY_AGAIN_LATER)
    except (ConnectionError, TimeoutError):
        transport.abort()


async def _hello(ws: WebSocketResponse) -> Hello:
    async with asyncio.timeout(HELLO_SECONDS):
        raw = await ws.receive()
    frame = parse(raw.data) if raw.type is WSMsgType.TEXT else None
    if not isinstance(frame, Hello):
        raise Invalid("the first frame must be a hello")
    return frame


async def _welcome(
    ws: WebSocketResponse, transport: Transport, address: str, reception: Reception, hello: Hello
) -> None:
    tokens = reception.tokens
    token = tokens.issue() if hello.token is None else hello.token
    who = convert.contact(hello, token, tokens, reception.identity_secret, reception.core.clock())
    lane = Lane(ws, transport, who, reception.core.thread, reception.seals)
    reception.feed.join(lane)
    try:
        await lane.open(token, hello.after)
        await Visit(lane, address, reception).listen(ws)
    finally:
        reception.feed.leave(lane)
        lane.drop()


async def _turn_away(ws: WebSocketResponse, frame: convert.Json, code: WSCloseCode) -> None:
    with suppress(ConnectionError):
        await ws.send_json(frame)
    await ws.close(code=code)


class Visit:
    """What a visitor does, once they are welcomed."""

    __slots__ = ("_address", "_lane", "_read", "_reception", "_typed", "_who")

    def __init__(self, lane: Lane, address: str, reception: Reception) -> None:
        self._address = address
        self._lane = lane
        self._who = lane.contact
        self._reception = reception
        self._read = 0
        self._typed = 0

    async def listen(self, ws: WebSocketResponse) -> None:
        """Take frames in their order. Raises Invalid for the first that is none."""
        async for raw in ws:
            if raw.type is WSMsgType.TEXT:
                await self._take(parse(raw.data))
            elif raw.type is WSMsgType.BINARY:
                await ws.close(code=WSCloseCode.UNSUPPORTED_DATA)

    async def _take(self, frame: Frame) -> None:
        match frame:
            case Say() | Choose() | Rate():
                await self._accept(frame)
            case Typing():
                await self._type()
            case Read():
                await self._see(frame.seq)
            case Hello():
                raise Invalid("a socket has one hello")
            case _:
                assert_never(frame)

    async def _accept(self, frame: Say | Choose | Rate) -> None:
        try:
            self._admit()
            message = await self._message(frame)
            async with self._lane.held():
                receipt = await self._reception.core.receive(message)
                await self._lane.write(convert.accepted(frame.id, receipt.seq))
        except FrontdeskError as error:
            await self._lane.write(refusals.frame(error, self._who.language, frame.id))
        else:
            self._reception.feed.wake(self._who.key)

    def _admit(self) -> None:
        now = self._reception.core.clock()
        self._lane.stir(now)
        if wait := self._reception.quota.admit(self._who.key, self._address, now):
            raise TooMany("too many messages", retry_after=math.ceil(wait / SECOND))

    async def _message(self, frame: Say | Choose | Rate) -> Message:
        match frame:
            case Say():
                files = [await self._reception.core.files.find(one) for one in frame.attachments]
                return convert.said(frame, self._who, files)
            case Rate():
                return convert.rated(frame, self._who)
            case Choose():
                since = max(0, self._lane.cursor - OFFERS)
                lines = await self._reception.core.thread.lines(self._who, since, 2 * OFFERS)
                return convert.chosen(frame, self._who, lines)

    async def _type(self) -> None:
        now = self._reception.core.clock()
        if now - self._typed >= TYPING_EVERY:
            self._typed = now
            await self._tell("typing", "customer")

    async def _see(self, seq: int) -> None:
        if self._read < seq <= self._lane.cursor:
            self._read = seq
            await self._tell("read", str(seq))

    async def _tell(self, kind: str, detail: str) -> None:
        await self._reception.core.hints.publish(Hint(kind, contact=self._who.key, detail=detail))
