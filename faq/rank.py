"""Which of the nearest entries is meant: a small classifier fitted to each question's own
neighbourhood, then a rerank by how the texts look beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from faq.index import Floats, Index, Ints, Query
from faq.normalise import HAN
from faq.reading import Reading

_CANDIDATES = 15
_PHRASINGS = 6
_LAMBDA = 0.1
_STEPS = 20
_RERANK = np.array([2.197, 1.480, 0.672, 2.842, 1.317])
_HAN_CHARACTER = re.compile(rf"([{HAN}])")


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate entries, the likeliest first, with what is known of each.

    `features` has a row a candidate: local, ratio, token_set, covq, covp.
    """

    entries: Ints
    probabilities: NDArray[np.float64]
    cosines: Floats
    phrasings: Ints
    features: NDArray[np.float64]
    unknown: float
    length: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The phrasings nearest to a text, grouped by entry."""

    entries: Ints
    rows: Ints
    cosines: Floats
    groups: Ints
    """For each row the place of its entry in `entries`."""


def neighbours(rows: Ints, cosines: Floats, owners: Ints) -> Neighbours:
    """The entries with the most similar phrasing, and their best phrasings."""
    order = np.argsort(-cosines, kind="stable")
    rows, cosines = rows[order], cosines[order]
    places: dict[int, int] = {}
    counts: list[int] = []
    kept: list[int] = []
    groups: list[int] = []
    for place, owner in enumerate(owners[rows].tolist()):
        group = places.setdefault(owner, len(places))
        if group >= _CANDIDATES:
            continue
        if group == len(counts):
            counts.append(0)
        if counts[group] < _PHRASINGS:
            counts[group] += 1
            kept.append(place)
            groups.append(group)
    entries = np.array(list(places)[:_CANDIDATES], np.int32)
    return Neighbours(entries, rows[kept], cosines[kept], np.array(groups, np.int32))


def local(index: Index, near: Neighbours) -> NDArray[np.float64]:
    """Scores of a softmax regression fitted to the neighbours only."""
    gram = index.rows(near.rows).gram().astype(np.float64)
    wanted = np.zeros((len(near.rows), len(near.entries)))
    wanted[np.arange(len(near.rows)), near.groups] = 1
    rate = 1 / (0.25 * gram.sum(axis=1).max() + _LAMBDA)
    current = momentum = np.zeros_like(wanted)
    for step in range(_STEPS):
        likely = np.exp(gram @ momentum)
        likely /= likely.sum(axis=1, keepdims=True)
        following = momentum - rate * (likely - wanted + _LAMBDA * momentum)
        momentum = following + step / (step + 3) * (following - current)
        current = following
    scores: NDArray[np.float64] = near.cosines @ current
    return scores


class Texts:
    """What is needed of every phrasing and entry to compare it with a text word for word."""

    def __init__(self, readings: Sequence[Reading], owners: Ints, entries: int) -> None:
        self.readings = readings
        self.spaced = [spaced(reading.letters) for reading in readings]
        self.tokens: list[set[str]] = [set() for _ in range(entries)]
        for reading, owner in zip(readings, owners.tolist(), strict=True):
            self.tokens[owner].update(reading.tokens)
        known: dict[str, int] = {}
        for tokens in self.tokens:
            for token in tokens:
                known[token] = known.get(token, 0) + 1
        self.idf = {
            token: float(np.log((1 + entries) / (1 + count)) + 1) for token, count in known.items()
        }
        self.most = float(np.log(1 + entries) + 1)

    def share(self, tokens: Sequence[str], within: set[str]) -> float:
        """How much of some tokens is in a set, weighed by idf (0-1)."""
        whole = sum(self.idf.get(token, self.most) for token in tokens)
        held = sum(self.idf.get(token, self.most) for token in tokens if token in within)
        return held / whole if whole else 0.0


def spaced(text: str) -> str:
    """The text with Chinese characters apart, as token_set_ratio wants it."""
    return " ".join(_HAN_CHARACTER.sub(r" \1 ", text).split())


def rank(index: Index, texts: Texts, reading: Reading, query: Query) -> Ranking | None:
    """The candidates, or None where the text shares nothing with any phrasing."""
    rows, cosines = index.similar(query)
    if not len(rows):
        return None
    near = neighbours(rows, cosines, index.owners)
    scores = local(index, near)
    compared = np.array(
        [
            _compared(texts, reading, near.rows[near.groups == group], entry)
            for group, entry in enumerate(near.entries.tolist())
        ]
    )
    table = np.column_stack([scores, compared])
    merit = table @ _RERANK
    merit = np.exp(merit - merit.max())
    merit /= merit.sum()
    order = np.argsort(-merit, kind="stable")
    first = np.array([np.flatnonzero(near.groups == group)[0] for group in order])
    unknown = sum(token not in texts.idf for token in reading.tokens) * texts.most
    whole = sum(texts.idf.get(token, texts.most) for token in reading.tokens)
    return Ranking(
        entries=near.entries[order],
        probabilities=merit[order],
        cosines=near.cosines[first],
        phrasings=near.rows[first],
        features=table[order],
        unknown=unknown / whole if whole else 0.0,
        length=len(reading.tokens),
    )


def _compared(
    texts: Texts, reading: Reading, rows: Ints, entry: int
) -> tuple[float, float, float, float]:
    """ratio, token_set, covq, covp of a text and an entry's best three phrasings."""
    best = rows[:3].tolist()
    apart = spaced(reading.letters)
    tokens = set(reading.tokens)
    return (
        max(fuzz.ratio(reading.letters, texts.readings[row].letters) for row in best) / 100,
        max(fuzz.token_set_ratio(apart, texts.spaced[row]) for row in best) / 100,
        texts.share(reading.tokens, texts.tokens[entry]),
        max(texts.share(texts.readings[row].tokens, tokens) for row in best),
    )
