"""The phrasings as sparse rows, and which of them share features with a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.features import Features, Hashes, features
from faq.reading import Reading

Floats = NDArray[np.float32]
Ints = NDArray[np.integer]

WEIGHTS = (0.5, 0.3, 0.2)
_SEEDS = 400
_POSTINGS = 60_000
_RAREST = 8


@dataclass(frozen=True, slots=True)
class Query:
    """A text's known features and their weights; its row would have length 1."""

    columns: Ints
    weights: Floats


class Index:
    """Rows of phrasings, as features (forward) and by feature (postings)."""

    def __init__(self, readings: Sequence[Reading], owners: Ints, entries: int) -> None:
        views = features(readings)
        self.owners = owners
        self.vocabulary: Hashes = np.unique(np.concatenate([view.hashes for view in views]))
        self.idf, self.most = self._idf(views, entries)
        rows, columns, weights = [], [], []
        for view, part in enumerate(views):
            row, column, weight = self._weigh(part, view, len(readings))
            rows.append(row)
            columns.append(column)
            weights.append(weight)
        self._lay_out(
            np.concatenate(rows), np.concatenate(columns), np.concatenate(weights), len(readings)
        )

    def _idf(self, views: Sequence[Features], entries: int) -> tuple[Floats, float]:
        """ln((1+E)/(1+ef)) + 1, counted over entries, and its highest value."""
        rows = np.concatenate([view.rows for view in views])
        columns = np.searchsorted(
            self.vocabulary, np.concatenate([view.hashes for view in views])
        ).astype(np.int64)
        pairs = np.unique(columns * entries + self.owners[rows])
        counts = np.bincount(pairs // entries, minlength=len(self.vocabulary))
        idf = np.log((1 + entries) / (1 + counts)) + 1
        return idf.astype(np.float32), float(np.log(1 + entries) + 1)

    def _weigh(self, part: Features, view: int, size: int) -> tuple[Ints, Ints, Floats]:
        columns = np.searchsorted(self.vocabulary, part.hashes).astype(np.int64)
        pairs, counts = np.unique(
            part.rows.astype(np.int64) * len(self.vocabulary) + columns, return_counts=True
        )
        rows, columns = np.divmod(pairs, len(self.vocabulary))
        weights = (1 + np.log(counts)) * self.idf[columns]
        norms = np.sqrt(np.bincount(rows, weights * weights, minlength=size))
        weights *= np.sqrt(WEIGHTS[view]) / norms[rows]
        return rows.astype(np.int32), columns.astype(np.int32), weights.astype(np.float32)

    def _lay_out(self, rows: Ints, columns: Ints, weights: Floats, size: int) -> None:
        order = np.argsort(rows, kind="stable")
        self.row_start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))])
        self.columns, self.weights = columns[order], weights[order]
        order = np.argsort(columns, kind="stable")
        self.column_start = np.concatenate(
            [[0], np.cumsum(np.bincount(columns, minlength=len(self.vocabulary)))]
        )
        self.posted, self.posted_weights = rows[order], weights[order]

    def query(self, reading: Reading) -> Query:
        """The text as a row; features that no phrasing has lengthen it at the highest idf."""
        columns, weights = [], []
        for view, part in enumerate(features([reading])):
            hashes, counts = np.unique(part.hashes, return_counts=True)
            if not len(hashes):
                continue
            places = np.searchsorted(self.vocabulary, hashes)
            places[places == len(self.vocabulary)] = 0
            known = self.vocabulary[places] == hashes
            weight = (1 + np.log(counts)) * np.where(known, self.idf[places], self.most)
            weight *= np.sqrt(WEIGHTS[view] / (weight @ weight))
            columns.append(places[known])
            weights.append(weight[known])
        if not columns:
            return Query(np.zeros(0, np.int32), np.zeros(0, np.float32))
        return Query(
            np.concatenate(columns).astype(np.int32), np.concatenate(weights).astype(np.float32)
        )

    def similar(self, query: Query) -> tuple[Ints, Floats]:
        """Phrasings that share features with the text, and the cosine of each."""
        sizes = self.column_start[query.columns + 1] - self.column_start[query.columns]
        order = np.argsort(sizes, kind="stable")
        budget = np.cumsum(sizes[order]) <= _POSTINGS
        budget[:_RAREST] = True
        taken = order[budget]
        places = _spans(self.column_start[query.columns[taken]], sizes[taken])
        scores = np.bincount(
            self.posted[places],
            self.posted_weights[places] * np.repeat(query.weights[taken], sizes[taken]),
            minlength=len(self.owners),
        ).astype(np.float32)
        rows = np.flatnonzero(scores)
        if len(rows) > _SEEDS:
            rows = rows[np.argpartition(scores[rows], -_SEEDS)[-_SEEDS:]]
        if len(taken) < len(order):
            return rows, self.rows(rows) @ self.dense(query)
        return rows, scores[rows]

    def dense(self, query: Query) -> Floats:
        """The text's row with a place for every feature."""
        row = np.zeros(len(self.vocabulary), np.float32)
        row[query.columns] = query.weights
        return row

    def rows(self, rows: Ints) -> Sparse:
        """Some phrasings' rows."""
        starts = self.row_start[rows]
        sizes = self.row_start[rows + 1] - starts
        places = _spans(starts, sizes)
        return Sparse(
            np.repeat(np.arange(len(rows), dtype=np.int32), sizes),
            self.columns[places],
            self.weights[places],
            len(rows),
        )


@dataclass(frozen=True, slots=True)
class Sparse:
    """A few rows in coordinates."""

    rows: Ints
    columns: Ints
    weights: Floats
    size: int

    def __matmul__(self, dense: Floats) -> Floats:
        product = np.bincount(self.rows, self.weights * dense[self.columns], self.size)
        return product.astype(np.float32)

    def gram(self) -> Floats:
        """The cosines of all rows with each other."""
        columns, local = np.unique(self.columns, return_inverse=True)
        table = np.zeros((self.size, len(columns)), np.float32)
        table[self.rows, local] = self.weights
        cosines: Floats = table @ table.T
        return cosines


def _spans(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, as many as its size."""
    ends = np.cumsum(sizes)
    if not len(ends):
        return np.zeros(0, np.int64)
    places: NDArray[np.int64] = np.arange(ends[-1]) + np.repeat(starts - (ends - sizes), sizes)
    return places
