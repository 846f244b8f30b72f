"""Many small pieces of work done as one: those that come in the same turn of the event loop."""

import asyncio
from asyncio import Future, Task
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from gateway.errors import StoreUnavailable

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """Collects what is to be done, until whoever runs by now has added theirs."""

    def __init__(self, do: Callable[[Sequence[A]], Awaitable[Sequence[R]]]) -> None:
        """`do` gives a result for each; where it fails, nothing of it has happened."""
        self._do = do
        self._waiting: list[tuple[A, Future[R]]] = []
        self._running: set[Task[None]] = set()

    def add(self, one: A) -> Future[R]:
        """Have it done; its result, or what `do` raises for it alone."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._begin)
        result: Future[R] = loop.create_future()
        self._waiting.append((one, result))
        return result

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting, []
        results = self._do([one for one, _ in waiting])
        task = asyncio.create_task(self._run(waiting, results))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(
        self, waiting: Sequence[tuple[A, Future[R]]], done: Awaitable[Sequence[R]]
    ) -> None:
        try:
            results = await done
        except Exception as error:  # noqa: BLE001 (whoever waits gets it)
            if len(waiting) == 1 or isinstance(error, StoreUnavailable):
                _fail(waiting, error)
            else:  # one of them is to blame, and the others need not suffer
                for one in waiting:
                    await self._run([one], self._do([one[0]]))
            return
        for (_, future), result in zip(waiting, results, strict=True):
            if not future.done():
                future.set_result(result)


def _fail(waiting: Sequence[tuple[A, Future[R]]], error: Exception) -> None:
    for _, future in waiting:
        if not future.done():
            future.set_exception(error)
