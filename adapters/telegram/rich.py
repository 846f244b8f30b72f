"""Telegram's rich messages as plain text; pure. They come without a `text`: theirs is in blocks."""

from collections.abc import Iterator
from typing import Any

from aiogram.types import RichMessage

Json = Any
# Where words stand in a block or a piece of text, in the order in which they are read.
_WORDS = ("label", "summary", "text", "expression", "alternative_text", "credit", "caption")
_INNER = ("blocks", "items", "cells", "buttons")
_FILES = frozenset({"animation", "audio", "document", "map", "photo", "video", "voice_note"})


def flat(message: RichMessage) -> str:
    """Its words, a line for each block, item and row of a table."""
    lines = (line for block in message.model_dump(mode="json")["blocks"] for line in _lines(block))
    return "\n".join(line for line in lines if line)


def _lines(block: Json) -> Iterator[str]:
    """A block's own words first, then what is in it; an item's label stands before its words."""
    own = " ".join(filter(None, (_text(block.get(key)) for key in _WORDS)))
    inner = [line for key in _INNER for one in block.get(key) or () for line in _inside(one)]
    if "label" in block and inner:
        yield f"{own} {inner.pop(0)}"
    elif own or block.get("type") in _FILES:
        yield own or f"[{block['type']}]"
    yield from inner


def _inside(one: Json) -> Iterator[str]:
    if isinstance(one, list):  # the cells of a row
        yield " | ".join(_text(cell.get("text")) for cell in one)
    else:
        yield from _lines(one)


def _text(rich: Json) -> str:
    """A piece of rich text is words, a list of pieces, or an object with pieces in it."""
    match rich:
        case str():
            return rich
        case list():
            return "".join(map(_text, rich))
        case dict():
            return "".join(_text(rich[key]) for key in _WORDS if rich.get(key))
    return ""
