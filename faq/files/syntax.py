"""A YAML parser's complaint, made into something that staff can act on."""

from __future__ import annotations

import re

import yaml

from faq.files.problem import Problem


def explain(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """What is wrong where the parser stopped, guessed from the line as it is written."""
    lines = text.splitlines()
    places = _places(error, text)
    for line, column in places:
        written = lines[line - 1] if 0 < line <= len(lines) else ""
        hints = _HINTS if column > 1 or _left_open(written) else _HINTS[:-1]
        for pattern, zh, en in hints:
            if re.search(pattern, written):
                return Problem(name, line, column, zh, en)
    found = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    return Problem(
        name,
        *places[0],
        "这里的 YAML 读不懂：请检查这一行和上一行的缩进、引号、括号，以及冒号后的空格"
        f"（解析器说：{found}）。",
        "this is not valid YAML: check indentation, quotes, brackets and the space after colons "
        f"on this line and the one above (the parser says: {found}).",
    )


def _places(error: yaml.YAMLError, text: str) -> list[tuple[int, int]]:
    """Where the parser stopped and where what it could not finish began; lines count from 1."""
    marks = [getattr(error, "problem_mark", None), getattr(error, "context_mark", None)]
    places = [(mark.line + 1, mark.column + 1) for mark in marks if mark is not None]
    if not places:
        before = text[: getattr(error, "position", 0)]
        return [(before.count("\n") + 1, len(before) - before.rfind("\n"))]
    lines = text.splitlines()
    (line, column), *others = (_back(place, lines) for place in places)
    return [(line, column), *others, _back((line - 1, 1), lines)]


def _back(place: tuple[int, int], lines: list[str]) -> tuple[int, int]:
    """The parser stops behind empty lines and comments; what it stopped at stands before them."""
    line, column = place
    while line > 1 and (line > len(lines) or not lines[line - 1].partition("#")[0].strip()):
        line, column = line - 1, 1
    return line, column


def _left_open(written: str) -> bool:
    brackets = written.count("[") + written.count("{") - written.count("]") - written.count("}")
    return brackets > 0 or written.count('"') % 2 > 0 or written.count("'") % 2 > 0


_HINTS = (
    (
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
        "有看不见的控制字符：请重新输入这一行。",
        "an invisible control character: type this line anew.",
    ),
    (
        r"^\s*\t",
        "缩进里有制表符（Tab）：请改用空格。",
        "a tab in the indentation: use spaces instead.",
    ),
    (
        r"^\s*(?:- )?[A-Za-z_]+：",
        "用了中文冒号“：”：请改成英文冒号加一个空格（: ）。",
        "a full-width colon (：) stands here: use an ASCII colon and a space (: ).",
    ),
    (
        r"^\s*(?:- )?[A-Za-z_]+:[^\s/]",
        "冒号后面缺一个空格。",
        "a space is missing after the colon.",
    ),
    (
        r":\s.*:\s|(?::|^\s*-)\s+[@`%&*!|>\"'\[{]",
        "这里有 YAML 的特殊符号（引号、括号、冒号加空格、@ 等）：请给整段文字加引号。",
        "a character that YAML reads specially (a quote, a bracket, @ …): quote the whole text.",
    ),
)
