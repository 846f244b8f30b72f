"""What a check of the FAQ has to say: a problem, and how much it matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from faq.entry import Place
from faq.files.problem import Language, Problem


class Level(IntEnum):
    """How much a finding matters."""

    NOTE = 0
    """Good to know; never fails a check."""
    WARNING = 1
    """Should be better; fails a strict check."""
    ERROR = 2
    """Customers get a wrong answer or none."""


_NAMES = {
    Level.NOTE: ("说明", "note"),
    Level.WARNING: ("提醒", "warning"),
    Level.ERROR: ("错误", "error"),
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a check found, with its place and what to do about it."""

    problem: Problem
    level: Level

    def say(self, language: Language) -> str:
        """`file:line:column: level: text`."""
        name = _NAMES[self.level][language == "en"]
        place, _, text = self.problem.say(language).partition(": ")
        return f"{place}: {name}{'：' if language == 'zh' else ': '}{text}"


def finding(level: Level, place: Place, zh: str, en: str) -> Finding:
    """A finding at a place."""
    return Finding(Problem(place.file, place.line, 1 if place.line else 0, zh, en), level)
