"""A small network that reads English sentences: six layers of a transformer, in NumPy.

It was taught to say of a sentence what two much larger ones say of it, in the space of the one
that reads Chinese as well; `faq/distilling` has how. Its weights are in `network.npz`, where whole
numbers stand for them.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from faq.encoding.pieces import Pieces

Floats = NDArray[np.float32]

_BLOCK = 32
"""So many columns of weights are multiplied at a time, as a head has: a library needs no copy of so
few."""
_BATCH = 80
"""So many pieces are read at a time: more would have to be copied after all."""


class Network:
    """Sentences to directions."""

    def __init__(self) -> None:
        packed = resources.files("faq.encoding").joinpath("network.npz").read_bytes()
        with np.load(io.BytesIO(packed)) as kept:
            table = dict(kept)
        self._embedding, self._fineness = table["embedding"], table["embedding_scale"]
        self._widening = _whole(table, "widening")
        self._places = table["places"].astype(np.float32)
        self._norm = table["norm"].astype(np.float32)
        self._layers = [_Layer(table, number) for number in range(len(table["asking"]))]
        self._turning = _whole(table, "turning")
        self.dimensions = self._turning.shape[1]
        self._shift = table["turning_bias"].astype(np.float32)
        self._common = table["common"].astype(np.float32)
        vocabulary = table["vocabulary"].tobytes().decode().split("\n")
        self._pieces = Pieces(vocabulary, len(self._places))

    def encode(self, normalised: Sequence[str]) -> Floats:
        """Texts to rows of length 1."""
        alike: defaultdict[int, list[int]] = defaultdict(list)
        pieces = [self._pieces.of(text) for text in normalised]
        for number, own in enumerate(pieces):
            alike[len(own)].append(number)
        rows = np.empty((len(pieces), self.dimensions), np.float32)
        for length, numbers in alike.items():
            most = max(_BATCH // length, 1)
            for at in range(0, len(numbers), most):
                some = numbers[at : at + most]
                rows[some] = self._read(np.array([pieces[number] for number in some]))
        return rows

    def _read(self, pieces: NDArray[np.int64]) -> Floats:
        """Directions of texts that have equally many pieces."""
        texts, length = pieces.shape
        flat = pieces.ravel()
        embedded = self._embedding.take(flat, axis=0) * self._fineness.take(flat)[:, None]
        seen = embedded @ self._widening
        seen += np.tile(self._places[:length], (texts, 1))
        seen = _levelled(seen, self._norm)
        for layer in self._layers:
            seen = layer.read(seen, texts)
        mean = _unit(seen.reshape(texts, length, -1).mean(axis=1))
        return _unit(_unit(mean @ self._turning + self._shift) + self._common)


class _Layer:
    """Pieces look at each other, then each is thought over on its own."""

    def __init__(self, table: dict[str, NDArray[np.generic]], number: int) -> None:
        self._asking, self._asking_bias = _blocks(table, "asking", number)
        self._saying, self._saying_bias = _blocks(table, "saying", number)
        self._opening, self._opening_bias = _blocks(table, "opening", number)
        self._closing, self._closing_bias = _blocks(table, "closing", number)
        self._norms = table["norms"][number].astype(np.float32)

    def read(self, seen: Floats, texts: int) -> Floats:
        heads = seen @ self._asking  # each is a block
        heads += self._asking_bias.reshape(len(heads), 1, _BLOCK)
        asked, keys, said = heads.reshape(3, len(heads) // 3, texts, -1, _BLOCK)
        heed = asked @ keys.swapaxes(-1, -2)
        heed -= heed.max(axis=-1, keepdims=True)
        np.exp(heed, out=heed)
        heed /= heed.sum(axis=-1, keepdims=True)
        heard = (heed @ said).transpose(1, 2, 0, 3).reshape(seen.shape)
        seen = _levelled(seen + _times(heard, self._saying, self._saying_bias), self._norms[0])
        opened = _times(seen, self._opening, self._opening_bias)
        closed = _times(_bent(opened), self._closing, self._closing_bias)
        return _levelled(seen + closed, self._norms[1])


def _whole(table: dict[str, NDArray[np.generic]], name: str) -> Floats:
    """A matrix of weights; each column has a scale of its own."""
    return table[name].astype(np.float32) * table[name + "_scale"].astype(np.float32)


def _blocks(table: dict[str, NDArray[np.generic]], name: str, number: int) -> tuple[Floats, Floats]:
    """One layer's matrix, some columns at a time, and what is added afterwards."""
    weights = table[name][number].astype(np.float32)
    weights *= table[name + "_scale"][number].astype(np.float32)
    blocks = weights.reshape(len(weights), -1, _BLOCK).transpose(1, 0, 2)
    return np.ascontiguousarray(blocks), table[name + "_bias"][number].astype(np.float32)


def _times(rows: Floats, blocks: Floats, bias: Floats) -> Floats:
    product: Floats = (rows @ blocks).transpose(1, 0, 2).reshape(len(rows), -1)
    product += bias
    return product


def _levelled(rows: Floats, norm: Floats) -> Floats:
    """Rows of mean 0 and spread 1, then as the layer wants them."""
    share = np.float32(1 / rows.shape[1])
    rows = rows - rows.sum(axis=1, keepdims=True) * share
    rows *= 1 / np.sqrt(np.vecdot(rows, rows)[:, None] * share + np.float32(1e-12))
    rows *= norm[0]
    rows += norm[1]
    return rows


def _bent(rows: Floats) -> Floats:
    """GELU, by its usual approximation."""
    inner = rows * rows
    inner *= np.float32(0.044715)
    inner += 1
    inner *= rows
    inner *= np.float32((2 / np.pi) ** 0.5)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= rows
    inner *= np.float32(0.5)
    return inner


def _unit(rows: Floats) -> Floats:
    lengths = np.sqrt(np.vecdot(rows, rows))[:, None]
    scaled: Floats = rows / np.maximum(lengths, np.float32(1e-9))
    return scaled
