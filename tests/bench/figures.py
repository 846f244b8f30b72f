"""Many calls, some at a time, and what they took."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """`rate` in calls a second, the percentiles in ms."""

    rate: float
    p50: float
    p99: float

    def __str__(self) -> str:
        """A row's figures."""
        return f"{self.rate:>9,.0f} /s   p50 {self.p50:>7.2f} ms   p99 {self.p99:>7.2f} ms"


async def measure(calls: Sequence[Callable[[], Awaitable[None]]], rounds: int) -> Figures:
    """Let each of the callers call `rounds` times, all callers at once."""
    took: list[float] = []

    async def caller(call: Callable[[], Awaitable[None]]) -> None:
        for _ in range(rounds):
            began = time.perf_counter()
            await call()
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller(call) for call in calls))
    seconds = time.perf_counter() - began
    took.sort()
    return Figures(
        len(took) / seconds, took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3
    )


def show(name: str, ours: Figures, peer_name: str, peer: Figures) -> None:
    """Print a pair and how they compare."""
    print(f"  {name:<44} {ours}")
    print(f"  {peer_name:<44} {peer}")
    ratio, slower = ours.rate / peer.rate, ours.p50 / peer.p50
    print(f"  {'':<44} {ratio:>9.2f} × rate   {slower:>11.2f} × p50\n")
