"""Files that customers and agents send: kept by us, under names of our own, for as long as a chat.

What comes in is looked at before it is kept: by its first bytes, its size, and for pictures their
area. Where a platform's own copy lives for days only, ours is the one that stays.
"""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from gateway.message import Attachment, Contact


@dataclass(frozen=True, slots=True)
class File:
    """A file of ours: whose chat it is from, what it is, where its bytes lie.

    `contact` is our key of the person, "" for what anybody may be sent; `ours` says that it is
    something that we send.
    """

    id: str
    contact: str
    attachment: Attachment
    path: Path
    ours: bool = False


class Files(Protocol):
    """Where files are kept."""

    async def keep(
        self, contact: Contact, attachment: Attachment, data: AsyncIterable[bytes]
    ) -> Attachment:
        """Keep what comes in for a contact; the attachment with its id, size and type.

        `attachment.kind` is what the platform calls it, `name` and `type` what it says of it.
        Raises TooLarge for one file too big or too much of one contact's, Invalid for what is not
        allowed (or not what it says it is). Nothing partial is left behind.
        """

    async def find(self, id_: str) -> File:
        """A file by its id. Raises NotFound."""


@runtime_checkable
class Bounded(Protocol):
    """A store that says how large one file may be."""

    @property
    def largest(self) -> int:
        """In bytes."""
