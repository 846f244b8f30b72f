"""A match told to people: what would be answered, and why."""

from __future__ import annotations

from faq.content import Faq
from faq.files.problem import Language
from faq.matching.match import Decision, Match

_DECISIONS = {
    Decision.ANSWER: ("回答", "Answer"),
    Decision.SUGGEST: ("请顾客选", "Suggest"),
    Decision.HANDOFF: ("转人工", "To a person"),
}


def answered(faq: Faq, text: str, match: Match, language: Language) -> str:
    """What a customer who writes `text` would get, in a few lines."""
    if word := faq.person.find(text):
        return _pick(language, f"转人工：有“{word}”", f'To a person: it says "{word}"')
    if word := faq.complaint.find(text):
        return _pick(
            language, f"转人工（优先）：有“{word}”", f'To a person, first: it says "{word}"'
        )
    head = _pick(language, *_DECISIONS[match.decision])
    if match.decision is Decision.ANSWER and match.best:
        return (
            f"{head}: {match.best.id} ({match.best.confidence:.0%})\n{_text(faq, match, language)}"
        )
    if match.decision is Decision.SUGGEST:
        offers = [
            f"  · {one.phrasing}  [{one.id} {one.confidence:.0%}]" for one in match.suggestions
        ]
        return "\n".join([head, *offers])
    return head


def _text(faq: Faq, match: Match, language: Language) -> str:
    entry = faq.entry(match.best.id) if match.best else None
    answer = entry.answer(language=match.language or language) if entry else None
    if answer is None:
        return _pick(language, "（由人来回答）", "(a person answers)")
    link = f"\n{answer.link.text} {answer.link.url}".rstrip() if answer.link else ""
    return answer.text + link


def explained(match: Match, language: Language) -> str:
    """Why the match is what it is: what was read, changed, shared, and the numbers."""
    why = match.reasons
    lines = [_pick(language, f"读作：{why.read_as}", f"read as: {why.read_as}")]
    if why.cut:
        lines.append(_pick(language, "太长，只看了开头", "too long: only the beginning counts"))
    for written, read in why.repaired:
        lines.append(_pick(language, f"错字：{written} → {read}", f"typing: {written} → {read}"))
    for written, read in why.replaced:
        said = read or _pick(language, "（客套话）", "(politeness)")
        lines.append(_pick(language, f"同义：{written} → {said}", f"synonym: {written} → {said}"))
    if why.exact:
        lines.append(_pick(language, "与问法相同", "the same as a phrasing"))
    if why.shared:
        words = " ".join(why.shared)
        lines.append(_pick(language, f"共有的词：{words}", f"words in common: {words}"))
    if why.unknown:
        words = " ".join(why.unknown)
        lines.append(_pick(language, f"FAQ 里没有的词：{words}", f"words the FAQ lacks: {words}"))
    lines.append(
        _pick(
            language,
            f"门槛：{why.threshold:.0%} 起回答，{why.suggest_from:.0%} 起让顾客选",
            f"thresholds: answer from {why.threshold:.0%}, suggest from {why.suggest_from:.0%}",
        )
    )
    lines += [
        f"  {place}. {one.confidence:6.1%}  {one.id}  “{one.phrasing}”"
        for place, one in enumerate(match.candidates, start=1)
    ]
    return "\n".join(lines)


def _pick(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en
