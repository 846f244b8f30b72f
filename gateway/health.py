"""Whether this node is fit to serve, as a list of named checks that each say why."""

import asyncio
import logging
import re
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from gateway.errors import StoreUnavailable
from gateway.store import Reads

PATIENCE = 3.0  # seconds for one check
FREE = 0.05  # of the disk
_FOLDERS = re.compile(r"(?<![\w.:/~-])/(?:[^\s/:\"'“”]+/)*(?=[^\s/])")

log = logging.getLogger(__name__)


class Level(StrEnum):
    """How it is: all well, slower or poorer than usual, or unable to serve."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class State:
    """What a check found; the text is for people and holds no secret."""

    level: Level
    text: str = ""


class Usage(Protocol):
    """Bytes of a disk, as `shutil.disk_usage` tells them."""

    @property
    def total(self) -> int:
        """All."""

    @property
    def free(self) -> int:
        """Those nobody uses."""


OK = State(Level.OK)
Check = Callable[[], Awaitable[State]]


async def examine(checks: Mapping[str, Check]) -> dict[str, State]:
    """Run all checks at once; one that fails or takes too long is down.

    Anybody may ask how we are: of absolute paths in the texts only the last part is left.
    """
    states = await asyncio.gather(*(_examine(name, check) for name, check in checks.items()))
    return dict(zip(checks, states, strict=True))


def worst(states: Mapping[str, State]) -> Level:
    """The level of the whole."""
    order = list(Level)
    return max((state.level for state in states.values()), key=order.index, default=Level.OK)


async def _examine(name: str, check: Check) -> State:
    try:
        async with asyncio.timeout(PATIENCE):
            state = await check()
            return replace(state, text=_FOLDERS.sub("", state.text))
    except TimeoutError:
        return State(Level.DOWN, f"no answer within {PATIENCE:g} s")
    except Exception:
        log.exception("the check of %s failed", name)
        return State(Level.DOWN, "the check failed; the log says how")


def store(reads: Reads) -> Check:
    """The store answers."""

    async def check() -> State:
        try:
            await reads.row("SELECT 1")
        except StoreUnavailable:
            return State(Level.DOWN, "the store does not answer")
        return OK

    return check


def disk(folder: Path, usage: Callable[[Path], Usage] = shutil.disk_usage) -> Check:
    """The disk that `folder` is on has room."""

    async def check() -> State:
        found = await asyncio.to_thread(usage, folder)
        free = found.free / found.total
        if free < FREE:
            return State(Level.DOWN, f"{free:.1%} of the disk is free, {FREE:.0%} is needed")
        return OK

    return check


def hints(connected: Callable[[], bool]) -> Check:
    """Other nodes are heard; without them everything goes on, up to a second later."""

    async def check() -> State:
        return OK if connected() else State(Level.DEGRADED, "other nodes are heard a second late")

    return check


def draining(begun: Callable[[], bool]) -> Check:
    """This node is not on its way out."""

    async def check() -> State:
        return State(Level.DOWN, "draining") if begun() else OK

    return check
