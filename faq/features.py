"""Texts as sets of hashed features, many at once: characters, words, sounds.

All n-grams are hashed on arrays of code points, so a FAQ of 100,000 phrasings is read in seconds
and a single text in microseconds. A feature is a 64-bit number; the view it belongs to is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from faq.reading import Reading

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int32]

VIEWS = 3
CHARACTERS, WORDS, SOUNDS = range(VIEWS)

_SPACE, _HAN, _OTHER = 0, 1, 2
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Features:
    """Feature occurrences: which text (`rows`), which feature (`hashes`), one view."""

    rows: Rows
    hashes: Hashes


def features(readings: Sequence[Reading]) -> list[Features]:
    """The features of every view, `rows` counting through the readings."""
    letters = _Codes([reading.letters for reading in readings])
    words = _Codes([reading.words for reading in readings])
    characters = [*letters.han(3, CHARACTERS), *letters.others(2, 5, CHARACTERS)]
    return [
        _joined(characters),
        _joined([*words.han(3, WORDS), *_stems(readings)]),
        _joined(letters.sounds().han(3, SOUNDS)),
    ]


class _Codes:
    """Code points of all texts, a space before and after each."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "".join(f" {text} " for text in texts)
        self.codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
        lengths = np.fromiter((len(text) + 2 for text in texts), np.int64, len(texts))
        self.rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        self.kinds = _kinds(self.codes)

    def sounds(self) -> _Codes:
        """The same with every Chinese character replaced by its syllable."""
        sounding = object.__new__(_Codes)
        sounding.rows, sounding.kinds = self.rows, self.kinds
        sounding.codes = syllables()[np.minimum(self.codes, _LAST_SYLLABLE)]
        return sounding

    def han(self, longest: int, view: int) -> list[Features]:
        """Chinese n-grams of 1 up to `longest` characters, within runs."""
        inside = self.kinds == _HAN
        return self._windows(1, longest, view, inside, inside)

    def others(self, shortest: int, longest: int, view: int) -> list[Features]:
        """N-grams of other words, the spaces at their ends counting as letters."""
        inside = self.kinds == _OTHER
        return self._windows(shortest, longest, view, inside, self.kinds != _HAN)

    def _windows(
        self,
        shortest: int,
        longest: int,
        view: int,
        inner: NDArray[np.bool_],
        edge: NDArray[np.bool_],
    ) -> list[Features]:
        size = len(self.codes)
        found = []
        hashes = self.codes.astype(np.uint64) + np.uint64((view + 1) << 32)
        middle = np.ones(size, np.bool_)
        for n in range(1, longest + 1):
            if n > 1:
                size -= 1
                if size <= 0:
                    break
                hashes = hashes[:-1] * _PRIME + self.codes[n - 1 :]
                middle = middle[:-1] & (inner[n - 2 : -1] if n > 2 else True)
            if n < shortest:
                continue
            wanted = middle & edge[:size] & edge[n - 1 :]
            if n <= 2:
                wanted &= inner[:size] | inner[n - 1 :]
            places = np.flatnonzero(wanted)
            found.append(Features(self.rows[places], _mixed(hashes[places])))
        return found


def _kinds(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    kinds = np.full(len(codes), _OTHER, np.uint8)
    kinds[codes == ord(" ")] = _SPACE
    han = (codes >= 0x3400) & (codes <= 0x9FFF) | (codes >= 0x20000) | (codes == 0x3007)
    han |= (codes >= 0xF900) & (codes <= 0xFAFF)
    kinds[han] = _HAN
    return kinds


def _mixed(hashes: Hashes) -> Hashes:
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    mixed: Hashes = hashes ^ (hashes >> np.uint64(32))
    return mixed


def _stems(readings: Sequence[Reading]) -> list[Features]:
    """Stems and pairs of neighbouring stems; Chinese has its n-grams instead."""
    rows: list[int] = []
    hashes: list[int] = []
    for row, reading in enumerate(readings):
        before = 0
        for token in reading.tokens:
            stem = token_hash(token) if token.isascii() else 0
            if stem:
                hashes.append(stem)
                rows.append(row)
            if stem and before:
                hashes.append((before * 31 + stem) & _WORD)
                rows.append(row)
            before = stem
    return [Features(np.array(rows, np.int32), _mixed(np.array(hashes, np.uint64)))]


_WORD = 0xFFFFFFFFFFFFFFFF


def token_hash(token: str) -> int:
    """A word's number, the same within one process."""
    return hash(token) & _WORD or 1


def _joined(parts: Sequence[Features]) -> Features:
    return Features(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.hashes for part in parts]),
    )


_LAST_SYLLABLE = 0xA000


@cache
def syllables() -> NDArray[np.uint32]:
    """For each code point its syllable without tone, sounds that are often mixed up made one."""
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    numbers: dict[str, int] = {}
    table = np.arange(_LAST_SYLLABLE + 1, dtype=np.uint32)
    for code, readings in PINYIN_DICT.items():
        if 0x3400 <= code < _LAST_SYLLABLE:
            sound = _blurred(to_normal(readings.partition(",")[0]))
            table[code] = 0x110000 + numbers.setdefault(sound, len(numbers))
    return table


def _blurred(sound: str) -> str:
    for written, heard in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if sound.startswith(written):
            sound = heard + sound[2:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound
