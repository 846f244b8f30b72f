"""How lines of a conversation read in a topic. Pure.

A line falls into pieces: text that fits into a message with others, and files that are messages of
their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.telegram.forum.words import Words
from adapters.telegram.text import split, units
from gateway.message import Attachment, Author, Kind, Line

PIECE = 2000  # UTF-16 units of one piece of text: a message has room for it beside other things
QUOTE = 40
BAR = "│ "  # before all that goes on of a text: nobody writes what looks like another's line


@dataclass(frozen=True, slots=True)
class FilePiece:
    """A file of ours that goes up with a caption."""

    attachment: Attachment
    caption: str


def is_from(line: Line, group: int) -> bool:
    """Whether a colleague wrote it in this group, where it stands already."""
    return line.author is Author.AGENT and f":{key(group, '')}" in line.external


def key(group: int, message: object) -> str:
    """What makes a message of the group one and the same deed."""
    return f"topic:{group}:{message}"


def pieces(line: Line, name: str, words: Words) -> list[str | FilePiece]:
    """A line as it goes into a topic; `name` is the customer's."""
    who = author(line, name, words)
    files = [one for one in line.attachments if one.id]
    others = [attachment(one, words) for one in line.attachments if not one.id]
    text = "\n".join(part for part in (_said(line, words), *others) if part)
    texts: list[str | FilePiece] = []
    if text or not files:
        texts += _cut(words.say("line", who=who, text=barred(text)))
    return texts + [FilePiece(one, who) for one in files]


def barred(text: str) -> str:
    """A text whose lines below the first one are seen to belong to it."""
    return f"\n{BAR}".join(text.splitlines())


def author(line: Line, name: str, words: Words) -> str:
    """Who speaks; notes are marked."""
    if line.private:
        return f"📝 {line.name}"
    match line.author:
        case Author.CUSTOMER:
            return f"👤 {name}"
        case Author.AGENT:
            return f"🎧 {line.name}"
        case Author.BOT:
            return words.say("bot")
    return words.say("system")


def attachment(one: Attachment, words: Words) -> str:
    """A file, a place or a card in words."""
    kind = words.say(one.kind) if words.knows(one.kind) else words.say("file")
    return " ".join(part for part in (kind, one.name, one.url) if part)


def quote(text: str) -> str:
    """The beginning of what was said."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE else f"{line[: QUOTE - 1]}…"


def joined(texts: Sequence[str], limit: int) -> tuple[str, int]:
    """As many of the texts as fit into one, and how many these are; at least the first."""
    taken, length = 0, 0
    for text in texts:
        length += units(text) + 1
        if taken and length > limit:
            break
        taken += 1
    return "\n".join(texts[:taken]), taken


def _cut(text: str) -> Iterator[str]:
    first, *others = split(text, PIECE - len(BAR))
    yield first
    for part in others:
        yield part if part.startswith(BAR) else f"{BAR}{part}"


def _said(line: Line, words: Words) -> str:
    return "\n".join(_parts(line, words))


def _parts(line: Line, words: Words) -> Iterator[str]:
    match line.kind:
        case Kind.JOINED:
            yield f"{words.say('joined')} {line.choice}".rstrip()
        case Kind.LEFT:
            yield words.say("left")
        case Kind.CHOICE:
            yield f"☑ {line.text}"
        case _ if line.text:
            yield line.text
    if line.suggestions:
        yield " ".join(f"[{one.text}]" for one in line.suggestions)
