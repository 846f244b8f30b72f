"""Which of the nearest entries is meant: a small classifier fitted to each question's own
neighbourhood, then a rerank by how the texts look beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.corpus import Floats, Ints
from faq.index import Index
from faq.reading import Reading
from faq.wording import Wording

_CANDIDATES = 10
_PHRASINGS = 6
_COMPARED = 3
_LAMBDA = 0.1
_STEPS = 10
_FEWEST = 8
"""Fewer candidates than these are filled up with ones that nothing speaks for."""
RERANK = np.array([2.755, 2.627, 2.679, 1.580])
"""What the columns of `Ranking.evidence` are worth; fitted on public question sets."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate entries, the likeliest first.

    `evidence` has a row a candidate: local score, spelling ratio, share of the text that the entry
    covers, share of a phrasing that the text covers. `rows` are the candidates' nearest phrasings.
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
    groups: Ints


def rank(
    index: Index, wording: Wording, reading: Reading, without: int | None = None
) -> Ranking | None:
    """The candidates, or None where the text shares nothing with any phrasing.

    `without` is a phrasing to leave out, as if the FAQ did not have it.
    """
    rows, cosines = index.similar(index.query(reading))
    if without is not None:
        kept = rows != without
        rows, cosines = rows[kept], cosines[kept]
    if not len(rows):
        return None
    near = neighbours(rows, cosines, index.owners)
    asked = wording.asked(reading, without)
    best = _best(near.groups)
    evidence = np.column_stack(
        [
            _local(index, near),
            _highest(wording.ratios(asked, near.rows[best]), near.groups[best]),
            wording.covered(asked, near.entries),
            _highest(wording.covering(asked, near.rows[best]), near.groups[best]),
        ]
    ).astype(np.float64)
    merit = evidence @ RERANK
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


def neighbours(rows: Ints, cosines: Floats, owners: Ints) -> Neighbours:
    """The entries of the most similar phrasings, and their best phrasings."""
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
    return Neighbours(entries, rows[kept], cosines[kept], np.array(groups))


def _local(index: Index, near: Neighbours) -> Floats:
    """Scores of a softmax regression fitted to the neighbours only."""
    gram = index.gram(near.rows)
    wanted = np.zeros((len(near.rows), len(near.entries)), np.float32)
    wanted[np.arange(len(near.rows)), near.groups] = 1
    rate = np.float32(1 / (0.25 * gram.sum(axis=1).max() + _LAMBDA))
    current = momentum = np.zeros_like(wanted)
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
