"""All phrasings of a FAQ as read once: compact arrays, made in chunks so that nothing piles up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from faq.matching.features import VIEWS, Features, features
from faq.matching.reading import Reader, Reading
from faq.matching.senses import places
from faq.vectors import Ints

N = TypeVar("N", bound=np.integer)

CHUNK = 512
_FEWEST_BITS, _MOST_BITS = 20, 22
_BUCKETS_A_PHRASING = 512
_FEATURES_A_CHARACTER = 9
_PART_BITS = np.uint64(32)


class Corpus:
    """What index and wording are made of.

    Features are numbered by the leading bits of their hash, so there is no dictionary of them;
    `columns` and `counts` hold those of all phrasings, row after row, and `sizes` how many of
    each view a row has. `tokens` are the words of all phrasings, `numbers` what they stand for;
    `senses` are those whose sense is known.
    """

    def __init__(self, spellings: Sequence[str], reader: Reader) -> None:
        bits = max(len(spellings) * _BUCKETS_A_PHRASING - 1, 1).bit_length()
        self.shift = np.uint64(64 - min(max(bits, _FEWEST_BITS), _MOST_BITS))
        self.buckets = 1 << (64 - int(self.shift))
        self.numbers: dict[str, int] = {}
        self.sizes = np.zeros((len(spellings), VIEWS), np.int32)
        room = _FEATURES_A_CHARACTER * sum(len(text) + 2 for text in spellings)
        self.columns = np.empty(room, np.uint32)
        self.counts = np.empty(room, np.uint8)
        self._filled = 0
        tokens: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        words: list[str] = []
        lengths: list[int] = []
        senses: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
        sensed: list[int] = []
        for start in range(0, len(spellings), CHUNK):
            readings = [reader.read(text) for text in spellings[start : start + CHUNK]]
            words += [reading.words for reading in readings]
            lengths += [len(reading.tokens) for reading in readings]
            tokens.append(self._numbered(readings))
            found = [places(reading.tokens) for reading in readings]
            sensed += map(len, found)
            senses.append(np.array([place for row in found for place in row], np.int32))
            self._add(start, readings)
        self.words = tuple(words)
        self.tokens = np.concatenate(tokens)
        self.starts = np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))])
        self.senses = np.concatenate(senses)
        self.sense_starts = np.concatenate([[0], np.cumsum(np.array(sensed, np.int64))])
        self.columns = self.columns[: self._filled]
        self.counts = self.counts[: self._filled]

    def forget_senses(self) -> None:
        """Make room: nobody asks for the senses any more."""
        self.senses = self.senses[:0].copy()
        self.sense_starts = self.sense_starts[:0].copy()

    def _numbered(self, readings: Sequence[Reading]) -> NDArray[np.int32]:
        numbers = self.numbers
        flat = [
            numbers.setdefault(token, len(numbers))
            for reading in readings
            for token in reading.tokens
        ]
        return np.array(flat, np.int32)

    def _add(self, start: int, readings: Sequence[Reading]) -> None:
        parts, columns, counts = counted(features(readings), self.shift)
        end = self._filled + len(columns)
        if end > len(self.columns):
            self.columns = np.resize(self.columns, 2 * end)
            self.counts = np.resize(self.counts, 2 * end)
        self.columns[self._filled : end] = columns
        self.counts[self._filled : end] = np.minimum(counts, 255)
        self._filled = end
        sizes = np.bincount(parts, minlength=len(readings) * VIEWS)
        self.sizes[start : start + len(readings)] = sizes.reshape(-1, VIEWS)


def counted(found: Features, shift: np.uint64) -> tuple[Ints, NDArray[np.uint32], Ints]:
    """Part, column and number of each feature, by part and column."""
    keys = found.parts.astype(np.uint64) << _PART_BITS
    keys |= found.hashes >> shift
    keys.sort()
    bounds = _new(keys).nonzero()[0]
    pairs, counts = keys.take(bounds[:-1]), bounds[1:] - bounds[:-1]
    return (pairs >> _PART_BITS).astype(np.int64), pairs.astype(np.uint32), counts


def gathered(values: NDArray[N], starts: Ints, ends: Ints) -> tuple[NDArray[N], Ints]:
    """What lies between some starts and ends, one after the other, and how much of each."""
    parts = [values[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return np.concatenate(parts), ends - starts


def repeated(values: Ints, sizes: Ints) -> Ints:
    """Each value as often as its size says; for many, as NumPy's `repeat` would keep other threads
    from running.
    """
    starts = range(0, max(len(values), 1), CHUNK)
    return np.concatenate([values[at : at + CHUNK].repeat(sizes[at : at + CHUNK]) for at in starts])


def distinct(values: NDArray[N]) -> NDArray[N]:
    """Each value once, in order. NumPy's `unique` would keep other threads from running."""
    values = np.sort(values)
    return values[_new(values)[:-1]]


def _new(values: NDArray[N]) -> NDArray[np.bool_]:
    """Which of some sorted values are not the same as the one before; the end is, too."""
    new = np.ones(len(values) + 1, np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:-1])
    return new
