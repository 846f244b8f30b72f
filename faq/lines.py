"""Where a text of an entry stands in its file: looked up only for what has to be pointed at."""

from __future__ import annotations

from pathlib import Path

from faq.entry import Entry, Place
from faq.files.document import Document, DocumentError, read
from faq.files.events import Node


class Lines:
    """Finds texts in the files that the entries came from, each read once."""

    def __init__(self) -> None:
        self._documents: dict[str, Document | None] = {}

    def of(self, entry: Entry, text: str, key: str = "") -> Place:
        """The place of a text (under a key of the entry), or of the entry where it isn't found."""
        node = self._entry(entry)
        if node is not None and key:
            node = node.child(key)
        found = _find(node, text) if node else None
        return Place(entry.place.file, found.line) if found else entry.place

    def _entry(self, entry: Entry) -> Node | None:
        document = self._document(entry.place.file)
        children = document.root.content if document else None
        if not isinstance(children, list):
            return None
        return next((node for node in children if node.line == entry.place.line), None)

    def _document(self, file: str) -> Document | None:
        if file not in self._documents:
            try:
                self._documents[file] = read(Path(file))
            except DocumentError:
                self._documents[file] = None
        return self._documents[file]


def _find(node: Node, text: str) -> Node | None:
    match node.content:
        case dict(items):
            return next(filter(None, (_find(child, text) for child in items.values())), None)
        case list(children):
            return next(filter(None, (_find(child, text) for child in children)), None)
        case str(content) if content.strip() == text:
            return node
    return None
