"""How alike questions are, when there is no entry yet that could tell: for grouping them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from faq.matching.corpus import Corpus
from faq.matching.index import Index
from faq.matching.reading import Reader

_FLOOR = 0.1
"""Below this cosine nothing is looked at."""


class Likeness:
    """Normalised texts, compared by the matcher's features and by the words they share.

    Features alone are too strict for short Chinese questions, words alone too lax for English.
    """

    def __init__(self, texts: Sequence[str], reader: Reader) -> None:
        owners = np.arange(len(texts), dtype=np.int32)
        self._readings = [reader.read(text) for text in texts]
        self._index = Index(Corpus(texts, reader), owners, len(texts))
        self._words = [frozenset(reading.tokens) for reading in self._readings]
        found = Counter(word for words in self._words for word in words)
        self._idf = {word: log((1 + len(texts)) / (1 + n)) + 1 for word, n in found.items()}
        self._weights = [self._weigh(words) for words in self._words]

    def like(self, place: int, least: float) -> list[int]:
        """The places of the texts at least so alike (0-1) to one, itself among them."""
        rows, cosines = self._index.similar(self._index.query(self._readings[place]))
        near = zip(rows.tolist(), cosines.tolist(), strict=True)
        found = [
            row
            for row, cosine in near
            if row != place and cosine >= _FLOOR and (cosine + self._dice(place, row)) / 2 >= least
        ]
        return [place, *found]

    def _dice(self, one: int, other: int) -> float:
        shared = self._weigh(self._words[one] & self._words[other])
        return 2 * shared / max(self._weights[one] + self._weights[other], 1e-9)

    def _weigh(self, words: frozenset[str]) -> float:
        return sum(self._idf[word] for word in words)
