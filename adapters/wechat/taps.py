"""What customers may tap, by the numbers that WeChat's menus want in place of ids.

A number is computed from the id that it stands for, so that every node and every restart knows it
without a note. Some are fixed, for they must mean something long after they were offered.
"""

from collections.abc import Iterable
from hashlib import blake2b

from gateway.message import NONE, PERSON, Suggestion

# 满意 comes first in such a menu: 101 stands for five stars, 105 for one.
_FIXED = {
    **{f"rate:{stars}": str(106 - stars) for stars in range(5, 0, -1)},
    NONE: "201",
    PERSON: "202",
}
_MEANT = {number: id_ for id_, number in _FIXED.items()}
_FIRST, _COUNT = 100_000_000, 900_000_000


def number(id_: str) -> str:
    """The number of a suggestion's id: three digits for fixed ones, nine for all others."""
    if id_ in _FIXED:
        return _FIXED[id_]
    digest = int.from_bytes(blake2b(id_.encode(), digest_size=8).digest())
    return str(_FIRST + digest % _COUNT)


def meant(number: str) -> str:
    """The id that a fixed number stands for, "" for any other."""
    return _MEANT.get(number, "")


def find(tap: str, text: str, offered: Iterable[Suggestion]) -> Suggestion | None:
    """Which of what was `offered` came back, by its number, or by its text if there is none."""
    for one in offered:
        if number(one.id) == tap or (not tap and one.text.strip() == text):
            return one
    return None
