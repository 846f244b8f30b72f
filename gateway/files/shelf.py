"""The folder of a file store: bytes under random names, there whole or not at all.

What comes in goes to a name that ends in `.part` first. A cut leaves at most such a part, or bytes
that no row speaks of; both are swept when they are an hour old.
"""

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ParamSpec, TypeVar

from gateway.errors import StoreUnavailable

if TYPE_CHECKING:
    from _hashlib import HASH

P = ParamSpec("P")
T = TypeVar("T")

PART = ".part"
OLD = 60 * 60.0  # seconds after which nobody can still be at work on something


async def on_disk(work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """Do what blocks in a thread; a disk that fails is a store that does."""
    try:
        return await asyncio.to_thread(work, *args, **more)
    except OSError as error:
        raise StoreUnavailable(f"files: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the bytes lie: `root/ab/abcdef…`, so that no folder gets too full. All of it blocks."""

    root: Path

    def path(self, id_: str) -> Path:
        """The place of a file that is whole."""
        return self.root / id_[:2] / id_

    def create(self, id_: str) -> "Part":
        """Begin a file. Raises OSError."""
        part = self.path(id_ + PART)
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        return Part(os.fdopen(os.open(part, flags, 0o600), "w+b"), part, self.path(id_))

    def free(self) -> float:
        """How much of its disk is free (0–1). Raises OSError where nothing can be kept."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        usage = shutil.disk_usage(self.root)
        return usage.free / usage.total

    def remove(self, *ids: str) -> None:
        """Take files away; one that is not there is none."""
        for id_ in ids:
            with suppress(OSError):
                self.path(id_).unlink()

    def move(self, id_: str, to: str) -> None:
        """Give a whole file another name. Raises OSError."""
        target = self.path(to)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path(id_).replace(target)

    def old(self) -> Iterator[list[str]]:
        """The names of files and parts that are older than an hour, a few at a time."""
        before = time.time() - OLD
        for shelf in self.root.iterdir() if self.root.is_dir() else ():
            if len(shelf.name) == 2 and shelf.is_dir():
                yield [one.name for one in os.scandir(shelf) if _is_old(one, before)]


def _is_old(entry: "os.DirEntry[str]", before: float) -> bool:
    try:
        return entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before
    except OSError:  # somebody else was faster
        return False


@dataclass(slots=True)
class Part:
    """A file in the making."""

    file: BinaryIO
    path: Path
    whole: Path
    size: int = 0
    _hash: "HASH" = field(default_factory=sha256)

    def write(self, data: bytes) -> None:
        """Add to it."""
        self.file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        """The SHA-256 of what is written, in hex."""
        return self._hash.hexdigest()

    def finish(self) -> None:
        """Put it on the disk and in its place."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.path.replace(self.whole)
        _sync(self.whole.parent)

    def abandon(self) -> None:
        """Leave nothing of it."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Put a folder's list of names on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
