"""How sure a ranking is, and from which confidence on to answer: found without labels, from the
FAQ's own phrasings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faq.rank import Ranking

_BIAS = 0.6666
_WEIGHTS = np.array([2.098, -0.561, 0.186, -0.135, 0.284, -0.038, 0.390])
_MEANS = np.array([1.813, 0.389, 0.604, 0.155, 0.603, 0.605, 2.281])
_SPREADS = np.array([2.750, 0.206, 0.258, 0.241, 0.163, 0.250, 0.474])


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence on to answer, and to suggest."""

    answer: float = 0.8
    suggest: float = 0.25


def confidence(ranking: Ranking) -> float:
    """The estimated probability that the first candidate is right (0-1)."""
    first = min(float(ranking.probabilities[0]), 1 - 1e-9)
    _, ratio, _, covq, covp = ranking.features[0]
    seen = np.array(
        [
            min(np.log(first / (1 - first)), 8.0),
            ranking.cosines[0],
            covq,
            ranking.unknown,
            ratio,
            covp,
            np.log1p(ranking.length),
        ]
    )
    return float(1 / (1 + np.exp(-_BIAS - _WEIGHTS @ ((seen - _MEANS) / _SPREADS))))
