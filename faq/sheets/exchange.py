"""What a table would change in a FAQ, and a FAQ as a table. Pure: files are others' affair."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from faq.content import SUFFIXES, SYNONYMS, WORDS, Faq
from faq.entry import Entry, Place
from faq.files.document import Document
from faq.files.events import Node
from faq.files.form import form
from faq.files.items import items
from faq.files.problem import Language, Problem, nearest
from faq.overlap import spelling
from faq.sheets.columns import NAMES, header, key, order
from faq.sheets.row import Cell, cells, node
from faq.sheets.sheet import Row

IMPORTED = "imported.yaml"
_HEADER_WITHIN = 20
_ALWAYS = ("id", "question", "similar")


@dataclass(frozen=True, slots=True)
class Change:
    """A row that would add an entry (`before` is None) or change one; `file` is for a new one."""

    row: int
    entry: Entry
    before: Entry | None
    file: str = IMPORTED

    @property
    def keys(self) -> tuple[str, ...]:
        """What differs from before."""
        old, new = cells(form(self.before)) if self.before else {}, cells(form(self.entry))
        return tuple(order([one for one in {**old, **new} if old.get(one) != new.get(one)]))


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a table would do. Nothing should be done while there are problems."""

    changes: tuple[Change, ...]
    same: int
    ignored: tuple[str, ...]
    """Columns that are none of ours."""
    problems: tuple[Problem, ...]


def exported(faq: Faq, folder: Path, language: Language) -> list[Row]:
    """The FAQ as a table: a header, then a row an entry."""
    written = [{**cells(form(entry)), "file": _file(entry, folder)} for entry in faq.entries]
    used = {column for row in written for column, text in row.items() if text}
    answers = () if "answer_zh" in used else ("answer",)
    columns = order([*used.union(_ALWAYS, answers)])
    head = [header(column, language) for column in columns]
    return [head, *([row.get(column, "") for column in columns] for row in written)]


def planned(rows: Sequence[Row], faq: Faq, file: str) -> Plan:
    """What the rows of a table would do to a FAQ; `file` is its name in messages."""
    found = _columns(rows)
    if found is None:
        zh = "没有找到表头：第一行要写列名，至少有“问题”和“答案”。"
        en = "no header: the first row names the columns, at least question and answer."
        return Plan((), 0, (), (Problem(file, 1, 1, zh, en),))
    at, columns = found
    reader = _Rows(faq, file, {number: column for number, column in columns.items() if column})
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        if any(text.strip() for text in row):
            reader.read(number, row)
    head = rows[at]
    ignored = tuple(
        head[number - 1] for number, column in columns.items() if not column and head[number - 1]
    )
    problems = [*_doubled_columns(file, at + 1, columns, head), *reader.problems]
    return Plan(tuple(reader.changes), reader.same, ignored, tuple(problems))


def guess(ignored: str, language: Language) -> str | None:
    """The column that an unknown name was probably meant to be."""
    return nearest(ignored, [header(column, language) for column in NAMES])


