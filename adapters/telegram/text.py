"""Long texts in parts that Telegram takes, cut where a reader sees no cut; pure.

Telegram counts UTF-16 units. A part ends after a line, else after a word, else between two signs
as a reader counts them: never within an emoji of several characters or a letter with its accent.
"""

import unicodedata

TEXT = 4096
CAPTION = 1024

_JOINER = "\u200d"
_KEEPS_TO_THE_LEFT = frozenset({"Mn", "Me", "Mc"})


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, limit: int = TEXT) -> list[str]:
    """The parts, in order; joined they are the text again. Parts without any sign are left out."""
    parts = []
    while units(text) > limit:
        end = _end(text, _fitting(text, limit))
        parts.append(text[:end])
        text = text[end:]
    return [part for part in (*parts, text) if part.strip()]


def _fitting(text: str, limit: int) -> int:
    """How many characters fit."""
    used = 0
    for at, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > limit:
            return at
    return len(text)


def _end(text: str, most: int) -> int:
    """Where to cut, at most there: a line or a word may end in the second half."""
    for sign in ("\n", " "):
        found = text.rfind(sign, most // 2, most)
        if found >= 0:
            return found + 1
    return _between_signs(text, most)


def _between_signs(text: str, most: int) -> int:
    end = most
    while end > most // 2 and not _may_cut(text, end):
        end -= 1
    return end if end > most // 2 else most


def _may_cut(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after == _JOINER or before == _JOINER or _belongs_left(after):
        return False
    return not (_is_flag(after) and _flags_before(text, at) % 2)


def _belongs_left(char: str) -> bool:
    """Accents, variation selectors, skin tones and the tags behind some flags."""
    skin, tag = "\U0001f3fb" <= char <= "\U0001f3ff", "\U000e0020" <= char <= "\U000e007f"
    return skin or tag or unicodedata.category(char) in _KEEPS_TO_THE_LEFT


def _is_flag(char: str) -> bool:
    """Half of a flag: two of these make one."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and _is_flag(text[at - count - 1]):
        count += 1
    return count
