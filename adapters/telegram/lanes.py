"""One thing after the other in each chat, each chat for itself: a slow one holds up no other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Work = Callable[[Sequence[T]], Awaitable[None]]


class Lanes(Generic[T]):
    """Runs a task for each key that has something to do.

    Items of the same `group` ("": none) that follow each other within `wait` seconds are one piece
    of work.
    """

    def __init__(self, work: Work[T], group: Callable[[T], str], wait: float) -> None:
        """`work` sees things through by itself: what it raises ends the lane."""
        self._work = work
        self._group = group
        self._wait = wait
        self._lanes: dict[Hashable, _Lane[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, key: Hashable, item: T) -> None:
        """Behind whatever that key has."""
        if key in self._lanes:
            self._lanes[key].put(item)
            return
        lane = self._lanes[key] = _Lane[T]()
        lane.put(item)
        task = asyncio.create_task(self._run(key, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_idle(self, key: Hashable) -> bool:
        """Whether nothing of that key is under way."""
        return key not in self._lanes

    async def drain(self, seconds: float) -> None:
        """Let what is under way end, for so long; the rest is cut short."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _run(self, key: Hashable, lane: "_Lane[T]") -> None:
        try:
            while lane.items:
                await self._work(await self._together(lane))
        finally:
            del self._lanes[key]

    async def _together(self, lane: "_Lane[T]") -> list[T]:
        found = [lane.items.popleft()]
        group = self._group(found[0])
        while group and await lane.follows(self._wait) and self._group(lane.items[0]) == group:
            found.append(lane.items.popleft())
        return found


class _Lane(Generic[T]):
    """What waits in one lane."""

    def __init__(self) -> None:
        self.items: deque[T] = deque()
        self._arrived = asyncio.Event()

    def put(self, item: T) -> None:
        self.items.append(item)
        self._arrived.set()

    async def follows(self, seconds: float) -> bool:
        """Whether there is another one, now or within so many seconds."""
        if not self.items:
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return False
        return True
