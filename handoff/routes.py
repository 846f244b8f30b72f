"""The desk, put together: what the application needs of it, and nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from gateway import notes
from gateway.clock import Clock
from gateway.conversation import Conversation
from gateway.errors import StoreUnavailable
from gateway.files.folder import FolderFiles
from gateway.hints import Hints
from gateway.store import Database, Reads
from gateway.store.transcript import Transcript
from gateway.surface import Surface
from gateway.texts import Texts
from handoff import queue, search
from handoff.api import http
from handoff.api.door import Door
from handoff.api.office import Faq, Office, Suggest
from handoff.console import Console
from handoff.desk import Desk
from handoff.feed import Feed
from handoff.live import Live
from handoff.passwords import Passwords
from handoff.people import People
from handoff.records import Records
from handoff.sessions import Sessions
from handoff.settings import Settings
from handoff.surface import DeskSurface
from handoff.tokens import Tokens

SWEEP = 60 * 60.0  # seconds between two looks for what is too old to keep
INDEX = 1.0  # seconds between two looks for what can't be found yet

log = logging.getLogger(__name__)


class Handoff:
    """Builds the desk. Its constructor does no I/O."""

    def __init__(
        self,
        database: Database,
        transcript: Transcript,
        hints: Hints,
        texts: Texts,
        clock: Clock,
        settings: Settings,
        suggest: Suggest,
        *,
        files: FolderFiles,
        passwords: Passwords | None = None,
        faq: Faq | None = None,
    ) -> None:
        """`suggest` asks the FAQ, `faq` says how it is (see `Office`)."""
        passwords = passwords or Passwords()
        sessions = Sessions(database, passwords, hints, clock)
        tokens = Tokens(database, hints, clock)
        self._feed = Feed(database, sessions, hints, clock)
        self._settings = settings
        self._office = Office(
            database=database,
            desk=Desk(database, transcript, hints, texts, clock),
            people=People(database, passwords, hints, clock, settings.capacity),
            sessions=sessions,
            tokens=tokens,
            records=Records(database, hints, clock, files),
            live=Live(database, self._feed, clock),
            files=files,
            hints=hints,
            clock=clock,
            settings=settings,
            suggest=suggest,
            searching=asyncio.Semaphore(1),
            faq=faq,
        )
        self._surface = DeskSurface(database, self._office.desk, settings)
        door = Door(sessions, tokens, settings)
        self._routes = [*http.routes(self._office, door), *Console().routes]
        self._chores: list[asyncio.Task[None]] = []

    @property
    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """API v1, its live view, and the console."""
        return self._routes

    @property
    def surface(self) -> Surface:
        """The desk, for agents who work elsewhere than in the console."""
        return self._surface

    @property
    def people(self) -> People:
        """The accounts."""
        return self._office.people

    def is_open(self, at: int) -> bool:
        """Whether somebody is to be expected at the desk at an instant (ms)."""
        return self._settings.hours.is_open(at)

    async def ahead(self, reads: Reads, conversation: Conversation) -> int:
        """How many customers wait before this one."""
        return await queue.ahead(reads, conversation)

    async def start(self) -> None:
        """Begin to follow what changes."""
        await self._feed.start()
        self._chores = [
            asyncio.create_task(self._regularly(SWEEP, self._sweep)),
            asyncio.create_task(self._regularly(INDEX, self._index)),
        ]

    async def stop(self) -> None:
        """End the sockets."""
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await self._feed.stop()

    async def _regularly(self, seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await chore()
            except StoreUnavailable as error:
                log.warning("the desk's chores wait for the store: %s", error)
            except Exception:  # what fails once is tried again
                log.exception("one of the desk's chores failed")
            await asyncio.sleep(seconds)

    async def _sweep(self) -> None:
        await notes.sweep(self._office.database, self._office.clock())
        if gone := await self._office.records.retain(self._settings.retention):
            log.info("deleted %d conversations that were too old to keep", gone)
        if gone := await self._office.files.sweep():
            log.info("deleted %d files that nothing names", gone)

    async def _index(self) -> None:
        await search.index(self._office.database)
