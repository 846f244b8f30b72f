"""The phrasings as sparse rows of hashed features, and which of them resemble a text.

Features are numbered by the leading bits of their hash, so there is no dictionary of them: arrays
only, small enough for 100,000 phrasings. The kernel is a sum of cosines, one a view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.matching.corpus import CHUNK, Corpus, Floats, Ints, counted, distinct
from faq.matching.features import VIEWS, features
from faq.matching.reading import Reading

WEIGHTS = (0.5, 0.3, 0.2)
_KEPT = 100
_FEW = 2_000
"""Up to so many phrasings all their likenesses are worked out beforehand."""
_WHOLE = 20_000
"""Up to so many postings none is left out."""
_POSTINGS = 14_000
_RAREST = 8
_FAR = 4
"""What has less than this part of the highest score is rarely among the best."""
_SHIFTS = 5
_SLOTS = 1 << 16
_PLACE_BITS = 20
_BLOCK = 64
"""Products of blocks this small stay in the calling thread: more would wait for each other."""
_LARGE = 4_000_000
"""From so many weights on, half the precision saves memory that matters."""


_SCALES = np.sqrt(np.array(WEIGHTS))


def _none(rows: Ints) -> Ints:
    return rows[:0]


@dataclass(frozen=True, slots=True)
class Query:
    """A text's features and their weights, most telling first; its whole row has length 1."""

    columns: NDArray[np.uint32]
    weights: Floats


