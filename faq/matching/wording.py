"""The phrasings word for word: how much of a text an entry covers, and the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from faq.matching.corpus import Corpus, Floats, Ints
from faq.matching.index import spans
from faq.matching.reading import Reading


@dataclass(frozen=True, slots=True)
class Asked:
    """A text's words as numbers (unknown ones left out), each with what it weighs."""

    words: str
    numbers: NDArray[np.int64]
    weights: Floats
    whole: float
    """What all its words weigh, the unknown ones the most."""
    unknown: int
    length: int
    without: int | None = None


class Wording:
    """The words of every phrasing and entry, as arrays."""

    def __init__(self, corpus: Corpus, owners: Ints, entries: int) -> None:
        self.numbers = corpus.numbers
        self._texts = corpus.words
        self._owners = owners
        self._flat, self._start = corpus.tokens, corpus.starts
        size = max(len(self.numbers), 1)
        narrow = np.int32 if entries * size < 2**31 else np.int64
        pairs = np.repeat(owners.astype(narrow) * size, np.diff(self._start)) + self._flat
        self._held, times = np.unique(pairs, return_counts=True)
        self._times = times.astype(np.int32)
        self._said = np.bincount(self._flat, minlength=size)
        counts = np.bincount(self._held % size, minlength=size)
        self.idf = (np.log((1 + entries) / (1 + counts)) + 1).astype(np.float32)
        self.most = float(np.log(1 + entries) + 1)

    def asked(self, reading: Reading, without: int | None = None) -> Asked:
        """A text's words, as this FAQ weighs them; `without` one phrasing."""
        found = [self.numbers.get(token, -1) for token in reading.tokens]
        if without is not None:
            own = Counter(self._tokens(without))
            found = [number if self._said[number] > own[number] else -1 for number in found]
        known = np.array([number for number in found if number >= 0], np.int64)
        weights = self.idf[known]
        unknown = len(found) - len(known)
        whole = float(weights.sum()) + unknown * self.most
        return Asked(reading.words, known, weights, whole, unknown, len(found), without)

    def ratios(self, asked: Asked, rows: Ints) -> Floats:
        """How alike the spelling of a text and some phrasings is (0-1)."""
        found = [fuzz.ratio(asked.words, self._texts[row]) for row in rows.tolist()]
        return np.array(found, np.float32) / np.float32(100)

    def covered(self, asked: Asked, entries: Ints) -> Floats:
        """For each entry the share of the text's words that it has anywhere."""
        if not len(asked.numbers):
            return np.zeros(len(entries), np.float32)
        keys = self._keys(entries[:, None], asked.numbers)
        places = np.minimum(np.searchsorted(self._held, keys), len(self._held) - 1)
        held = self._held[places] == keys
        if asked.without is not None:
            own = Counter(self._tokens(asked.without))
            times = np.array([own[number] for number in asked.numbers.tolist()])
            mine = (entries == self._owners[asked.without])[:, None]
            held &= self._times[places] > mine * times
        whole = np.float32(asked.whole)
        shares: Floats = np.where(held, asked.weights, np.float32(0)).sum(axis=1) / whole
        return shares

    def _keys(self, entries: Ints | int, numbers: Ints) -> Ints:
        """Pairs of an entry and a word, as `_held` has them."""
        keys: Ints = (entries * len(self.numbers) + numbers).astype(self._held.dtype)
        return keys

    def covering(self, asked: Asked, rows: Ints) -> Floats:
        """For each phrasing the share of its words that the text has."""
        asking = np.zeros(len(self.numbers), np.bool_)
        asking[asked.numbers] = True
        starts = self._start[rows]
        sizes = self._start[rows + 1] - starts
        tokens = self._flat[spans(starts, sizes)]
        owners = np.repeat(np.arange(len(rows)), sizes)
        weights = self.idf[tokens]
        whole = np.bincount(owners, weights, len(rows))
        held = np.bincount(owners, weights * asking[tokens], len(rows))
        return (held / np.maximum(whole, 1e-9)).astype(np.float32)

    def pairs(self, reading: Reading, rows: Ints) -> float:
        """The largest share of the text's neighbouring words that a phrasing has too (0-1)."""
        found = [self.numbers.get(token, -1) for token in reading.tokens]
        wanted = set(pairwise(found))
        if not wanted:
            return 0.0
        return max(len(wanted & self._pairs_of(row)) for row in rows.tolist()) / len(wanted)

    def _pairs_of(self, row: int) -> set[tuple[int, int]]:
        tokens = self._tokens(row)
        return set(pairwise(tokens))

    def _tokens(self, row: int) -> list[int]:
        tokens: list[int] = self._flat[self._start[row] : self._start[row + 1]].tolist()
        return tokens

    def weight(self, token: str) -> float:
        """What a word weighs; 0 for one that no phrasing has."""
        number = self.numbers.get(token)
        return 0.0 if number is None else float(self.idf[number])

    def held(self, entry: int, tokens: Sequence[str]) -> list[str]:
        """Those of some words, all of which the FAQ has, that an entry has anywhere."""
        if not tokens:
            return []
        keys = self._keys(entry, np.array([self.numbers[token] for token in tokens]))
        places = np.minimum(np.searchsorted(self._held, keys), len(self._held) - 1)
        return list(compress(tokens, (self._held[places] == keys).tolist()))
