"""Real questions with the entry that each should get, asked of the FAQ as it is now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from faq.content import Faq
from faq.files.events import Value
from faq.files.problem import DocumentError, Problem
from faq.matching.match import Decision, Match
from faq.matching.matcher import Matcher
from faq.sheets import sheet
from faq.sheets.columns import key

_TEXT = ("text", "文字", "原话")


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer wrote and the entry that should answer it; "" where none should."""

    text: str
    id: str


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    OFFERED = "offered"
    """The right entry is among the suggestions."""
    PERSON = "person"
    """Suggestions without it, or nothing: a person answers."""
    WRONG = "wrong"
    """Another entry answered, or one did where none should."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A question with what became of it now."""

    question: Question
    match: Match
    outcome: Outcome


def replay(questions: Sequence[Question], faq: Faq, matcher: Matcher) -> Iterator[Replayed]:
    """Each question asked once."""
    for question in questions:
        match = matcher.match(question.text)
        to_person = faq.person.find(question.text) or faq.complaint.find(question.text)
        yield Replayed(question, match, _outcome(question, match, bool(to_person)))


def _outcome(question: Question, match: Match, to_person: bool) -> Outcome:
    answered = match.decision is Decision.ANSWER and not to_person
    if answered and match.best:
        return Outcome.RIGHT if match.best.id == question.id else Outcome.WRONG
    if not question.id:
        return Outcome.RIGHT
    offered = match.decision is Decision.SUGGEST and not to_person
    if offered and any(one.id == question.id for one in match.suggestions):
        return Outcome.OFFERED
    return Outcome.PERSON


def read(path: Path) -> list[Question]:
    """A `.jsonl` file (`{"text", "id"}` a line) or a table with such columns; DocumentError."""
    if path.suffix.lower() in sheet.SUFFIXES:
        return _from_table(path)
    questions, problems = [], []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError([_unreadable(path, 0)]) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            question = _from_json(line)
            questions += [question] if question else []
            problems += [] if question else [_unreadable(path, number)]
    if problems:
        raise DocumentError(problems)
    return questions


def _from_json(line: str) -> Question | None:
    try:
        said: Value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"text": str(text), "id": str() | None as name} if text.strip():
            return Question(text, name or "")
    return None


def _from_table(path: Path) -> list[Question]:
    head, *rows = list(sheet.read(path)) or [[]]
    names = [
        "text" if name.strip().lower() in ("text", "文字", "原话") else key(name) for name in head
    ]
    if "id" not in names or not {"text", "question"} & set(names):
        raise DocumentError([_unreadable(path, 1)])
    text, name = names.index("text" if "text" in names else "question"), names.index("id")
    filled = [row + [""] * (len(head) - len(row)) for row in rows]
    return [Question(row[text], row[name].strip()) for row in filled if row[text].strip()]


def _unreadable(path: Path, line: int) -> Problem:
    return Problem(
        str(path),
        line,
        1 if line else 0,
        '读不懂：.jsonl 每行写 {"text": "顾客的话", "id": "条目编号"}；表格要有“问题”“编号”两列。',
        'cannot be read: a line of .jsonl is {"text": "customer\'s words", "id": "entry"}; '
        "a table has the columns question and id.",
    )
