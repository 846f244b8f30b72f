"""What words mean, roughly: some numbers a word, alike for words that are used alike.

The table ships with the project; `faq/distilling` says how it was made. It is for questions that
share a meaning with a phrasing but few words.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 128
SCALE = 256
LONGEST = 4
"""Chinese words have no more characters than these."""


def senses() -> NDArray[np.int8]:
    """A row a word; multiples of 1/256."""
    return _table()[1]


def is_word(text: str) -> bool:
    """Whether the table has a Chinese word, or the stem of an English one."""
    return text in _table()[0]


def places(tokens: Sequence[str]) -> list[int]:
    """The rows of the words that the table has, of a text as stems and Chinese characters."""
    known = _table()[0]
    found: list[int] = []
    run: list[str] = []
    for token in tokens:
        if len(token) == 1 and not token.isascii():
            run.append(token)
            continue
        found += _segmented("".join(run))
        run.clear()
        if (place := known.get(token)) is not None:
            found.append(place)
    return found + _segmented("".join(run))


def _segmented(run: str) -> list[int]:
    """The rows of the words of a run of Chinese, the longest first that the table has."""
    known = _table()[0]
    longest = _longest()
    found: list[int] = []
    at = 0
    while at < len(run):
        for size in range(longest.get(run[at], 1), 0, -1):
            word = run[at : at + size]
            if word in known:
                found.append(known[word])
                break
        at += len(word)
    return found


@cache
def _longest() -> dict[str, int]:
    """How long the longest word is that begins with a Chinese character."""
    longest: dict[str, int] = {}
    for word in _table()[0]:
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return longest


@cache
def _table() -> tuple[dict[str, int], NDArray[np.int8]]:
    packed = resources.files("faq.matching").joinpath("senses.npz").read_bytes()
    with np.load(io.BytesIO(packed)) as table:
        words: Sequence[str] = table["words"].tobytes().decode().split("\n")
        return {word: place for place, word in enumerate(words)}, table["senses"]
