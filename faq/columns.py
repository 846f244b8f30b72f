"""Entries as rows of a table: which column holds what, by its Chinese or English name.

A column is known by a key such as `answer_en@website`: the part, the language and the channel.
Cells are texts; lists stand in one cell, an item a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faq.events import Node, Value
from faq.form import Form
from faq.items import LANGUAGES
from faq.problem import Language

NAMES: Mapping[str, tuple[str, str]] = {
    "id": ("编号", "id"),
    "question": ("问题", "question"),
    "similar": ("相似问法", "similar questions"),
    "answer": ("答案", "answer"),
    "image": ("图片", "image"),
    "link": ("链接", "link"),
    "link_text": ("链接文字", "link text"),
    "follow_ups": ("追问", "follow ups"),
    "tags": ("标签", "tags"),
    "examples": ("例句", "examples"),
    "not": ("反例", "not"),
    "valid_from": ("生效日期", "valid from"),
    "valid_to": ("失效日期", "valid to"),
    "team": ("小组", "team"),
    "priority": ("优先级", "priority"),
    "file": ("文件", "file"),
}
_PARTS = ("answer", "image", "link", "link_text", "follow_ups")
_TEXTS = {"similar", "examples", "not"}
_LABELS = {"tags", "follow_ups"}
_ALIASES = {
    "编码": "id", "序号": "id", "标识": "id",
    "标准问": "question", "标准问题": "question", "标准问法": "question", "问法": "question",
    "questions": "question", "title": "question",
    "相似问": "similar", "相似问题": "similar", "其他问法": "similar", "同义问法": "similar",
    "similar": "similar", "similar_question": "similar", "phrasings": "similar",
    "other_questions": "similar",
    "回答": "answer", "答复": "answer", "回复": "answer", "reply": "answer", "answers": "answer",
    "图": "image", "网址": "link", "url": "link", "后续问题": "follow_ups",
    "分类": "tags", "类别": "tags", "tag": "tags", "category": "tags",
    "测试问法": "examples", "example": "examples", "不匹配": "not",
    "开始日期": "valid_from", "结束日期": "valid_to", "from": "valid_from", "to": "valid_to",
    "优先": "priority", "文件名": "file",
}  # fmt: skip
_KNOWN = _ALIASES | {
    re.sub(r"[\s_-]+", "_", name): key for key, names in NAMES.items() for name in (*names, key)
}
_TONGUES = {
    "zh": "zh", "中文": "zh", "chinese": "zh",
    "en": "en", "英文": "en", "英语": "en", "english": "en",
}  # fmt: skip
_IN_A_LANGUAGE = re.compile(
    r"(?:(?P<before>中文|英文|英语|chinese|english)_?)?(?P<part>.+?)"
    r"(?:_?\((?P<inside>[a-z]+|中文|英文|英语)\)|_(?P<after>zh|en|chinese|english|中文|英文|英语))?"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and where it stands, counted from 1."""

    text: str
    row: int
    column: int


def key(header: str) -> str | None:
    """The key of a column's name, None where it is none that we know."""
    name, _, channel = unicodedata.normalize("NFKC", header).strip().partition("@")
    name = re.sub(r"[\s_-]+", "_", name.strip().casefold())
    at = f"@{channel.strip()}" if channel.strip() else ""
    if name in _KNOWN:
        part, tongue = _KNOWN[name], ""
    else:
        found = _IN_A_LANGUAGE.fullmatch(name)
        part = _KNOWN.get(found["part"], "") if found else ""
        said = (found["before"] or found["inside"] or found["after"] or "") if found else ""
        tongue = _TONGUES.get(said, "")
        if not tongue or part not in _PARTS:
            return None
    if at and part not in _PARTS:
        return None
    return f"{part}_{tongue}{at}" if tongue else part + at


def header(column: str, language: Language) -> str:
    """The name of a column, as people read it."""
    part, tongue, channel = _split(column)
    name = NAMES[part][language == "en"]
    if tongue and language == "zh":
        name = ("中文" if tongue == "zh" else "英文") + name
    elif tongue:
        name = f"{name} {tongue}"
    return f"{name}@{channel}" if channel else name


def order(columns: Sequence[str]) -> list[str]:
    """Columns as they are best read: by part, general ones before those of a channel."""
    parts = list(NAMES)

    def place(column: str) -> tuple[bool, str, int, int]:
        part, tongue, channel = _split(column)
        after = part in parts[parts.index("tags") :]
        return (after, channel, parts.index(part), ("", *LANGUAGES).index(tongue))

    return sorted(columns, key=place)


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
        part, tongue, channel = _split(column)
        if part in _PARTS:
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


def _split(column: str) -> tuple[str, str, str]:
    """Part, language and channel of a key."""
    name, _, channel = column.partition("@")
    part, _, tongue = name.rpartition("_")
    if tongue in LANGUAGES and part in _PARTS:
        return part, tongue, channel
    return name, "", channel
