"""One spelling for everything that means the same: the text as it is compared.

Width, case, accents, traditional characters, punctuation and emoji are levelled out here, and
only here; what is left is runs of Chinese characters, of Latin letters and digits, and of other
letters, with one space between them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

MAX_CHARACTERS = 500
"""Longer texts are cut: what a customer asks stands in the beginning."""

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:\.[0-9]+)*|(?:(?![{HAN}a-z0-9_])\w)+")
_LEVEL = re.compile(
    r"(?:[\u4e00-\u9fff]+|[a-z0-9]+(?:\.[0-9]+)*)(?: (?:[\u4e00-\u9fff]+|[a-z0-9]+(?:\.[0-9]+)*))*"
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_APOSTROPHES = re.compile("(?<=\\w)['’‘`´ʼ](?=\\w)")
_HAN = re.compile(rf"[{HAN}]")
_LATIN = re.compile(r"[a-z]")


def normalise(text: str) -> str:
    """The text as it is compared; doing it twice changes nothing."""
    text = text[:MAX_CHARACTERS]
    for _ in range(4):
        levelled = _level(text)
        if levelled == text:
            break
        text = levelled
    return text[:MAX_CHARACTERS].rstrip()


def language(normalised: str) -> str:
    """`zh`, `en` or, where there are neither Chinese nor Latin letters, nothing."""
    if _HAN.search(normalised):
        return "zh"
    return "en" if _LATIN.search(normalised) else ""


def _level(text: str) -> str:
    if _LEVEL.fullmatch(text):
        return _simplify(text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKC", _ACCENTS.sub("", text)).casefold()
    return " ".join(_RUNS.findall(_APOSTROPHES.sub("", _simplify(text))))


def _simplify(text: str) -> str:
    if not _HAN.search(text):
        return text
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