class _Rows:
    def __init__(self, faq: Faq, file: str, columns: dict[int, str]) -> None:
        self.changes: list[Change] = []
        self.same = 0
        self.problems: list[Problem] = []
        self._file = file
        self._columns = columns
        self._entries = {entry.id: entry for entry in faq.entries}
        self._asked = {
            spelling(question): entry for entry in faq.entries for question in entry.questions
        }
        self._rows: dict[str, int] = {}

    def read(self, number: int, row: Row) -> None:
        """Take a row in."""
        written = {
            column: Cell(row[at - 1].replace("\r\n", "\n") if at <= len(row) else "", number, at)
            for at, column in self._columns.items()
        }
        before = self._before(written)
        entries, problems = self._entry(written, before)
        self.problems += [self._of_a_cell(problem) for problem in problems]
        self.problems += self._bad_file(written.get("file"))
        for entry in entries:
            self._note(number, replace(entry, place=Place("", 0)), before, written)

    def _before(self, written: dict[str, Cell]) -> Entry | None:
        """The entry that a row is about: by its id, or by its question where it has none."""
        if name := _text(written, "id"):
            return self._entries.get(name)
        return self._asked.get(spelling(_text(written, "question")))

    def _entry(
        self, written: dict[str, Cell], before: Entry | None
    ) -> tuple[list[Entry], list[Problem]]:
        number = next(iter(written.values())).row
        kept = cells(form(before)) if before else {}
        row = {column: Cell(text, number, 1) for column, text in kept.items()}
        row |= {
            column: cell for column, cell in written.items() if column != "id" or cell.text.strip()
        }
        return items(Document(self._file, Node(1, 1, [node(row)])))

    def _note(
        self, number: int, entry: Entry, before: Entry | None, written: dict[str, Cell]
    ) -> None:
        first = self._rows.setdefault(entry.id, number)
        if first != number:
            zh = f"“{entry.id}”在第 {first} 行已经有了：请合并成一行。"
            en = f'"{entry.id}" stands in row {first} already: make one row of the two.'
            self.problems.append(self._of_a_cell(Problem(self._file, number, 1, zh, en)))
        elif before and entry == replace(before, place=Place("", 0)):
            self.same += 1
        else:
            file = _text(written, "file") or IMPORTED
            self.changes.append(Change(number, entry, before, file))

    def _bad_file(self, cell: Cell | None) -> list[Problem]:
        if cell is None or not cell.text.strip() or is_of_entries(cell.text.strip()):
            return []
        zh = f"文件名“{cell.text.strip()}”不行：写成 名字.yaml，不能是 words 和 synonyms。"
        en = f'"{cell.text.strip()}" is no file for entries: write name.yaml, not words, synonyms.'
        return [self._of_a_cell(Problem(self._file, cell.row, cell.column, zh, en))]

    def _of_a_cell(self, problem: Problem) -> Problem:
        """A problem told as people speak of tables: by the row, the column's letter and name."""
        column = self._columns.get(problem.column, "")
        cell = f"{_letter(problem.column)}{problem.line}"
        zh = f"（{header(column, 'zh')}）" if column else "："
        en = f" ({header(column, 'en')})" if column else ":"
        return replace(problem, zh=f"{cell}{zh}{problem.zh}", en=f"{cell}{en} {problem.en}")


def _columns(rows: Sequence[Row]) -> tuple[int, dict[int, str | None]] | None:
    """Where the header is, and what it names; the first row that names what a FAQ must have."""
    for at, row in enumerate(rows[:_HEADER_WITHIN]):
        columns = {number: key(name) for number, name in enumerate(row, start=1)}
        if {"id", "question"} & set(columns.values()):
            return at, columns
    return None


def _doubled_columns(
    file: str, row: int, columns: dict[int, str | None], head: Row
) -> Iterable[Problem]:
    seen: dict[str, int] = {}
    for number, column in columns.items():
        if column and seen.setdefault(column, number) != number:
            one, other = head[seen[column] - 1], head[number - 1]
            zh = f"“{one}”和“{other}”是同一列：请删掉一列。"
            en = f'"{one}" and "{other}" are the same column: delete one.'
            yield Problem(file, row, number, zh, en)


def is_of_entries(name: str) -> bool:
    """Whether a name, seen from the FAQ's folder, is one for a file of entries inside it."""
    path = PurePosixPath(name)
    plain = not path.is_absolute() and not any(part.startswith(".") for part in path.parts)
    odd = any(not character.isprintable() or character in '\\:*?"<>|' for character in name)
    return plain and not odd and path.suffix in SUFFIXES and path.stem not in (SYNONYMS, WORDS)


def _text(written: dict[str, Cell], column: str) -> str:
    return written[column].text.strip() if column in written else ""


def _letter(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters


def _file(entry: Entry, folder: Path) -> str:
    path = Path(entry.place.file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
