"""What each entry is about: the mean direction of its phrasings.

Directions along which phrasings of one entry differ among themselves tell little about entries, so
they are shortened first: a discriminant analysis, of what the FAQ itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from faq.vectors import Floats, Ints, unit

_HARDLY = 0.25
"""From this likeness on something is about something."""

Directions = Callable[[], Iterator[tuple[slice, Floats]]]
"""The phrasings' directions, of length 1 (or 0 where nothing is known), some at a time."""


class Themes:
    """The entries of a FAQ as directions."""

    def __init__(
        self, directions: Directions, size: int, owners: Ints, entries: int, even: float = 0.6
    ) -> None:
        """`size` is the number of dimensions; `owners` has the entry of each phrasing; `even` (0-1)
        is how far phrasings of one entry are taken to differ as much in all directions.
        """
        self._owners = owners
        self._mean = np.zeros(size, np.float32)
        self._scale = np.eye(size, dtype=np.float32)
        if len(owners):
            self._mean, self._scale = _spread(directions, size, owners, entries, even)
        self._sums = np.zeros((entries, size), np.float32)
        for rows, found in directions():
            _add(self._sums, owners[rows], self.seen(found))
        self._lengths = np.linalg.norm(self._sums, axis=1) + np.float32(1e-9)

    def seen(self, directions: Floats) -> Floats:
        """Directions, as they tell entries apart."""
        known = directions.any(axis=-1, keepdims=True)
        return unit(np.multiply((directions - self._mean) @ self._scale, known))

    def likeness(self, asked: Floats, entries: Ints, without: int | None = None) -> Floats:
        """How much entries are about what a text is about (-1 to 1).

        `asked` is what `seen` made of the text; `without` is the phrasing that it was taken from,
        which then does not count.
        """
        sums = self._sums[entries]
        if without is not None:
            sums[entries == self._owners[without]] -= asked
        likeness: Floats = unit(sums) @ asked
        return likeness

    def nearest(self, asked: Floats, most: int) -> Ints:
        """The entries that are most about it, in no order; none that are hardly about it."""
        likeness = np.vecdot(self._sums, asked) / self._lengths
        most = min(most, len(likeness))
        entries: Ints = likeness.argpartition(len(likeness) - most)[len(likeness) - most :]
        about: Ints = entries[likeness[entries] > _HARDLY]
        return about


def summed(rows: Floats, starts: Ints) -> Floats:
    """The sums of the rows from each start to the next. Column by column, as NumPy otherwise would
    keep other threads from running.
    """
    sums: Floats = np.add.reduceat(np.ascontiguousarray(rows.T), starts, axis=1).T
    return sums


def _add(sums: Floats, owners: Ints, found: Floats) -> None:
    """Add what was found of some phrasings to their entries. NumPy's `add.at` would be slow."""
    heads = np.flatnonzero(np.diff(owners, prepend=-1))
    sums[owners[heads]] += summed(found, heads)


def _spread(
    directions: Directions, size: int, owners: Ints, entries: int, even: float
) -> tuple[Floats, Floats]:
    """The mean of all phrasings, and what evens out how those of one entry differ."""
    sums = np.zeros((entries, size), np.float32)
    spread = np.zeros((size, size), np.float32)
    for rows, found in directions():
        _add(sums, owners[rows], found)
        spread += found.T @ found
    counts = np.maximum(np.bincount(owners, minlength=entries), 1)
    means = sums / np.sqrt(counts, dtype=np.float32)[:, None]
    spread -= means.T @ means
    spread /= max(len(owners) - entries, 0) or np.inf  # nothing but rounding is left otherwise
    level = max(float(np.trace(spread)) / size, 1e-6)
    lengths, axes = np.linalg.eigh((1 - even) * spread / level + even * np.eye(size))
    lengths = np.sqrt(np.maximum(lengths, even))
    scale: Floats = ((axes / lengths) @ axes.T).astype(np.float32)
    return sums.sum(axis=0) / np.float32(len(owners)), scale
