"""How Chinese characters sound: what people type who pick the wrong one from the list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LAST = 0xA000
"""The code point after the last one whose sound is known."""
_FIRST_SYLLABLE = 0x110000
"""Beyond all code points, so that no sound is taken for a character."""


@cache
def syllables() -> NDArray[np.uint32]:
    """For each code point its syllable without tone, sounds that are often mixed up made one."""
    numbers: dict[str, int] = {}
    table = np.arange(LAST + 1, dtype=np.uint32)
    written = resources.files("faq").joinpath("syllables.txt").read_text(encoding="utf-8")
    for line in written.splitlines():
        sound, _, characters = line.partition(" ")
        if sound != "#":
            number = numbers.setdefault(_blurred(sound), len(numbers))
            table[[ord(character) for character in characters]] = _FIRST_SYLLABLE + number
    return table


def heard(token: str) -> str:
    """The same for all characters that sound the same; other words as they are."""
    return str(_sound(token)) if len(token) == 1 else token


def _blurred(sound: str) -> str:
    for written, heard in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if sound.startswith(written):
            sound = heard + sound[2:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound


class Homophones:
    """Puts right a character that no phrasing has, where one that sounds the same fits in."""

    def __init__(self, runs: Iterable[str], known: Iterable[str]) -> None:
        """`runs` are runs of Chinese characters; `known` are left alone."""
        self._before: dict[tuple[int, str], str] = {}
        self._after: dict[tuple[str, int], str] = {}
        self._known = set(known)
        for run in runs:
            self._known.update(run)
            for first, second in pairwise(run):
                self._before.setdefault((_sound(first), second), first)
                self._after.setdefault((first, _sound(second)), second)

    def repaired(self, run: str) -> str:
        """The run as it was probably meant, of the same length."""
        if self._known.issuperset(run):
            return run
        characters = list(run)
        for place, character in enumerate(characters):
            if character not in self._known:
                self._repair(characters, place)
        return "".join(characters)

    def _repair(self, characters: list[str], place: int) -> None:
        sound = _sound(characters[place])
        following = characters[place + 1] if place + 1 < len(characters) else ""
        meant = self._after.get((characters[place - 1], sound)) if place else None
        meant = meant or self._before.get((sound, following))
        characters[place] = meant or characters[place]


def _sound(character: str) -> int:
    code = ord(character)
    return int(syllables()[code]) if code < LAST else code
