"""A file's name as its sender wrote it, made fit to be shown; no path is ever made of it."""

import unicodedata

LONGEST = 120  # characters

# They turn the rest of a line round, so that `gpj.exe` reads as `exe.jpg`.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_APART = str.maketrans({"/": "_", "\\": "_"})


def clean(name: str) -> str:
    """Without path signs, control characters and what turns text round; a long one is cut."""
    kept = "".join(char for char in name.translate(_APART) if not _is_unfit(char))
    kept = " ".join(kept.split()).lstrip(". ")
    if len(kept) <= LONGEST:
        return kept
    stem, dot, ending = kept.rpartition(".")
    tail = dot + ending if stem and len(ending) <= 10 else ""
    return kept[: LONGEST - len(tail)].rstrip() + tail


def _is_unfit(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in ("Cc", "Cs", "Cn", "Zl", "Zp")
