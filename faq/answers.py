"""What customers are given: answers too long, in one language only, forbidden or unloved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from faq.content import Faq
from faq.entry import Answer, Entry
from faq.finding import Finding, Level, finding
from faq.lines import Lines
from faq.matching.normalise import language
from faq.words import Words

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


def follow_ups(entry: Entry, faq: Faq, today: date, lines: Lines) -> Iterator[Finding]:
    """Buttons that lead nowhere."""
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


def languages(faq: Faq) -> Iterator[Finding]:
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


def too_long(entry: Entry, limits: Limits, lines: Lines) -> Iterator[Finding]:
    """Texts that a channel would cut in pieces."""
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


def forbidden(entry: Entry, words: Words, lines: Lines) -> Iterator[Finding]:
    """Texts with words that staff forbade."""
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


def unhelpful(entry: Entry, votes: Votes) -> Iterator[Finding]:
    """Answers that most who judged them found to be of no help."""
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
