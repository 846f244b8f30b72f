"""The workers: whoever has something to do is claimed, read, answered and let go.

They wake on hints and look every second besides, so that a lost hint costs a second and no more.
A channel has few slots, taken before the lease is: one slow platform holds up nobody else, and no
lease runs out in a queue.
"""

import asyncio
import logging
from asyncio import Future, Task
from collections.abc import Awaitable, Coroutine, Mapping
from contextlib import suppress
from typing import Protocol

from gateway.adapter import Adapter, Delivery, Receipt
from gateway.bus import Admitted, Bus, Claim
from gateway.errors import NotFound, StoreUnavailable
from gateway.hints import Hints
from gateway.message import Message
from gateway.router import Reading
from gateway.sender import Sender

MOMENT = 0.5  # seconds that a message may be read before it is on the disk
LOOK = 1.0  # seconds between two looks for work that no hint told of
SLOTS = 8  # conversations of one channel in which something is being sent
RESUMING_SLOTS = 128  # the same where nothing has to be sent
SETTLE_TRIES = 20

log = logging.getLogger(__name__)


class Faq(Protocol):
    """What the FAQ makes of a text."""

    def known(self, text: str) -> Reading | None:
        """Where that takes microseconds."""

    async def read(self, text: str) -> Reading:
        """Where it may take longer."""


class Workers:
    """Runs one task for each conversation that has work, in this process."""

    def __init__(
        self, bus: Bus, faq: Faq, adapters: Mapping[str, Adapter], sender: Sender, hints: Hints
    ) -> None:
        self._bus = bus
        self._faq = faq
        self._sender = sender
        self._hints = hints
        self._slots = {name: _slots(adapter) for name, adapter in adapters.items()}
        self._tasks: dict[str, Task[None]] = {}
        self._receiving: set[Task[None]] = set()
        self._again: set[str] = set()
        self._loops: list[Task[None]] = []

    async def start(self) -> None:
        """Begin to look for work."""
        self._loops = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]

    def receive(self, message: Message) -> Future[Receipt]:
        """Put a message on the disk, once, and begin to answer it.

        It is read before it is accepted, if that takes no longer than a moment: so one commit both
        keeps it and takes its conversation. What is known is on its way to the disk on return:
        while many come at once, the disk need not wait for the last of them.
        Raises StoreUnavailable if that can't be done now.
        """
        receipt: Future[Receipt] = asyncio.get_running_loop().create_future()
        reading = self._known(message) if self._loops else None
        admitted = self._bus.admit(message, reading) if reading else self._read_and_admit(message)
        task = asyncio.create_task(self._take_in(admitted, receipt))
        self._receiving.add(task)
        task.add_done_callback(self._receiving.discard)
        return receipt

    def _known(self, message: Message) -> Reading | None:
        with suppress(Exception):  # whoever reads it finds the same, and says so
            return self._faq.known(message.text)
        return None

    async def _read_and_admit(self, message: Message) -> Admitted:
        reading = await self._read_at_once(message) if self._loops else None
        if reading is None or not self._loops:
            return await self._bus.accept(message), None
        return await self._bus.admit(message, reading)

    async def _take_in(self, admitted: Awaitable[Admitted], told: Future[Receipt]) -> None:
        """Who waits for the receipt may go away: what is claimed is answered all the same."""
        try:
            receipt, claim = await admitted
        except Exception as error:  # noqa: BLE001 (whoever waits gets it)
            if not told.done():
                told.set_exception(error)
            return
        if not told.done():
            told.set_result(receipt)
        if claim and claim.reply:
            await self._work(claim.conversation, claim.channel, claim)

    async def _read_at_once(self, message: Message) -> Reading | None:
        """None where it takes too long or fails: whoever claims the message finds the same."""
        try:
            async with asyncio.timeout(MOMENT):
                return await self._faq.read(message.text)
        except TimeoutError:
            return None
        except Exception:
            log.exception("a message of channel %s could not be read", message.contact.channel)
            return None

    async def stop(self, grace: float = 15.0) -> None:
        """Take nothing new, give what is under way `grace` seconds to end."""
        loops, self._loops = self._loops, []
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        self._again.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while busy := {*self._receiving, *self._tasks.values()}:
                    await asyncio.wait(busy)
        for task in list(self._tasks.values()):
            task.cancel()

    async def _listen(self) -> None:
        async with self._hints.listen() as board:
            async for hint in board:
                if hint.kind == "work" and hint.detail in self._slots:
                    self._wake(hint.conversation, hint.detail)

    async def _look(self) -> None:
        while True:
            try:
                for channel in self._slots:
                    for conversation in await self._bus.due(channel, 200):
                        self._wake(conversation, channel)
            except StoreUnavailable as error:
                log.warning("workers wait for the store: %s", error)
            await asyncio.sleep(LOOK)

    def _wake(self, conversation: str, channel: str) -> None:
        self._again.add(conversation)
        if conversation not in self._tasks:
            work = asyncio.create_task(self._work(conversation, channel))
            self._tasks[conversation] = work

    async def _work(self, conversation: str, channel: str, claim: Claim | None = None) -> None:
        """Do what there is to do in a conversation; with a `claim` it is ours already.

        Whoever brings a claim takes the place of who was there, and all that is still to be done.
        """
        me = asyncio.current_task()
        if me is None:
            raise RuntimeError("expected to run in a task")
        try:
            if claim:
                before, self._tasks[conversation] = self._tasks.get(conversation), me
                await self._tend(conversation, self._send(claim))
                if before:
                    await asyncio.wait([before])
            while conversation in self._again and self._tasks.get(conversation) is me:
                async with self._slots[channel]:
                    self._again.discard(conversation)
                    await self._tend(conversation, self._turn(conversation))
        finally:
            if self._tasks.get(conversation) is me:
                del self._tasks[conversation]

    async def _turn(self, conversation: str) -> None:
        lines = await self._bus.unread(conversation)
        readings = {line.seq: await self._faq.read(line.text) for line in lines}
        await self._send(await self._bus.claim(conversation, readings))

    async def _send(self, claim: Claim | None) -> None:
        while claim and claim.reply:
            claim = await self._settle(claim, await self._sender.send(claim.reply))

    async def _tend(self, conversation: str, work: Coroutine[None, None, None]) -> None:
        """See to it that no failure passes unseen."""
        try:
            await work
        except StoreUnavailable as error:
            log.warning("conversation %s waits for the store: %s", conversation, error)
        except Exception:
            log.exception("conversation %s could not be handled", conversation)
            with suppress(StoreUnavailable, NotFound):
                await self._bus.fail(conversation)

    async def _settle(self, claim: Claim, delivery: Delivery) -> Claim | None:
        for _ in range(SETTLE_TRIES):
            with suppress(StoreUnavailable):
                return await self._bus.settle(claim, delivery)
            await asyncio.sleep(LOOK)
        return None  # the lease runs out, and whoever takes it finds the fate unknown


def _slots(adapter: Adapter) -> asyncio.Semaphore:
    return asyncio.Semaphore(RESUMING_SLOTS if adapter.resumes else SLOTS)
