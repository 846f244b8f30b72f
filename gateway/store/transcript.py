"""The lines of conversations as rows: appended under the conversation's lock, read in order."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import NamedTuple

from gateway.clock import new_id
from gateway.conversation import Conversation, heard
from gateway.message import Attachment, Author, Kind, Line, Status, Suggestion
from gateway.store import Reads, Row, Tx, Value

_PLACES = f"({', '.join('?' * 18)})"


class Draft(NamedTuple):
    """A line before it has its place. `external` makes it unique among its author's."""

    author: Author
    text: str
    name: str = ""
    kind: Kind = Kind.TEXT
    choice: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    private: bool = False
    external: str | None = None
    routed: str = ""


class Transcript:
    """Writes lines. `resumes` tells of a channel whether a committed reply is a delivered one."""

    def __init__(self, resumes: Callable[[str], bool]) -> None:
        self._resumes = resumes

    async def append(
        self, tx: Tx, conversation: Conversation, draft: Draft, now: int
    ) -> tuple[Conversation, Line | None]:
        """Add a line to a locked conversation, which the caller saves.

        None instead of the line says that one with this `external` id is there already.
        """
        after, line = self.place(conversation, draft, now)
        return (after, line) if await insert(tx, after, [line], now) else (conversation, None)

    def place(
        self, conversation: Conversation, draft: Draft, now: int
    ) -> tuple[Conversation, Line]:
        """Make a draft the next line of a locked conversation; the caller inserts and saves it."""
        line = _line(conversation, draft, self._status(conversation, draft), now)
        return conversation._replace(seq=line.seq), line

    def _status(self, conversation: Conversation, draft: Draft) -> Status | None:
        if draft.private or draft.author is Author.CUSTOMER:
            return None
        return Status.SENT if self._resumes(conversation.channel) else Status.PENDING


async def insert(
    tx: Tx,
    conversation: Conversation,
    lines: Sequence[Line],
    now: int,
    sending: Collection[str] = (),
) -> int:
    """Add lines that have their place, those of the ids in `sending` as on their way already.

    How many there are now that were not there before, by their `external` ids.
    """
    if not lines:
        return 0
    values = [
        value
        for line in lines
        for value in _values(conversation, line, now, sending=line.id in sending)
    ]
    return await tx.execute(_insertion(len(lines)), *values)


@lru_cache
def _insertion(count: int) -> str:
    return (
        "INSERT INTO messages (conversation, seq, id, contact, channel, author, external, kind,"
        " name, text, choice, rich, routed, private, at, status, attempts, changed)"
        f" VALUES {', '.join([_PLACES] * count)}"
        " ON CONFLICT (channel, author, external) DO NOTHING"
    )


def _values(
    conversation: Conversation, line: Line, now: int, *, sending: bool
) -> tuple[Value, ...]:
    return (
        line.conversation,
        line.seq,
        line.id,
        conversation.contact,
        conversation.channel,
        line.author,
        line.external or None,
        line.kind,
        line.name,
        line.text,
        line.choice,
        encode_rich(line),
        line.routed,
        int(line.private),
        line.at,
        Status.SENDING if sending else line.status,
        int(sending),
        now,
    )


async def lines(reads: Reads, conversation: str, after: int = 0, limit: int = 1000) -> list[Line]:
    """A conversation's lines with a seq above `after`, in order, notes included."""
    found = await reads.rows(
        "SELECT * FROM messages WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?",
        conversation,
        after,
        limit,
    )
    return [from_row(row) for row in found]


async def thread(reads: Reads, contact: str, after: int = 0, limit: int = 1000) -> list[Line]:
    """What a contact (by our id) may see of all their conversations, in order."""
    found = await reads.rows(
        "SELECT * FROM messages WHERE contact = ? AND seq > ? AND private = 0"
        " AND (status IS NULL OR status <> 'cancelled') ORDER BY seq LIMIT ?",
        contact,
        after,
        limit,
    )
    return [from_row(row) for row in found]


async def silence_bot(tx: Tx, conversation: Conversation, now: int) -> Conversation:
    """Take back what the bot has not sent yet; what that would have answered is owed again."""
    taken_back = await tx.execute(
        "UPDATE messages SET status = 'cancelled', changed = ?"
        " WHERE conversation = ? AND author = 'bot' AND status IN ('pending', 'sending', 'held')",
        now,
        conversation.id,
    )
    return heard(conversation, now) if taken_back else conversation


def from_row(row: Row) -> Line:
    """Read a row of `messages`."""
    rich = json.loads(row["rich"]) if row["rich"] else {}
    return Line(
        id=row["id"],
        conversation=row["conversation"],
        seq=row["seq"],
        author=Author(row["author"]),
        name=row["name"],
        text=row["text"],
        at=row["at"],
        kind=Kind(row["kind"]),
        choice=row["choice"],
        suggestions=tuple(Suggestion(**one) for one in rich.get("suggestions", ())),
        attachments=tuple(Attachment(**one) for one in rich.get("attachments", ())),
        private=bool(row["private"]),
        status=Status(row["status"]) if row["status"] else None,
        detail=row["detail"],
        external=row["external"] or "",
        routed=row["routed"],
        edited=row["edited"],
    )


def _line(conversation: Conversation, draft: Draft, status: Status | None, now: int) -> Line:
    return Line(
        id=new_id(now),
        conversation=conversation.id,
        seq=conversation.seq + 1,
        author=draft.author,
        name=draft.name,
        text=draft.text,
        at=now,
        kind=draft.kind,
        choice=draft.choice,
        suggestions=draft.suggestions,
        attachments=draft.attachments,
        private=draft.private,
        status=status,
        external=draft.external or "",
        routed=draft.routed,
    )


def encode_rich(draft: Draft | Line) -> str:
    """Suggestions and attachments as they are written down, "" where there are none."""
    if not draft.suggestions and not draft.attachments:
        return ""
    rich = {
        "suggestions": [asdict(one) for one in draft.suggestions],
        "attachments": [asdict(one) for one in draft.attachments],
    }
    return json.dumps(rich, ensure_ascii=False)
