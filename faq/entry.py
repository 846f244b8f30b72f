"""What one FAQ item is: how customers ask for it, and what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

ANY = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A web page that goes with an answer."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer gets, word for word: an answer is never a template."""

    text: str
    image: str = ""
    link: Link | None = None
    follow_ups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry is written down."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One FAQ item.

    `answers` are keyed by (channel, language), ANY standing for all of either. An entry with a
    `team`, an urgent one and one without answers are for a person at once; an answer that they
    have is said before.
    `examples` must find the entry and `never` must not.
    """

    id: str
    questions: tuple[str, ...]
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=lambda: _NO_ANSWERS)
    tags: tuple[str, ...] = ()
    team: str = ""
    urgent: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    examples: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    place: Place = Place("", 0)

    def answer(self, channel: str = ANY, language: str = ANY) -> Answer | None:
        """The answer for a configured account and a language such as `zh` or `en-GB`.

        The account's own text goes before the general one; a missing language falls back to the
        text for all languages, then Chinese, then any.
        """
        language = language.lower().partition("-")[0]
        for account in (channel, ANY) if channel else (ANY,):
            for tongue in (language, ANY, "zh"):
                if found := self.answers.get((account, tongue)):
                    return found
            for (written_for, _), found in self.answers.items():
                if written_for == account:
                    return found
        return None

    def valid(self, today: date) -> bool:
        """Whether the entry may be used on a day; both ends of its validity are included."""
        begun = self.valid_from is None or self.valid_from <= today
        return begun and (self.valid_to is None or today <= self.valid_to)


_NO_ANSWERS: Mapping[tuple[str, str], Answer] = MappingProxyType({})
