"""The columns of a table of entries, by their Chinese and English names.

A column is known by a key such as `answer_en@website`: the part, the language and the channel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from faq.files.items import LANGUAGES
from faq.files.problem import Language

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
PARTS = ("answer", "image", "link", "link_text", "follow_ups")
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
        if not tongue or part not in PARTS:
            return None
    if at and part not in PARTS:
        return None
    return f"{part}_{tongue}{at}" if tongue else part + at


def header(column: str, language: Language) -> str:
    """The name of a column, as people read it."""
    part, tongue, channel = split(column)
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
        part, tongue, channel = split(column)
        after = part in parts[parts.index("tags") :]
        return (after, channel, parts.index(part), ("", *LANGUAGES).index(tongue))

    return sorted(columns, key=place)


def split(column: str) -> tuple[str, str, str]:
    """Part, language and channel of a key."""
    name, _, channel = column.partition("@")
    part, _, tongue = name.rpartition("_")
    if tongue in LANGUAGES and part in PARTS:
        return part, tongue, channel
    return name, "", channel
