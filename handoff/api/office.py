"""Everything that the routes of API v1 use, put together once."""

from asyncio import Semaphore
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.files.folder import FolderFiles
from gateway.hints import Hints
from gateway.store import Database
from handoff.desk import Desk
from handoff.live import Live
from handoff.people import People
from handoff.records import Records
from handoff.sessions import Sessions
from handoff.settings import Settings
from handoff.tokens import Tokens

Faq = Callable[[], Mapping[str, object]]
Suggest = Callable[[str, str, str], Awaitable[Sequence[Mapping[str, object]]]]


@dataclass(frozen=True, slots=True)
class Office:
    """The rooms of the desk.

    `suggest(text, language, channel)` asks the FAQ, `faq()` says how it is: `since` when (an
    instant as text), how many `entries`, why the last change was `refused` (in both languages).
    `searching` lets one search look through all lines at a time, so that no search keeps the store
    from its other readers.
    """

    database: Database
    desk: Desk
    people: People
    sessions: Sessions
    tokens: Tokens
    records: Records
    live: Live
    files: FolderFiles
    hints: Hints
    clock: Clock
    settings: Settings
    suggest: Suggest
    searching: Semaphore
    faq: Faq | None = None
