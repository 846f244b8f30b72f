"""How sure a ranking is: the probability that its first entry is right, and that one of its first
three is.

Both are logistic models over what the ranking saw and how rich the FAQ is. They were fitted once
on many FAQs of different sizes, languages and kinds (drawn from public question sets and a sample
shop), each weighing the same, so that they hold for FAQs they have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    share = min(max(float(ranking.shares[0]), 1e-6), 1 - 1e-6)
    local, ratio, covered, covering, _, meant = ranking.evidence[0]
    second = ranking.evidence[1] if len(ranking.evidence) > 1 else np.zeros(6)
    return np.array(
        [
            min(np.log(share / (1 - share)), _SUREST),
            ranking.cosines[0],
            covered,
            ranking.unknown,
            ratio,
            covering,
            np.log1p(ranking.words),
            local,
            np.log(sizes[ranking.entries[0]]),
            np.log(sizes.mean()),
            float(chinese),
            ranking.pairs,
            local - second[0],
            share,
            ranking.unknown_words,
            meant,
            meant - second[5],
        ]
    )


def _logistic(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


# What the models look at weighs, without and with embeddings.
# fmt: off
WRITTEN = Model(
    first=np.array([
        0.251, -2.327, 1.319, 0.849, 0.086, 0.357, 0.935, 0.599,
        -0.676, 0.427, 0.677, -0.725, 0.316, 2.510, -0.104, 0.000, 0.000,
    ]),
    first_bias=-4.440,
    three=np.array([
        0.196, -0.471, 1.047, 0.605, -0.376, 0.206, 0.930, 0.878, -0.508,
        0.104, 0.661, -0.141, 0.018, -0.105, -0.113, 0.000, 0.000, 3.219,
    ]),
    three_bias=-4.589,
    answer_from=0.84,
)
MEANT = Model(
    first=np.array([
        0.216, -0.814, 1.302, 0.920, -0.543, 0.257, 0.883, 0.721,
        -0.836, 0.512, 0.418, -0.393, 0.392, 1.990, -0.114, 0.883, 0.167,
    ]),
    first_bias=-4.442,
    three=np.array([
        0.157, -0.391, 1.108, 0.497, -0.585, 0.175, 0.848, 0.998, -0.667,
        0.109, 0.330, 0.086, 0.264, -0.625, -0.091, 1.242, -0.056, 3.657,
    ]),
    three_bias=-5.026,
    answer_from=0.82,
)
# fmt: on
