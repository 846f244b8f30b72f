"""An entry as a row of a table, and a row as an entry.

Cells are texts; lists stand in one cell, an item a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faq.files.events import Node, Value
from faq.files.form import Form
from faq.files.items import LANGUAGES
from faq.sheets.columns import PARTS, split

_TEXTS = {"similar", "examples", "not"}
_LABELS = {"tags", "follow_ups"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and where it stands, counted from 1."""

    text: str
    row: int
    column: int


def cells(written: Form) -> dict[str, str]:
    """A full form as texts by column."""
    found: dict[str, str] = {}
    for name, value in written.items():
        match name, value:
            case "questions", [first, *others]:
                found["question"] = str(first)
                found["similar"] = _joined(others)
            case "answer", dict():
                _answer(value, "", found)
            case "valid", dict():
                found |= {f"valid_{end}": str(day) for end, day in value.items()}
            case _:
                found[name] = _joined(value) if isinstance(value, list) else str(value)
    return {column: text for column, text in found.items() if text}


def _answer(said: Form, channel: str, found: dict[str, str]) -> None:
    at = f"@{channel}" if channel else ""
    for name, value in said.items():
        if name == "channels" and isinstance(value, dict):
            for other, text in value.items():
                _answer(text if isinstance(text, dict) else {"text": text}, other, found)
        elif name in LANGUAGES:
            parts: Form = value if isinstance(value, dict) else {"text": value}
            _put_parts(parts, f"_{name}{at}", found)
        else:
            _put_parts({name: value}, at, found)


def _put_parts(parts: Form, ending: str, found: dict[str, str]) -> None:
    for name, value in parts.items():
        match name, value:
            case "text", _:
                found["answer" + ending] = str(value)
            case "link", {"url": url, "text": words}:
                found["link" + ending] = str(url)
                found["link_text" + ending] = str(words)
            case _, list():
                found[name + ending] = _joined(value)
            case _:
                found[name + ending] = str(value)


def node(row: Mapping[str, Cell]) -> Node:
    """A row as the node of an entry, to be read like one from YAML."""
    filled = {column: cell for column, cell in row.items() if cell.text.strip()}
    first = next(iter(filled.values()), Cell("", 1, 1))
    table = _table(first)
    for column, cell in filled.items():
        part, tongue, channel = split(column)
        if part in PARTS:
            _put_answer(_under(table, "answer", cell), part, tongue, channel, cell)
        elif part in ("question", "similar"):
            _texts(_under(table, "questions", cell, Node(cell.row, cell.column, [])), part, cell)
        elif part in ("valid_from", "valid_to"):
            _content(_under(table, "valid", cell))[part.removeprefix("valid_")] = _text(cell)
        elif part != "file":
            _content(table)[part] = _list(part, cell) if part in _TEXTS | _LABELS else _text(cell)
    return table


def _put_answer(answer: Node, part: str, tongue: str, channel: str, cell: Cell) -> None:
    if channel:
        answer = _under(_under(answer, "channels", cell), channel, cell)
    if tongue:
        answer = _under(answer, tongue, cell)
    match part:
        case "answer":
            _content(answer)["text"] = _text(cell)
        case "link":
            _content(_under(answer, "link", cell))["url"] = _text(cell)
        case "link_text":
            _content(_under(answer, "link", cell))["text"] = _text(cell)
        case _:
            _content(answer)[part] = _list(part, cell) if part in _LABELS else _text(cell)


def _texts(questions: Node, part: str, cell: Cell) -> None:
    listed = questions.content
    added = [_text(cell)] if part == "question" else _list(part, cell).content
    if isinstance(listed, list) and isinstance(added, list):
        questions.content = [*added, *listed] if part == "question" else [*listed, *added]


def _under(table: Node, name: str, cell: Cell, new: Node | None = None) -> Node:
    return _content(table).setdefault(name, new or _table(cell))


def _content(table: Node) -> dict[str, Node]:
    if not isinstance(table.content, dict):
        raise TypeError(table.content)
    return table.content


def _table(cell: Cell) -> Node:
    return Node(cell.row, cell.column, {})


def _text(cell: Cell) -> Node:
    text = cell.text.strip()
    return Node(cell.row, cell.column, text, text)


def _list(part: str, cell: Cell) -> Node:
    texts = [text.strip() for text in _parted(part, cell.text) if text.strip()]
    return Node(cell.row, cell.column, [Node(cell.row, cell.column, text, text) for text in texts])


def _parted(part: str, text: str) -> list[str]:
    """The items of a list: lines, or where there is one line, what stands between separators."""
    if "\n" in text:
        return text.split("\n")
    return re.split(r"[|｜；;，,、]" if part in _LABELS else r"[|｜；;]", text)


def _joined(values: Sequence[Value]) -> str:
    """The items, a line each; one that would be parted gets a line's end, to stay whole."""
    texts = [" ".join(str(value).split("\n")) for value in values]
    if len(texts) == 1 and re.search(r"[|｜；;，,、]", texts[0]):
        return texts[0] + "\n"
    return "\n".join(texts)
