"""The gist of a text: the senses of its words, added up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from faq.matching.corpus import CHUNK, Corpus, distinct, repeated
from faq.matching.reading import Reading
from faq.matching.senses import places, senses
from faq.matching.themes import summed
from faq.vectors import Floats, Ints, unit


class Gist:
    """Texts as directions in the space of senses; words that few entries have say more."""

    def __init__(self, corpus: Corpus, owners: Ints, entries: int) -> None:
        """`owners` has the entry of each phrasing."""
        self._table = senses()
        size = len(self._table)
        narrow: type[np.integer] = np.int32 if entries * size < 2**31 else np.int64
        firsts: Ints = owners.astype(narrow) * size
        pairs = repeated(firsts, np.diff(corpus.sense_starts))
        pairs += corpus.senses
        found = np.bincount(distinct(pairs) % size, minlength=size)
        self._weights = np.sqrt(np.log((1 + entries) / (1 + found)) + 1).astype(np.float32)

    def of(self, reading: Reading) -> Floats:
        """A text's direction, of length 1; all zeros where no word's sense is known."""
        found = np.array(places(reading.tokens), np.int64)
        return unit(self._weights[found] @ self._table[found].astype(np.float32))

    def all(self, corpus: Corpus) -> Iterator[tuple[slice, Floats]]:
        """The directions of all phrasings, some at a time."""
        for start in range(0, len(corpus.sense_starts) - 1, CHUNK):
            starts = corpus.sense_starts[start : start + CHUNK + 1]
            found = corpus.senses[starts[0] : starts[-1]]
            weighed = self._table[found] * self._weights[found, None]
            sums = np.zeros((len(starts) - 1, weighed.shape[1]), np.float32)
            filled = np.flatnonzero(np.diff(starts))
            if len(filled):
                sums[filled] = summed(weighed, starts[filled] - starts[0])
            yield slice(start, start + len(sums)), unit(sums)
