"""Phrasings by their exact spelling: what is asked word for word needs no matching."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faq.vectors import Ints

_WORD = 0xFFFFFFFFFFFFFFFF


class Spellings:
    """Finds a phrasing by its spelling; spaces and punctuation do not count."""

    def __init__(self, spellings: Sequence[str], owners: Ints, own: bool = False) -> None:
        """`own` leaves out what several entries say, instead of giving it to the first."""
        keys = np.fromiter(map(_key, spellings), np.uint64, len(spellings))
        self._keys, self._rows, inverse = np.unique(keys, return_index=True, return_inverse=True)
        if own and len(keys):
            shared = np.zeros(len(self._keys), np.bool_)
            shared[inverse[owners != owners[self._rows][inverse]]] = True
            self._keys, self._rows = self._keys[~shared], self._rows[~shared]

    def row(self, spelling: str) -> int | None:
        """The first phrasing that is spelt so."""
        if not spelling:
            return None
        key = np.uint64(_key(spelling))
        place = int(self._keys.searchsorted(key))
        found = place < len(self._keys) and self._keys[place] == key
        return int(self._rows[place]) if found else None


def _key(spelling: str) -> int:
    return hash(spelling.replace(" ", "")) & _WORD
