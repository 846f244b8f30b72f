"""The phrasings as sparse rows of hashed features, and which of them resemble a text.

Features are numbered by the leading bits of their hash, so there is no dictionary of them: arrays
only, small enough for 100,000 phrasings, each number packed with its weight. The kernel is a sum of
cosines, one a view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.matching import packed
from faq.matching.corpus import CHUNK, Corpus, counted, distinct, gathered
from faq.matching.features import VIEWS, features
from faq.matching.reading import Reading
from faq.vectors import Floats, Ints

WEIGHTS = (0.5, 0.3, 0.2)
_KEPT = 64
_FEW = 2_000
"""Up to so many phrasings all their likenesses are worked out beforehand."""
_WHOLE = 40_000
"""Up to so many postings none is left out: that costs less than counting some in later."""
_POSTINGS = 7_000
_RAREST = 8
_BUDGETS = np.array([_POSTINGS, _RAREST * _POSTINGS], np.uint64)
_FAR = (4, 16, np.inf)
"""What has less than this part of the highest score is rarely among the best."""
_SHIFTS = 6
_SLOTS = 1 << 16
_BLOCK = 64
"""Products of blocks this small stay in the calling thread: more would wait for each other."""
_HALF = np.uint64(32)
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
        self._features = corpus.columns
        self._row_start = np.concatenate([[0], np.cumsum(corpus.sizes.sum(axis=1))])
        self._idf = self._weigh_features(corpus.buckets, entries)
        frequency = _zeros(corpus.buckets + 1)
        for _, span in self._spans():
            _count(frequency, self._features[span] + np.uint32(1))
        self._row_shared = self._row_start[1:].copy()
        self._lengths = np.empty(len(owners), np.float32)
        for rows, span in self._spans():
            self._weigh(rows, span, corpus, frequency)
        corpus.counts = corpus.counts[:0].copy()
        self._column_start = np.cumsum(frequency, dtype=np.int32)
        following = frequency  # its room, as nobody asks for it any more
        following[:] = self._column_start
        self._posted = np.empty_like(self._features)
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

    def _weigh_features(self, buckets: int, entries: int) -> NDArray[np.float16]:
        """ln((1+E)/(1+ef)) + 1, counted over entries; 0 marks a feature that no phrasing has.

        To three digits, as there are many.
        """
        found = _zeros(buckets)
        last_owner, last_columns = -1, np.zeros(0, np.uint32)
        for rows, span in self._spans():
            owners = self.owners[rows][self._rows(rows)].astype(np.uint64)
            pairs = distinct((owners << np.uint64(32)) | self._features[span])
            owner, columns = (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32)
            again = (owner == last_owner) & np.isin(columns, last_columns)
            _count(found, columns[~again])
            last_owner = int(self.owners[rows.stop - 1])
            last_columns = columns[owner == last_owner]
        ratios = np.float32(1 + entries) / (1 + found).astype(np.float32)
        idf: NDArray[np.float16] = (np.log(ratios, out=ratios) + 1).astype(np.float16)
        idf[found == 0] = 0
        return idf

    def _weigh(
        self, rows: slice, span: slice, corpus: Corpus, frequency: NDArray[np.int32]
    ) -> None:
        """Weigh some rows; features that only one phrasing has go to their rows' ends."""
        columns = self._features[span]
        weights = 1 + np.log(corpus.counts[span].astype(np.float32))
        weights *= self._idf[columns]
        sizes = corpus.sizes[rows].ravel()
        part = np.repeat(np.arange(len(sizes)), sizes)
        norms = np.sqrt(np.bincount(part, weights * weights, len(sizes)) + 1e-12)
        weights *= np.repeat(np.tile(_SCALES, len(sizes) // VIEWS) / norms, sizes)
        row = part // VIEWS
        alone = frequency[columns + np.uint32(1)] == 1
        order = np.lexsort((alone, row))
        self._features[span] = packed.pack(columns, weights)[order]
        size = rows.stop - rows.start
        self._lengths[rows] = np.bincount(row, weights * weights, size)
        self._row_shared[rows] -= np.bincount(row[alone], minlength=size)

    def _post(self, rows: slice, span: slice, following: NDArray[np.int32]) -> None:
        """Put some rows into the postings, by counting sort."""
        found = self._features[span]
        order = np.argsort(packed.numbers(found), kind="stable")
        found = found[order]
        columns = packed.numbers(found)
        heads = np.flatnonzero(np.diff(columns, prepend=columns[:1] + 1))
        runs = np.diff(heads, append=len(columns))
        places = following[columns] + np.arange(len(columns)) - np.repeat(heads, runs)
        owner = (rows.start + self._rows(rows)[order]).astype(np.uint32)
        self._posted[places] = packed.repack(owner, found)
        following[columns[heads]] += runs.astype(np.int32)

    def query(self, reading: Reading) -> Query:
        """The text as a row; features that no phrasing has lengthen it at the highest idf."""
        view, columns, counts = counted(features((reading,)), self._shift)
        idf = self._idf.take(columns)
        known = idf > 0
        raw = (1 + np.log(counts)) * np.where(known, idf, self._most)
        raw *= (_SCALES / np.sqrt(np.bincount(view, raw * raw, VIEWS) + 1e-12)).take(view)
        return Query(columns[known], raw[known].astype(np.float32))

    def similar(self, query: Query, more: Callable[[Ints], Ints] = _none) -> tuple[Ints, Floats]:
        """Phrasings that share features with the text, and their cosines.

        Very common features are left out of the search and counted in the result. `more` says
        which phrasings to look at besides those that were found.
        """
        starts = self._column_start.take(query.columns)
        sizes = self._column_start.take(query.columns + np.uint32(1)) - starts
        weights = query.weights
        whole = bool(sizes.sum() <= _WHOLE)
        if not whole:
            taken = _rarest(sizes)
            starts, sizes, weights = starts.take(taken), sizes.take(taken), weights.take(taken)
        scores = self._scores(starts, sizes, weights)
        rows = _highest(scores, _KEPT)
        rows = np.concatenate([rows, more(rows)])
        cosines = scores.take(rows).astype(np.float32) if whole else self.cosines(rows, query)
        return rows, cosines

    def _scores(self, starts: Ints, sizes: Ints, weights: Floats) -> Ints | NDArray[np.float64]:
        """What some postings give to each phrasing."""
        posted = self._posted.take(spans(starts, sizes))
        given = packed.weights(posted) * weights.repeat(sizes)
        return np.bincount(packed.numbers(posted), given, len(self.owners))

    def _all_grams(self) -> Floats:
        grams = np.empty((len(self.owners), len(self.owners)), np.float32)
        for row in range(len(self.owners)):
            found = self._features[self._row_start[row] : self._row_start[row + 1]]
            columns = packed.numbers(found)
            starts = self._column_start[columns]
            sizes = self._column_start[columns + np.uint32(1)] - starts
            grams[row] = self._scores(starts, sizes, packed.weights(found))
        return grams

    def cosines(self, rows: Ints, query: Query) -> Floats:
        """How alike a text and some phrasings are (0-1)."""
        if not len(query.columns) or not len(rows):
            return np.zeros(len(rows), np.float32)
        found, sizes = gathered(
            self._features, self._row_start.take(rows), self._row_start.take(rows + 1)
        )
        columns = packed.numbers(found)
        shift, table = _table(query.columns)
        places = table.take((columns >> shift).astype(np.uint16))
        products = packed.weights(found)
        products *= query.weights.take(places)
        products *= query.columns.take(places) == columns
        cosines: Floats = np.add.reduceat(products, sizes.cumsum() - sizes)  # no row is empty
        return cosines

    def gram(self, rows: Ints) -> Floats:
        """The cosines of some phrasings with each other."""
        if self._grams is not None:
            return self._grams[rows[:, None], rows]
        found, sizes = gathered(
            self._features, self._row_start.take(rows), self._row_shared.take(rows)
        )
        numbers, shared, order = _shared(packed.numbers(found))
        wide = (shared // _BLOCK + 1) * _BLOCK
        dense = np.zeros(len(rows) * wide, np.float32)
        starts = np.arange(0, len(dense), wide).repeat(sizes)
        dense[starts.take(order) + numbers] = packed.weights(found.take(order))
        blocks = dense.reshape(len(rows), -1, _BLOCK).transpose(1, 0, 2)
        cosines: Floats = (blocks @ blocks.transpose(0, 2, 1)).sum(axis=0)
        np.fill_diagonal(cosines, self._lengths.take(rows))
        return cosines


def _rarest(sizes: Ints) -> Ints:
    """The places of the features with the fewest postings, as far as the budget goes."""
    keys = (sizes.astype(np.uint64) << _HALF) | np.arange(len(sizes), dtype=np.uint64)
    keys.sort()
    total = (keys >> _HALF).cumsum()
    within = total.searchsorted(_BUDGETS, side="right").tolist()
    return keys[: max(within[0], min(within[1], _RAREST), 1)].astype(np.uint32)


def _table(columns: NDArray[np.uint32]) -> tuple[np.uint32, NDArray[np.uint16]]:
    """Where each column may be, by 16 of its bits, from `shift` on."""
    places = np.arange(len(columns), dtype=np.uint16)
    for shift in map(np.uint32, range(_SHIFTS)):
        slots = (columns >> shift).astype(np.uint16)
        table = np.zeros(_SLOTS, np.uint16)
        table[slots] = places
        if (table.take(slots) == places).all():
            break
    return shift, table


def _shared(columns: NDArray[np.uint32]) -> tuple[Ints, int, Ints]:
    """Those that are there more than once, numbered from 0; how many; the place of each."""
    keys = (columns.astype(np.uint64) << _HALF) | np.arange(len(columns), dtype=np.uint64)
    keys.sort()
    columns = keys >> _HALF
    again = np.zeros(len(keys) + 1, np.bool_)
    np.equal(columns[1:], columns[:-1], out=again[1:-1])
    first = again[1:] & ~again[:-1]
    kept = (first | again[:-1]).nonzero()[0]
    numbers = first.take(kept).cumsum() - 1
    return numbers, int(numbers[-1] + 1) if len(kept) else 0, keys.astype(np.uint32).take(kept)


def _zeros(size: int) -> NDArray[np.int32]:
    """Zeros that are there already: making the room while counting would keep threads waiting."""
    return np.full(size, 0, np.int32)


def _count(found: NDArray[np.int32], columns: NDArray[np.uint32]) -> None:
    """Add what was found of each column. Of any other types NumPy's `at` would be slow."""
    np.add.at(found, columns.astype(np.intp), np.int32(1))


def _highest(scores: Ints | NDArray[np.float64], most: int) -> Ints:
    """The places of the highest positive scores."""
    highest = scores.max(initial=0)
    for far in _FAR:
        rows: Ints = (scores > highest / far).nonzero()[0]
        if len(rows) >= most:
            break
    if len(rows) > most:
        rows = rows.take(scores.take(rows).argpartition(len(rows) - most)[len(rows) - most :])
    return rows


def spans(starts: Ints, sizes: Ints) -> Ints:
    """The numbers from each start on, as many as its size."""
    ends = sizes.cumsum()
    if not len(ends):
        return np.zeros(0, np.int64)
    before: Ints = np.subtract(starts, ends - sizes)
    places: Ints = before.repeat(sizes)
    places += np.arange(len(places))
    return places
