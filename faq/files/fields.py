"""Reading typed fields out of a YAML node, gathering every problem on the way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from faq.files.events import Node, unquoted
from faq.files.problem import Problem, nearest


class Fields:
    """The readers of one file; `problems` fills up while reading goes on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, node: Node, zh: str, en: str) -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(self.file, node.line, node.column, zh, en))

    def table(self, node: Node, what: str, keys: Collection[str] | None = None) -> dict[str, Node]:
        """A mapping; with `keys`, other keys are refused with the nearest right one."""
        if not isinstance(node.content, dict):
            self.wrong(
                node,
                f"{what}：要写成“名字: 内容”的形式，这里是{_kind(node, 'zh')}。",
                f"{what}: expected `name: value` lines, but {_kind(node, 'en')} came.",
            )
            return {}
        for key in node.content if keys is not None else ():
            if key not in (keys or ()):
                self._unknown(node.content[key], key, keys or ())
        return node.content

    def _unknown(self, node: Node, key: str, keys: Collection[str]) -> None:
        guess = nearest(key, keys)
        zh = f"是不是想写 {guess}？" if guess else f"可以用的有：{'、'.join(keys)}。"
        en = f"did you mean {guess}?" if guess else f"known are: {', '.join(keys)}."
        self.wrong(node, f"不认识“{key}”：{zh}", f'unknown key "{key}": {en}')

    def text(self, node: Node, what: str) -> str:
        """A text that is not empty; numbers, times and truth values must be quoted."""
        if isinstance(node.content, str) and not node.unclear:
            if stripped := node.content.strip():
                return stripped
        elif isinstance(node.content, str | bool | int | float):
            self.problems.append(unquoted(self.file, node))
            return ""
        self.wrong(
            node,
            f"{what}：要写文字，这里是{_kind(node, 'zh')}。",
            f"{what}: expected text, but {_kind(node, 'en')} came.",
        )
        return ""

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        nodes = node.content if isinstance(node.content, list) else [node]
        if not nodes:
            self.wrong(node, f"{what}：列表是空的。", f"{what}: the list is empty.")
        return tuple(text for text in (self.text(child, what) for child in nodes) if text)

    def choice(self, node: Node, what: str, options: Collection[str]) -> str:
        """One of a few words."""
        text = self.text(node, what)
        if text and text not in options:
            listed = " / ".join(options)
            self.wrong(
                node,
                f"{what}：只能写 {listed}，这里是“{text}”。",
                f'{what}: expected {listed}, but "{text}" came.',
            )
            return ""
        return text

    def day(self, node: Node, what: str) -> date | None:
        """A date like 2026-01-31."""
        if isinstance(node.content, str):
            try:
                return date.fromisoformat(node.content.strip())
            except ValueError:
                pass
        self.wrong(
            node,
            f"{what}：要写日期，如 2026-01-31，这里是“{node.source or _kind(node, 'zh')}”。",
            f"{what}: expected a date such as 2026-01-31, "
            f"but {node.source or _kind(node, 'en')} came.",
        )
        return None


def _kind(node: Node, language: str) -> str:
    zh, en = {
        dict: ("一组“名字: 内容”", "a table"),
        list: ("一个列表", "a list"),
        str: ("一段文字", "text") if node.source.strip() else ("空白", "nothing"),
        bool: ("是/否", "true or false"),
        int: ("一个数字", "a number"),
        float: ("一个数字", "a number"),
    }.get(type(node.content), ("空白", "nothing"))
    return zh if language == "zh" else en
