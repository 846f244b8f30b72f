"""From which confidence on to answer: set without labels, from the FAQ's own phrasings.

Confidences hold for most FAQs, so there is a common threshold to begin with, somewhat higher where
many entries have few phrasings (`Estimator`). Each FAQ is then asked its own phrasings, each with
itself left out: where what comes back so confidently is wrong too often (entries that say nearly
the same), its threshold rises until it is not. What customers and agents confirm later may move it
a little, either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_HIGHEST = 0.92
_STEP = 0.01
_PRECISION = 0.85
_PRIOR = 10
_PRIOR_RIGHT = 9.7
_FLOOR = 0.7
_FARTHEST = 0.08
"""So far confirmations move a threshold."""
_FEWEST = 20
"""So many confirmations it takes to move it at all."""
_TOO_OFTEN_WRONG, _OFTEN_RIGHT = 0.93, 0.96
_USUAL = 0.95
"""How often answers are right in a FAQ of which nothing is known; weighs like `_FEWEST`."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability of the first to answer, of the first three to suggest (0-1)."""

    answer: float
    suggest: float


def raised(common: Thresholds, trials: Iterable[tuple[float, bool]]) -> Thresholds:
    """The thresholds for a FAQ whose own phrasings came back so confidently, right or wrong: the
    common ones, or higher.
    """
    tried = np.array([(sure, right) for sure, right in trials]).reshape(-1, 2)
    answer = common.answer
    while answer < _HIGHEST:
        right = tried[tried[:, 0] >= answer, 1]
        if (right.sum() + _PRIOR_RIGHT) / (len(right) + _PRIOR) >= _PRECISION:
            break
        answer = round(answer + _STEP, 2)
    return replace(common, answer=answer)


def sharpened(own: Thresholds, confirmed: Iterable[tuple[float, bool]]) -> Thresholds:
    """A FAQ's own thresholds after people have confirmed, or not, what came back so confidently.

    It rises while answers are wrong too often, and falls while what lies just below it is right
    often enough.
    """
    tried = np.array([(sure, right) for sure, right in confirmed]).reshape(-1, 2)
    highest = max(min(own.answer + _FARTHEST, _HIGHEST), own.answer)
    lowest = min(max(own.answer - _FARTHEST, _FLOOR), own.answer)
    answer = own.answer
    while answer < highest and _rightness(tried, answer, 1) < _TOO_OFTEN_WRONG:
        answer = min(round(answer + _STEP, 2), highest)
    if answer > own.answer:
        return replace(own, answer=answer)
    while lowest < own.answer and _rightness(tried, lowest, own.answer) < _OFTEN_RIGHT:
        lowest = min(round(lowest + _STEP, 2), own.answer)
    return replace(own, answer=lowest)


def _rightness(tried: NDArray[np.float64], least: float, below: float) -> float:
    """How often trials within a range of confidences were right, as far as there are enough."""
    right = tried[(tried[:, 0] >= least) & (tried[:, 0] <= below), 1]
    if len(right) < _FEWEST:
        return _USUAL
    return float((right.sum() + _USUAL * _FEWEST) / (len(right) + _FEWEST))
