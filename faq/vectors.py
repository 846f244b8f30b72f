"""Rows of numbers, which encoding and matching share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer]
Floats = NDArray[np.float32]


def unit(vectors: Floats) -> Floats:
    """Vectors of length 1; those of length 0 stay as they are."""
    lengths = np.sqrt(np.vecdot(vectors, vectors))[..., None]
    scaled: Floats = vectors / np.maximum(lengths, np.float32(1e-9))
    return scaled
