"""What the matcher thinks of a customer's text, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What the text calls for."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be meant; `phrasing` is the question of it that comes nearest.

    `confidence` is the estimated probability (0-1) that the entry is the right one; those of one
    match add up to at most 1.
    """

    id: str
    confidence: float
    phrasing: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the match is what it is."""

    read_as: str
    """The text as it was compared: normalised, repaired, cut at the cap."""
    repaired: tuple[tuple[str, str], ...] = ()
    """Typing errors: as written, as read."""
    replaced: tuple[tuple[str, str], ...] = ()
    """Synonyms and polite words: as written, as read."""
    shared: tuple[str, ...] = ()
    """Words of the text that the best entry has, the weightiest first."""
    unknown: tuple[str, ...] = ()
    """Words of the text that no phrasing has."""
    threshold: float = 1.0
    """From this confidence on an answer is given."""
    suggest_from: float = 1.0
    """From this confidence in the first three on, suggestions are made."""
    exact: bool = False
    """The text is one of the entry's phrasings."""
    cut: bool = False
    """The text was longer than is looked at."""


@dataclass(frozen=True, slots=True)
class Match:
    """The decision, the candidates best first (at most five), the reasons."""

    decision: Decision
    candidates: tuple[Candidate, ...]
    reasons: Reasons
    language: str = ""
    """`zh`, `en` or, where the text has no letters, nothing."""

    @property
    def best(self) -> Candidate | None:
        """The most likely entry, whatever the decision."""
        return self.candidates[0] if self.candidates else None

    @property
    def suggestions(self) -> tuple[Candidate, ...]:
        """The up to three entries to offer."""
        return self.candidates[:3]
