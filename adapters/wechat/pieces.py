"""A long text as messages that WeChat takes: of 2048 bytes at most, cut where a reader would pause.

Each message counts against a customer's quota, so pieces are filled well before they are cut well.
"""

import re
import unicodedata
from collections.abc import Sequence

LIMIT = 2048  # bytes of UTF-8

_LINK = re.compile(r"<a\s[^<>]*>[^<]*</a>", re.IGNORECASE)
_SENTENCE = re.compile(r"\n+|[。！？；…]+[”’」』）》]*|[.!?;]+[\"')\]”’]*(?=\s)")
_PAUSE = re.compile(r"[，、：,:]|\s+")
_JOINER = "\u200d"

Spans = Sequence[tuple[int, int]]


def pieces(text: str, limit: int = LIMIT) -> list[str]:
    """The text in pieces of at most `limit` bytes, none of them empty.

    They end with a sentence if one ends in the last two thirds of the room, else with a comma or a
    word, else anywhere, but inside a link or a character only if that alone is above the limit.
    """
    found = []
    text = text.strip()
    while len(_encoded(text)) > limit:
        at = _cut(text, limit)
        found.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*found, text] if text else found


def _cut(text: str, limit: int) -> int:
    room = len(_encoded(text)[:limit].decode("utf-8", "ignore"))
    links = [link.span() for link in _LINK.finditer(text)]
    for ends in (_SENTENCE, _PAUSE):
        cuts = [end.end() for end in ends.finditer(text, 0, room + 1)]
        good = [at for at in cuts if room // 3 <= at <= room and _between(text, at, links)]
        if good:
            return good[-1]
    return next((at for at in range(room, 0, -1) if _between(text, at, links)), room)


def _between(text: str, at: int, links: Spans) -> bool:
    inside = any(start < at < end for start, end in links)
    return not inside and not _continues(text, at)


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before: an accent, a skin, half a flag."""
    if at >= len(text):
        return False
    if _is_flag(text[at]):
        before = re.search("[\U0001f1e6-\U0001f1ff]*$", text[:at])
        return before is not None and len(before[0]) % 2 == 1
    return text[at - 1] == _JOINER or _extends(text[at])


def _extends(char: str) -> bool:
    return (
        char == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skins
        or "\U000e0020" <= char <= "\U000e007f"  # of the flags of regions
        or "\u1160" <= char <= "\u11ff"  # vowels and endings of a Korean syllable
        or unicodedata.category(char).startswith("M")
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
