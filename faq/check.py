"""What is allowed in a FAQ and yet will disappoint customers: found before they find it.

Errors of the files themselves come from loading; here stand the findings that need the whole FAQ,
its matcher, the day and what customers said of the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from faq import pictures
from faq.answers import Limits, Votes, follow_ups, forbidden, languages, too_long, unhelpful
from faq.content import Faq
from faq.entry import Entry
from faq.examples import misses
from faq.finding import Finding, Level, finding
from faq.lines import Lines
from faq.matching.matcher import Matcher
from faq.overlap import doubled, nearly_doubled, spelling

ENOUGH = 3
"""Phrasings that an entry should have at least."""


def findings(
    faq: Faq,
    today: date,
    limits: Limits | None = None,
    votes: Mapping[str, Votes] | None = None,
) -> list[Finding]:
    """All that is to be said of a FAQ, in the order of its files; builds a matcher."""
    lines = Lines()
    current = replace(faq, entries=tuple(entry for entry in faq.entries if entry.valid(today)))
    found = [*doubled(faq, lines), *nearly_doubled(faq, lines), *languages(faq)]
    for entry in faq.entries:
        found += _few(entry)
        found += _validity(entry, today)
        found += follow_ups(entry, faq, today, lines)
        found += too_long(entry, limits or Limits(), lines)
        found += forbidden(entry, faq.forbidden, lines)
        found += pictures.lost(entry, lines)
        found += _taken(entry, faq, lines)
        found += unhelpful(entry, (votes or {}).get(entry.id, Votes()))
    matcher = Matcher(current)
    found += _cannot_win(current, matcher, lines)
    found += [Finding(miss.problem_at(lines), Level.ERROR) for miss in misses(current, matcher)]
    return sorted(found)


def _few(entry: Entry) -> Iterator[Finding]:
    if (count := len(set(entry.questions))) < ENOUGH:
        yield finding(
            Level.WARNING,
            entry.place,
            f"“{entry.id}”只有 {count} 种问法，顾客换个说法就认不出来：请至少写 {ENOUGH} 种，"
            "十种更好。",
            f'"{entry.id}" has only {count} {"phrasing" if count == 1 else "phrasings"}; '
            f"other wordings will be missed: write at least {ENOUGH}, better ten.",
        )


def _validity(entry: Entry, today: date) -> Iterator[Finding]:
    if entry.valid_to and entry.valid_to < today:
        yield finding(
            Level.WARNING,
            entry.place,
            f"“{entry.id}”在 {entry.valid_to} 已经过期，机器人不再使用：请改日期，或删掉它。",
            f'"{entry.id}" expired on {entry.valid_to} and is no longer used: '
            "change the date, or delete it.",
        )
    elif entry.valid_from and entry.valid_from > today:
        yield finding(
            Level.NOTE,
            entry.place,
            f"“{entry.id}”从 {entry.valid_from} 开始才会使用。",
            f'"{entry.id}" will be used from {entry.valid_from} on.',
        )


def _taken(entry: Entry, faq: Faq, lines: Lines) -> Iterator[Finding]:
    """Phrasings that go to a person because of a word in them, though the entry answers itself."""
    if entry.team or entry.urgent or not entry.answers:
        return
    for question in entry.questions:
        if word := faq.person.find(question) or faq.complaint.find(question):
            yield finding(
                Level.WARNING,
                lines.of(entry, question),
                f"问法“{question}”里有“{word}”（words.yaml），会直接转人工，得不到这个答案："
                "请改问法，或改 words.yaml。",
                f'the phrasing "{question}" holds "{word}" (words.yaml) and goes to a person '
                "instead of getting this answer: change the phrasing, or words.yaml.",
            )


def _cannot_win(faq: Faq, matcher: Matcher, lines: Lines) -> Iterator[Finding]:
    for entry in faq.entries:
        for question in dict.fromkeys(entry.questions):
            best = matcher.match(question).best
            if best is None or (best.id != entry.id and not _shared(faq, best.id, question)):
                other = best.id if best else "-"
                yield finding(
                    Level.ERROR,
                    lines.of(entry, question),
                    f"照着问法“{question}”来问，得到的却是“{other}”而不是“{entry.id}”："
                    "请写得更具体，要有文字。",
                    f'asked with its own phrasing "{question}", "{entry.id}" does not come first '
                    f'but "{other}" does: make it more specific, with words in it.',
                )


def _shared(faq: Faq, entry_id: str, question: str) -> bool:
    """Whether the other entry has the phrasing too, which has been said already."""
    other = faq.entry(entry_id)
    return other is not None and spelling(question) in map(spelling, other.questions)
