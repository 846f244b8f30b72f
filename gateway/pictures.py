"""The pictures of the FAQ's answers as files of ours, each content kept once for everybody."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from faq.entry import Entry
from faq.pictures import find
from gateway.errors import Refused, StoreUnavailable
from gateway.message import Attachment

LOOK = 2.0  # seconds between two looks whether a picture has changed

Share = Callable[[Path], Awaitable[Attachment]]
Stamp = tuple[Path, int, int]  # when it was changed (ns), and its size

log = logging.getLogger(__name__)


class Pictures:
    """Keeps up with the pictures that lie beside the FAQ."""

    def __init__(self, share: Share, now: Callable[[], float] = time.monotonic) -> None:
        self._share = share
        self._now = now
        self._looked = 0.0
        self._entries: Iterable[Entry] = ()
        self._kept: dict[Stamp, Attachment | None] = {}
        self._shown: Mapping[tuple[str, str], Attachment] = {}

    def known(self, entries: Iterable[Entry]) -> Mapping[tuple[str, str], Attachment] | None:
        """What `of` says of them, where it has just looked."""
        fresh = entries is self._entries and self._now() - self._looked < LOOK
        return self._shown if fresh else None

    async def of(self, entries: Iterable[Entry]) -> Mapping[tuple[str, str], Attachment]:
        """Those that can be shown, by an entry's file and what stands in it for the picture."""
        if self.known(entries) is None:
            self._entries, self._looked = entries, self._now()
            there = await asyncio.to_thread(_look, entries)
            kept = {name: await self._keep(stamp) for name, stamp in there.items()}
            self._shown = {name: one for name, one in kept.items() if one}
        return self._shown

    async def _keep(self, stamp: Stamp) -> Attachment | None:
        """Our copy; None for what is no picture, which is said once."""
        if stamp not in self._kept:
            try:
                self._kept[stamp] = await self._share(stamp[0])
            except StoreUnavailable:  # which may be better the next time
                return None
            except (Refused, OSError) as error:
                log.warning("the picture %s is not shown: %s", stamp[0].name, error)
                self._kept[stamp] = None
        return self._kept[stamp]


def _look(entries: Iterable[Entry]) -> dict[tuple[str, str], Stamp]:
    found = {}
    for entry in entries:
        for answer in entry.answers.values():
            if answer.image and (path := find(entry, answer.image)):
                with suppress(OSError):  # it has just gone
                    state = path.stat()
                    found[entry.place.file, answer.image] = (path, state.st_mtime_ns, state.st_size)
    return found
