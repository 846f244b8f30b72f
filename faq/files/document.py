"""YAML that people edit, read safely and with positions.

A file is turned into plain values event by event, never through a YAML loader: anchors, aliases
and tags are refused before anything is built, depth and size are capped, and every value keeps its
line, so that whoever checks the content (the FAQ, the configuration) can point at it. All that is
wrong with a file is told at once, in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from faq.files.events import Node, Reading, Value, unquoted
from faq.files.problem import DocumentError, Language, Problem, nearest
from faq.files.syntax import explain

__all__ = ["Document", "DocumentError", "Language", "Problem", "nearest", "parse", "read"]

MAX_BYTES = 1024 * 1024


def read(path: Path) -> Document:
    """The document in a UTF-8 file; raises DocumentError, also when it cannot be opened."""
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DocumentError(
            [Problem(name, 0, 0, f"打不开这个文件：{reason}。", f"cannot be opened: {reason}.")]
        ) from error
    return parse(content, name)


def parse(content: str | bytes, name: str) -> Document:
    """The document in a text (bytes are UTF-8); `name` stands in messages. Raises DocumentError."""
    text = _decode(content, name)
    reading = Reading(name)
    try:
        reading.read(text)
    except yaml.YAMLError as error:
        reading.problems.append(explain(error, text, name))
    if reading.problems:
        raise DocumentError(reading.problems)
    return Document(name, reading.root)


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file. A path is the keys and indices that lead to a value."""

    name: str
    root: Node

    @property
    def value(self) -> Value:
        """Plain Python values: dict, list, str, bool, int, float, None."""
        return self.root.plain()

    def at(self, *path: str | int) -> Node:
        """The node at a path, or the nearest one above it where the path leads nowhere."""
        node = self.root
        for step in path:
            child = node.child(step)
            if child is None:
                return node
            node = child
        return node

    def line(self, *path: str | int) -> int:
        """The line of the value (of its key, where it has one), counted from 1."""
        return self.at(*path).line

    def problem(self, *path: str | int, zh: str, en: str) -> Problem:
        """A problem that points at a path."""
        node = self.at(*path)
        return Problem(self.name, node.line, node.column, zh, en)

    def unclear(self) -> Iterator[tuple[tuple[str | int, ...], Problem]]:
        """Unquoted values that YAML tools read as something other than the text that stands there.

        Here they stay text (`no`, `9:30`, `2026-01-31`); whoever expects text at such a path
        should refuse with the problem, which says what to write instead.
        """
        return _unclear(self.name, (), self.root)


def _decode(content: str | bytes, name: str) -> str:
    size = len(content.encode("utf-8", "replace")) if isinstance(content, str) else len(content)
    if size > MAX_BYTES:
        zh = "文件超过 1 MiB：请拆成几个较小的文件。"
        raise DocumentError(
            [Problem(name, 0, 0, zh, "larger than 1 MiB: split it into smaller files.")]
        )
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        zh = "文件不是 UTF-8 编码：请在编辑器里另存为 UTF-8。"
        raise DocumentError(
            [Problem(name, line, 1, zh, "not UTF-8: save the file as UTF-8 in your editor.")]
        ) from error


def _unclear(
    name: str, path: tuple[str | int, ...], node: Node
) -> Iterator[tuple[tuple[str | int, ...], Problem]]:
    match node.content:
        case dict(items):
            for key, child in items.items():
                yield from _unclear(name, (*path, key), child)
        case list(children):
            for index, child in enumerate(children):
                yield from _unclear(name, (*path, index), child)
        case _ if node.unclear:
            yield path, unquoted(name, node)
