"""How sure a ranking is: the probability that its first entry is right, and that one of its first
three is.

Both are logistic models over what the ranking saw and how rich the FAQ is. They were fitted once
on many FAQs of different sizes, languages and kinds (drawn from public question sets and a sample
shop), each weighing the same, so that they hold for FAQs they have not seen; and on many of ten
entries or fewer, asked in the other language too, which together weigh as much as a dozen others.
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
            0.192, 1.159, 0.376, 0.332, 0.030, -0.448, 1.204, 0.042, -0.407, -0.193, 0.782,
            -0.525, 0.004, 3.542, -0.129, 0.566, 0.115, 0.043, -0.029, 0.044, 0.221, 0.000,
            0.000,
        ],
        [
            0.032, -0.317, 0.202, 0.103, 0.188, 0.039, -0.005, 0.135, 0.089, -0.070, -0.088,
            0.246, -0.012, 0.200, -0.019, 0.136, -0.139, -0.076, 0.159, 0.051, -0.498,
            0.000, 0.000,
        ],
    ]),
    first_bias=-5.633,
    three=np.array([
        [
            0.155, 2.459, 0.628, 0.229, -0.972, -0.448, 1.351, 0.026, -0.322, -0.428, 0.705,
            -0.133, -0.099, 0.627, -0.154, 1.170, -0.694, -0.070, 0.742, 0.039, 1.002,
            0.000, 0.000,
        ],
        [
            0.014, -0.291, 0.150, 0.162, 0.372, -0.068, -0.005, 0.214, 0.093, -0.026,
            -0.241, 0.149, -0.033, -0.299, -0.010, 0.249, -0.012, -0.132, -0.164, 0.055,
            -0.289, 0.000, 0.000,
        ],
    ]),
    three_share=2.584,
    three_bias=-5.495,
    answer_from=0.81,
    sparse_from=0.87,
)
MEANT = Model(
    first=np.array([
        [
            0.180, 0.292, 0.538, 0.432, 0.314, -0.364, 0.978, 0.044, -0.400, -0.078, 0.575,
            -0.097, -0.057, 2.458, -0.092, -0.083, 0.585, -0.433, 0.592, 0.169, 0.236,
            0.538, 1.424,
        ],
        [
            0.034, 0.069, 0.115, 0.038, 0.127, -0.001, 0.015, 0.074, 0.016, 0.003, -0.069,
            0.280, -0.006, -0.045, -0.009, 0.024, -0.250, -0.079, 0.148, 0.032, -0.335,
            0.124, -0.384,
        ],
    ]),
    first_bias=-4.657,
    three=np.array([
        [
            0.107, 0.928, 0.754, 0.351, -0.055, -0.216, 1.148, 0.061, -0.254, -0.228, 0.513,
            -0.052, -0.055, 0.671, -0.114, 0.212, 0.084, -0.543, 1.940, 0.198, -0.058,
            1.209, 1.007,
        ],
        [
            0.021, 0.109, 0.090, 0.086, 0.172, -0.087, 0.021, 0.105, 0.027, 0.029, -0.249,
            0.226, 0.004, -0.307, -0.008, 0.029, -0.050, -0.184, -0.089, 0.014, -0.351,
            0.196, -0.437,
        ],
    ]),
    three_share=2.586,
    three_bias=-5.145,
    answer_from=0.83,
    sparse_from=0.85,
)
# fmt: on
