"""What people confirmed: real questions of which somebody has said what they are about.

A customer tapped a suggestion, or called an answer helpful or not; an agent sent an entry's words,
or others. Asked again, such questions show how far the matcher's confidences hold for this FAQ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from faq.content import Faq
from faq.gaps import Asked, spoken
from faq.matching.matcher import Matcher
from faq.overlap import spelling

LATEST = 500
"""More questions than these say nothing new."""


def trials(questions: Sequence[Asked], faq: Faq, matcher: Matcher) -> Iterator[tuple[float, bool]]:
    """How sure the matcher is of each question that somebody has settled, and if it is right."""
    said = spoken(faq)
    settled = [one for one in questions if _is_settled(one)]
    for one in settled[-LATEST:]:
        match = matcher.match(one.text)
        if match.best and not match.reasons.exact:
            right = _is_right(one, match.best.id, said.get(spelling(one.answer), ""))
            if right is not None:
                yield match.best.confidence, right


def _is_settled(question: Asked) -> bool:
    if question.outcome == "answer":
        return question.helpful is not None
    return question.outcome == "suggest" and bool(question.entry or question.answer)


def _is_right(question: Asked, best: str, said: str) -> bool | None:
    """None where nobody has said anything about that entry."""
    if question.outcome == "answer":
        return question.helpful if best == question.entry else None
    return best == (question.entry or said)
