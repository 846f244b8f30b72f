"""The phrasings as sparse rows of hashed features, and which of them resemble a text.

Features are numbered by the leading bits of their hash, so there is no dictionary of them: arrays
only, small enough for 100,000 phrasings. The kernel is a sum of cosines, one a view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.features import VIEWS, Features, features
from faq.reading import Reading

Floats = NDArray[np.float32]
Ints = NDArray[np.integer]

WEIGHTS = (0.5, 0.3, 0.2)
_CHUNK = 2048
_FEWEST_BITS, _MOST_BITS = 16, 22
_BUCKETS_A_PHRASING = 512
_KEPT = 240
_POSTINGS = 40_000
_RAREST = 8
_BLOCK = 64
"""Products of blocks this small stay in the calling thread: more would wait for each other."""
_LARGE = 4_000_000
"""From so many weights on, half the precision saves memory that matters."""


_VIEW_BITS = np.arange(VIEWS, dtype=np.uint64) << np.uint64(32)
_SCALES = np.sqrt(np.array(WEIGHTS))


@dataclass(frozen=True, slots=True)
class Query:
    """A text's features and their weights, most telling first; its whole row has length 1."""

    columns: NDArray[np.uint32]
    weights: Floats


class Index:
    """Rows of phrasings, as features (forward) and by feature (postings)."""

    def __init__(self, readings: Sequence[Reading], owners: Ints, entries: int) -> None:
        self.owners = owners
        bits = max(len(readings) * _BUCKETS_A_PHRASING - 1, 1).bit_length()
        self._shift = np.uint64(64 - min(max(bits, _FEWEST_BITS), _MOST_BITS))
        self._buckets = 1 << (64 - int(self._shift))
        self._most = float(np.log(1 + entries) + 1)
        chunks = [self._chunk(part) for part in _parts(readings)]
        self._idf = self._weigh_features(chunks, entries)
        self._lay_out(chunks)

    def _chunk(self, part: Sequence[Reading]) -> _Chunk:
        counted = [self._counted(view) for view in features(part)]
        return _Chunk(
            len(part),
            np.concatenate([rows for rows, _, _ in counted]).astype(np.uint16),
            np.concatenate([columns for _, columns, _ in counted]),
            np.concatenate([counts for _, _, counts in counted]).astype(np.uint8),
            [len(rows) for rows, _, _ in counted],
        )

    def _counted(self, view: Features) -> tuple[Ints, NDArray[np.uint32], Ints]:
        """Row, column and number of each feature of each row."""
        keys = (view.rows.astype(np.uint64) << np.uint64(32)) | (view.hashes >> self._shift)
        pairs, counts = np.unique(keys, return_counts=True)
        rows = (pairs >> np.uint64(32)).astype(np.int64)
        return rows, pairs.astype(np.uint32), np.minimum(counts, 255)

    def _weigh_features(self, chunks: Sequence[_Chunk], entries: int) -> Floats:
        """ln((1+E)/(1+ef)) + 1, counted over entries; 0 marks a feature that no phrasing has."""
        found = np.zeros(self._buckets, np.int32)
        first = 0
        last_owner, last_columns = -1, np.zeros(0, np.uint32)
        for chunk in chunks:
            owners = self.owners[first : first + chunk.size]
            first += chunk.size
            keys = (owners[chunk.rows].astype(np.uint64) << np.uint64(32)) | chunk.columns
            pairs = np.unique(keys)
            again = (pairs >> np.uint64(32)).astype(np.int64) == last_owner
            columns = pairs.astype(np.uint32)
            again &= np.isin(columns, last_columns) if again.any() else False
            np.add.at(found, columns[~again], 1)
            last_owner = int(owners[-1])
            last_columns = columns[(pairs >> np.uint64(32)).astype(np.int64) == last_owner]
        idf = (np.log((1 + entries) / (1 + found)) + 1).astype(np.float32)
        idf[found == 0] = 0
        return idf

    def _lay_out(self, chunks: list[_Chunk]) -> None:
        """Forward rows and postings, filled chunk by chunk to stay small."""
        total = sum(len(chunk.rows) for chunk in chunks)
        sizes = np.concatenate([np.bincount(chunk.rows, minlength=chunk.size) for chunk in chunks])
        self._row_start = np.concatenate([[0], np.cumsum(sizes)])
        self._columns = np.empty(total, np.uint32)
        self._weights = np.empty(total, np.float16 if total > _LARGE else np.float32)
        frequency = np.zeros(self._buckets + 1, np.int32)
        for chunk in chunks:
            np.add.at(frequency, chunk.columns + np.uint32(1), 1)
        self._row_shared = self._row_start[1:].copy()
        self._lengths = np.empty(len(sizes), np.float32)
        first = row = 0
        while chunks:
            chunk = chunks.pop(0)
            weights = self._weights_of(chunk)
            alone = frequency[chunk.columns + np.uint32(1)] == 1
            order = np.lexsort((alone, chunk.rows))
            span = slice(first, first + len(order))
            self._columns[span] = chunk.columns[order]
            self._weights[span] = weights[order]
            rows = slice(row, row + chunk.size)
            self._lengths[rows] = np.bincount(chunk.rows, weights * weights, chunk.size)
            self._row_shared[rows] -= np.bincount(chunk.rows, alone, chunk.size).astype(np.int64)
            first += len(order)
            row += chunk.size
        self._column_start = np.cumsum(frequency, dtype=np.int32)
        self._post(sizes)

    def _weights_of(self, chunk: _Chunk) -> Floats:
        raw = (1 + np.log(chunk.counts.astype(np.float32))) * self._idf[chunk.columns]
        ends = np.cumsum(chunk.views)
        for view, (start, end) in enumerate(zip(ends - chunk.views, ends, strict=True)):
            rows, part = chunk.rows[start:end], raw[start:end]
            norms = np.sqrt(np.bincount(rows, part * part, minlength=chunk.size))
            raw[start:end] = part * (np.sqrt(WEIGHTS[view]) / norms[rows])
        return raw.astype(np.float32)

    def _post(self, sizes: Ints) -> None:
        """The postings: for each feature its rows and weights, by counting sort."""
        self._posted = np.empty(len(self._columns), np.int32)
        self._posted_weights = np.empty_like(self._weights)
        following = self._column_start[:-1].copy()
        for start in range(0, len(sizes), _CHUNK):
            span = slice(self._row_start[start], self._row_start[min(start + _CHUNK, len(sizes))])
            columns = self._columns[span]
            rows = np.repeat(
                np.arange(start, min(start + _CHUNK, len(sizes)), dtype=np.int32),
                sizes[start : start + _CHUNK],
            )
            order = np.argsort(columns, kind="stable")
            sorted_columns = columns[order]
            heads = np.flatnonzero(np.diff(sorted_columns, prepend=sorted_columns[:1] + 1))
            runs = np.diff(heads, append=len(columns))
            places = following[sorted_columns] + np.arange(len(columns)) - np.repeat(heads, runs)
            self._posted[places] = rows[order]
            self._posted_weights[places] = self._weights[span][order]
            following[sorted_columns[heads]] += runs.astype(np.int32)

    def query(self, reading: Reading) -> Query:
        """The text as a row; features that no phrasing has lengthen it at the highest idf."""
        views = features((reading,))
        sizes = [len(view.hashes) for view in views]
        hashes = np.concatenate([view.hashes for view in views]) >> self._shift
        keys, counts = np.unique(hashes | np.repeat(_VIEW_BITS, sizes), return_counts=True)
        columns = keys.astype(np.uint32)
        view = (keys >> np.uint64(32)).astype(np.int64)
        idf = self._idf[columns]
        raw = (1 + np.log(counts)) * np.where(idf > 0, idf, self._most)
        raw *= (_SCALES / np.sqrt(np.bincount(view, raw * raw, VIEWS) + 1e-12))[view]
        known = idf > 0
        return Query(columns[known], raw[known].astype(np.float32))

    def similar(self, query: Query) -> tuple[Ints, Floats]:
        """Phrasings that share features with the text, most similar first, and their cosines.

        Very common features are left out of the search and counted in the result.
        """
        starts = self._column_start[query.columns]
        sizes = self._column_start[query.columns + np.uint32(1)] - starts
        weights = query.weights
        whole = bool(sizes.sum() <= _POSTINGS)
        if not whole:
            order = np.argsort(sizes, kind="stable")
            within = np.cumsum(sizes[order]) <= _POSTINGS
            within[:_RAREST] = True
            taken = order[within]
            starts, sizes, weights = starts[taken], sizes[taken], weights[taken]
        places = spans(starts, sizes)
        given = self._posted_weights[places] * np.repeat(weights, sizes)
        scores: Ints | NDArray[np.float64]
        scores = np.bincount(self._posted[places], given, len(self.owners))
        rows = _highest(scores, _KEPT)
        if whole:
            return rows, scores[rows].astype(np.float32)
        cosines = self._cosines(rows, query)
        order = np.argsort(-cosines, kind="stable")
        return rows[order], cosines[order]

    def _cosines(self, rows: Ints, query: Query) -> Floats:
        places, owners, columns = self._gather(rows)
        order = np.argsort(query.columns)
        known = query.columns[order]
        found = np.minimum(np.searchsorted(known, columns), len(known) - 1)
        hit = known[found] == columns
        products = self._weights[places[hit]] * query.weights[order][found[hit]]
        return np.bincount(owners[hit], products, len(rows)).astype(np.float32)

    def _gather(self, rows: Ints) -> tuple[Ints, Ints, NDArray[np.uint32]]:
        starts = self._row_start[rows]
        sizes = self._row_start[rows + 1] - starts
        places = spans(starts, sizes)
        return places, np.repeat(np.arange(len(rows)), sizes), self._columns[places]

    def gram(self, rows: Ints) -> Floats:
        """The cosines of some phrasings with each other."""
        starts = self._row_start[rows]
        sizes = self._row_shared[rows] - starts
        places = spans(starts, sizes)
        columns = self._columns[places]
        order = np.argsort(columns)
        columns = columns[order]
        new = np.ones(len(columns), np.bool_)
        np.not_equal(columns[1:], columns[:-1], out=new[1:])
        numbers = np.empty(len(columns), np.int64)
        numbers[order] = np.cumsum(new) - 1
        blocks = np.zeros((int(new.sum()) // _BLOCK + 1, len(rows), _BLOCK), np.float32)
        block, column = np.divmod(numbers, _BLOCK)
        blocks[block, np.repeat(np.arange(len(rows)), sizes), column] = self._weights[places]
        cosines: Floats = (blocks @ blocks.transpose(0, 2, 1)).sum(axis=0)
        np.fill_diagonal(cosines, self._lengths[rows])
        return cosines


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Features of some phrasings: view after view, `views` says how many in each."""

    size: int
    rows: NDArray[np.uint16]
    columns: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    views: list[int]


def _parts(readings: Sequence[Reading]) -> Iterator[Sequence[Reading]]:
    for start in range(0, len(readings), _CHUNK):
        yield readings[start : start + _CHUNK]


def _highest(scores: Ints | NDArray[np.float64], most: int) -> Ints:
    """The places of the highest positive scores, the highest first."""
    rows: Ints = np.flatnonzero(scores)
    if len(rows) > most:
        values = scores[rows]
        rows = rows[np.argpartition(values, len(rows) - most)[len(rows) - most :]]
    return rows[np.argsort(-scores[rows], kind="stable")]


def spans(starts: Ints, sizes: Ints) -> Ints:
    """The numbers from each start on, as many as its size."""
    ends = np.cumsum(sizes)
    if not len(ends):
        return np.zeros(0, np.int64)
    places: Ints = np.arange(ends[-1]) + np.repeat(starts - (ends - sizes), sizes)
    return places
