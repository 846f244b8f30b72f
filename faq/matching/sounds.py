"""How Chinese characters sound: what people type who pick the wrong one from the list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from faq.matching.senses import is_word

LAST = 0xA000
"""The code point after the last one whose sound is known."""
_FIRST_SYLLABLE = 0x110000
"""Beyond all code points, so that no sound is taken for a character."""


@cache
def syllables(*, blurred: bool = True) -> NDArray[np.uint32]:
    """For each code point its syllable without tone; `blurred` makes sounds one that are often
    mixed up.
    """
    numbers: dict[str, int] = {}
    table = np.arange(LAST + 1, dtype=np.uint32)
    written = resources.files("faq.matching").joinpath("syllables.txt").read_text(encoding="utf-8")
    for line in written.splitlines():
        sound, _, characters = line.partition(" ")
        if sound != "#":
            number = numbers.setdefault(_blurred(sound) if blurred else sound, len(numbers))
            table[[ord(character) for character in characters]] = _FIRST_SYLLABLE + number
    return table


def heard(token: str) -> str:
    """The same for all characters that sound the same; other words as they are."""
    code = ord(token[0])
    return str(syllables()[code]) if len(token) == 1 and code < LAST else token


def _blurred(sound: str) -> str:
    for written, heard in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if sound.startswith(written):
            sound = heard + sound[2:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound


COMMON = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那于着下自之年过发后"
    "作里用道行然家种事成方多经么去法学如都现当没动面起看定天分还进好小部其些主样理心本前开但因只"
    "从想实日意无力它与长把机十第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头"
    "文体美相见被利什二等产或新己身果加西月话合回特代内信表化老给世位次门任常先海通教儿原东声立及"
    "比员解水名真处走各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接"
    "必场件计管期市直金指许统区便空决治科司五眼书非听白光放强即难思王完设式路记南品住告类求据程"
    "北边死张该交万取望觉术共确传师清今切院让识候导争懂喝网友底字精七值酒医纸"
)
"""Characters that are so common that they are no slip where a FAQ does not have them."""


class Homophones:
    """Puts right a character that no phrasing has, where one that sounds the same fits in."""

    def __init__(self, runs: Iterable[str], known: Iterable[str]) -> None:
        """`runs` are runs of Chinese characters; `known` are left alone."""
        self._before: dict[tuple[int, str], str] = {}
        self._after: dict[tuple[str, int], str] = {}
        self._known = {*known, *COMMON}
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
            if character not in self._known and not _in_a_word(run, place):
                self._repair(characters, place)
        return "".join(characters)

    def _repair(self, characters: list[str], place: int) -> None:
        sound = _sound(characters[place])
        following = characters[place + 1] if place + 1 < len(characters) else ""
        meant = self._after.get((characters[place - 1], sound)) if place else None
        meant = meant or self._before.get((sound, following))
        characters[place] = meant or characters[place]


def _in_a_word(run: str, place: int) -> bool:
    """Whether a character makes a word with the one before or behind it: no slip, then."""
    return any(
        len(pair) > 1 and is_word(pair)
        for pair in (run[max(place - 1, 0) : place + 1], run[place : place + 2])
    )


def _sound(character: str) -> int:
    code = ord(character)
    return int(syllables(blurred=False)[code]) if code < LAST else code
