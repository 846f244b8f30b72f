"""Which of the nearest entries is meant: a small classifier fitted to each question's own
neighbourhood, then a rerank by how the texts look beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.matching.corpus import Floats, Ints
from faq.matching.gist import Gist
from faq.matching.index import Index, spans
from faq.matching.meaning import Meaning
from faq.matching.reading import Reading
from faq.matching.themes import Themes
from faq.matching.wording import Wording

_CANDIDATES = 8
_THEMES = 3
_PHRASINGS = 5
_COMPARED = 3
_LAMBDA = 0.1
_STEPS = 10
_FEWEST = 8
"""Fewer candidates than these are filled up with ones that nothing speaks for."""
WRITTEN = np.array([2.18, 2.64, 1.47, 0.46, 5.01, 0.0])
MEANT = np.array([1.785, 1.225, 1.025, 0.143, 1.6, 5.4])
"""What the columns of `Ranking.evidence` are worth, without and with embeddings; fitted on public
question sets."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate entries, the likeliest first.

    `evidence` has a row a candidate: local score, spelling ratio, share of the text that the entry
    covers, share of a phrasing that the text covers, likeness of what they are about by their
    words' senses and by embeddings (0 without them).
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
    """The phrasings nearest to a text, entry after entry, the best first within each.

    `starts` says where each entry's begin; `best` are the places of the first three of each, and
    `best_starts` where they begin among those.
    """

    entries: Ints
    rows: Ints
    cosines: Floats
    groups: Ints
    starts: Ints
    best: Ints
    best_starts: Ints


class Ranker:
    """Ranks entries by the index, the wording and, where there is one, the meaning."""

    def __init__(
        self,
        index: Index,
        wording: Wording,
        gist: Gist,
        themes: Themes,
        meaning: Meaning | None = None,
    ) -> None:
        self._index = index
        self._wording = wording
        self._gist = gist
        self._themes = themes
        self._meaning = meaning
        self._worth = MEANT if meaning else WRITTEN

    def rank(self, reading: Reading, without: int | None = None) -> Ranking | None:
        """The candidates, or None where the text shares nothing with any phrasing.

        `without` is a phrasing to leave out, as if the FAQ did not have it.
        """
        gist = self._themes.seen(self._gist.of(reading))
        vector = self._meaning.of(reading.letters) if self._meaning else None
        near = self._near(reading, gist, vector, without)
        if near is None:
            return None
        wording = self._wording
        asked = wording.asked(reading, without)
        best = near.rows[near.best]
        evidence = np.array(
            [
                self._local(near),
                np.maximum.reduceat(wording.ratios(asked, best), near.best_starts),
                wording.covered(asked, near.entries),
                np.maximum.reduceat(wording.covering(asked, best), near.best_starts),
                self._themes.likeness(gist, near.entries, without),
                self._about(vector, near.entries, without),
            ],
            np.float64,
        ).T
        merit = evidence @ self._worth
        order = np.argsort(-merit, kind="stable")
        first = near.starts[order]
        return Ranking(
            entries=near.entries[order],
            shares=_softmax(merit[order]),
            evidence=evidence[order],
            cosines=near.cosines[first],
            phrasings=near.rows[first],
            pairs=wording.pairs(reading, best[near.groups[near.best] == order[0]]),
            unknown=asked.unknown * wording.most / asked.whole if asked.whole else 0.0,
            unknown_words=asked.unknown,
            words=asked.length,
        )

    def _about(self, vector: Floats | None, entries: Ints, without: int | None) -> Floats:
        if self._meaning is None or vector is None:
            return np.zeros(len(entries), np.float32)
        themes = self._meaning.themes
        return themes.likeness(themes.seen(vector), entries, without)

    def _near(
        self, reading: Reading, gist: Floats, vector: Floats | None, without: int | None
    ) -> Neighbours | None:
        query = self._index.query(reading)
        themes = self._themes.nearest(gist, _THEMES)
        rows, cosines = self._index.similar(query, lambda rows: self._unseen(themes, rows))
        alike = cosines
        if self._meaning and vector is not None:
            others = np.setdiff1d(self._meaning.nearest(vector), rows)
            cosines = np.concatenate([cosines, self._index.cosines(others, query)])
            rows = np.concatenate([rows, others])
            alike = (cosines + self._meaning.cosines(vector, rows)) * np.float32(0.5)
        order = np.argsort(-alike, kind="stable")
        order = order[rows[order] != without]
        if not len(order):
            return None
        return neighbours(rows[order], alike[order], self._index.owners, themes)

    def _unseen(self, entries: Ints, rows: Ints) -> Ints:
        """Phrasings of those of some entries that have none among the rows."""
        owners = self._index.owners
        seen = set(owners[rows].tolist())
        entries = np.array([entry for entry in entries.tolist() if entry not in seen], np.int64)
        starts, ends = np.searchsorted(owners, [entries, entries + 1])
        return spans(starts, np.minimum(ends - starts, _PHRASINGS))

    def _local(self, near: Neighbours) -> Floats:
        gram = self._index.gram(near.rows)
        if self._meaning:
            gram = (gram + self._meaning.gram(near.rows)) * np.float32(0.5)
        return local(gram, near)


def neighbours(rows: Ints, alike: Floats, owners: Ints, wanted: Ints) -> Neighbours:
    """The entries of the first phrasings, those wanted anyway, and the best phrasings of each."""
    places: dict[int, list[int]] = {}
    always = set(wanted.tolist())
    for place, owner in enumerate(owners[rows].tolist()):
        found = places.get(owner)
        if found is None:
            if len(places) < _CANDIDATES or owner in always:
                places[owner] = [place]
        elif len(found) < _PHRASINGS:
            found.append(place)
    kept = [place for found in places.values() for place in found]
    sizes = np.array([len(found) for found in places.values()])
    bests = np.minimum(sizes, _COMPARED)
    starts, best_starts = np.cumsum(sizes) - sizes, np.cumsum(bests) - bests
    return Neighbours(
        np.array(list(places)),
        rows[kept],
        alike[kept],
        np.repeat(np.arange(len(sizes)), sizes),
        starts,
        spans(starts, bests),
        best_starts,
    )


def local(gram: Floats, near: Neighbours) -> Floats:
    """Scores of a softmax regression fitted to the neighbours only."""
    wanted = np.zeros((len(near.rows), len(near.entries)), np.float32)
    wanted[np.arange(len(near.rows)), near.groups] = 1
    rate = np.float32(1 / (0.25 * gram.sum(axis=1).max() + _LAMBDA))
    kept = np.float32(1 - rate * _LAMBDA)
    wanted *= rate
    parts = np.full((len(near.entries), 1), 1 / rate, np.float32)
    current: Floats = np.zeros_like(wanted)
    momentum: Floats = current
    likely = np.empty_like(wanted)
    for step in range(_STEPS):
        np.exp(np.matmul(gram, momentum, out=likely), out=likely)
        likely /= likely @ parts
        following = kept * momentum
        following += wanted
        following -= likely
        momentum = (following - current) * np.float32(step / (step + 3))
        momentum += following
        current = following
    return near.cosines @ current


def _softmax(merit: NDArray[np.float64]) -> NDArray[np.float64]:
    likely = np.exp(merit - merit[0])
    missing = max(_FEWEST - len(merit), 0) * np.exp(-merit[0])
    shares: NDArray[np.float64] = likely / (likely.sum() + missing)
    return shares
