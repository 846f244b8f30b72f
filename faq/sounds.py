"""How Chinese characters sound: what people type who pick the wrong one from the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LAST = 0xA000
"""The code point after the last one whose sound is known."""


@cache
def syllables() -> NDArray[np.uint32]:
    """For each code point its syllable without tone, sounds that are often mixed up made one."""
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    normal: Callable[[str], str] = cache(to_normal)
    numbers: dict[str, int] = {}
    table = np.arange(LAST + 1, dtype=np.uint32)
    for code, readings in PINYIN_DICT.items():
        if 0x3400 <= code < LAST:
            sound = _blurred(normal(readings.partition(",")[0]))
            table[code] = 0x110000 + numbers.setdefault(sound, len(numbers))
    return table


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
