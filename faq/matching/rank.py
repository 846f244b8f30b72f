"""Which of the nearest entries is meant: a small classifier fitted to each question's own
neighbourhood, then a rerank by how the texts look beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.matching.gist import Gist
from faq.matching.index import Index
from faq.matching.meaning import Meaning
from faq.matching.reading import Reading
from faq.matching.themes import Themes
from faq.matching.wording import Wording
from faq.vectors import Floats, Ints

_CANDIDATES = 8
_THEMES = 3
_PHRASINGS, _PHRASINGS_MEANT = 5, 12
"""So many of a candidate are looked at, without and with embeddings."""
_COMPARED = 3
_LAMBDA = 0.1
_PACES = tuple(np.float32(step / (step + 3)) for step in range(1, 10))
"""How far each step goes on as the one before it went."""
_NONE = np.zeros(0, np.int64)
_FEWEST = 8
"""Fewer candidates than these are filled up with ones that nothing speaks for."""
WRITTEN = np.array([1.68, 3.48, 2.06, 0.18, 5.35, 0.0])
MEANT = np.array([2.3, 1.7, 1.3, 0.2, 1.8, 4.0])
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
        self._most = _PHRASINGS_MEANT if meaning else _PHRASINGS

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
        best = near.rows.take(near.best)
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
        order = (-merit).argsort(kind="stable")
        first = near.starts.take(order)
        return Ranking(
            entries=near.entries[order],
            shares=_softmax(merit[order]),
            evidence=evidence[order],
            cosines=near.cosines[first],
            phrasings=near.rows[first],
            pairs=wording.pairs(asked, best[near.groups.take(near.best) == order[0]]),
            unknown=asked.unknown * wording.most / asked.whole if asked.whole else 0.0,
            unknown_words=asked.unknown,
            words=asked.length,
        )

    def _about(self, vector: Floats | None, entries: Ints, without: int | None) -> Floats:
        if self._meaning is None or vector is None:
            return np.zeros(len(entries), np.float32)
        themes = self._meaning.themes
        return themes.likeness(vector, entries, without)

    def _near(
        self, reading: Reading, gist: Floats, vector: Floats | None, without: int | None
    ) -> Neighbours | None:
        query = self._index.query(reading)
        themes = self._themes.nearest(gist, _THEMES)
        nearest = self._meaning.nearest(vector) if self._meaning and vector is not None else _NONE
        rows, alike = self._index.similar(query, lambda rows: self._more(rows, themes, nearest))
        if self._meaning and vector is not None:
            themes = np.concatenate([themes, self._meant(vector, nearest, without)])
            alike = (alike + self._meaning.cosines(vector, rows)) * np.float32(0.5)
        order = (-alike).argsort(kind="stable")
        if without is not None:
            order = order[rows[order] != without]
        if not len(order):
            return None
        return neighbours(rows[order], alike[order], self._index.owners, themes, self._most)

    def _meant(self, vector: Floats, rows: Ints, without: int | None) -> Ints:
        """Of the entries of some phrasings those that as a whole come nearest in meaning."""
        entries = np.unique(self._index.owners[rows])
        return entries[np.argsort(self._about(vector, entries, without))[-_THEMES:]]

    def _more(self, rows: Ints, entries: Ints, nearest: Ints) -> Ints:
        """Phrasings of those of some entries that have none among the rows, and the nearest."""
        owners = self._index.owners
        seen = set(owners.take(rows).tolist())
        unseen = [entry for entry in entries.tolist() if entry not in seen]
        starts = owners.searchsorted(unseen).tolist()
        ends = owners.searchsorted(unseen, side="right").tolist()
        spans = [range(a, min(b, a + _PHRASINGS)) for a, b in zip(starts, ends, strict=True)]
        more = {row for span in spans for row in span}.union(nearest.tolist())
        return np.array(sorted(more.difference(rows.tolist())), np.int64)

    def _local(self, near: Neighbours) -> Floats:
        gram = self._index.gram(near.rows)
        if self._meaning:
            gram = (gram + self._meaning.gram(near.rows)) * np.float32(0.5)
        return local(gram, near)


def neighbours(
    rows: Ints, alike: Floats, owners: Ints, wanted: Ints, most: int = _PHRASINGS
) -> Neighbours:
    """The entries of the first phrasings, those wanted anyway, and the best phrasings of each.

    `most` is how many phrasings of an entry there are at most.
    """
    places: dict[int, list[int]] = {}
    always = set(wanted.tolist())
    for place, owner in enumerate(owners.take(rows).tolist()):
        found = places.get(owner)
        if found is None:
            if len(places) < _CANDIDATES or owner in always:
                places[owner] = [place]
        elif len(found) < most:
            found.append(place)
    kept: list[int] = []
    groups: list[int] = []
    best: list[int] = []
    starts, best_starts = [], []
    for group, found in enumerate(places.values()):
        starts.append(len(kept))
        best_starts.append(len(best))
        best += range(len(kept), len(kept) + min(len(found), _COMPARED))
        groups += [group] * len(found)
        kept += found
    order = np.array(kept)
    return Neighbours(
        np.array(list(places)),
        rows.take(order),
        alike.take(order),
        np.array(groups),
        np.array(starts),
        np.array(best),
        np.array(best_starts),
    )


def local(gram: Floats, near: Neighbours) -> Floats:
    """Scores of a softmax regression fitted to the neighbours only."""
    wanted = np.zeros((len(near.rows), len(near.entries)), np.float32)
    wanted[np.arange(len(near.rows)), near.groups] = 1
    rate = np.float32(1 / (0.25 * gram.sum(axis=1).max() + _LAMBDA))
    kept = np.float32(1 - rate * _LAMBDA)
    wanted *= rate
    parts = np.full((len(near.entries), 1), 1 / rate, np.float32)
    current = wanted - rate / np.float32(len(near.entries))  # all being as likely at first
    momentum = current
    likely = np.empty_like(wanted)
    for pace in _PACES:
        np.exp(np.matmul(gram, momentum, out=likely), out=likely)
        likely /= likely @ parts
        following = kept * momentum
        following += wanted
        following -= likely
        momentum = following - current
        momentum *= pace
        momentum += following
        current = following
    scores: Floats = near.cosines @ current
    return scores


def _softmax(merit: NDArray[np.float64]) -> NDArray[np.float64]:
    likely = np.exp(merit - merit[0])
    missing = max(_FEWEST - len(merit), 0) * np.exp(-merit[0])
    shares: NDArray[np.float64] = likely / (likely.sum() + missing)
    return shares
