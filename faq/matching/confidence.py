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
from faq.matching.threshold import Thresholds

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
    entries or more and at most three phrasings each; `suggest_from` is from when on one of three
    was worth a suggestion.
    """

    first: Weights
    first_bias: float
    three: Weights
    three_bias: float
    three_share: float
    answer_from: float
    sparse_from: float
    suggest_from: float


class Estimator:
    """What rankings are worth in one FAQ.

    `thresholds` are from when on to answer and to suggest, as far as that is known beforehand.
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
        self.thresholds = Thresholds(model.answer_from + careful, model.suggest_from)

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
    suggest_from=0.22,
)
MEANT = Model(
    first=np.array([
        [
            0.221, 0.299, 0.882, 0.519, 0.509, -0.484, 1.006, -0.023, -0.568, 0.152, 0.856,
            -0.147, -0.104, 2.612, -0.116, -0.589, 0.402, -0.730, 2.134, 0.266, -0.307,
            0.533, 1.555,
        ],
        [
            0.013, 0.111, 0.091, 0.016, 0.124, 0.031, -0.017, 0.156, 0.060, -0.013, -0.086,
            0.286, 0.061, -0.173, 0.008, 0.052, -0.267, -0.113, -0.986, 0.002, -0.601,
            0.319, -0.495,
        ],
    ]),
    first_bias=-4.738,
    three=np.array([
        [
            0.108, 1.158, 1.057, 0.167, -0.243, -0.160, 1.085, -0.083, -0.323, -0.202,
            0.834, -0.224, -0.003, 0.530, -0.130, -0.091, -0.022, -0.851, 0.981, 0.261,
            -0.362, 1.203, 1.080,
        ],
        [
            -0.002, 0.136, 0.089, 0.203, 0.298, -0.174, 0.004, 0.206, 0.057, 0.040, -0.258,
            0.313, 0.062, -0.563, 0.008, -0.092, 0.160, -0.255, -0.184, -0.006, -0.556,
            0.464, -0.648,
        ],
    ]),
    three_share=2.799,
    three_bias=-4.836,
    answer_from=0.83,
    sparse_from=0.85,
    suggest_from=0.2,
)
# fmt: on
