"""Sentence embeddings, where the extra `frontdesk[semantic]` is installed and switched on.

They find what shares no words with any phrasing. Everything works without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from faq.encoding.encoder import Encode
from faq.matching.corpus import CHUNK
from faq.matching.themes import Themes
from faq.vectors import Floats, Ints

_EVEN = 0.75
_NEAREST = 120
_SKETCH = 64
_SKETCHED_FROM = 10_000
_SHORTLIST = 600
_BATCH = 256
_BLOCK = 64


class Meaning:
    """The phrasings as vectors, and which of them mean something like a text.

    All vectors are as `Themes` sees them: how phrasings of one entry differ among themselves counts
    less, and what all phrasings of the FAQ have in common not at all.
    """

    def __init__(self, texts: Sequence[str], encode: Encode, owners: Ints, entries: int) -> None:
        """`owners` has the entry of each text."""
        self._encode = encode
        batches = [encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        self._vectors = np.concatenate(batches or [encode(texts)])
        self.themes = Themes(self._all, self._vectors.shape[1], owners, entries, _EVEN)
        for rows, found in self._all():
            self._vectors[rows] = self.themes.seen(found)
        self._axes, self._sketches = self._sketch()

    def _all(self) -> Iterator[tuple[slice, Floats]]:
        for start in range(0, len(self._vectors), CHUNK):
            rows = slice(start, min(start + CHUNK, len(self._vectors)))
            yield rows, self._vectors[rows]

    def _sketch(self) -> tuple[Floats, Floats]:
        """The vectors along their main axes only: enough for a shortlist of a large FAQ."""
        sample = self._vectors[:: max(len(self._vectors) // 4096, 1)]
        if len(self._vectors) < _SKETCHED_FROM:
            return np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32)
        _, axes = np.linalg.eigh(sample.T @ sample)
        main = np.ascontiguousarray(axes[:, -_SKETCH:])
        return main, self._vectors @ main

    def of(self, text: str) -> Floats:
        """A text as a vector, as it tells the FAQ's entries apart."""
        return self.themes.seen(self._encode((text,))[0])

    def cosines(self, vector: Floats, rows: Ints) -> Floats:
        """How alike a text and some phrasings are in meaning (-1 to 1)."""
        return _products(self._vectors.take(rows, axis=0), vector)

    def gram(self, rows: Ints) -> Floats:
        """The same of some phrasings with each other."""
        blocks = self._vectors.take(rows, axis=0).reshape(len(rows), -1, _BLOCK).transpose(1, 0, 2)
        cosines: Floats = (blocks @ blocks.transpose(0, 2, 1)).sum(axis=0)
        return cosines

    def nearest(self, vector: Floats) -> Ints:
        """The phrasings that come nearest, in no order."""
        if len(self._sketches):
            rows = _top(_products(self._sketches, _products(self._axes.T, vector)), _SHORTLIST)
            return rows[_top(self.cosines(vector, rows), _NEAREST)]
        return _top(_products(self._vectors, vector), _NEAREST)


def _products(vectors: Floats, vector: Floats) -> Floats:
    """Vectors times a vector in the calling thread: the library's own threads wait in turns."""
    products: Floats = np.vecdot(vectors, vector)
    return products


def _top(values: Floats, most: int) -> Ints:
    if len(values) <= most:
        return np.arange(len(values))
    return values.argpartition(len(values) - most)[len(values) - most :]
