"""The wordings that staff promised would hit, or must not, asked of a matcher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from faq.content import Faq
from faq.entry import Entry
from faq.match import Decision, Match
from faq.matcher import Matcher
from faq.problem import Problem


@dataclass(frozen=True, slots=True)
class Miss:
    """An example that got something else, or a forbidden wording that hit."""

    entry: Entry
    text: str
    match: Match

    @property
    def problem(self) -> Problem:
        """What staff are told."""
        best = self.match.best
        got = f"{best.id} ({best.confidence:.0%})" if best else "-"
        zh = "不该命中的问法却得到了它" if self.text in self.entry.never else "例句没有得到这个答案"
        en = "must not hit, but does" if self.text in self.entry.never else "does not hit"
        decision = self.match.decision.value
        return Problem(
            self.entry.place.file,
            self.entry.place.line,
            1,
            f"{self.entry.id}：{zh}：“{self.text}”（结果：{decision} {got}）。",
            f'{self.entry.id}: "{self.text}" {en} (result: {decision} {got}).',
        )


def misses(faq: Faq, matcher: Matcher) -> Iterator[Miss]:
    """Every broken promise of a FAQ."""
    for entry in faq.entries:
        for text in entry.examples:
            if not _hits(match := matcher.match(text), entry):
                yield Miss(entry, text, match)
        for text in entry.never:
            if _hits(match := matcher.match(text), entry):
                yield Miss(entry, text, match)


def lost(faq: Faq, matcher: Matcher, before: Matcher) -> list[Miss]:
    """The promises that `before` kept and `matcher` breaks."""
    return [miss for miss in misses(faq, matcher) if _kept(miss, before)]


def _kept(miss: Miss, before: Matcher) -> bool:
    return _hits(before.match(miss.text), miss.entry) == (miss.text in miss.entry.examples)


def _hits(match: Match, entry: Entry) -> bool:
    best = match.best
    return match.decision is Decision.ANSWER and best is not None and best.id == entry.id
