"""The lanes of this process, by contact: hints wake them, and time does where a hint was lost."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator

from adapters.web.lane import Lane
from adapters.web.limits import Quota
from gateway.clock import Clock
from gateway.hints import Hint, Hints

TICK_SECONDS = 1

log = logging.getLogger(__name__)


class Feed:
    """Listens once for all the sockets of a process."""

    def __init__(self, hints: Hints, clock: Clock, quota: Quota) -> None:
        self._hints = hints
        self._clock = clock
        self._quota = quota
        self._lanes: defaultdict[str, set[Lane]] = defaultdict(set)
        self._queue_moved = False

    def __iter__(self) -> Iterator[Lane]:
        """All lanes, as they are now."""
        return iter([lane for lanes in self._lanes.values() for lane in lanes])

    def join(self, lane: Lane) -> None:
        """Wake this lane from now on."""
        self._lanes[lane.contact.key].add(lane)

    def leave(self, lane: Lane) -> None:
        """Forget this lane."""
        key = lane.contact.key
        self._lanes[key].discard(lane)
        if not self._lanes[key]:
            del self._lanes[key]

    def wake(self, contact: str) -> None:
        """Let every lane of a contact (by our id) look for news."""
        for lane in self._lanes.get(contact, ()):
            lane.wake()

    async def run(self) -> None:
        """Listen and tick until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._tick())

    async def _listen(self) -> None:
        while True:
            try:
                async with self._hints.listen() as hints:
                    async for hint in hints:
                        self._hear(hint)
            except Exception:
                log.exception("the board of hints failed; listening again")
            await asyncio.sleep(TICK_SECONDS)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            moved, self._queue_moved = self._queue_moved, False
            now = self._clock()
            self._quota.forget(now)
            for lane in self:
                if moved and lane.waits:
                    lane.wake()
                lane.tick(now)

    def _hear(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._queue_moved = True
            self.wake(hint.contact)
        elif hint.kind == "typing" and hint.detail == "agent":
            for lane in self._lanes.get(hint.contact, ()):
                lane.show_typing()
