"""Keeps the group up to date: looks at what hints name, and regularly at all that is open.

A hint only says where to look soon. What there is to do is found in the notes and the store, so
a lost hint, a restart or another node cost time and nothing else. One node at a time does this.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from adapters.telegram.errors import ApiError, Declined, Limited
from adapters.telegram.forum.clerk import Clerk
from adapters.telegram.forum.plan import LED, step
from adapters.telegram.forum.room import NUDGE, Room
from adapters.telegram.forum.steps import View
from adapters.telegram.forum.topic import Topic
from gateway.clock import MINUTE, SECOND
from gateway.errors import FrontdeskError, NotFound
from gateway.hints import Hint
from gateway.lease import Lease
from gateway.message import Status
from gateway.surface import Sheet

LOOK = 5 * SECOND  # between two looks at all that is open
GATHER = 0.05  # seconds after a hint, in which more of them come
LEASE = 30 * SECOND
BACK = 100  # lines before the newest shown one whose edits and deliveries are watched
MOST = 100  # steps in one conversation before others have their turn
REST = SECOND  # after the first failure in a row, twice as long after each more
LONGEST_REST = 30 * SECOND
LATER = MINUTE  # until a conversation is tried again whose step was refused
UNDER_WAY = (Status.PENDING, Status.SENDING)

log = logging.getLogger(__name__)


class Watch:
    """The loop. Its constructor does no I/O."""

    def __init__(self, room: Room, clerk: Clerk) -> None:
        self._room = room
        self._core = room.core
        self._topics = room.topics
        self._rights = room.rights
        self._clerk = clerk
        self._lease = Lease(self._core.notes, f"group {room.group}", LEASE, self._core.clock)
        self._leased_until = 0
        self._named: dict[str, str] = {}  # conversations to look at, in order; whose they are
        self._nudged: set[str] = set()
        self._open: dict[str, str] = {}
        self._later: dict[str, int] = {}
        self._rest_until = 0
        self._failures = 0
        self._wake = asyncio.Event()
        self._look_at = 0

    async def run(self) -> None:
        """Until it is cancelled."""
        async with self._core.hints.listen() as heard:
            listening = asyncio.create_task(self._listen(heard))
            try:
                while True:
                    everything = await self._waited()
                    await self._try(everything=everything)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
                with contextlib.suppress(FrontdeskError):
                    await self._lease.give_up()

    async def _listen(self, heard: AsyncIterator[Hint]) -> None:
        async for hint in heard:
            if hint.kind not in ("changed", NUDGE) or not hint.conversation:
                continue
            if hint.kind == NUDGE:
                self._nudged.add(hint.conversation)
            self._named[hint.conversation] = hint.contact
            self._wake.set()

    async def _waited(self) -> bool:
        """Wait for a hint or the time; whether it is time to look at everything."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pause() / SECOND):
                await self._wake.wait()
                await asyncio.sleep(GATHER)
        self._wake.clear()
        now = self._now()
        if now < self._look_at:
            return False
        self._look_at = now + LOOK
        return True

    def _pause(self) -> int:
        """The ms until there is something to do without a hint."""
        look = self._look_at - self._now()
        rest = self._rest_until - self._core.clock()
        return max(0, min(look, rest) if self._named and rest > 0 else look)

    def _now(self) -> int:
        """By a clock that nobody sets."""
        return int(asyncio.get_running_loop().time() * SECOND)

    async def _try(self, *, everything: bool) -> None:
        try:
            if not await self._drives():
                self._named.clear()  # the one that does looks, too
                self._nudged.clear()
            elif await self._rights.fine():
                await self._round(everything=everything)
            else:
                self._named = {one: self._named[one] for one in self._nudged if one in self._named}
        except FrontdeskError as error:
            log.warning("the agents' group waits for the store: %s", error)
        except Exception:
            log.exception("the agents' group could not be brought up to date; trying again")

    async def _drives(self) -> bool:
        """Whether this node is the one; whoever becomes it reads what is open."""
        now = self._core.clock()
        if now < self._leased_until - LEASE // 2:
            return True
        had = now < self._leased_until
        if not await self._lease.take():
            self._leased_until = 0
            return False
        if not had:
            self._open = await self._topics.open()
        self._leased_until = now + LEASE
        return True

    async def _round(self, *, everything: bool) -> None:
        if self._core.clock() < self._rest_until:
            return
        current = dict.fromkeys(await self._core.surface.current(), "")
        known = current | self._open
        if everything:
            self._named |= {one: key for one, key in known.items() if one not in self._named}
        due = {one: self._named[one] for one in self._named if one in known or one in self._nudged}
        self._named.clear()
        self._nudged &= due.keys()
        await self._show_all(due)

    async def _show_all(self, due: dict[str, str]) -> None:
        """One after the other; those that can't be shown now keep their place."""
        left = dict(due)
        for conversation in due:
            try:
                if self._core.clock() >= self._later.get(conversation, 0):
                    await self._show(conversation, due[conversation])
            except Declined as error:
                log.warning("agents' group: conversation %s: %s", conversation, error)
                self._put_off(conversation)
                self._rights.doubt()
            except ApiError as error:
                self._rest(error)
                self._named = left | self._named
                return
            except FrontdeskError:
                raise
            except Exception:
                log.exception("the topic of conversation %s could not be shown", conversation)
                self._put_off(conversation)
            left.pop(conversation)
            self._nudged.discard(conversation)
        self._failures = 0

    async def _show(self, conversation: str, contact: str) -> None:
        """Bring the topic of a conversation up to date."""
        try:
            sheet = await self._sheet(conversation, contact)
        except NotFound:  # it was deleted, and what we knew of it
            self._forget(conversation)
            return
        topic = await self._topics.get(sheet.contact.key)
        former = topic.conversation
        if former and former != conversation and not topic.closed:
            await self._show(former, sheet.contact.key)
        for _ in range(MOST):
            topic = await self._topics.get(sheet.contact.key)
            sheet = await self._core.surface.sheet(conversation, max(0, topic.seen - BACK))
            view = View(topic, sheet, self._room.outcomes, self._room.settings, self._room.words)
            found = step(view, self._core.clock())
            if found is None:
                break
            await self._clerk.do(sheet.contact, topic, found)
        self._keep(topic, sheet)

    async def _sheet(self, conversation: str, contact: str) -> Sheet:
        seen = (await self._topics.get(contact)).seen if contact else 0
        return await self._core.surface.sheet(conversation, max(0, seen - BACK))

    def _keep(self, topic: Topic, sheet: Sheet) -> None:
        """Look at it regularly for as long as something may happen in it."""
        conversation = sheet.conversation.id
        under_way = any(line.status in UNDER_WAY for line in sheet.lines)
        shown = topic.conversation == conversation
        if shown and (not topic.closed or under_way or sheet.conversation.mode in LED):
            self._open[conversation] = sheet.contact.key
        else:
            self._forget(conversation)

    def _forget(self, conversation: str) -> None:
        self._open.pop(conversation, None)
        self._later.pop(conversation, None)

    def _put_off(self, conversation: str) -> None:
        """Others must not suffer from one that can't be shown."""
        self._later[conversation] = self._core.clock() + LATER

    def _rest(self, error: ApiError) -> None:
        """Telegram wants us to wait, or does not answer."""
        pause = min(REST << min(self._failures, 5), LONGEST_REST)
        if isinstance(error, Limited):
            pause = error.retry_after
        else:
            self._failures += 1
            self._rights.doubt()
            log.warning("agents' group: %s", error)
        self._rest_until = self._core.clock() + pause
