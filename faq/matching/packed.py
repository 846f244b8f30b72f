"""A number and a weight in 32 bits: what a search costs is mostly the memory that it reads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from faq.vectors import Floats

Packed = NDArray[np.uint32]

_BITS = 10
_SHIFT, _MASK = np.uint32(_BITS), np.uint32((1 << _BITS) - 1)
_STEPS = 128
"""So many packed weights lie between one and its double."""
_WEIGHTS = np.exp2(-np.arange(1 << _BITS) / _STEPS).astype(np.float32)


def pack(numbers: NDArray[np.uint32], weights: Floats) -> Packed:
    """Numbers below 2 ** 22 (not checked) with weights between 1/256 and 1, to half a percent.

    What rounding takes from one weight the next one gets.
    """
    codes = np.minimum(np.log2(weights, dtype=np.float64) * -_STEPS, _MASK - 1)
    codes = np.diff(np.rint(np.cumsum(codes)), prepend=0)
    return repack(numbers, codes.astype(np.uint32))


def repack(numbers: NDArray[np.uint32], packed: Packed) -> Packed:
    """Other numbers with the weights of some that are packed already."""
    joined: Packed = (numbers << _SHIFT) | (packed & _MASK)
    return joined


def numbers(packed: Packed) -> NDArray[np.uint32]:
    """The numbers."""
    found: NDArray[np.uint32] = packed >> _SHIFT
    return found


def weights(packed: Packed) -> Floats:
    """The weights."""
    return _WEIGHTS.take(packed & _MASK)