class Index:
    """Rows of phrasings, as features (forward) and by feature (postings)."""

    def __init__(self, corpus: Corpus, owners: Ints, entries: int) -> None:
        """`owners` has the entry of each phrasing, one entry after the other."""
        self.owners = owners
        self._shift = corpus.shift
        self._most = float(np.log(1 + entries) + 1)
        self._columns = corpus.columns
        self._row_start = np.concatenate([[0], np.cumsum(corpus.sizes.sum(axis=1))])
        self._idf = self._weigh_features(corpus.buckets, entries)
        frequency = np.zeros(corpus.buckets + 1, np.int32)
        for _, span in self._spans():
            _count(frequency, self._columns[span] + np.uint32(1))
        self._weights = np.empty(len(self._columns), _precision(len(self._columns)))
        self._row_shared = self._row_start[1:].copy()
        self._lengths = np.empty(len(owners), np.float32)
        for rows, span in self._spans():
            self._weigh(rows, span, corpus, frequency)
        corpus.counts = corpus.counts[:0].copy()
        self._column_start = np.cumsum(frequency, dtype=np.int32)
        following = frequency  # its room, as nobody asks for it any more
        following[:] = self._column_start
        self._posted = np.empty(len(self._columns), np.int32)
        self._posted_weights = np.empty_like(self._weights)
        for rows, span in self._spans():
            self._post(rows, span, following)
        self._grams = self._all_grams() if len(owners) <= _FEW else None

    def _spans(self) -> Iterator[tuple[slice, slice]]:
        """Some rows at a time, and where their features are."""
        for start in range(0, len(self.owners), CHUNK):
            end = min(start + CHUNK, len(self.owners))
            yield slice(start, end), slice(self._row_start[start], self._row_start[end])

    def _rows(self, rows: slice) -> Ints:
        """The row of each feature of some rows, counted from the first of them."""
        sizes = np.diff(self._row_start[rows.start : rows.stop + 1])
        return np.repeat(np.arange(len(sizes)), sizes)

    def _weigh_features(self, buckets: int, entries: int) -> Floats:
        """ln((1+E)/(1+ef)) + 1, counted over entries; 0 marks a feature that no phrasing has."""
        found = np.zeros(buckets, np.int32)
        last_owner, last_columns = -1, np.zeros(0, np.uint32)
        for rows, span in self._spans():
            owners = self.owners[rows][self._rows(rows)].astype(np.uint64)
            pairs = distinct((owners << np.uint64(32)) | self._columns[span])
            owner, columns = (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32)
            again = (owner == last_owner) & np.isin(columns, last_columns)
            _count(found, columns[~again])
            last_owner = int(self.owners[rows.stop - 1])
            last_columns = columns[owner == last_owner]
        idf: Floats = np.log(np.float32(1 + entries) / (1 + found).astype(np.float32)) + 1
        idf[found == 0] = 0
        return idf

    def _weigh(
        self, rows: slice, span: slice, corpus: Corpus, frequency: NDArray[np.int32]
    ) -> None:
        """Weigh some rows; features that only one phrasing has go to their rows' ends."""
        columns = self._columns[span]
        weights = (1 + np.log(corpus.counts[span].astype(np.float32))) * self._idf[columns]
        sizes = corpus.sizes[rows].ravel()
        part = np.repeat(np.arange(len(sizes)), sizes)
        norms = np.sqrt(np.bincount(part, weights * weights, len(sizes)) + 1e-12)
        weights *= np.repeat(np.tile(_SCALES, len(sizes) // VIEWS) / norms, sizes)
        row = part // VIEWS
        alone = frequency[columns + np.uint32(1)] == 1
        order = np.lexsort((alone, row))
        self._columns[span] = columns[order]
        self._weights[span] = weights[order]
        size = rows.stop - rows.start
        self._lengths[rows] = np.bincount(row, weights * weights, size)
        self._row_shared[rows] -= np.bincount(row[alone], minlength=size)

    def _post(self, rows: slice, span: slice, following: NDArray[np.int32]) -> None:
        """Put some rows into the postings, by counting sort."""
        order = np.argsort(self._columns[span], kind="stable")
        columns = self._columns[span][order]
        heads = np.flatnonzero(np.diff(columns, prepend=columns[:1] + 1))
        runs = np.diff(heads, append=len(columns))
        places = following[columns] + np.arange(len(columns)) - np.repeat(heads, runs)
        self._posted[places] = rows.start + self._rows(rows)[order]
        self._posted_weights[places] = self._weights[span][order]
        following[columns[heads]] += runs.astype(np.int32)

    def query(self, reading: Reading) -> Query:
        """The text as a row; features that no phrasing has lengthen it at the highest idf."""
        _, view, columns, counts = counted(features((reading,)), self._shift)
        idf = self._idf[columns]
        raw = (1 + np.log(counts)) * np.where(idf > 0, idf, self._most)
        raw *= (_SCALES / np.sqrt(np.bincount(view, raw * raw, VIEWS) + 1e-12))[view]
        known = idf > 0
        return Query(columns[known], raw[known].astype(np.float32))

    def similar(self, query: Query, more: Callable[[Ints], Ints] = _none) -> tuple[Ints, Floats]:
        """Phrasings that share features with the text, and their cosines.

        Very common features are left out of the search and counted in the result. `more` says
        which phrasings to look at besides those that were found.
        """
        starts = self._column_start[query.columns]
        sizes = self._column_start[query.columns + np.uint32(1)] - starts
        weights = query.weights
        whole = bool(sizes.sum() <= _WHOLE)
        if not whole:
            order = np.argsort(sizes, kind="stable")
            total = np.cumsum(sizes[order])
            within = total <= _POSTINGS
            within[:_RAREST] |= total[:_RAREST] <= _RAREST * _POSTINGS
            within[:1] = True
            taken = order[within]
            starts, sizes, weights = starts[taken], sizes[taken], weights[taken]
        scores = self._scores(starts, sizes, weights)
        rows = _highest(scores, _KEPT)
        rows = np.concatenate([rows, more(rows)])
        cosines = scores[rows].astype(np.float32) if whole else self.cosines(rows, query)
        return rows, cosines

    def _scores(self, starts: Ints, sizes: Ints, weights: Floats) -> Ints | NDArray[np.float64]:
        """What some postings give to each phrasing."""
        places = spans(starts, sizes)
        given = self._posted_weights.take(places) * np.repeat(weights, sizes)
        return np.bincount(self._posted.take(places), given, len(self.owners))

    def _all_grams(self) -> Floats:
        grams = np.empty((len(self.owners), len(self.owners)), np.float32)
        for row in range(len(self.owners)):
            span = slice(self._row_start[row], self._row_start[row + 1])
            columns = self._columns[span]
            starts = self._column_start[columns]
            sizes = self._column_start[columns + np.uint32(1)] - starts
            grams[row] = self._scores(starts, sizes, self._weights[span])
        return grams

    def cosines(self, rows: Ints, query: Query) -> Floats:
        """How alike a text and some phrasings are (0-1)."""
        if not len(query.columns) or not len(rows):
            return np.zeros(len(rows), np.float32)
        starts = self._row_start[rows]
        sizes = self._row_start[rows + 1] - starts
        places = spans(starts, sizes)
        columns = self._columns.take(places)
        shift, asked, weights = _tables(query)
        slots = (columns >> shift).astype(np.uint16).astype(np.intp)
        products = self._weights.take(places) * weights.take(slots)
        products *= asked.take(slots) == columns
        cosines: Floats = np.add.reduceat(products, np.cumsum(sizes) - sizes)  # no row is empty
        return cosines

    def gram(self, rows: Ints) -> Floats:
        """The cosines of some phrasings with each other."""
        if self._grams is not None:
            return self._grams[rows[:, None], rows]
        starts = self._row_start[rows]
        sizes = self._row_shared[rows] - starts
        places = spans(starts, sizes)
        numbers, shared, order = _shared(self._columns.take(places))
        blocks = np.zeros((shared // _BLOCK + 1, len(rows), _BLOCK), np.float32)
        block, column = np.divmod(numbers, _BLOCK)
        row = np.repeat(np.arange(len(rows)), sizes).take(order)
        blocks[block, row, column] = self._weights.take(places.take(order))
        cosines: Floats = (blocks @ blocks.transpose(0, 2, 1)).sum(axis=0)
        np.fill_diagonal(cosines, self._lengths[rows])
        return cosines


def _tables(query: Query) -> tuple[np.uint32, NDArray[np.uint32], Floats]:
    """A text's columns and their weights by 16 of each column's bits, from `shift` on."""
    for shift in map(np.uint32, range(_SHIFTS)):
        slots = (query.columns >> shift).astype(np.uint16)
        columns = np.zeros(_SLOTS, np.uint32)
        columns[slots] = query.columns
        if np.array_equal(columns[slots], query.columns):
            break
    weights = np.zeros(_SLOTS, np.float32)
    weights[slots] = query.weights
    return shift, columns, weights


def _shared(columns: NDArray[np.uint32]) -> tuple[Ints, int, Ints]:
    """Those that are there more than once, numbered from 0; how many; the place of each."""
    keys = np.sort((columns.astype(np.int64) << _PLACE_BITS) | np.arange(len(columns)))
    sorted_columns = keys >> _PLACE_BITS
    again = np.zeros(len(keys) + 1, np.bool_)
    np.equal(sorted_columns[1:], sorted_columns[:-1], out=again[1:-1])
    first = again[1:] & ~again[:-1]
    kept = np.flatnonzero(first | again[:-1])
    numbers = np.cumsum(first).take(kept) - 1
    return numbers, int(first.sum()), keys.take(kept) & ((1 << _PLACE_BITS) - 1)


def _count(found: NDArray[np.int32], columns: NDArray[np.uint32]) -> None:
    """Add what was found of each column. Of any other types NumPy's `at` would be slow."""
    np.add.at(found, columns.astype(np.intp), np.int32(1))


def _precision(features: int) -> type[np.floating]:
    return np.float16 if features > _LARGE else np.float32


def _highest(scores: Ints | NDArray[np.float64], most: int) -> Ints:
    """The places of the highest positive scores."""
    rows: Ints = np.flatnonzero(scores > scores.max(initial=0) / _FAR)
    if len(rows) < most:
        rows = np.flatnonzero(scores)
    if len(rows) > most:
        values = scores[rows]
        rows = rows[np.argpartition(values, len(rows) - most)[len(rows) - most :]]
    return rows


def spans(starts: Ints, sizes: Ints) -> Ints:
    """The numbers from each start on, as many as its size."""
    ends = np.cumsum(sizes)
    if not len(ends):
        return np.zeros(0, np.int64)
    places: Ints = np.arange(ends[-1]) + np.repeat(starts - (ends - sizes), sizes)
    return places
