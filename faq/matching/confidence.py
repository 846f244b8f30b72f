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
_RICHEST = 5.0
"""Richness is the logarithm of how many phrasings an entry has, in the mean; at most this."""
_THREE_TO_SIX = (log(3), log(6))
_FOUR_TO_TEN = (log(4), log(10))


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities (0-1) that the first candidate is right, and that one of three is."""

    first: float
    three: float


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of both probabilities, in the order of what an `Estimator` looks at.

    Their first row is what counts in a FAQ of one phrasing an entry, the second what is added as
    its richness grows. `three_share` is the weight of the first three's share. `answer_from` is the
    confidence from which on answers were right often enough, `sparse_from` where there are ten
    entries or more and at most three phrasings each.
    """

    first: Weights
    first_bias: float
    three: Weights
    three_bias: float
    three_share: float
    answer_from: float
    sparse_from: float


class Estimator:
    """What rankings are worth in one FAQ.

    `answer_from` is the confidence from which on to answer, as far as that is known beforehand.
    """

    def __init__(self, model: Model, sizes: Weights) -> None:
        """`sizes` is how many phrasings each entry has."""
        entries = max(len(sizes), 1)
        self._richness = min(log(max(float(sizes.sum()), 1) / entries), _RICHEST)
        self._entries = log(entries)
        self._sizes = np.log(np.maximum(sizes, 1))
        rich = np.array([1.0, self._richness])
        self._weights = np.stack([rich @ model.first, rich @ model.three])
        self._model = model
        few = np.interp(self._richness, _THREE_TO_SIX, (1, 0))
        many = np.interp(self._entries, _FOUR_TO_TEN, (0, 1))
        careful = (model.sparse_from - model.answer_from) * float(few * many)
        self.answer_from = model.answer_from + careful

    def confidence(self, ranking: Ranking, chinese: bool) -> Confidence:
        """How sure to be of a ranking."""
        first, three = (self._weights @ self._seen(ranking, chinese)).tolist()
        three += self._model.three_share * float(ranking.shares[:3].sum())
        sure = _logistic(first + self._model.first_bias)
        return Confidence(sure, max(sure, _logistic(three + self._model.three_bias)))

    def _seen(self, ranking: Ranking, chinese: bool) -> Weights:
        """What the weights are for."""
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
                float(self._sizes[ranking.entries[0]]),
                self._richness,
                float(chinese),
                ranking.pairs,
                local - second[0],
                share,
                ranking.unknown_words,
                gist,
                gist - second[4],
                -sum(one * log(one + 1e-12) for one in shares),
                max(one[0] for one in evidence) - local,
                self._entries,
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
        [
            0.226, 1.132, 0.314, 0.291, -0.066, -0.418, 1.189, 0.022, -0.426, -0.190, 0.708,
            -0.517, -0.014, 3.541, -0.133, 0.560, 0.010, 0.078, -0.125, 0.039, 0.164, 0.000,
            0.000,
        ],
        [
            0.025, -0.275, 0.205, 0.117, 0.194, 0.023, -0.003, 0.140, 0.088, -0.071, -0.034,
            0.255, -0.013, 0.208, -0.017, 0.135, -0.105, -0.095, 0.203, 0.057, -0.509,
            0.000, 0.000,
        ],
    ]),
    first_bias=-5.501,
    three=np.array([
        [
            0.171, 2.318, 0.518, 0.178, -0.851, -0.410, 1.363, 0.008, -0.325, -0.449, 0.724,
            -0.183, -0.070, 0.715, -0.161, 1.086, -0.672, -0.056, 0.726, 0.042, 0.797,
            0.000, 0.000,
        ],
        [
            0.011, -0.240, 0.174, 0.182, 0.350, -0.090, -0.009, 0.215, 0.090, -0.022,
            -0.237, 0.178, -0.041, -0.269, -0.008, 0.264, -0.001, -0.139, -0.160, 0.055,
            -0.300, 0.000, 0.000,
        ],
    ]),
    three_share=2.810,
    three_bias=-5.634,
    answer_from=0.81,
    sparse_from=0.86,
)
MEANT = Model(
    first=np.array([
        [
            0.182, 0.321, 0.536, 0.447, 0.297, -0.320, 0.974, 0.036, -0.409, -0.070, 0.563,
            -0.077, -0.052, 2.417, -0.094, -0.103, 0.540, -0.433, 0.044, 0.169, 0.222,
            0.539, 1.442,
        ],
        [
            0.033, 0.067, 0.111, 0.038, 0.130, -0.018, 0.018, 0.074, 0.017, 0.003, -0.056,
            0.274, -0.006, -0.042, -0.010, 0.041, -0.230, -0.085, 0.387, 0.031, -0.331,
            0.117, -0.401,
        ],
    ]),
    first_bias=-4.614,
    three=np.array([
        [
            0.110, 0.954, 0.726, 0.348, -0.028, -0.220, 1.145, 0.053, -0.256, -0.226, 0.517,
            -0.068, -0.052, 0.669, -0.114, 0.216, 0.103, -0.546, 1.616, 0.198, -0.093,
            1.175, 0.989,
        ],
        [
            0.021, 0.113, 0.092, 0.084, 0.166, -0.088, 0.021, 0.105, 0.026, 0.029, -0.247,
            0.232, 0.003, -0.305, -0.008, 0.029, -0.057, -0.185, 0.047, 0.015, -0.349,
            0.192, -0.426,
        ],
    ]),
    three_share=2.647,
    three_bias=-5.165,
    answer_from=0.83,
    sparse_from=0.85,
)
# fmt: on
