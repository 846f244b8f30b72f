"""One entry as a table that keeps its comments, quotes and order: ruamel.yaml's part."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString
from ruamel.yaml.tokens import CommentToken

from faq.entry import Entry
from faq.files.events import Value, resolve

_WIDTH = 1_000_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def yaml(offset: int) -> YAML:
    """Reads and writes tables whose lists stand `offset` further than their key."""
    settings = YAML(typ="rt")
    settings.preserve_quotes = True
    settings.width = _WIDTH
    settings.allow_unicode = True
    settings.indent(mapping=2, sequence=offset + 2, offset=offset)
    return settings


def item(table: CommentedMap, dash: int, step: int, offset: int) -> str:
    """The lines of one list item: its dash `dash` from the margin, its keys `step` further."""
    stream = io.StringIO()
    yaml(offset).dump(table, stream)
    lines = [" " * (dash + step) + line if line else "" for line in stream.getvalue().split("\n")]
    lines[0] = " " * dash + "-" + " " * (step - 1) + lines[0][dash + step :]
    return "\n".join(lines)


def update(
    table: CommentedMap, old: Mapping[str, Any], new: Mapping[str, Any], gently: bool
) -> None:
    """Make what differs between two forms differ in the table; all else stays as it is."""
    for key in [key for key in old if key not in new]:
        table.pop(key, None)
    for key, value in new.items():
        if key == "questions" and "question" in table:
            _set_questions(table, value)
        elif old.get(key) != value:
            _set(table, key, old.get(key), value, gently)


def _set(table: CommentedMap, key: str, old: Any, new: Any, gently: bool) -> None:
    now = table.get(key)
    if gently and isinstance(now, CommentedMap) and isinstance(new, dict) and isinstance(old, dict):
        update(now, old, new, gently)
    elif isinstance(now, CommentedSeq) and isinstance(new, list):
        _set_list(now, new)
    else:
        table[key] = commented(new)


def _set_questions(table: CommentedMap, questions: list[str]) -> None:
    """Where the short form was, the full form comes, unless there is still one question only."""
    if [*_listed(table["question"]), *_listed(table.get("questions"))] == questions:
        return
    place = list(table).index("question")
    table.pop("questions", None)
    del table["question"]
    one = len(questions) == 1
    table.insert(
        place, "question" if one else "questions", commented(questions[0] if one else questions)
    )


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one).strip() for one in (value if isinstance(value, list) else [value])]


def _set_list(now: CommentedSeq, new: list[str]) -> None:
    """Take out what is gone and put in what is new; remarks stay with what they stand at."""
    for place in reversed(range(len(now))):
        if str(now[place]).strip() not in new:
            _leave_remark(now, place)
            del now[place]
    kept = [str(one).strip() for one in now]
    if kept != [one for one in new if one in kept]:
        now[:] = [commented(one) for one in new]
        return
    for place, text in enumerate(new):
        if place == len(now):
            now.append(commented(text))
            _move_remark(now, place - 1, place)
        elif str(now[place]).strip() != text:
            now.insert(place, commented(text))


def _leave_remark(sequence: CommentedSeq, place: int) -> None:
    """What stands below an item that goes is about what follows: it goes to the item above."""
    held = sequence.ca.items.get(place)
    below = held[0].value.partition("\n")[2] if held and held[0] is not None else ""
    if not below.strip() or place == 0:
        return
    above = sequence.ca.items.setdefault(place - 1, [None, None, None, None])
    if above[0] is None:
        above[0] = CommentToken("\n" + below, held[0].start_mark, None)
    else:
        above[0].value = above[0].value.rstrip("\n") + "\n" + below


def _move_remark(sequence: CommentedSeq, before: int, after: int) -> None:
    """What stands below the last item of a list stays below it."""
    held = sequence.ca.items.get(before)
    if held and held[0] is not None and held[0].value.startswith("\n"):
        sequence.ca.items[after] = sequence.ca.items.pop(before)


def keep_id(table: CommentedMap, wanted: Entry) -> None:
    """An id that came from the first question is written out once that is another one."""
    if "id" not in table and wanted.id != unicodedata.normalize("NFKC", wanted.questions[0])[:64]:
        table.insert(0, "id", commented(wanted.id))


def commented(value: Value | list[str]) -> Any:
    """A plain value as ruamel.yaml writes it best."""
    match value:
        case dict():
            return CommentedMap({key: commented(child) for key, child in value.items()})
        case list():
            return CommentedSeq([commented(child) for child in value])
        case str():
            return _text(value)
    return value


def _text(text: str) -> Any:
    lines = text.split("\n")
    if len(lines) > 1 and all(line == line.rstrip() and line.isprintable() for line in lines):
        return LiteralScalarString(text) if not text.startswith((" ", "\n")) else _quoted(text)
    meaning, unclear = resolve(text, quoted=False)
    if not text.isprintable() or meaning != text or (unclear and not _DAY.fullmatch(text)):
        return _quoted(text)
    return text


def _quoted(text: str) -> Any:
    return DoubleQuotedScalarString(text)
