"""The file store in a folder: the bytes there, what they are in a table of the store.

Bytes are whole and on the disk before their row is written, and go after their row has gone: so a
row always has its bytes, and bytes without a row are swept.
"""

import asyncio
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

from gateway.clock import Clock
from gateway.errors import Invalid, NotFound, Refused, StoreUnavailable, TooLarge
from gateway.files import File, kinds
from gateway.files.limits import DAY, MB, Limits
from gateway.files.names import clean
from gateway.files.pictures import require_small
from gateway.files.shelf import Folder, Part, on_disk
from gateway.health import FREE, OK, Level, State
from gateway.message import Attachment, Contact
from gateway.store import Database, Reads, Row, Tx
from gateway.store import files as table
from gateway.store.files import SHARED, Entry

CHUNK = 256 * 1024  # bytes that are written at once


class FolderFiles:
    """`gateway.files.Files` over a folder that all nodes share. Its constructor does no I/O."""

    def __init__(
        self, database: Database, folder: Path, clock: Clock, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._database = database
        self._folder = Folder(folder)
        self._clock = clock

    @property
    def largest(self) -> int:
        """The bytes that one file may have."""
        return self.limits.file

    async def keep(
        self, contact: Contact, attachment: Attachment, data: AsyncIterable[bytes]
    ) -> Attachment:
        """Keep what a customer sends; see `Files`. Raises StoreUnavailable if the disk fails."""
        await self._require_room(self._database, contact.key, 0)
        return await self._keep(contact.key, attachment, data, ours=False)

    async def attach(
        self, contact: str, attachment: Attachment, data: AsyncIterable[bytes]
    ) -> Attachment:
        """Keep what we send to a contact (by our key): their quota doesn't count it."""
        return await self._keep(contact, attachment, data, ours=True)

    async def share(self, path: Path) -> Attachment:
        """Keep a copy of a file of our own that anybody may be sent, once for each content.

        Raises Invalid, TooLarge, or OSError where it can't be read.
        """
        data = await asyncio.to_thread(path.read_bytes)
        return await self._keep(SHARED, Attachment("", path.name), _whole(data), ours=True)

    async def find(self, id_: str) -> File:
        """A file by its id. Raises NotFound."""
        row = await table.find(self._database, id_)
        if row is None or not await asyncio.to_thread(self._folder.path(row["id"]).is_file):
            raise NotFound("no such file", file=id_)
        return self._file(row)

    async def discard(self, ids: Sequence[str]) -> None:
        """Take away the bytes of files whose rows have gone."""
        await asyncio.to_thread(self._folder.remove, *ids)

    async def health(self) -> State:
        """Whether files can be kept; without, people can still write to each other."""
        try:
            free = await on_disk(self._folder.free)
        except StoreUnavailable as error:
            return State(Level.DEGRADED, f"no files can be kept: {error}")
        if free < FREE:
            return State(Level.DEGRADED, f"{free:.1%} of the disk is free, {FREE:.0%} is needed")
        return OK

    async def sweep(self) -> int:
        """Take away what no line names after a day, and bytes that have no row; how many files."""
        gone, looked = 0, 1
        while looked:
            ids, looked = await self._database.transaction(
                lambda tx: table.drop_unused(tx, self._clock() - DAY)
            )
            await self.discard(ids)
            gone += len(ids)
        for names in await asyncio.to_thread(lambda: list(self._folder.old())):
            stray = set(names) - await table.known(self._database, names)
            await self.discard(sorted(stray))
            gone += len(stray)
        return gone

    async def _keep(
        self, contact: str, attachment: Attachment, data: AsyncIterable[bytes], *, ours: bool
    ) -> Attachment:
        name, id_ = clean(attachment.name), secrets.token_hex(16)
        async with self._part(id_) as part:
            type_ = await self._write(part, name, attachment.type, data)
            await on_disk(_look, type_, part)
            await on_disk(part.finish)
        kind = kinds.kind(type_, attachment.kind)
        kept = Attachment(kind, name, type_, part.size, id=id_)
        entry = Entry(contact, kept, part.digest, ours, self._clock())
        try:
            noted = await self._database.transaction(lambda tx: self._note(tx, entry))
        except Refused:  # whatever else goes wrong, the row may be there: then the sweep will tell
            await self.discard([id_])
            raise
        if noted.id != id_:  # this content has a name already; its bytes may have got lost
            await on_disk(self._folder.move, id_, noted.id)
        return noted

    @asynccontextmanager
    async def _part(self, id_: str) -> AsyncIterator[Part]:
        part = await on_disk(self._folder.create, id_)
        try:
            yield part
        except BaseException:
            part.abandon()
            raise

    async def _write(self, part: Part, name: str, claimed: str, data: AsyncIterable[bytes]) -> str:
        """Write all of it; the type that its first bytes tell."""
        type_, waiting = "", bytearray()
        async for chunk in data:
            waiting += chunk
            if part.size + len(waiting) > self.limits.file:
                self._too_large(self.limits.file, "file")
            if len(waiting) >= CHUNK:
                type_ = type_ or kinds.sniff(bytes(waiting[: kinds.HEAD]), name, claimed)
                await on_disk(part.write, bytes(waiting))
                waiting.clear()
        if not part.size and not waiting:
            raise Invalid("this file is empty", why="empty")
        type_ = type_ or kinds.sniff(bytes(waiting[: kinds.HEAD]), name, claimed)
        await on_disk(part.write, bytes(waiting))
        return type_

    async def _note(self, tx: Tx, entry: Entry) -> Attachment:
        if not entry.ours:
            await tx.row("SELECT id FROM contacts WHERE id = ? FOR UPDATE", entry.contact)
            await self._require_room(tx, entry.contact, entry.attachment.size)
        if await table.add(tx, entry):
            return entry.attachment
        row = await table.shared(tx, entry.sha256)
        if row is None:
            raise AssertionError("only what is shared can be there already")
        return table.from_row(row)

    async def _require_room(self, reads: Reads, contact: str, size: int) -> None:
        total, today = await table.sent_by(reads, contact, self._clock() - DAY)
        if today >= self.limits.per_day:
            raise TooLarge(
                f"{today} files came within a day, which is all that is taken",
                why="day",
                limit=self.limits.per_day,
            )
        if total + size > self.limits.contact or total == self.limits.contact:
            self._too_large(self.limits.contact, "contact")

    def _too_large(self, limit: int, why: str) -> NoReturn:
        whose = "one file" if why == "file" else "all files of one customer"
        raise TooLarge(f"{whose} may have {limit // MB} MB", why=why, limit=limit)

    def _file(self, row: Row) -> File:
        return File(
            row["id"],
            row["contact"],
            table.from_row(row),
            self._folder.path(row["id"]),
            ours=bool(row["ours"]),
        )


def _look(type_: str, part: Part) -> None:
    part.file.flush()
    require_small(type_, part.file)


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
