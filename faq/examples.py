"""The wordings that staff promised would hit, or must not, asked of a matcher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from faq.content import Faq
from faq.entry import Entry
from faq.files.problem import Problem
from faq.lines import Lines
from faq.matching.match import Decision, Match
from faq.matching.matcher import Matcher


@dataclass(frozen=True, slots=True)
class Miss:
    """An example that got something else, or a forbidden wording that hit."""

    entry: Entry
    text: str
    match: Match
    wanted: bool
    """Whether the text was to get the entry's answer; otherwise it must not."""

    def problem_at(self, lines: Lines) -> Problem:
        """What staff are told, with the line of the text itself."""
        place = lines.of(self.entry, self.text, "examples" if self.wanted else "not")
        zh, en = self._wanted() if self.wanted else self._unwanted()
        return Problem(place.file, place.line, 1, zh, en)

    def _wanted(self) -> tuple[str, str]:
        got_zh, got_en = _result(self.match)
        zh = (
            f"“{self.entry.id}”的例句“{self.text}”没有得到它的答案，而是{got_zh}："
            "请加一条相近的问法，或删掉例句。"
        )
        en = (
            f'the example "{self.text}" of "{self.entry.id}" does not get its answer, '
            f"but {got_en}: add a phrasing like it, or delete the example."
        )
        return zh, en

    def _unwanted(self) -> tuple[str, str]:
        zh = (
            f"“{self.text}”写在“{self.entry.id}”的 not 里，却还是得到了它的答案："
            "请把这句话加到该回答它的条目，或改掉太像它的问法。"
        )
        en = (
            f'"{self.text}" stands under not of "{self.entry.id}", but still gets its answer: '
            "make it a phrasing of the entry it belongs to, or change what is too like it."
        )
        return zh, en


def misses(faq: Faq, matcher: Matcher) -> Iterator[Miss]:
    """Every broken promise of a FAQ."""
    for entry in faq.entries:
        for text in entry.examples:
            if not hits(match := matcher.match(text), entry.id):
                yield Miss(entry, text, match, wanted=True)
        for text in entry.never:
            if hits(match := matcher.match(text), entry.id):
                yield Miss(entry, text, match, wanted=False)


def lost(faq: Faq, matcher: Matcher, before: Matcher) -> list[Miss]:
    """The promises that `before` kept and `matcher` breaks."""
    return [miss for miss in misses(faq, matcher) if _kept(miss, before)]


def _kept(miss: Miss, before: Matcher) -> bool:
    return hits(before.match(miss.text), miss.entry.id) == miss.wanted


def hits(match: Match, entry_id: str) -> bool:
    """Whether the match gives the answer of an entry."""
    best = match.best
    return match.decision is Decision.ANSWER and best is not None and best.id == entry_id


def _result(match: Match) -> tuple[str, str]:
    best = match.best
    if match.decision is Decision.ANSWER and best:
        sure = f"{best.confidence:.0%}"
        return f"“{best.id}”的答案（{sure}）", f'that of "{best.id}" ({sure})'
    if match.decision is Decision.SUGGEST:
        offers = " / ".join(one.id for one in match.suggestions)
        return f"让顾客选（{offers}）", f"a choice of {offers}"
    return "转人工", "a person"
