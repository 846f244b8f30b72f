"""A folder of YAML as one immutable FAQ.

`synonyms.yaml` and `words.yaml` have a meaning of their own, every other `.yaml` file is a list of
entries. Nothing is loaded unless all of it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faq.entry import Entry
from faq.files.document import Document, DocumentError, Problem, read
from faq.files.fields import Fields
from faq.files.items import items
from faq.words import Words

SYNONYMS = "synonyms"
WORDS = "words"
WORD_LISTS = ("person", "complaint", "forbidden")
SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Faq:
    """Everything staff wrote. `synonyms` maps a way of saying to the one that stands for it."""

    entries: tuple[Entry, ...]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    person: Words = field(default_factory=Words)
    """Words that ask for a person."""
    complaint: Words = field(default_factory=Words)
    """Words that complain."""
    forbidden: Words = field(default_factory=Words)
    """Words that no answer may use."""

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with an id."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)


def load(folder: Path) -> Faq:
    """The FAQ in a folder and its subfolders; raises DocumentError with all that is wrong."""
    faq, problems = survey(folder)
    if problems:
        raise DocumentError(problems)
    return faq


def survey(folder: Path) -> tuple[Faq, list[Problem]]:
    """What of a folder can be read, and all that is wrong with it."""
    contents = _Contents()
    for path in files(folder):
        contents.add(path)
    if not contents.entries and not contents.problems:
        zh = "这个文件夹里没有任何 FAQ 条目：请添加 .yaml 文件。"
        en = "there are no FAQ entries in this folder: add .yaml files."
        contents.problems.append(Problem(str(folder), 0, 0, zh, en))
    return contents.faq(), contents.problems


def files(folder: Path) -> list[Path]:
    """The YAML files of a FAQ, in a fixed order; what starts with a dot is left out."""
    return sorted(_yaml(folder))


def _yaml(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in SUFFIXES and not hidden and path.is_file():
            yield path


class _Contents:
    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.synonyms: dict[str, str] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []

    def add(self, path: Path) -> None:
        try:
            document = read(path)
        except DocumentError as error:
            self.problems += error.problems
            return
        match path.stem:
            case "synonyms":
                self._add_synonyms(document)
            case "words":
                self._add_words(document)
            case _:
                self._add_entries(document)

    def _add_entries(self, document: Document) -> None:
        entries, problems = items(document)
        self.problems += problems
        for entry in entries:
            first = self.entries.setdefault(entry.id, entry)
            if first is not entry:
                self._doubled(entry, first)

    def _doubled(self, entry: Entry, first: Entry) -> None:
        where = f"{first.place.file}:{first.place.line}"
        self.problems.append(
            Problem(
                entry.place.file,
                entry.place.line,
                1,
                f"id“{entry.id}”已经在 {where} 用过：请换一个，或把两个条目合并。",
                f'the id "{entry.id}" is already used at {where}: '
                "choose another, or merge the entries.",
            )
        )

    def _add_synonyms(self, document: Document) -> None:
        fields = Fields(document.name)
        if document.root.content is not None:
            for word, node in fields.table(document.root, SYNONYMS).items():
                for other in fields.texts(node, word):
                    self.synonyms[other] = word
        self.problems += fields.problems

    def _add_words(self, document: Document) -> None:
        fields = Fields(document.name)
        if document.root.content is not None:
            table = fields.table(document.root, WORDS, WORD_LISTS)
            for key, node in table.items():
                self.words[key] = self.words.get(key, ()) + fields.texts(node, key)
        self.problems += fields.problems

    def faq(self) -> Faq:
        return Faq(
            entries=tuple(self.entries.values()),
            synonyms=self.synonyms,
            person=Words(self.words.get("person", ())),
            complaint=Words(self.words.get("complaint", ())),
            forbidden=Words(self.words.get("forbidden", ())),
        )
