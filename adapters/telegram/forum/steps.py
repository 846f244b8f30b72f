"""The steps of which the way of a topic is made, and what is looked at to find the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.telegram.forum import cards
from adapters.telegram.forum.cards import Buttons
from adapters.telegram.forum.lines import FilePiece
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.topic import Topic
from adapters.telegram.forum.words import Words
from gateway.conversation import Mode
from gateway.surface import Sheet


@dataclass(frozen=True, slots=True)
class Make:
    """Create the topic."""

    name: str
    face: str


@dataclass(frozen=True, slots=True)
class Card:
    """Put up the card."""

    text: str
    buttons: Buttons


@dataclass(frozen=True, slots=True)
class Edit:
    """Change the card."""

    text: str
    buttons: Buttons


@dataclass(frozen=True, slots=True)
class Post:
    """Say something."""

    text: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Show a file."""

    file: FilePiece


@dataclass(frozen=True, slots=True)
class Paint:
    """Give the topic its name and the icon of a mode."""

    name: str
    face: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open the closed topic."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the topic."""


@dataclass(frozen=True, slots=True)
class Note:
    """Nothing to show: only the note changes."""


Deed = Make | Card | Edit | Post | Upload | Paint | Reopen | Close | Note


@dataclass(frozen=True, slots=True)
class Step:
    """A deed, and what is so once it is done: fields of the topic's note.

    `said` are the notices that it says.
    """

    deed: Deed
    marks: Mapping[str, Any] = field(default_factory=dict)
    said: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A topic beside its conversation, and how the group is spoken to."""

    topic: Topic
    sheet: Sheet
    outcomes: Sequence[tuple[str, str]]
    settings: Settings
    words: Words

    @property
    def mode(self) -> Mode:
        """Who leads."""
        return self.sheet.conversation.mode

    @property
    def face(self) -> str:
        """How the topic is to look."""
        return f"{self.mode} {cards.title(self.sheet, self.words)}"

    @property
    def stage(self) -> str:
        """Who leads, in words."""
        return cards.stage(self.sheet, self.outcomes, self.words)
