"""What is allowed in a FAQ and yet will disappoint customers: found before they find it.

Errors of the files themselves come from loading; here stand the findings that need the whole FAQ,
its matcher, the day and what customers said of the answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from faq.content import Faq
from faq.entry import Answer, Entry
from faq.examples import misses
from faq.finding import Finding, Level, finding
from faq.lines import Lines
from faq.matcher import Matcher
from faq.normalise import language
from faq.overlap import doubled, nearly_doubled, spelling
from faq.words import Words

ENOUGH = 3
"""Phrasings that an entry should have at least."""
_JUDGED = 5
"""Votes that an answer needs before it counts as a bad one."""
_NAMES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the text of an answer may be where the strictest channel takes it in one piece."""

    characters: int = 4096
    bytes: int = 2000


@dataclass(frozen=True, slots=True)
class Votes:
    """How often customers found an answer helpful, and how often not."""

    helpful: int = 0
    unhelpful: int = 0


def findings(
    faq: Faq,
    today: date,
    limits: Limits | None = None,
    votes: Mapping[str, Votes] | None = None,
) -> list[Finding]:
    """All that is to be said of a FAQ, in the order of its files; builds a matcher."""
    lines = Lines()
    current = replace(faq, entries=tuple(entry for entry in faq.entries if entry.valid(today)))
    found = [*doubled(faq, lines), *nearly_doubled(faq, lines), *_languages(faq)]
    for entry in faq.entries:
        found += _few(entry)
        found += _validity(entry, today)
        found += _follow_ups(entry, faq, today, lines)
        found += _too_long(entry, limits or Limits(), lines)
        found += _forbidden(entry, faq.forbidden, lines)
        found += _taken(entry, faq, lines)
        found += _unhelpful(entry, (votes or {}).get(entry.id, Votes()))
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


def _follow_ups(entry: Entry, faq: Faq, today: date, lines: Lines) -> Iterator[Finding]:
    named = (name for answer in entry.answers.values() for name in answer.follow_ups)
    for name in dict.fromkeys(named):
        target = faq.entry(name)
        if target is None:
            yield finding(
                Level.ERROR,
                lines.of(entry, name, "answer"),
                f"追问按钮“{name}”没有对应的条目：请写一个存在的 id，或删掉它。",
                f'the follow-up "{name}" leads nowhere: write the id of an entry, or delete it.',
            )
        elif entry.valid(today) and not target.valid(today):
            yield finding(
                Level.WARNING,
                lines.of(entry, name, "answer"),
                f"追问按钮“{name}”的条目今天不在有效期内：请改日期，或删掉按钮。",
                f'the follow-up "{name}" leads to an entry that is not valid today: '
                "change its dates, or delete the button.",
            )


def _languages(faq: Faq) -> Iterator[Finding]:
    """Entries without a language that at least half of the answered entries have."""
    spoken = {entry.id: _spoken(entry) for entry in faq.entries if entry.answers}
    counts = Counter(tongue for tongues in spoken.values() for tongue in tongues)
    expected = {tongue for tongue, count in counts.items() if 2 * count >= len(spoken)}
    for entry in faq.entries:
        for tongue in sorted(expected - spoken.get(entry.id, expected)):
            zh, en = _NAMES[tongue]
            yield finding(
                Level.WARNING,
                entry.place,
                f"“{entry.id}”缺少{zh}答案，其他条目大多有：请在 answer 里加上 {tongue}。",
                f'"{entry.id}" has no {en} answer, while most entries do: '
                f"add {tongue} to its answer.",
            )


def _spoken(entry: Entry) -> set[str]:
    spoken = set()
    for (_, tongue), answer in entry.answers.items():
        spoken.add(tongue or language(answer.text[:500]))
    return spoken & _NAMES.keys()


def _texts(entry: Entry) -> Iterator[tuple[str, Answer]]:
    """Each text of an entry once, with what it is called."""
    seen = set()
    for (channel, tongue), answer in entry.answers.items():
        if answer.text not in seen:
            seen.add(answer.text)
            yield ".".join(filter(None, ("answer", channel, tongue))), answer


def _too_long(entry: Entry, limits: Limits, lines: Lines) -> Iterator[Finding]:
    for name, answer in _texts(entry):
        characters, size = len(answer.text), len(answer.text.encode())
        if characters > limits.characters or size > limits.bytes:
            yield finding(
                Level.WARNING,
                lines.of(entry, answer.text, "answer"),
                f"“{entry.id}”的 {name} 有 {characters} 个字（{size} 字节），"
                f"有的渠道一次最多 {limits.characters} 个字、{limits.bytes} 字节，会被拆开："
                "请写短些。",
                f'{name} of "{entry.id}" has {characters} characters ({size} bytes); some channels '
                f"take {limits.characters} characters and {limits.bytes} bytes at once and will "
                "cut it in pieces: make it shorter.",
            )


def _forbidden(entry: Entry, words: Words, lines: Lines) -> Iterator[Finding]:
    for name, answer in _texts(entry):
        if word := words.find_anywhere(answer.text):
            yield finding(
                Level.ERROR,
                lines.of(entry, answer.text, "answer"),
                f"“{entry.id}”的 {name} 用了不许用的词“{word}”（words.yaml 的 forbidden）："
                "请换个说法。",
                f'{name} of "{entry.id}" uses "{word}", which words.yaml forbids: '
                "say it in other words.",
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


def _unhelpful(entry: Entry, votes: Votes) -> Iterator[Finding]:
    total = votes.helpful + votes.unhelpful
    if total >= _JUDGED and votes.unhelpful * 2 > total:
        yield finding(
            Level.WARNING,
            entry.place,
            f"“{entry.id}”的答案有 {total} 位顾客评价，{votes.unhelpful} 位说没有帮助："
            "请改写答案。",
            f'of {total} customers who judged the answer of "{entry.id}", {votes.unhelpful} '
            "found it not helpful: rewrite it.",
        )
