"""How sure a ranking is: the probability that its first entry is right, and that one of its first
three is.

Both are logistic models over what the ranking saw and how rich the FAQ is. They were fitted once
on many FAQs of different sizes, languages and kinds (drawn from public question sets and a sample
shop), each weighing the same, so that they hold for FAQs they have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, log1p

import numpy as np
from numpy.typing import NDArray

from faq.matching.rank import Ranking

Weights = NDArray[np.float64]

_SUREST = 8.0


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities (0-1) that the first candidate is right, and that one of three is."""

    first: float
    three: float


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of both probabilities, in the order of `_seen`; `three` has one more.

    `answer_from` is the confidence from which on answers were right often enough.
    """

    first: Weights
    first_bias: float
    three: Weights
    three_bias: float
    answer_from: float

    def confidence(self, ranking: Ranking, sizes: Weights, chinese: bool) -> Confidence:
        """What a ranking is worth in a FAQ whose entries have so many phrasings each."""
        seen = _seen(ranking, sizes, chinese)
        first = _logistic(float(self.first @ seen) + self.first_bias)
        three = float(self.three[:-1] @ seen + self.three[-1] * ranking.shares[:3].sum())
        return Confidence(first, max(first, _logistic(three + self.three_bias)))


def _seen(ranking: Ranking, sizes: Weights, chinese: bool) -> Weights:
    """What the models look at."""
    shares, evidence = ranking.shares.tolist(), ranking.evidence.tolist()
    share = min(max(shares[0], 1e-6), 1 - 1e-6)
    local, ratio, covered, covering, gist, meant = evidence[0]
    second = evidence[1] if len(evidence) > 1 else [0.0] * len(evidence[0])
    return np.array(
        [
            min(log(share / (1 - share)), _SUREST),
            float(ranking.cosines[0]),
            covered,
            ranking.unknown,
            ratio,
            covering,
            log1p(ranking.words),
            local,
            log(float(sizes[ranking.entries[0]])),
            log(float(sizes.sum()) / len(sizes)),
            float(chinese),
            ranking.pairs,
            local - second[0],
            share,
            ranking.unknown_words,
            gist,
            gist - second[4],
            -sum(one * log(one + 1e-12) for one in shares),
            max(one[0] for one in evidence) - local,
            log(len(sizes)),
            share * share,
            meant,
            meant - second[5],
        ]
    )


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


# What the models look at weighs, without and with embeddings.
# fmt: off
WRITTEN = Model(
    first=np.array([
        0.350, 0.374, 1.080, 0.733, 0.687, 0.132, 1.050, 0.297, -0.162, -0.046, 1.194, -0.211,
        -0.071, 3.981, -0.097, 0.989, -0.324, -0.211, -0.464, 0.381, -1.999, 0.000, 0.000,
    ]),
    first_bias=-7.206,
    three=np.array([
        0.249, 1.351, 1.006, 0.496, 0.534, 0.169, 1.120, 0.464, -0.118, -0.189, 1.061, -0.067,
        -0.210, -2.229, -0.086, 1.427, -0.358, 0.193, -0.379, 0.416, 1.636, 0.000, 0.000, 3.891,
    ]),
    three_bias=-8.505,
    answer_from=0.80,
)
MEANT = Model(
    first=np.array([
        0.339, -1.018, 1.479, 0.856, 0.618, 0.454, 0.975, 0.358, -0.110, -0.028, 0.941, 0.142,
        -0.154, 3.421, -0.061, 0.465, -0.311, -0.230, 0.571, 0.473, -1.485, 1.877, -0.008,
    ]),
    first_bias=-7.894,
    three=np.array([
        0.157, -0.494, 1.568, 0.809, 0.514, 0.408, 1.079, 0.550, -0.130, -0.140, 0.771, 0.139,
        0.022, -1.760, -0.065, 0.438, -0.135, -0.155, 0.464, 0.478, 0.650, 2.552, -0.009, 3.963,
    ]),
    three_bias=-8.977,
    answer_from=0.82,
)
# fmt: on
