"""The FAQ that is live: loaded from its folder, and anew within two seconds of a change.

The files are looked at, not watched, so that network folders work. A new FAQ is built beside the
old one in a thread and takes its place in one step; one that cannot be read, or that would lose
examples which held before, never does.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from faq.content import Faq, files, load
from faq.encoding.encoder import Encode, encoder
from faq.entry import Entry
from faq.examples import lost
from faq.files.document import MAX_BYTES
from faq.files.problem import DocumentError, Problem
from faq.lines import Lines
from faq.matching.matcher import Matcher

_LOOK = 0.5
_READ_EVERY = 4
"""Every so many looks the content is read too: times on network folders are coarse."""


@dataclass(frozen=True, slots=True)
class Live:
    """The FAQ in use and since when (ms since 1970, UTC)."""

    faq: Faq
    matcher: Matcher
    since: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A change that was not taken over, when it was seen and why."""

    at: int
    problems: tuple[Problem, ...]


class Library:
    """Keeps the FAQ of one folder live between `start` and `stop`."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], int],
        told: Callable[[Live | Failure], None] = lambda _: None,
        semantic: bool = False,
    ) -> None:
        """`clock` gives ms since 1970; `told` hears of every change, in the event loop.

        `semantic` adds sentence embeddings: needs the extra `frontdesk[semantic]`.
        """
        self.folder = folder
        self.failure: Failure | None = None
        """Why the last change was refused; None once the folder is live again."""
        self._clock = clock
        self._told = told
        self._semantic = semantic
        self._encode: Encode | None = None
        self._live: Live | None = None
        self._written = Faq(())
        self._seen = _Seen((), b"")
        self._changes = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    @property
    def live(self) -> Live:
        """The FAQ in use; there is one from `start` on."""
        if self._live is None:
            raise RuntimeError("the library has not been started")
        return self._live

    async def start(self) -> None:
        """Load the folder and keep looking; raises DocumentError where it cannot be loaded."""
        if self._semantic:
            self._encode = await asyncio.to_thread(encoder)
        self._seen = await asyncio.to_thread(self._see)
        self._live = await asyncio.to_thread(self._build, None)
        self._told(self._live)
        self._task = asyncio.create_task(self._keep_looking(), name="faq-library")

    async def stop(self) -> None:
        """Stop looking; what is live stays usable."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def look(self) -> bool:
        """Take over what has changed since the last look; whether anything had."""
        async with self._changes:
            seen = await asyncio.to_thread(self._see)
            saved = seen.content != self._seen.content
            due = self._of_today(self._written) != self.live.faq.entries
            if saved:
                await self._take_over()
            elif due:
                self._live = await asyncio.to_thread(self._index, self._written)
                self._told(self._live)
            self._seen = seen
            return saved or due

    async def _keep_looking(self) -> None:
        before = self._seen.times
        for look in itertools.count(1):
            await asyncio.sleep(_LOOK)
            times = await asyncio.to_thread(_times, self.folder)
            still = times == before
            before = times
            if still and (times != self._seen.times or look % _READ_EVERY == 0):
                await self.look()

    async def _take_over(self) -> None:
        try:
            self._live = await asyncio.to_thread(self._build, self.live)
        except DocumentError as error:
            self.failure = Failure(self._clock(), error.problems)
            self._told(self.failure)
        else:
            self.failure = None
            self._told(self._live)

    def _build(self, before: Live | None) -> Live:
        """Load and index the folder; slow, for a thread.

        Raises DocumentError where it cannot be read, or would break a promise that `before` keeps.
        """
        try:
            written = load(self.folder)
        except OSError as error:
            zh, en = f"读不了 FAQ 文件夹：{error}。", f"the FAQ folder cannot be read: {error}."
            raise DocumentError([Problem(str(self.folder), 0, 0, zh, en)]) from error
        live = self._index(written)
        if before and (missed := lost(live.faq, live.matcher, before.matcher)):
            lines = Lines()
            raise DocumentError([_refused(miss.problem_at(lines)) for miss in missed])
        self._written = written
        return live

    def _index(self, written: Faq) -> Live:
        """What is valid today, whatever that does to examples: days pass without being asked."""
        faq = replace(written, entries=self._of_today(written))
        return Live(faq, Matcher(faq, encode=self._encode), self._clock())

    def _of_today(self, faq: Faq) -> tuple[Entry, ...]:
        today = datetime.fromtimestamp(self._clock() / 1000, UTC).astimezone().date()
        return tuple(entry for entry in faq.entries if entry.valid(today))

    def _see(self) -> _Seen:
        """The folder as it is now."""
        times = _times(self.folder)
        content = hashlib.blake2b(digest_size=16)
        for path, *_ in times:
            content.update(path.encode() + b"\0" + _content(Path(path)) + b"\0")
        return _Seen(times, content.digest())


def _refused(problem: Problem) -> Problem:
    """Why a change is not taken over though the files can be read."""
    return replace(
        problem,
        zh=f"这次修改没有生效，因为会丢掉原来答得对的例句：{problem.zh}",
        en=f"the change is not live, since an example that held would be lost: {problem.en}",
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    times: tuple[tuple[str, int, int], ...]
    content: bytes


def _times(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Path, time of change (ns) and size of every file; empty where the folder is away."""
    found = []
    try:
        for path in files(folder):
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
    except OSError:
        return ()
    return tuple(found)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return b"?"
