"""English sentences as word pieces, as BERT has them: the longest known ones, from the left."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST_WORD = 100
_WORDS = re.compile(r"[a-z0-9]+|\.")
_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_WITHIN = "##"
"""What a piece begins with that goes on within a word."""


class WordPieces:
    """Splits texts into the pieces of one vocabulary, at most so many: of longer texts those at
    either end.
    """

    def __init__(self, vocabulary: Sequence[str], most: int) -> None:
        self._places = {piece: place for place, piece in enumerate(vocabulary)}
        self._longest = max(map(len, vocabulary))
        self._most = most

    def of(self, normalised: str) -> list[int]:
        """The places of a text's pieces in the vocabulary, between two marks."""
        found: list[int] = []
        for word in _WORDS.findall(normalised):
            found += self._of_word(word)
        if len(found) > self._most - 2:
            half = self._most // 2 - 1
            found = found[:half] + found[-half:]
        return [self._places[_FIRST], *found, self._places[_LAST]]

    def _of_word(self, word: str) -> list[int]:
        if len(word) > _LONGEST_WORD:
            return [self._places[_UNKNOWN]]
        found: list[int] = []
        at = 0
        while at < len(word):
            head = _WITHIN if at else ""
            for end in range(min(len(word), at + self._longest), at, -1):
                place = self._places.get(head + word[at:end])
                if place is not None:
                    found.append(place)
                    break
            else:
                return [self._places[_UNKNOWN]]
            at = end
        return found
