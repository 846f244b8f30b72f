"""What is wrong with a file that people edit, said so that they can put it right.

Every problem has its place and both languages; an error carries all problems of a file at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz, process

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a file: where, and in both languages what to do about it.

    `line` and `column` count from 1; line 0 means the file as a whole.
    """

    file: str
    line: int
    column: int
    zh: str = field(compare=False)
    en: str = field(compare=False)

    def say(self, language: Language) -> str:
        """`file:line:column: text`, as editors and terminals link it."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.zh if language == 'zh' else self.en}"

    def __str__(self) -> str:
        return self.say("en")


class DocumentError(Exception):
    """A file that cannot be used, with everything that is wrong with it, in the file's order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(self.problems)

    def say(self, language: Language) -> str:
        """All problems, one a line."""
        return "\n".join(problem.say(language) for problem in self.problems)

    def __str__(self) -> str:
        return self.say("en")


def nearest(word: str, options: Iterable[str]) -> str | None:
    """The option that `word` was probably meant to be, or None."""
    best = process.extractOne(word.lower(), list(options), scorer=fuzz.ratio, score_cutoff=60)
    return best[0] if best else None
