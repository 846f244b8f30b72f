"""What customers asked and the FAQ did not answer: grouped by meaning, most asked first.

A group becomes a new entry, or more phrasings of one that there is: where customers tapped it
among the suggestions, an agent answered with its text, or the matcher nearly thought so.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from faq.content import Faq
from faq.entry import ANY, Answer, Entry
from faq.files.items import ID_LENGTH
from faq.matching.likeness import Likeness
from faq.matching.match import Decision
from faq.matching.matcher import Matcher
from faq.matching.normalise import normalise
from faq.matching.reading import Reader
from faq.overlap import spelling

OPEN = frozenset({"unknown", "suggest", "failed"})
"""Outcomes that left a question to be answered."""
_ALIKE = 0.4
"""From this likeness on two questions are taken for one: on public sets four in five pairs are."""
_NEARLY = 0.6
"""From this confidence on a question may be another phrasing of an entry."""
_MOST_PHRASINGS = 10
_MASKED = "***"


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer's question as it was kept; `at` in ms since 1970.

    `outcome` is what was made of it: answer, suggest, unknown, failed … `entry` is the FAQ entry
    that answered, or that the customer tapped. `answer` is the first thing that an agent said to
    it, "" if none did. `helpful` is what the customer thought of the entry's answer, if that is
    known.
    """

    text: str
    at: int
    outcome: str
    entry: str = ""
    answer: str = ""
    helpful: bool | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that mean the same, oldest first; `entry` is the one that they are likely about."""

    questions: tuple[Asked, ...]
    entry: str = ""

    @property
    def wordings(self) -> tuple[str, ...]:
        """The ways it was asked, the most frequent first; once each, without numbers of people."""
        counts = Counter(spelling(one.text) for one in self.questions)
        texts = {spelling(one.text): one.text.strip() for one in reversed(self.questions)}
        ordered = sorted(texts, key=lambda text: (-counts[text], text))
        plain = [texts[one] for one in ordered if _MASKED not in texts[one]]
        return tuple(plain or [texts[one] for one in ordered])

    @property
    def answer(self) -> str:
        """The latest thing that an agent answered, "" if none did."""
        return next((one.answer for one in reversed(self.questions) if one.answer), "")

    @property
    def last(self) -> int:
        """When it was asked last, in ms since 1970."""
        return self.questions[-1].at


def unanswered(questions: Sequence[Asked], faq: Faq, matcher: Matcher) -> list[Asked]:
    """The questions that are open and that the FAQ, as it is now, would not answer either.

    Each gets the entry that it is about where a person said so: by a tap, or by an answer's words.
    """
    said = spoken(faq)
    answered: dict[str, bool] = {}
    found = []
    for one in questions:
        key = spelling(one.text)
        if one.outcome not in OPEN or not key:
            continue
        if key not in answered:
            answered[key] = matcher.match(one.text).decision is Decision.ANSWER
        if not answered[key]:
            tapped = one.entry if faq.entry(one.entry) else ""
            found.append(replace(one, entry=tapped or said.get(spelling(one.answer), "")))
    return found


def spoken(faq: Faq) -> dict[str, str]:
    """Which entry an answer's words are of, by their spelling."""
    return {
        spelling(answer.text): entry.id
        for entry in faq.entries
        for answer in entry.answers.values()
    }


def group(questions: Sequence[Asked], synonyms: Mapping[str, str] | None = None) -> list[Gap]:
    """Questions about the same entry together, and the others by how alike they are."""
    questions = sorted(questions, key=lambda one: one.at)
    gaps = [*_by_entry(questions), *_by_likeness(questions, Reader(synonyms or {}))]
    return sorted(gaps, key=lambda gap: (-len(gap.questions), -gap.last))


def placed(gap: Gap, matcher: Matcher) -> Gap:
    """The gap with the entry that the matcher nearly found for most of its wordings, if any."""
    if gap.entry:
        return gap
    best = [match.best for match in map(matcher.match, gap.wordings[:_MOST_PHRASINGS])]
    near = Counter(one.id for one in best if one and one.confidence >= _NEARLY)
    [(entry, votes)] = near.most_common(1) or [("", 0)]
    return replace(gap, entry=entry) if 2 * votes > len(best) else gap


def draft(gap: Gap, faq: Faq, answer: str = "", entry: str | None = None) -> Entry:
    """The gap as an entry: a new one, or with more phrasings the one it is about.

    `entry` overrides which ("": a new one), `answer` what the agent said.
    """
    wordings = gap.wordings[:_MOST_PHRASINGS]
    before = faq.entry(gap.entry if entry is None else entry)
    if before:
        had = {spelling(question) for question in before.questions}
        more = tuple(text for text in wordings if spelling(text) not in had)
        return replace(before, questions=before.questions + more)
    text = (answer or gap.answer).strip()
    return Entry(
        id=_new_id(wordings[0], faq),
        questions=wordings,
        answers={(ANY, ANY): Answer(text)} if text else {},
    )


def _by_entry(questions: Sequence[Asked]) -> Iterator[Gap]:
    about: dict[str, list[Asked]] = {}
    for one in questions:
        if one.entry:
            about.setdefault(one.entry, []).append(one)
    for entry, some in about.items():
        yield Gap(tuple(some), entry)


def _by_likeness(questions: Sequence[Asked], reader: Reader) -> Iterator[Gap]:
    """The most asked first takes what is like it, then the next of the rest."""
    same: dict[str, list[Asked]] = {}
    for one in questions:
        if not one.entry and (key := normalise(one.text)):
            same.setdefault(key, []).append(one)
    texts = sorted(same, key=lambda text: (-len(same[text]), text))
    if not texts:
        return
    likeness = Likeness(texts, reader)
    taken: set[int] = set()
    for place in range(len(texts)):
        if place not in taken:
            members = [row for row in likeness.like(place, _ALIKE) if row not in taken]
            taken.update(members)
            some = [one for row in members for one in same[texts[row]]]
            yield Gap(tuple(sorted(some, key=lambda one: one.at)))


def _new_id(wording: str, faq: Faq) -> str:
    """An id made of the question, unlike all others."""
    visible = "".join(filter(str.isprintable, unicodedata.normalize("NFKC", wording)))
    name = visible[: ID_LENGTH - 4].strip()
    number = 1
    while faq.entry(found := name if number == 1 else f"{name} {number}"):
        number += 1
    return found
