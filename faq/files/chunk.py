"""The lines of single entries in a file of entries, so that the others need not be touched."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ruamel.yaml.comments import CommentedMap

from faq.files.document import Document
from faq.files.events import Node
from faq.files.problem import DocumentError, Problem
from faq.files.tables import item, yaml

_LIST_UNDER_KEY = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*\n\1( *)- ", re.MULTILINE)


class Chunk:
    """The lines of one entry, from `start`, its dash, up to `end`, counted from 0."""

    def __init__(self, lines: Sequence[str], node: Node, start: int, end: int) -> None:
        self.line, self.start, self.end = node.line, start, end
        self._dash = lines[start].index("-")
        self._step = node.column - 1 - self._dash
        first = " " * (self._dash + 1) + lines[start][self._dash + 1 :]
        body = [_dedented(line, node.column - 1) for line in (first, *lines[start + 1 : end])]
        self._body = "\n".join(body)
        found = _LIST_UNDER_KEY.search(self._body)
        self._offset = len(found[2]) if found else 2

    def load(self) -> CommentedMap:
        """The entry as a table with its comments."""
        table: CommentedMap = yaml(self._offset).load(self._body)
        return table

    def written(self, table: CommentedMap) -> str:
        """A table in this place."""
        return item(table, self._dash, self._step, self._offset)


def chunks(document: Document, lines: Sequence[str], wanted: Collection[int]) -> list[Chunk]:
    """The lines of the entries that begin on the wanted lines."""
    children = document.root.content
    nodes = children if isinstance(children, list) else []
    ends = [node.line - 1 for node in nodes[1:]] + [len(lines)]
    found = []
    for node, end in zip(nodes, ends, strict=False):
        if node.line in wanted:
            start = _dash_above(lines, node.line, document.name)
            found.append(Chunk(lines, node, start, _end(lines, start, end)))
    return found


def _dash_above(lines: Sequence[str], line: int, name: str) -> int:
    """Where an entry begins whose first key stands on a line: mostly there, or above it."""
    start = line - 1
    while start > 0 and not _is_dash(lines[start]):
        start -= 1
    if not _is_dash(lines[start]):
        raise DocumentError([_not_a_list(name, line)])
    return start


def _is_dash(line: str) -> bool:
    return re.match("\ufeff? *-(?: |$)", line) is not None


def _end(lines: Sequence[str], start: int, end: int) -> int:
    """Where an entry ends, without the blank lines and remarks before what follows."""
    while end > start + 1 and not _belongs(lines[end - 1], lines[start].index("-")):
        end -= 1
    return end


def _belongs(line: str, dash: int) -> bool:
    """Whether a line still belongs to an entry: blank ones and remarks below it don't."""
    written = line.strip()
    indent = len(line) - len(line.lstrip())
    return bool(written) and indent > dash


def _dedented(line: str, indent: int) -> str:
    blank = len(line) - len(line.lstrip(" "))
    return line[min(indent, blank) :]


def dash_column(document: Document, lines: Sequence[str]) -> int:
    """How far the file's list is indented."""
    root = document.root
    if root.content is None:
        return 0
    if not isinstance(root.content, list) or not _is_dash(lines[root.line - 1]):
        raise DocumentError([_not_a_list(document.name, root.line)])
    return root.column - 1


def _not_a_list(name: str, line: int) -> Problem:
    return Problem(
        name,
        line,
        1,
        "这个文件里的条目不是以“- ”开头的行，没法自动修改：请把每个条目写成以“- ”开头。",
        'the entries of this file are not lines that begin with "- ", so it cannot be changed '
        "automatically: begin each entry so.",
    )
