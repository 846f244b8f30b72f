"""Texts as sets of hashed features, many at once: characters, words, sounds.

All n-grams are hashed on arrays of code points, so that a FAQ of 100,000 phrasings is read in
seconds and a single text in microseconds. A feature is a 64-bit number with its view in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from faq.matching.reading import Reading
from faq.matching.sounds import LAST, syllables

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

VIEWS = 3
CHARACTERS, WORDS, SOUNDS = range(VIEWS)

_SPACE, _HAN, _OTHER = 0, 1, 2
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_WORD = 0xFFFFFFFFFFFFFFFF
_HAN_LONGEST = 3
_SHORTEST, _LONGEST = 2, 5


@dataclass(frozen=True, slots=True)
class Features:
    """Feature occurrences: in which text (`rows`), of which view, which feature (`hashes`)."""

    rows: Rows
    views: NDArray[np.uint64]
    hashes: Hashes


Found = tuple[Rows, Hashes]
"""Places in the joined texts, and the hashes of what begins there."""
Part = tuple[int, Rows, Hashes]
"""A view, and texts with the hashes of what they have of it."""


def features(readings: Sequence[Reading]) -> Features:
    """The features of all views, `rows` counting through the readings."""
    letters = _Codes([reading.letters for reading in readings])
    parts = [letters.part(CHARACTERS, letters.others(CHARACTERS)), _stems(readings)]
    if letters.has_han:
        words = [reading.words for reading in readings]
        spoken = letters if words == letters.texts else _Codes(words)
        parts += [
            letters.part(CHARACTERS, letters.han(CHARACTERS)),
            spoken.part(WORDS, spoken.han(WORDS)),
            letters.part(SOUNDS, letters.han(SOUNDS, sounding=True)),
        ]
    return _joined(parts)


class _Codes:
    """Code points of all texts, a space before and after each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        joined = "".join([f" {text} " for text in texts])
        self.codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
        self.spaces = self.codes == _BLANK
        self.han_codes = _NO_HAN if joined.isascii() else _han()[self.codes]
        self.has_han = bool(self.han_codes.any())
        self._runs = self._runs_of_han()
        self._sizes = [len(text) + 2 for text in texts]

    def part(self, view: int, found: Sequence[Found]) -> Part:
        """What was found of a view, by the text that it stands in."""
        if not found:
            return view, np.zeros(0, np.int64), np.zeros(0, np.uint64)
        places = np.concatenate([at for at, _ in found])
        hashes = np.concatenate([what for _, what in found])
        if len(self._sizes) == 1:
            return view, np.zeros(len(places), np.int64), hashes
        return view, np.searchsorted(np.cumsum(self._sizes), places, side="right"), hashes

    def han(self, view: int, sounding: bool = False) -> list[Found]:
        """Chinese n-grams of 1 to 3 characters, or of their syllables, within runs."""
        codes = self.codes
        if sounding:
            codes = syllables()[np.minimum(codes, LAST)]
        hashes = _seeded(codes, view)
        found = [(self._runs[0], hashes[self._runs[0]])]
        for n, places in enumerate(self._runs[1:], 1):
            hashes = hashes[:-1] * _PRIME + codes[n:]
            found.append((places, hashes[places]))
        return found

    def _runs_of_han(self) -> list[Rows]:
        """Where 1, 2 and 3 Chinese characters in a row begin."""
        whole = self.han_codes
        found = [np.flatnonzero(whole)]
        for n in range(1, min(_HAN_LONGEST, len(whole))):
            whole = whole[:-1] & self.han_codes[n:]
            found.append(np.flatnonzero(whole))
        return found

    def others(self, view: int) -> list[Found]:
        """N-grams of 2 to 5 letters of other words, the spaces at their ends among them."""
        if not self.has_han:
            return self._letters(view)
        inner = ~(self.spaces | self.han_codes)
        hashes = _seeded(self.codes, view)
        edge = ~self.han_codes
        middle = edge
        found = []
        for n in range(2, min(_LONGEST, len(inner)) + 1):
            hashes = hashes[:-1] * _PRIME + self.codes[n - 1 :]
            if n == _SHORTEST:
                wanted = middle[:-1] & edge[1:] & (inner[:-1] | inner[1:])
            else:
                middle = (middle if n > _SHORTEST + 1 else edge[:-1])[:-1] & inner[n - 2 : -1]
                wanted = middle & edge[n - 1 :]
            found.append(_at(wanted, hashes))
        return found

    def _letters(self, view: int) -> list[Found]:
        """The same for texts without any Chinese, which have no other border than a space."""
        inner = ~self.spaces
        hashes = _seeded(self.codes, view)[:-1] * _PRIME + self.codes[1:]
        middle = inner[1:]
        found = [_at(inner[:-1] | middle, hashes)]
        for n in range(_SHORTEST + 1, min(_LONGEST, len(inner)) + 1):
            hashes = hashes[:-1] * _PRIME + self.codes[n - 1 :]
            middle = (
                middle[: len(hashes)] if n == _SHORTEST + 1 else middle[:-1] & inner[n - 2 : -1]
            )
            found.append(_at(middle, hashes))
        return found


def _at(wanted: Flags, hashes: Hashes) -> Found:
    places = np.flatnonzero(wanted)
    return places, hashes[places]


_BLANK = ord(" ")
_NO_HAN = np.zeros(0, np.bool_)


@cache
def _han() -> Flags:
    """For each code point whether it is a Chinese character."""
    flags = np.zeros(sys.maxunicode + 1, np.bool_)
    flags[0x3007] = flags[0x3400:0xA000] = flags[0xF900:0xFB00] = flags[0x20000:] = True
    return flags


def _seeded(codes: NDArray[np.uint32], view: int) -> Hashes:
    return codes.astype(np.uint64) + np.uint64((view + 1) << 32)


def _joined(parts: Sequence[Part]) -> Features:
    views = np.array([view for view, _, _ in parts], np.uint64)
    return Features(
        np.concatenate([rows for _, rows, _ in parts]),
        np.repeat(views, [len(rows) for _, rows, _ in parts]),
        _mixed(np.concatenate([hashes for _, _, hashes in parts])),
    )


def _mixed(hashes: Hashes) -> Hashes:
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    mixed: Hashes = hashes ^ (hashes >> np.uint64(32))
    return mixed


def _stems(readings: Sequence[Reading]) -> Part:
    """Stems and pairs of neighbouring stems; Chinese has its n-grams instead."""
    rows: list[int] = []
    hashes: list[int] = []
    for row, reading in enumerate(readings):
        before = 0
        for token in reading.tokens:
            if not token.isascii():
                before = 0
                continue
            stem = _number(token)
            hashes.append(stem)
            if before:
                hashes.append((before * 31 + stem) & _WORD)
            before = stem
        rows += [row] * (len(hashes) - len(rows))
    return WORDS, np.array(rows, np.int64), np.array(hashes, np.uint64)


@lru_cache(maxsize=65536)
def _number(word: str) -> int:
    """A word as a number that is the same in every process, and never 0."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") or 1
