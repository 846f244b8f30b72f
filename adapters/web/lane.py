"""One socket's way out: what its visitor has not seen yet, in order, each line once.

A lane knows the last line that it has sent and reads on from there in the store, so a hint only
says when to look. Between two looks it holds no task and no buffer: an idle visitor costs a socket.
"""

import asyncio
import json
import logging
from asyncio import Task, Transport
from contextlib import AbstractAsyncContextManager

from aiohttp import WSCloseCode
from aiohttp.web import WebSocketResponse

from adapters.web import convert
from adapters.web.seals import Seals
from gateway.clock import SECOND
from gateway.conversation import Mode
from gateway.errors import StoreUnavailable
from gateway.message import Contact
from gateway.thread import State, Thread

SEND_SECONDS = 20
LOOK = 5 * SECOND  # a hint may be lost: look without one, less often where little happens
IDLE_LOOK = 20 * SECOND
ALERT = 60 * SECOND

log = logging.getLogger(__name__)


class Lane:
    """Writes to one socket, one frame after the other; `cursor` is the last line it has had."""

    __slots__ = (
        "_alert",
        "_due",
        "_lock",
        "_look",
        "_seals",
        "_seen",
        "_task",
        "_thread",
        "_transport",
        "_typing",
        "_ws",
        "contact",
        "cursor",
    )

    def __init__(
        self,
        ws: WebSocketResponse,
        transport: Transport,
        contact: Contact,
        thread: Thread,
        seals: Seals,
    ) -> None:
        """`transport` is the one under `ws`: a reader who stands still is cut there."""
        self.contact = contact
        self._ws = ws
        self._transport = transport
        self._thread = thread
        self._seals = seals
        self._lock = asyncio.Lock()
        self.cursor = 0
        self._seen: State | None = None
        self._look = False
        self._typing = False
        self._task: Task[None] | None = None
        self._due = 0
        self._alert = 0

    @property
    def waits(self) -> bool:
        """Whether its visitor stands in the queue, so that others' moves concern them."""
        return self._seen is not None and self._seen.mode is Mode.WAITING

    def held(self) -> AbstractAsyncContextManager[None]:
        """Keep the lane for oneself: what is written inside comes before newer lines."""
        return self._lock

    async def open(self, token: str, after: int) -> None:
        """Welcome the visitor and bring them up to date.

        One who has seen more than there is comes from a store that is gone: from the start then.
        """
        async with self._lock:
            now = await self._thread.state(self.contact)
            self.cursor = after if after <= now.seq else 0
            await self.write(convert.welcome(token, now.seq))
            await self._follow(now)
        if self._look:
            self._start()

    async def write(self, frame: convert.Json) -> None:
        """Send one frame. Raises ConnectionError or TimeoutError where nobody takes it."""
        async with asyncio.timeout(SEND_SECONDS):
            await self._ws.send_str(json.dumps(frame, ensure_ascii=False))

    def wake(self) -> None:
        """Look for what is new, soon; one who is being welcomed looks afterwards."""
        self._look = True
        self._start()

    def show_typing(self) -> None:
        """Tell the visitor that an agent is writing."""
        self._typing = True
        self._start()

    def tick(self, now: int) -> None:
        """Look if it is time (ms) to look without a hint."""
        if now < self._due:
            return
        led = self._seen is not None and self._seen.mode in (Mode.WAITING, Mode.ASSIGNED)
        self._due = now + (LOOK if led or now < self._alert else IDLE_LOOK)
        self.wake()

    def stir(self, now: int) -> None:
        """The visitor did something: expect news, and look often for a while."""
        self._alert = now + ALERT
        self._due = min(self._due, now + LOOK)

    async def close(self, code: int) -> None:
        """End the socket."""
        await self._ws.close(code=code)

    def drop(self) -> None:
        """Stop looking."""
        if self._task:
            self._task.cancel()

    def _start(self) -> None:
        is_open = self._seen is not None
        if is_open and self._task is None:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._look or self._typing:
                await self._pass()
        except StoreUnavailable:
            log.warning("the transcript can't be read now; looking again later")
        except (ConnectionError, TimeoutError):
            self._transport.abort()
        except Exception:
            log.exception("a socket failed and is cut; its widget comes back")
            self._transport.abort()
        finally:
            self._task = None

    async def _pass(self) -> None:
        look, typing, self._look, self._typing = self._look, self._typing, False, False
        async with self._lock:
            if typing:
                await self.write({"type": "typing"})
            if look:
                await self._follow(await self._thread.state(self.contact))

    async def _follow(self, now: State) -> None:
        if now.seq < self.cursor:  # it was deleted and begins anew: so must the widget
            await self.close(WSCloseCode.SERVICE_RESTART)
            return
        while self.cursor < now.seq:
            await self._page(now.seq)
            now = await self._thread.state(self.contact)
        if self._seen is None or convert.state(self._seen) != convert.state(now):
            self._seen = now
            await self.write(convert.state(now))

    async def _page(self, newest: int) -> None:
        lines = await self._thread.lines(self.contact, self.cursor)
        for line in lines:
            await self.write(convert.line(line, self.contact, self._seals))
            self.cursor = line.seq
        if not lines:
            self.cursor = newest  # the rest is not for the customer
