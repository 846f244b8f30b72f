"""From YAML parser events to nodes with positions.

The events are taken one by one, so that what is not allowed is refused before it costs anything,
and the loader (whose recursion crashes on deep nesting) never runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from faq.files.problem import Problem

MAX_DEPTH = 20
MAX_PROBLEMS = 100

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]


@dataclass(slots=True)
class Node:
    """A value and where it stands; `source` is the text of a scalar as written."""

    line: int
    column: int
    content: bool | int | float | str | list[Node] | dict[str, Node] | None
    source: str = ""
    unclear: bool = False

    def child(self, step: str | int) -> Node | None:
        """The value under a key or index, if there is one."""
        match self.content:
            case dict(items) if isinstance(step, str):
                return items.get(step)
            case list(items) if isinstance(step, int) and 0 <= step < len(items):
                return items[step]
        return None

    def plain(self) -> Value:
        """The value without positions."""
        match self.content:
            case dict(items):
                return {key: node.plain() for key, node in items.items()}
            case list(items):
                return [node.plain() for node in items]
            case scalar:
                return scalar


class Reading:
    """Builds the tree from the parser's events; the C loader's recursion never runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.root = Node(1, 1, None)
        self._open: list[Node] = []
        self._keys: list[Node | None] = []
        self._documents = 0

    def read(self, text: str) -> None:
        """Read until the end or until going on makes no sense; raises yaml.YAMLError."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(text, Loader=loader):
                if not self._take(event) or len(self.problems) >= MAX_PROBLEMS:
                    return
        except yaml.scanner.ScannerError as error:  # libyaml looks ahead, and gives up at 1000
            if "nesting depth" not in str(error.problem):
                raise
            self._too_deep(_at(error.problem_mark))

    def _take(self, event: yaml.Event) -> bool:
        """Take one event in; False ends the reading."""
        if isinstance(event, yaml.DocumentStartEvent):
            return self._begin(event)
        if isinstance(event, yaml.NodeEvent):
            self._refuse_references(event)
            return self._node(event)
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._keys.pop()
        return True

    def _begin(self, event: yaml.DocumentStartEvent) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._wrong(
                event,
                "一个文件里只能有一份内容，又见到了 ---：请删掉这一行，或拆成两个文件。",
                "a file holds one document, but another begins here with ---: "
                "delete this line, or make two files.",
            )
        return self._documents == 1

    def _refuse_references(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._wrong(
                event,
                f"不能用别名 *{event.anchor}：请把内容写全；如果是普通文字，请加引号。",
                f"aliases are not allowed here (*{event.anchor}): "
                "write the content out, or put quotes around plain text.",
            )
        elif event.anchor:
            self._wrong(
                event,
                f"不能用锚点 &{event.anchor}：请删掉；如果是普通文字，请加引号。",
                f"anchors are not allowed here (&{event.anchor}): "
                "delete it, or put quotes around plain text.",
            )
        tag = getattr(event, "tag", None)
        if tag:
            self._wrong(
                event,
                f"不能用标签 {tag}：请删掉以 ! 开头的部分；如果是普通文字，请加引号。",
                f"tags are not allowed here ({tag}): "
                "delete the part that starts with !, or put quotes around plain text.",
            )

    def _node(self, event: yaml.NodeEvent) -> bool:
        node = Node(*_place(event), None)
        if isinstance(event, yaml.ScalarEvent):
            node.source = event.value
            node.content, node.unclear = resolve(event.value, not event.implicit[0])
        elif isinstance(event, yaml.MappingStartEvent):
            node.content = {}
        elif isinstance(event, yaml.SequenceStartEvent):
            node.content = []
        self._put(event, node)
        if isinstance(node.content, dict | list):
            self._open.append(node)
            self._keys.append(None)
        return self._shallow(event)

    def _shallow(self, event: yaml.NodeEvent) -> bool:
        if len(self._open) > MAX_DEPTH:
            self._too_deep(_place(event))
        return len(self._open) <= MAX_DEPTH

    def _too_deep(self, place: tuple[int, int]) -> None:
        zh = f"嵌套超过 {MAX_DEPTH} 层：请检查缩进和括号。"
        en = f"nested deeper than {MAX_DEPTH} levels: check indentation and brackets."
        self.problems.append(Problem(self.name, *place, zh, en))

    def _put(self, event: yaml.NodeEvent, node: Node) -> None:
        """Put a node where it belongs in the collection that is open."""
        if not self._open:
            self.root = node
            return
        parent = self._open[-1].content
        if isinstance(parent, list):
            parent.append(node)
        elif isinstance(parent, dict):
            key = self._keys[-1]
            if key is None:
                self._keys[-1] = self._key(event, node, parent)
            else:
                node.line, node.column = key.line, key.column
                parent[key.source] = node
                self._keys[-1] = None

    def _key(self, event: yaml.NodeEvent, node: Node, siblings: dict[str, Node]) -> Node:
        if not isinstance(event, yaml.ScalarEvent):
            self._wrong(
                event,
                "冒号左边必须是一个词，这里却是列表、表或别名；如果是普通文字，请加引号。",
                "a key must be a word, but a list, a table or an alias came: "
                "put quotes around it if it is plain text.",
            )
        elif node.source in siblings:
            first = siblings[node.source].line
            self._wrong(
                event,
                f"“{node.source}” 写了两次（第一次在第 {first} 行）：请合并或删掉一个。",
                f'"{node.source}" is written twice (first on line {first}): '
                "merge the two or delete one.",
            )
        return node

    def _wrong(self, event: yaml.Event, zh: str, en: str) -> None:
        self.problems.append(Problem(self.name, *_place(event), zh, en))


_NOTHING = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(
    r"[-+]?(?:0|[1-9][0-9]{0,17})?\.[0-9]{1,18}(?:e[-+]?[0-9]{1,2})?", re.IGNORECASE
)
_UNCLEAR = re.compile(
    r"""yes|no|on|off                                      # truth values in YAML 1.1
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?     # 9:30 is the number 570
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\s].*)?          # a date
    | [-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?    # 007, 1_000, 1., 1e5
    | [-+]?0x[0-9a-f_]+ | [-+]?0o[0-7_]+ | [-+]?0b[01_]+
    | [-+]?\.inf | \.nan""",
    re.IGNORECASE | re.VERBOSE,
)


def resolve(source: str, quoted: bool) -> tuple[bool | int | float | str | None, bool]:
    """What a scalar means here, and whether other YAML tools would read it otherwise."""
    if quoted:
        return source, False
    if _NOTHING.fullmatch(source):
        return None, False
    if _TRUE.fullmatch(source):
        return True, False
    if _FALSE.fullmatch(source):
        return False, False
    if _INTEGER.fullmatch(source):
        return int(source), False
    if _NUMBER.fullmatch(source):
        return float(source), False
    return source, len(source) < 64 and _UNCLEAR.fullmatch(source) is not None


def _place(event: yaml.Event) -> tuple[int, int]:
    return _at(event.start_mark)


def _at(mark: Any) -> tuple[int, int]:
    """Line and column from 1 on, of a mark from either of PyYAML's two scanners."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def unquoted(name: str, node: Node) -> Problem:
    """The problem of a scalar that must be quoted to be text everywhere."""
    return Problem(
        name,
        node.line,
        node.column,
        f"这里要写文字，但 YAML 会把没有引号的 {node.source} 读成别的东西"
        f'（是/否、数字、时间或日期）：请写成 "{node.source}"。',
        f"text was expected, but YAML reads an unquoted {node.source} as something else "
        f'(yes/no, a number, a time or a date): write "{node.source}".',
    )
