"""Words that mean more than a question: "a person, please", a complaint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from faq.matching.normalise import normalise

_SENTENCES = re.compile(r"(?<=[。！？；!?;\n])|(?<=[.,，、]\s)")


class Words:
    """A list of words to look for: Chinese ones anywhere, others as whole words."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(words)
        self._written = {normalise(word): word for word in self.words}
        self._written.pop("", None)
        longest_first = sorted(self._written, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_bounded, longest_first)))

    def find(self, text: str) -> str | None:
        """The first of the words that stands in the text, as staff wrote it."""
        if not self._written:
            return None
        found = self._pattern.search(normalise(text))
        return self._written[found[0]] if found else None

    def find_anywhere(self, text: str) -> str | None:
        """The same in a text of any length, sentence by sentence."""
        return next(filter(None, map(self.find, _SENTENCES.split(text))), None)

    def __bool__(self) -> bool:
        return bool(self._written)


def _bounded(word: str) -> str:
    """The word with borders where its ends are Latin; escaped, so that it is never a pattern."""
    head = r"(?<![a-z0-9])" if word[0].isascii() else ""
    tail = r"(?![a-z0-9])" if word[-1].isascii() else ""
    return f"{head}{re.escape(word)}{tail}"
