"""Which of the nearest entries is meant: a small classifier fitted to each question's own
neighbourhood, then a rerank by how the texts look beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.corpus import Floats, Ints
from faq.index import Index
from faq.meaning import Meaning
from faq.reading import Reading
from faq.wording import Wording

_CANDIDATES = 10
_PHRASINGS = 6
_COMPARED = 3
_LAMBDA = 0.1
_STEPS = 10
_FEWEST = 8
"""Fewer candidates than these are filled up with ones that nothing speaks for."""
WRITTEN = np.array([2.755, 2.627, 2.679, 1.580, 0.0])
MEANT = np.array([2.865, 0.444, 0.851, 0.718, 2.382])
"""What the columns of `Ranking.evidence` are worth, without and with embeddings; fitted on public
question sets."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate entries, the likeliest first.

    `evidence` has a row a candidate: local score, spelling ratio, share of the text that the entry
    covers, share of a phrasing that the text covers, likeness in meaning (0 without embeddings).
    `phrasings` are the candidates' nearest.
    """

    entries: Ints
    shares: NDArray[np.float64]
    evidence: NDArray[np.float64]
    cosines: Floats
    phrasings: Ints
    pairs: float
    unknown: float
    unknown_words: int
    words: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The phrasings nearest to a text, with for each the place of its entry in `entries`."""

    entries: Ints
    rows: Ints
    cosines: Floats
    meant: Floats
    groups: Ints


class Ranker:
    """Ranks entries by the index, the wording and, where there is one, the meaning."""

    def __init__(self, index: Index, wording: Wording, meaning: Meaning | None = None) -> None:
        self._index = index
        self._wording = wording
        self._meaning = meaning
        self._worth = MEANT if meaning else WRITTEN

    def rank(self, reading: Reading, without: int | None = None) -> Ranking | None:
        """The candidates, or None where the text shares nothing with any phrasing.

        `without` is a phrasing to leave out, as if the FAQ did not have it.
        """
        near = self._near(reading, without)
        if near is None:
            return None
        wording = self._wording
        asked = wording.asked(reading, without)
        best = _best(near.groups)
        evidence = np.column_stack(
            [
                self._local(near),
                _highest(wording.ratios(asked, near.rows[best]), near.groups[best]),
                wording.covered(asked, near.entries),
                _highest(wording.covering(asked, near.rows[best]), near.groups[best]),
                _highest(near.meant, near.groups),
            ]
        ).astype(np.float64)
        merit = evidence @ self._worth
        order = np.argsort(-merit, kind="stable")
        _, first = np.unique(near.groups, return_index=True)
        return Ranking(
            entries=near.entries[order],
            shares=_softmax(merit[order]),
            evidence=evidence[order],
            cosines=near.cosines[first[order]],
            phrasings=near.rows[first[order]],
            pairs=wording.pairs(reading, near.rows[best][near.groups[best] == order[0]]),
            unknown=asked.unknown * wording.most / asked.whole if asked.whole else 0.0,
            unknown_words=asked.unknown,
            words=asked.length,
        )

    def _near(self, reading: Reading, without: int | None) -> Neighbours | None:
        query = self._index.query(reading)
        rows, cosines = self._index.similar(query)
        meant = np.zeros(len(rows), np.float32)
        if self._meaning:
            vector = self._meaning.of(reading.letters)
            others = np.setdiff1d(self._meaning.nearest(vector), rows)
            cosines = np.concatenate([cosines, self._index.cosines(others, query)])
            rows = np.concatenate([rows, others])
            meant = self._meaning.cosines(vector, rows)
        alike = (cosines + meant) / 2 if self._meaning else cosines
        order = np.argsort(-alike, kind="stable")
        order = order[rows[order] != without]
        if not len(order):
            return None
        return neighbours(rows[order], alike[order], meant[order], self._index.owners)

    def _local(self, near: Neighbours) -> Floats:
        gram = self._index.gram(near.rows)
        if self._meaning:
            gram = (gram + self._meaning.gram(near.rows)) * np.float32(0.5)
        return local(gram, near)


def neighbours(rows: Ints, alike: Floats, meant: Floats, owners: Ints) -> Neighbours:
    """The entries of the first phrasings, and the best phrasings of each."""
    places: dict[int, int] = {}
    counts = [0] * _CANDIDATES
    kept: list[int] = []
    groups: list[int] = []
    for place, owner in enumerate(owners[rows].tolist()):
        group = places.setdefault(owner, len(places))
        if group < _CANDIDATES and counts[group] < _PHRASINGS:
            counts[group] += 1
            kept.append(place)
            groups.append(group)
    entries = np.array(list(places)[:_CANDIDATES])
    return Neighbours(entries, rows[kept], alike[kept], meant[kept], np.array(groups))


def local(gram: Floats, near: Neighbours) -> Floats:
    """Scores of a softmax regression fitted to the neighbours only."""
    wanted = np.zeros((len(near.rows), len(near.entries)), np.float32)
    wanted[np.arange(len(near.rows)), near.groups] = 1
    rate = np.float32(1 / (0.25 * gram.sum(axis=1).max() + _LAMBDA))
    current: Floats = np.zeros_like(wanted)
    momentum: Floats = current
    for step in range(_STEPS):
        likely = np.exp(gram @ momentum)
        likely /= likely.sum(axis=1, keepdims=True)
        following = momentum - rate * (likely - wanted + np.float32(_LAMBDA) * momentum)
        momentum = following + np.float32(step / (step + 3)) * (following - current)
        current = following
    return near.cosines @ current


def _best(groups: Ints) -> Ints:
    """The places of each group's first three phrasings."""
    seen = [0] * _CANDIDATES
    places = []
    for place, group in enumerate(groups.tolist()):
        if seen[group] < _COMPARED:
            seen[group] += 1
            places.append(place)
    return np.array(places)


def _highest(values: Floats, groups: Ints) -> Floats:
    highest = np.zeros(int(groups.max()) + 1, np.float32)
    np.maximum.at(highest, groups, values)
    return highest


def _softmax(merit: NDArray[np.float64]) -> NDArray[np.float64]:
    likely = np.exp(merit - merit[0])
    missing = max(_FEWEST - len(merit), 0) * np.exp(-merit[0])
    shares: NDArray[np.float64] = likely / (likely.sum() + missing)
    return shares
