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

from faq.encoding.wordpieces import WordPieces
from faq.vectors import Floats, unit

Table = dict[str, NDArray[np.generic]]

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
        self._embedding, self._embedding_scale = table["embedding"], table["embedding_scale"]
        self._embedding_projection = _weights(table, "embedding_projection")
        self._positions = table["positions"].astype(np.float32)
        self._embedding_norm = table["embedding_norm"].astype(np.float32)
        self._layers = [_Layer(table, number) for number in range(len(table["norms"]))]
        self._projection = _weights(table, "projection")
        self._projection_bias = table["projection_bias"].astype(np.float32)
        self._mean = table["mean"].astype(np.float32)
        self.dimensions = len(self._mean)
        vocabulary = table["vocabulary"].tobytes().decode().split("\n")
        self._wordpieces = WordPieces(vocabulary, len(self._positions))

    def encode(self, normalised: Sequence[str]) -> Floats:
        """Texts to rows of length 1."""
        alike: defaultdict[int, list[int]] = defaultdict(list)
        pieces = [self._wordpieces.of(text) for text in normalised]
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
        scale = self._embedding_scale.take(flat).astype(np.float32)
        hidden = (self._embedding.take(flat, axis=0) * scale[:, None]) @ self._embedding_projection
        hidden += np.tile(self._positions[:length], (texts, 1))
        hidden = _layer_norm(hidden, self._embedding_norm)
        for layer in self._layers:
            hidden = layer.forward(hidden, texts)
        pooled = unit(hidden.reshape(texts, length, -1).mean(axis=1))
        return unit(unit(pooled @ self._projection + self._projection_bias) + self._mean)


class _Layer:
    """Self-attention, then a feed-forward network, each with a residual and a norm after it."""

    def __init__(self, table: Table, number: int) -> None:
        self._qkv, self._qkv_bias = _linear(table, "qkv", number)
        self._attention_output = _linear(table, "attention_output", number)
        self._intermediate = _linear(table, "intermediate", number)
        self._output = _linear(table, "output", number)
        self._norms = table["norms"][number].astype(np.float32)

    def forward(self, hidden: Floats, texts: int) -> Floats:
        """One layer on; a row is a piece, equally many rows are a text."""
        heads = hidden @ self._qkv  # each is a block
        heads += self._qkv_bias.reshape(len(heads), 1, _BLOCK)
        queries, keys, values = heads.reshape(3, len(heads) // 3, texts, -1, _BLOCK)
        attention = queries @ keys.swapaxes(-1, -2)
        attention -= attention.max(axis=-1, keepdims=True)
        np.exp(attention, out=attention)
        attention /= attention.sum(axis=-1, keepdims=True)
        context = (attention @ values).transpose(1, 2, 0, 3).reshape(hidden.shape)
        hidden = _layer_norm(hidden + _through(context, *self._attention_output), self._norms[0])
        raised = _gelu(_through(hidden, *self._intermediate))
        return _layer_norm(hidden + _through(raised, *self._output), self._norms[1])


def _weights(table: Table, name: str) -> Floats:
    """Matrices of weights; each column has a scale of its own."""
    return table[name].astype(np.float32) * table[f"{name}_scale"].astype(np.float32)


def _linear(table: Table, name: str, number: int) -> tuple[Floats, Floats]:
    """One layer's weights, some columns at a time, and the bias."""
    own = {part: table[part][number] for part in (name, f"{name}_scale")}
    weights = _weights(own, name)
    blocks = weights.reshape(len(weights), -1, _BLOCK).transpose(1, 0, 2)
    return np.ascontiguousarray(blocks), table[f"{name}_bias"][number].astype(np.float32)


def _through(rows: Floats, blocks: Floats, bias: Floats) -> Floats:
    product: Floats = (rows @ blocks).transpose(1, 0, 2).reshape(len(rows), -1)
    product += bias
    return product


def _layer_norm(rows: Floats, norm: Floats) -> Floats:
    share = np.float32(1 / rows.shape[1])
    rows = rows - rows.sum(axis=1, keepdims=True) * share
    rows *= 1 / np.sqrt(np.vecdot(rows, rows)[:, None] * share + np.float32(1e-12))
    rows *= norm[0]
    rows += norm[1]
    return rows


def _gelu(rows: Floats) -> Floats:
    """By its usual approximation."""
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
