"""The live FAQ as the core uses it: what it makes of a line, and what it offers to an agent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from faq.confirmed import trials
from faq.content import Faq
from faq.entry import Entry
from faq.files.problem import Problem
from faq.gaps import Asked
from faq.library import Failure, Library, Live
from faq.matching.match import Match
from gateway.clock import isoformat
from gateway.health import Level, State
from gateway.pictures import Pictures
from gateway.router import Reading

log = logging.getLogger(__name__)

_SHARPEN_EVERY = 600
"""Seconds. What one more customer says does not matter at once."""

_LATELY = 1024
"""So many readings are remembered."""

Learn = Callable[[], Awaitable[Sequence[Asked]]]
"""The questions of the last weeks, from the store."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that an agent may send; `confidence` in 0–1."""

    id: str
    question: str
    answer: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Status:
    """Which FAQ is live: since when (ISO), how many entries, why the last change is not (or ()).

    The problems carry their files' names only: where these lie is nobody else's business.
    """

    since: str
    entries: int
    refused: tuple[Problem, ...]


class Answers:
    """Asks the matcher in a thread of its own, so that a large FAQ never holds up the sockets."""

    def __init__(self, library: Library, pictures: Pictures | None = None) -> None:
        """Without `pictures` answers are words alone."""
        self._library = library
        self._pictures = pictures
        self._illustrated: Sequence[Entry] = ()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="faq")
        self._lately: dict[str, tuple[Faq, Reading]] = {}
        self._entries: tuple[Faq | None, Mapping[str, Entry]] = (None, {})
        self._learning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the FAQ. Raises DocumentError where it can't be loaded."""
        await self._library.start()

    async def stop(self) -> None:
        """Stop looking for changes."""
        await self._library.stop()
        self._thread.shutdown()

    def learn(self, questions: Learn) -> None:
        """Begin to sharpen the threshold by what customers and agents confirm, again and again."""
        self._learning = asyncio.create_task(self._keep_learning(questions), name="faq-learning")

    async def stop_learning(self) -> None:
        """What was learnt stays."""
        if self._learning:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
            self._learning = None

    async def sharpen(self, questions: Sequence[Asked]) -> None:
        """Move the live FAQ's threshold by what became of some questions."""
        live = self._library.live

        def sharpen() -> None:
            live.matcher.sharpen(list(trials(questions, live.faq, live.matcher)))

        await asyncio.to_thread(sharpen)

    async def _keep_learning(self, questions: Learn) -> None:
        while True:
            try:
                await self.sharpen(await questions())
            except Exception:
                log.exception("nothing could be learnt from what customers asked")
            await asyncio.sleep(_SHARPEN_EVERY)

    async def health(self) -> State:
        """What is live since when, and why the last change is not."""
        status = self.status()
        if status.refused:
            return State(Level.DEGRADED, f"the last change was refused: {status.refused[0]}")
        return State(Level.OK, f"{status.entries} entries, since {status.since}")

    def status(self) -> Status:
        """The same for the people at the desk."""
        failure, live = self._library.failure, self._library.live
        refused = tuple(map(_short, failure.problems)) if failure else ()
        return Status(isoformat(live.since), len(live.faq.entries), refused)

    def known(self, text: str) -> Reading | None:
        """What the FAQ makes of a text, where that takes microseconds."""
        reading = self._known(text)
        if reading is None or not (self._pictures and self._illustrated):
            return reading
        pictures = self._pictures.known(self._illustrated)
        return None if pictures is None else replace(reading, pictures=pictures)

    async def read(self, text: str) -> Reading:
        """What the FAQ makes of a text; a matcher that fails is logged, and the desk's affair."""
        reading = self._known(text)
        if reading is None:
            loop = asyncio.get_running_loop()
            reading = await loop.run_in_executor(self._thread, self._read, text)
        if self._pictures and self._illustrated:
            return replace(reading, pictures=await self._pictures.of(self._illustrated))
        return reading

    async def propose(self, text: str, language: str, channel: str) -> list[Proposal]:
        """The entries that come nearest, best first, with their answers for a channel."""
        reading = await self.read(text)
        match = reading.match
        if match is None:
            return []
        proposals = []
        for candidate in match.candidates:
            entry = reading.entries[candidate.id]
            answer = entry.answer(channel, match.language or language)
            if answer:
                one = Proposal(entry.id, entry.questions[0], answer.text, candidate.confidence)
                proposals.append(one)
        return proposals

    def _known(self, text: str) -> Reading | None:
        live = self._library.live
        match = _match(live.matcher.known, text)
        if match is None:
            return None
        faq, reading = self._lately.get(text, (None, None))
        if reading is None or reading.match is not match or faq is not live.faq:
            reading = self._reading(live.faq, match, text)
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            self._lately[text] = live.faq, reading
        return reading

    def _read(self, text: str) -> Reading:
        live = self._library.live
        return self._reading(live.faq, _match(live.matcher.match, text), text)

    def _reading(self, faq: Faq, match: Match | None, text: str) -> Reading:
        known, entries = self._entries  # in one step: another thread may be here, too
        if known is not faq:
            entries = {entry.id: entry for entry in faq.entries}
            self._illustrated = [entry for entry in faq.entries if _is_illustrated(entry)]
            self._entries = (faq, entries)
        person, complaint = bool(faq.person.find(text)), bool(faq.complaint.find(text))
        return Reading(match, entries, person, complaint)


def _is_illustrated(entry: Entry) -> bool:
    return any(answer.image for answer in entry.answers.values())


def _match(match: Callable[[str], Match | None], text: str) -> Match | None:
    try:
        return match(text)
    except Exception:
        log.exception("the matcher failed")
        return None


def note(change: Live | Failure) -> None:
    """Write into the log that a change was taken over, or why not."""
    if isinstance(change, Live):
        log.info("the FAQ is live, with %d entries", len(change.faq.entries))
        return
    for problem in change.problems:
        log.warning("the FAQ stays as it was: %s", _short(problem))


def _short(problem: Problem) -> Problem:
    return replace(problem, file=Path(problem.file).name)
