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


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities (0-1) that the first candidate is right, and that one of three is."""

    first: float
    three: float


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of both probabilities, in the order of what an `Estimator` looks at.

    Their first row is what counts in a FAQ of one phrasing an entry, the second what is added as
    its richness grows. `three_share` is the weight of the first three's share. `answer_from` has
    the confidences from which on answers were right often enough, in FAQs of three and of six
    phrasings an entry.
    """

    first: Weights
    first_bias: float
    three: Weights
    three_bias: float
    three_share: float
    answer_from: tuple[float, float]


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
        self.answer_from = float(np.interp(self._richness, _THREE_TO_SIX, model.answer_from))

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
            0.117, -0.649, 0.447, 0.519, -0.681, -1.025, 1.193, 0.433, -0.394, -0.290,
            0.699, -0.399, 0.021, 3.637, -0.078, 0.997, 0.244, -0.398, -0.271, 0.220,
            -0.416, 0.000, 0.000,
        ],
        [
            0.047, 0.168, 0.148, 0.016, 0.500, 0.299, -0.005, 0.040, 0.075, -0.073, -0.031,
            0.208, -0.010, 0.289, -0.046, -0.075, -0.110, 0.032, 0.286, -0.010, -0.449,
            0.000, 0.000,
        ],
    ]),
    first_bias=-5.131,
    three=np.array([
        [
            0.090, 0.289, 0.615, 0.345, -1.811, -1.136, 1.445, 0.445, -0.337, -0.547, 0.591,
            0.071, -0.068, 0.958, -0.117, 1.505, -0.733, -0.366, 0.672, 0.212, 0.476, 0.000,
            0.000,
        ],
        [
            0.027, 0.260, 0.127, 0.109, 0.791, 0.241, -0.039, 0.127, 0.089, -0.026, -0.192,
            0.077, -0.041, -0.267, -0.033, 0.076, 0.070, -0.031, -0.112, -0.012, -0.269,
            0.000, 0.000,
        ],
    ]),
    three_share=2.875,
    three_bias=-5.444,
    answer_from=(0.86, 0.81),
)
MEANT = Model(
    first=np.array([
        [
            0.164, 0.079, 0.530, 0.756, -0.453, -0.744, 0.973, 0.265, -0.479, -0.058, 0.499,
            -0.067, 0.003, 2.165, -0.038, 0.057, 0.611, -0.538, 0.002, 0.300, 0.186, 0.469,
            1.043,
        ],
        [
            0.031, 0.052, 0.098, -0.086, 0.371, 0.146, 0.019, 0.056, 0.018, -0.004, -0.037,
            0.271, -0.023, 0.038, -0.038, -0.007, -0.255, -0.042, 0.431, -0.002, -0.280,
            0.055, -0.291,
        ],
    ]),
    first_bias=-4.555,
    three=np.array([
        [
            0.117, 0.499, 0.694, 0.728, -1.082, -0.750, 1.210, 0.317, -0.376, -0.260, 0.311,
            -0.053, 0.032, 0.170, -0.062, 0.315, 0.022, -0.428, 1.588, 0.340, 0.153, 0.947,
            0.514,
        ],
        [
            0.019, 0.124, 0.093, -0.063, 0.499, 0.119, 0.005, 0.090, 0.032, 0.024, -0.185,
            0.241, -0.019, -0.284, -0.038, -0.006, -0.018, -0.118, 0.097, -0.023, -0.252,
            0.141, -0.353,
        ],
    ]),
    three_share=3.685,
    three_bias=-6.019,
    answer_from=(0.84, 0.83),
)
# fmt: on
