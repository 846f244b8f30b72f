"""Phrasings of different entries that are the same, or that the matcher reads as the same.

Such a phrasing can lead to one of its entries only, whichever the customer meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from faq.content import Faq
from faq.entry import Entry
from faq.finding import Finding, Level, finding
from faq.lines import Lines
from faq.matching.normalise import normalise
from faq.matching.reading import Reader
from faq.matching.sounds import heard

Asked = tuple[Entry, str]


def doubled(faq: Faq, lines: Lines) -> Iterator[Finding]:
    """The same phrasing in two entries that are valid on the same day."""
    for (first, other), (entry, question) in _pairs(faq, spelling):
        place, there = lines.of(entry, question), lines.of(first, other)
        yield finding(
            Level.ERROR,
            place,
            f"问法“{question}”在条目“{first.id}”里也有（{_where(there.file, there.line)}），"
            "顾客这样问只会得到其中一个：请删掉一处，或合并两个条目。",
            f'the phrasing "{question}" is also one of "{first.id}" '
            f"({_where(there.file, there.line)}), and leads to one of them only: "
            "delete it in one place, or merge the entries.",
        )


def nearly_doubled(faq: Faq, lines: Lines) -> Iterator[Finding]:
    """Phrasings that differ only in politeness, synonyms, the order of words or homophones."""
    key = _sounding(Reader(faq.synonyms))
    for (first, other), (entry, question) in _pairs(faq, key):
        if spelling(other) == spelling(question):
            continue
        place, there = lines.of(entry, question), lines.of(first, other)
        yield finding(
            Level.WARNING,
            place,
            f"问法“{question}”和条目“{first.id}”的“{other}”几乎一样"
            f"（{_where(there.file, there.line)}）：请写得更具体，或只留一处。",
            f'the phrasing "{question}" is nearly the same as "{other}" of "{first.id}" '
            f"({_where(there.file, there.line)}): make it more specific, or keep only one.",
        )


def _pairs(faq: Faq, key: Callable[[str], str]) -> Iterator[tuple[Asked, Asked]]:
    """Phrasings with the same key in entries that are valid together: the first and each other."""
    seen: dict[str, list[Asked]] = {}
    for entry in faq.entries:
        for question in dict.fromkeys(entry.questions):
            if not (same := key(question)):
                continue
            others = seen.setdefault(same, [])
            rivals = (one for one in others if one[0] is not entry and together(one[0], entry))
            if first := next(rivals, None):
                yield first, (entry, question)
            others.append((entry, question))


def together(one: Entry, other: Entry) -> bool:
    """Whether there is a day on which both entries are valid."""
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    return start <= min(one.valid_to or date.max, other.valid_to or date.max)


def spelling(question: str) -> str:
    """What two phrasings share that are the same to the matcher whatever it knows."""
    return normalise(question).replace(" ", "")


def _sounding(reader: Reader) -> Callable[[str], str]:
    def key(question: str) -> str:
        return " ".join(sorted(map(heard, reader.read(normalise(question)).tokens)))

    return key


def _where(file: str, line: int) -> str:
    return f"{file.rpartition('/')[2]}:{line}"
