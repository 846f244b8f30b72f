"""Tables that staff keep in a spreadsheet program: .xlsx and .csv, read and written as texts."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from faq.files.problem import DocumentError, Problem

MAX_BYTES = 32 * 1024 * 1024
MAX_CELL = 32_767
"""Characters that a cell of a spreadsheet can hold."""
SUFFIXES = (".xlsx", ".csv")

Row = list[str]

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""Full-width signs count in some spreadsheet programs, too."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters, which a workbook can't hold."""
_ENCODINGS = ("utf-8-sig", "gb18030")


def read(path: Path) -> list[Row]:
    """All rows as texts; raises DocumentError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(path, "文件超过 32 MiB：请拆成几个。", "larger than 32 MiB: split it.")
        rows = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
        return [[_unescaped(cell) for cell in row] for row in rows]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _unusable(path, f"打不开：{reason}。", f"cannot be opened: {reason}.") from error


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write a table whose first row is its header; what looks like a formula is escaped.

    Raises DocumentError where a cell is too long for a spreadsheet.
    """
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if len(text) >= MAX_CELL and path.suffix.lower() == ".xlsx":
                raise DocumentError([_too_long(path, number, column, len(text))])
    safe = [[_escaped(cell) for cell in row] for row in rows]
    try:
        if path.suffix.lower() == ".xlsx":
            _write_xlsx(path, safe)
        else:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(safe)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _unusable(path, f"写不了：{reason}。", f"cannot be written: {reason}.") from error


def _escaped(text: str) -> str:
    """A spreadsheet program must not take a customer's text for a formula (`'` shows it as is)."""
    return f"'{text}" if _FORMULA.match(text) else text


def _unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _read_csv(path: Path) -> Iterable[Row]:
    content = path.read_bytes()
    for encoding in ("utf-16", *_ENCODINGS) if content[:2] in _UTF_16 else _ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        zh = "文字编码认不出来：请另存为 UTF-8 的 CSV。"
        raise _unusable(path, zh, "unknown encoding: save it as UTF-8 CSV.")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise _unusable(path, f"不是 CSV：{error}。", f"not a CSV file: {error}.") from error


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def _read_xlsx(path: Path) -> Iterator[Row]:
    openpyxl = _openpyxl(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        zh = "不是 .xlsx 文件：请在表格软件里另存为 .xlsx 或 .csv。"
        en = "not an .xlsx file: save it as .xlsx or .csv in your spreadsheet program."
        raise _unusable(path, zh, en) from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield [_said(value) for value in row]
    finally:
        book.close()


def _write_xlsx(path: Path, rows: Sequence[Row]) -> None:
    openpyxl = _openpyxl(path)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "FAQ"
    styles = openpyxl.styles
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, _UNSEEN.sub("", text))
            cell.data_type = "s"
            cell.alignment = styles.Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = styles.Font(bold=True)
    sheet.freeze_panes = "A2"
    for column, texts in enumerate(zip(*rows, strict=False), start=1):
        widest = max(len(line) for text in texts for line in text.split("\n"))
        letter = openpyxl.utils.get_column_letter(column)
        sheet.column_dimensions[letter].width = min(max(widest * 2, 10), 60)
    book.save(path)


def _openpyxl(path: Path):  # type: ignore[no-untyped-def]  # a module
    try:
        import openpyxl
        import openpyxl.styles
    except ImportError as error:
        zh = '读写 .xlsx 需要装 openpyxl（pip install "frontdesk[sheets]"），或者另存为 .csv。'
        en = '.xlsx needs openpyxl (pip install "frontdesk[sheets]"), or save it as .csv.'
        raise _unusable(path, zh, en) from error
    return openpyxl


def _said(value: object) -> str:
    """What a cell shows: dates as days, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value).replace("\r\n", "\n")


def _unusable(path: Path, zh: str, en: str) -> DocumentError:
    return DocumentError([Problem(str(path), 0, 0, zh, en)])


def _too_long(path: Path, row: int, column: int, length: int) -> Problem:
    return Problem(
        str(path),
        row,
        column,
        f"这一格有 {length} 个字，表格最多 {MAX_CELL} 个：请导出为 .csv。",
        f"this cell has {length} characters, a spreadsheet takes {MAX_CELL}: export a .csv.",
    )
