"""The phrasings word for word: how much of a text an entry covers, and the other way round."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from faq.matching.corpus import Corpus, gathered, repeated
from faq.matching.reading import Reading
from faq.vectors import Floats, Ints


@dataclass(frozen=True, slots=True)
class Asked:
    """A text's words as numbers, -1 for an unknown one."""

    words: str
    numbers: list[int]
    weights: NDArray[np.float64]
    """What the text's words weigh, for each word of the FAQ; 0 for those that it lacks."""
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
        narrow: type[np.integer] = np.int32 if entries * size < 2**31 else np.int64
        firsts: Ints = owners.astype(narrow) * size
        pairs = repeated(firsts, np.diff(self._start))
        pairs += self._flat
        held, times = np.unique(pairs, return_counts=True)
        self._times = np.minimum(times, 0xFFFF).astype(np.uint16)
        self._held = (held % size).astype(np.int32)
        self._held_start = held.searchsorted(np.arange(entries + 1, dtype=narrow) * size)
        self._said = np.bincount(self._flat, minlength=size)
        counts = np.bincount(self._held, minlength=size)
        self.idf = (np.log((1 + entries) / (1 + counts)) + 1).astype(np.float32)
        self.most = float(np.log(1 + entries) + 1)

    def asked(self, reading: Reading, without: int | None = None) -> Asked:
        """A text's words, as this FAQ weighs them; `without` one phrasing."""
        found = [self.numbers.get(token, -1) for token in reading.tokens]
        if without is not None:
            own = Counter(self._tokens(without))
            found = [number if self._said[number] > own[number] else -1 for number in found]
        known = np.array([number for number in found if number >= 0], np.int64)
        weights = np.asarray(np.bincount(known, self.idf.take(known), len(self.idf)), np.float64)
        unknown = len(found) - len(known)
        whole = float(weights.sum()) + unknown * self.most
        return Asked(reading.words, found, weights, whole, unknown, len(found), without)

    def ratios(self, asked: Asked, rows: Ints) -> Floats:
        """How alike the spelling of a text and some phrasings is (0-1)."""
        texts = [self._texts[row] for row in rows.tolist()]
        ratios: Floats = process.cdist((asked.words,), texts, scorer=fuzz.ratio)[0]
        return ratios / np.float32(100)

    def covered(self, asked: Asked, entries: Ints) -> Floats:
        """For each entry the share of the text's words that it has anywhere."""
        starts, ends = self._held_start.take(entries), self._held_start.take(entries + 1)
        words, sizes = gathered(self._held, starts, ends)
        given = asked.weights.take(words)
        owners = np.arange(len(entries)).repeat(sizes)
        if asked.without is not None:
            own = Counter(self._tokens(asked.without))
            times = np.array([own[word] for word in words.tolist()], np.int32)
            mine = entries.take(owners) == self._owners[asked.without]
            given[mine & (gathered(self._times, starts, ends)[0] <= times)] = 0
        shares = np.bincount(owners, given, len(entries)) / max(asked.whole, 1e-9)
        return shares.astype(np.float32)

    def covering(self, asked: Asked, rows: Ints) -> Floats:
        """For each phrasing the share of its words that the text has."""
        tokens, sizes = gathered(self._flat, self._start.take(rows), self._start.take(rows + 1))
        owners = np.arange(len(rows)).repeat(sizes)
        weights = self.idf.take(tokens)
        whole = np.bincount(owners, weights, len(rows))
        weights *= asked.weights.take(tokens) > 0
        held = np.bincount(owners, weights, len(rows))
        return (held / np.maximum(whole, 1e-9)).astype(np.float32)

    def pairs(self, asked: Asked, rows: Ints) -> float:
        """The largest share of the text's neighbouring words that a phrasing has too (0-1)."""
        wanted = set(pairwise(asked.numbers))
        if not wanted:
            return 0.0
        most = max(len(wanted.intersection(pairwise(self._tokens(row)))) for row in rows.tolist())
        return most / len(wanted)

    def _tokens(self, row: int) -> list[int]:
        tokens: list[int] = self._flat[self._start[row] : self._start[row + 1]].tolist()
        return tokens

    def held(self, entry: int) -> set[int]:
        """The words that an entry has anywhere."""
        return set(self._held[self._held_start[entry] : self._held_start[entry + 1]].tolist())
