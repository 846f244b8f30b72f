"""How late an event loop's turns come while a thread works beside it.

A busy machine makes them late, too. The threads' own doing is no more than what is left without the
loop's wait for a processor (which Linux tells), nor than what both have computed meanwhile.
"""

import asyncio
import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.app import TURN

LATE = 0.005
_TICK = 0.001


@dataclass(frozen=True, slots=True)
class Pauses:
    """By how many seconds each turn came late, in order: in all, and by the threads' own doing."""

    whole: Sequence[float]
    own: Sequence[float]

    def __str__(self) -> str:
        """A row's figures."""
        return f"{_row(self.own)}   with the machine's {_row(self.whole)}"


@contextmanager
def as_served() -> Iterator[None]:
    """As the program sets the interpreter when it serves."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    sys.setswitchinterval(before)


async def beside(work: Callable[[], object]) -> Pauses:
    """The pauses of this loop from the beginning of the work, in a thread, to its end."""
    loop = asyncio.get_running_loop()
    whole, own = [], []
    with ThreadPoolExecutor(1) as thread:
        other = await loop.run_in_executor(thread, threading.get_ident)
        clock = time.pthread_getcpuclockid(other)
        working = loop.run_in_executor(thread, work)
        while not working.done():
            queued, computed, began = _queued(), _computed(clock), time.perf_counter()
            await asyncio.sleep(_TICK)
            late = time.perf_counter() - began - _TICK
            whole.append(late)
            waited = min(late - (_queued() - queued), _computed(clock) - computed)
            own.append(max(waited, 0.0))
        await working
    return Pauses(sorted(whole), sorted(own))


def _computed(other: int) -> float:
    """How many seconds of a processor this thread and another have had."""
    return time.thread_time() + time.clock_gettime(other)


def _queued() -> float:
    """How many seconds this thread has waited for a processor; 0 where the system does not tell."""
    try:
        state = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text()
    except OSError:
        return 0.0
    return int(state.split()[1]) / 1e9


def _row(late: Sequence[float]) -> str:
    over = sum(one > LATE for one in late)
    return (
        f"worst {late[-1] * 1e3:>6.1f}  99.9 % {late[len(late) * 999 // 1000] * 1e3:>6.1f}  "
        f"99 % {late[len(late) * 99 // 100] * 1e3:>5.1f} ms, {over:>4} of {len(late)} over 5 ms"
    )
