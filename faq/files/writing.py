"""Writing entries into the YAML that staff keep, so that nothing else in it changes.

Only the lines of an entry that changes are written anew, by ruamel.yaml, which keeps their
comments, quotes and order; every other line stays byte for byte. What comes out is read again
before it is given back: a file that would not say what it should is never written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from faq.entry import Entry, Place
from faq.files.chunk import Chunk, chunks, dash_column
from faq.files.document import MAX_BYTES, parse
from faq.files.form import form
from faq.files.items import items
from faq.files.problem import DocumentError, Problem
from faq.files.tables import commented, item, keep_id, update

_FULL = MAX_BYTES * 9 // 10
_NOWHERE = Place("", 0)


def rewritten(
    text: str,
    name: str,
    changes: Mapping[int, Entry],
    additions: Sequence[Entry] = (),
    told: Callable[[], None] = lambda: None,
) -> str:
    """The file's text with the entries at some lines made as given, and others put at its end.

    `told` hears of each entry. Raises DocumentError where the text is not YAML, or is written so
    that it can't be changed.
    """
    document = parse(text, name)
    entries = {entry.place.line: entry for entry in items(document)[0]}
    if missing := [changes[line].id for line in changes if line not in entries]:
        raise DocumentError([_unwritable(name, 0, missing[0])])
    lines = text.split("\n")
    for chunk in reversed(chunks(document, lines, changes.keys())):
        entry, wanted = entries[chunk.line], changes[chunk.line]
        lines[chunk.start : chunk.end] = _changed(chunk, name, entry, wanted)
        told()
    indent = dash_column(document, lines)
    added = []
    for entry in additions:
        added.append(item(commented(form(entry)), indent, 2, 2))
        told()
    new = _joined("\n".join(lines), added)
    _verify(new, name, [changes.get(line, entry) for line, entry in entries.items()], additions)
    return new


def edit(
    path: Path,
    changes: Mapping[int, Entry],
    additions: Sequence[Entry] = (),
    told: Callable[[], None] = lambda: None,
) -> None:
    """The same to a file, which is made if there is none; line ends and all stay as they were."""
    try:
        content = path.read_bytes().decode("utf-8") if path.exists() else _first_line(path.parent)
        crlf = "\r\n" in content
        text = rewritten(content.replace("\r\n", "\n"), str(path), changes, additions, told)
        path.parent.mkdir(parents=True, exist_ok=True)
        save(path, text.replace("\n", "\r\n") if crlf else text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        zh, en = f"写不了这个文件：{reason}。", f"cannot be written: {reason}."
        raise DocumentError([Problem(str(path), 0, 0, zh, en)]) from error


def put(
    folder: Path,
    wanted: Sequence[tuple[Entry, Entry | None, str]],
    told: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Write entries where they were before, new ones into the file named; which files changed.

    A file that would grow beyond what is read gets a successor: `name-2.yaml` and so on.
    """
    changes: dict[Path, dict[int, Entry]] = {}
    additions: dict[Path, list[Entry]] = {}
    for entry, before, file in wanted:
        if before:
            changes.setdefault(Path(before.place.file), {})[before.place.line] = entry
        else:
            additions.setdefault(folder / file, []).append(entry)
    for path, lines in changes.items():
        edit(path, lines, (), told)
    for path, entries in additions.items():
        for part, some in _parted(path, entries):
            edit(part, {}, some, told)
            changes[part] = {}
    return sorted(changes)


def _parted(path: Path, entries: Sequence[Entry]) -> Iterator[tuple[Path, list[Entry]]]:
    """Which entries go into which file, so that none becomes too large."""
    some: list[Entry] = []
    number, size = 1, _size(path)
    target = path
    for entry in entries:
        more = len(dumped(entry).encode())
        while size and size + more > _FULL:
            if some:
                yield target, some
                some = []
            number += 1
            target = path.with_name(f"{path.stem}-{number}{path.suffix}")
            size = _size(target)
        some.append(entry)
        size += more
    if some:
        yield target, some


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def save(path: Path, text: str) -> None:
    """Write a file so that whoever reads it meanwhile sees the old one or the new one, whole."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, draft)
    draft.replace(path)


def dumped(entry: Entry) -> str:
    """An entry as it would stand in a file."""
    return item(commented(form(entry)), 0, 2, 2)


def _first_line(folder: Path) -> str:
    """The line that tells editors the schema, as the folder's other files have it."""
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8", errors="replace") as file:
            line = file.readline()
        if line.startswith("# yaml-language-server:") and "entries" in line:
            return line.rstrip() + "\n\n"
    return ""


def _changed(chunk: Chunk, name: str, entry: Entry, wanted: Entry) -> list[str]:
    """The chunk's lines as they should be: with as little change as says it."""
    for gently in (True, False):
        table = chunk.load()
        update(table, form(entry), form(wanted), gently)
        keep_id(table, wanted)
        written = chunk.written(table)
        if _reads_as(written, name, wanted):
            return written.rstrip("\n").split("\n")
    raise DocumentError([_unwritable(name, chunk.line, wanted.id)])


def _joined(text: str, added: Sequence[str]) -> str:
    """A text and items below it, an empty line before each."""
    if not added:
        return text
    head = text if not text or text.endswith("\n") else f"{text}\n"
    blank = "" if not head or head.endswith("\n\n") else "\n"
    return head + blank + "\n".join(added)


def _verify(text: str, name: str, kept: Sequence[Entry], added: Sequence[Entry]) -> None:
    entries, problems = items(parse(text, name))
    for found, wanted in zip(entries, [*kept, *added], strict=False):
        if not _same(found, wanted):
            problems.append(_unwritable(name, found.place.line, wanted.id))
    if len(entries) != len(kept) + len(added):
        problems.append(_unwritable(name, 0, (added or kept)[0].id))
    if problems:
        raise DocumentError(problems)


def _reads_as(written: str, name: str, wanted: Entry) -> bool:
    try:
        entries, problems = items(parse(written, name))
    except DocumentError:
        return False
    return not problems and len(entries) == 1 and _same(entries[0], wanted)


def _same(one: Entry, other: Entry) -> bool:
    return replace(one, place=_NOWHERE) == replace(other, place=_NOWHERE)


def _unwritable(name: str, line: int, entry: str) -> Problem:
    return Problem(
        name,
        line,
        1 if line else 0,
        f"没能把“{entry}”改进这个文件，文件没有动：请手工修改。",
        f'"{entry}" could not be written here, the file is as it was: change it by hand.',
    )
