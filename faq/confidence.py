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

from faq.rank import Ranking

Weights = NDArray[np.float64]

_SUREST = 8.0
_FIRST: Weights = np.array(
    [
        0.251,
        -2.327,
        1.319,
        0.849,
        0.086,
        0.357,
        0.935,
        0.599,
        -0.676,
        0.427,
        0.677,
        -0.725,
        0.316,
        2.510,
        -0.104,
    ]
)
_FIRST_BIAS = -4.440
_THREE: Weights = np.array(
    [
        0.196,
        -0.471,
        1.047,
        0.605,
        -0.376,
        0.206,
        0.930,
        0.878,
        -0.508,
        0.104,
        0.661,
        -0.141,
        0.018,
        -0.105,
        -0.113,
        3.219,
    ]
)
_THREE_BIAS = -4.589


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities (0-1) that the first candidate is right, and that one of three is."""

    first: float
    three: float


def confidence(ranking: Ranking, sizes: Weights, chinese: bool) -> Confidence:
    """What a ranking is worth in a FAQ whose entries have so many phrasings each."""
    seen = _seen(ranking, sizes, chinese)
    first = _logistic(float(_FIRST @ seen) + _FIRST_BIAS)
    three = float(_THREE[:-1] @ seen) + float(_THREE[-1] * ranking.shares[:3].sum())
    return Confidence(first, max(first, _logistic(three + _THREE_BIAS)))


def _seen(ranking: Ranking, sizes: Weights, chinese: bool) -> Weights:
    """What the models look at; the order is that of their weights."""
    share = min(max(float(ranking.shares[0]), 1e-6), 1 - 1e-6)
    local, ratio, covered, covering, _ = ranking.evidence[0]
    second = ranking.evidence[1, 0] if len(ranking.evidence) > 1 else 0.0
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
            local - second,
            share,
            ranking.unknown_words,
        ]
    )


def _logistic(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))
