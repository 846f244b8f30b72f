"""A text as the matcher reads it: repaired, stripped of politeness, in the FAQ's own words.

Two readings go on from here: `letters` keeps everything a customer wrote, `words` only what
carries meaning, with synonyms replaced by the word that stands for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.normalise import HAN, normalise
from faq.vocabulary import PARTICLES, POLITE, SYNONYMS, stem

_LATIN_WORD = re.compile(r"[a-z]{4,}")
_TOKENS = re.compile(rf"[{HAN}]|[^\s{HAN}]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, read.

    `spoken` are the single Chinese characters and other words of `words`, `tokens` their stems.
    """

    letters: str
    words: str
    spoken: tuple[str, ...]
    tokens: tuple[str, ...]
    repaired: tuple[tuple[str, str], ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()


class Reader:
    """Reads texts with one FAQ's synonyms and, for repairs, its words."""

    def __init__(self, synonyms: Mapping[str, str], known: Iterable[str] = ()) -> None:
        meant = SYNONYMS | {normalise(word): normalise(for_) for word, for_ in synonyms.items()}
        meant |= dict.fromkeys(POLITE, "")
        meant |= {for_: for_ for for_ in meant.values() if for_}
        self._meant = meant
        longest_first = sorted(self._meant, key=len, reverse=True)
        particles = f"[{''.join(PARTICLES)}]+(?![{HAN}])"
        self._pattern = re.compile("|".join([*map(_bounded, longest_first), particles]))
        self._known = sorted({word for word in known if _LATIN_WORD.fullmatch(word)})
        self._known_set = frozenset(self._known)

    def read(self, normalised: str, repair: bool = False) -> Reading:
        """The reading of a normalised text."""
        letters, repaired = self._repair(normalised) if repair else (normalised, ())
        replaced: list[tuple[str, str]] = []

        def replace(found: re.Match[str]) -> str:
            meant = self._meant.get(found[0], "")
            if meant != found[0]:
                replaced.append((found[0], meant))
            return meant or " "

        words = " ".join(self._pattern.sub(replace, letters).split()) or letters
        spoken = tuple(_TOKENS.findall(words))
        return Reading(letters, words, spoken, tuple(map(stem, spoken)), repaired, tuple(replaced))

    def _repair(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        repaired = []
        parts = text.split(" ")
        for place, word in enumerate(parts):
            nearest = self._nearest(word)
            if nearest:
                repaired.append((word, nearest))
                parts[place] = nearest
        return " ".join(parts), tuple(repaired)

    def _nearest(self, word: str) -> str | None:
        if word in self._known_set or not _LATIN_WORD.fullmatch(word):
            return None
        limit = 1 if len(word) < 8 else 2
        found = process.extractOne(word, self._known, scorer=OSA.distance, score_cutoff=limit)
        return found[0] if found else None


def _bounded(word: str) -> str:
    head = r"(?<!\S)" if word[0].isascii() else ""
    tail = r"(?!\S)" if word[-1].isascii() else ""
    return f"{head}{re.escape(word)}{tail}"
