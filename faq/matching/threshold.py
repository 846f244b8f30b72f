"""From which confidence on to answer: set without labels, from the FAQ's own phrasings.

Confidences hold for most FAQs, so there is a common threshold to begin with. Each FAQ is then
asked its own phrasings, each with itself left out: where what comes back so confidently is wrong
too often (entries that say nearly the same), its threshold rises until it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_HIGHEST = 0.92
_STEP = 0.01
_PRECISION = 0.85
_PRIOR = 10
_PRIOR_RIGHT = 9.7
SUGGEST = 0.27


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability of the first to answer, of the first three to suggest (0-1)."""

    answer: float
    suggest: float = SUGGEST


def thresholds(trials: Iterable[tuple[float, bool]], lowest: float) -> Thresholds:
    """The thresholds for a FAQ whose own phrasings came back so confidently, right or wrong.

    `lowest` is the common threshold.
    """
    tried = np.array([(sure, right) for sure, right in trials]).reshape(-1, 2)
    answer = lowest
    while answer < _HIGHEST:
        right = tried[tried[:, 0] >= answer, 1]
        if (right.sum() + _PRIOR_RIGHT) / (len(right) + _PRIOR) >= _PRECISION:
            break
        answer = round(answer + _STEP, 2)
    return Thresholds(answer)
