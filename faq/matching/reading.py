"""A text as the matcher reads it: repaired, stripped of politeness, in the FAQ's own words.

Two readings go on from here: `letters` keeps everything a customer wrote, `words` only what
carries meaning, with synonyms replaced by the word that stands for them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.matching.normalise import HAN, normalise
from faq.matching.sounds import Homophones
from faq.matching.vocabulary import PARTICLES, POLITE, SYNONYMS, stem

_LATIN_WORD = re.compile(r"[a-z]{4,}")
_TOKENS = re.compile(rf"[{HAN}]|[^\s{HAN}]+")
_PIECE = 2_000
_PIECES = re.compile(rf"[{HAN}]+|[^\s{HAN}]+")


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

    def __init__(self, synonyms: Mapping[str, str], known: Collection[str] = ()) -> None:
        own = {normalise(word): normalise(meant) for word, meant in synonyms.items()}
        meant = dict.fromkeys(POLITE, "") | SYNONYMS | own
        self._meant = {word: word for word in meant.values()} | meant
        self._meant.pop("", None)
        self._longest: dict[str, int] = {}
        for word in self._meant:
            head, size = _head_and_size(word)
            self._longest[head] = max(self._longest.get(head, 0), size)
        runs = list(_sorted(run for run in known if not run[0].isascii()))
        self._homophones = Homophones(runs, "".join([*self._meant, PARTICLES])) if runs else None
        words = {word for word in known if _LATIN_WORD.fullmatch(word)}
        self._by_length: dict[int, list[str]] = {}
        for word in _sorted(words):
            self._by_length.setdefault(len(word), []).append(word)
        self._known = words.union(*(word.split() for word in self._meant))

    def read(self, normalised: str, repair: bool = False) -> Reading:
        """The reading of a normalised text."""
        letters, repaired = self._repair(normalised) if repair else (normalised, ())
        words, replaced = self._in_own_words(letters)
        spoken = tuple(_TOKENS.findall(words))
        return Reading(letters, words, spoken, tuple(map(stem, spoken)), repaired, replaced)

    def _repair(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        repaired = []
        parts = text.split(" ")
        for place, word in enumerate(parts):
            meant = self._meant_by(word)
            if meant != word:
                repaired.append((word, meant))
                parts[place] = meant
        return " ".join(parts), tuple(repaired)

    def _meant_by(self, word: str) -> str:
        if self._homophones and word and not word[0].isascii():
            return self._homophones.repaired(word)
        return self._nearest(word) or word

    def _nearest(self, word: str) -> str | None:
        if word in self._known or not _LATIN_WORD.fullmatch(word):
            return None
        limit = 1 if len(word) < 8 else 2
        best: tuple[int, str] | None = None
        for length in range(len(word) - limit, len(word) + limit + 1):
            words = self._by_length.get(length, ())
            found = process.extractOne(word, words, scorer=OSA.distance, score_cutoff=limit)
            if found and (best is None or (found[1], found[0]) < best):
                best = (int(found[1]), found[0])
        return best[1] if best else None

    def _in_own_words(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The text with synonyms replaced and politeness gone; all of it where that is all."""
        pieces = _PIECES.findall(text)
        read: list[str] = []
        replaced: list[tuple[str, str]] = []
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            if piece[0].isascii():
                place = self._phrase(pieces, place, read, replaced)
            else:
                self._run(piece, read, replaced)
                place += 1
        words = " ".join(" ".join(read).split())
        return words if words and words != text else text, tuple(replaced)

    def _phrase(
        self, pieces: list[str], place: int, read: list[str], replaced: list[tuple[str, str]]
    ) -> int:
        """Read the longest known phrase of words from a place on; where to go on."""
        for size in range(self._longest.get(pieces[place], 0), 0, -1):
            phrase = " ".join(pieces[place : place + size])
            if phrase in self._meant:
                _note(phrase, self._meant[phrase], read, replaced)
                return place + size
        read.append(pieces[place])
        return place + 1

    def _run(self, run: str, read: list[str], replaced: list[tuple[str, str]]) -> None:
        """Read a run of Chinese characters, the longest known words first."""
        body = run.rstrip(PARTICLES)
        if len(body) < len(run):
            replaced.append((run[len(body) :], ""))
        parts: list[str] = []
        place = 0
        while place < len(body):
            for size in range(self._longest.get(body[place], 0), 0, -1):
                word = body[place : place + size]
                if word in self._meant:
                    _note(word, self._meant[word] or " ", parts, replaced)
                    place += len(word)
                    break
            else:
                parts.append(body[place])
                place += 1
        read.append("".join(parts))


def _sorted(words: Iterable[str]) -> Iterator[str]:
    """Words in order; sorting very many at once would keep other threads from running."""
    unsorted = list(words)
    pieces = (unsorted[at : at + _PIECE] for at in range(0, len(unsorted), _PIECE))
    return merge(*map(sorted, pieces))


def _note(written: str, meant: str, read: list[str], replaced: list[tuple[str, str]]) -> None:
    read.append(meant)
    if written != meant:
        replaced.append((written, meant.strip()))


def _head_and_size(word: str) -> tuple[str, int]:
    """By what a known word is found: its first character or word, and how long it is."""
    if word[0].isascii():
        parts = word.split(" ")
        return parts[0], len(parts)
    return word[0], len(word)
