"""Texts as sets of hashed features, many at once: characters, words, sounds.

All n-grams are hashed on arrays of code points, so that a FAQ of 100,000 phrasings is read in
seconds and a single text in microseconds. A feature is a 64-bit number with its view in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from faq.matching.reading import Reading
from faq.matching.sounds import syllables

Hashes = NDArray[np.uint64]
Parts = NDArray[np.int64]
Flags = NDArray[np.bool_]

VIEWS = 3
CHARACTERS, WORDS, SOUNDS = range(VIEWS)

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(32)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_WORD = 0xFFFFFFFFFFFFFFFF
_HAN_LONGEST = 3
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Features:
    """Feature occurrences: of which text's view (`parts`), which feature (`hashes`).

    The parts of the first text are its views, those of the second go on from `VIEWS`.
    """

    parts: Parts
    hashes: Hashes


def features(readings: Sequence[Reading]) -> Features:
    """The features of all views.

    All that is hashed lies in one array, spaces between: fewer steps, each over more.
    """
    codes, parts = _codes([reading.letters for reading in readings])
    han = _han().take(codes)
    inner = (codes != _BLANK) & ~han
    if han.any():
        spoken, spoken_parts = _codes([reading.words for reading in readings])
        codes = np.concatenate([codes, syllables().take(codes, mode="clip"), spoken])
        parts = np.concatenate([parts, parts + SOUNDS, spoken_parts + WORDS])
        han = np.concatenate([han, han, _han().take(spoken)])
    wanted = _runs(han)
    wanted[:, : len(inner)] |= _others(inner)
    found = wanted.ravel().nonzero()[0]
    hashes = _grams(codes, parts % VIEWS).ravel().take(found)
    stem_parts, stems = _stems(readings)
    return Features(
        np.concatenate([parts.take(found % len(codes)), stem_parts]),
        _mixed(np.concatenate([hashes, stems])),
    )


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Parts]:
    """Code points of all texts, a space before and after each; the first part of its text."""
    joined = "".join([f" {text} " for text in texts])
    sizes = [len(text) + 2 for text in texts]
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    return codes, np.arange(0, len(texts) * VIEWS, VIEWS).repeat(sizes)


def _runs(han: Flags) -> Flags:
    """Where 1, 2 and 3 Chinese characters in a row begin; a row a length."""
    found = np.zeros((_LONGEST, len(han)), np.bool_)
    found[0] = han
    for n in range(1, _HAN_LONGEST):
        np.logical_and(found[n - 1, :-n], han[n:], out=found[n, :-n])
    return found


def _others(inner: Flags) -> Flags:
    """Where 2 to 5 letters of other words begin, the spaces at their ends among them."""
    found = np.zeros((_LONGEST, len(inner)), np.bool_)
    np.logical_or(inner[:-1], inner[1:], out=found[1, :-1])
    found[2, :-2] = inner[1:-1]
    for n in range(3, _LONGEST):
        np.logical_and(found[n - 1, :-n], inner[n - 1 : -1], out=found[n, :-n])
    return found


def _grams(codes: NDArray[np.uint32], views: Parts) -> Hashes:
    """A row a length, from 1 on: the hash of what begins at each place."""
    following = codes.astype(np.uint64)
    grams = np.empty((_LONGEST, len(codes)), np.uint64)
    np.add(following, (views + 1).astype(np.uint64) << _SEED, out=grams[0])
    for n in range(1, _LONGEST):
        np.multiply(grams[n - 1], _PRIME, out=grams[n])
        grams[n, :-n] += following[n:]
    return grams


_BLANK = np.uint32(ord(" "))


@cache
def _han() -> Flags:
    """For each code point whether it is a Chinese character."""
    flags = np.zeros(sys.maxunicode + 1, np.bool_)
    flags[0x3007] = flags[0x3400:0xA000] = flags[0xF900:0xFB00] = flags[0x20000:] = True
    return flags


def _mixed(hashes: Hashes) -> Hashes:
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    mixed: Hashes = hashes ^ (hashes >> np.uint64(32))
    return mixed


def _stems(readings: Sequence[Reading]) -> tuple[Parts, Hashes]:
    """Stems and pairs of neighbouring stems; Chinese has its n-grams instead."""
    parts: list[int] = []
    hashes: list[int] = []
    for row, reading in enumerate(readings):
        before = 0
        for token in reading.tokens:
            if not token.isascii():
                before = 0
                continue
            stem = _number(token)
            hashes.append(stem)
            if before:
                hashes.append((before * 31 + stem) & _WORD)
            before = stem
        parts += [row * VIEWS + WORDS] * (len(hashes) - len(parts))
    return np.array(parts, np.int64), np.array(hashes, np.uint64)


@lru_cache(maxsize=65536)
def _number(word: str) -> int:
    """A word as a number that is the same in every process, and never 0."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") or 1
