"""A reply as the messages that it takes on Telegram; pure.

A text too long for one message is several, each file is one of its own, and what can be tapped
hangs on the last. What is tapped comes back as at most 64 bytes: a line's number, the place of the
suggestion in it and the end of the line's id, by which the transcript knows it again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.telegram.text import CAPTION, split, units
from gateway.message import Attachment, Reply, Suggestion

ROW = 9  # signs that a phone shows on buttons side by side
_RATING = "rate:"

Keyboard = Mapping[str, Any]
Button = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One message: a text, or a file with a caption."""

    text: str
    file: Attachment | None = None
    keyboard: Keyboard | None = None


def parts(reply: Reply) -> tuple[Part, ...]:
    """The messages of a reply, in order."""
    files = [one for one in reply.attachments if one.id]
    links = [one.url for one in reply.attachments if not one.id and one.url]
    text = "\n".join(filter(None, (reply.text, *links)))
    if len(files) == 1 and units(text) <= CAPTION:
        found = [Part(text, files[0])]
    else:
        found = [Part(one) for one in split(text)] + [Part("", one) for one in files]
    if reply.suggestions and found:
        found[-1] = replace(found[-1], keyboard=keyboard(reply))
    return tuple(found)


def keyboard(reply: Reply) -> Keyboard:
    """Suggestions below each other, a rating's stars side by side as far as they fit."""
    buttons = [
        {
            "text": one.text,
            "callback_data": f"{_kind(one)}:{reply.seq}:{place}:{reply.id[-8:]}",
        }
        for place, one in enumerate(reply.suggestions)
    ]
    return {"inline_keyboard": list(_rows(buttons, reply.suggestions))}


def _kind(suggestion: Suggestion) -> str:
    """By this a tap can be thanked for before it is looked up."""
    return "rate" if suggestion.id.startswith(_RATING) else "tap"


def _rows(buttons: Sequence[Button], suggestions: Sequence[Suggestion]) -> Iterator[list[Button]]:
    row: list[Button] = []
    for button, one in zip(buttons, suggestions, strict=True):
        together = sum(len(other["text"]) for other in row) + len(one.text)
        if row and not (one.id.startswith(_RATING) and together <= ROW):
            yield row
            row = []
        row.append(button)
    yield row
