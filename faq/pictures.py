"""The pictures of answers: files that lie beside the YAML that names them, or in a folder there.

Whoever edits the FAQ shows customers nothing else of this machine: a path that leads out, by `..`
or by a link, is no picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from faq.entry import Entry
from faq.finding import Finding, Level, finding
from faq.lines import Lines

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def find(entry: Entry, image: str) -> Path | None:
    """The file of a picture that an entry names; None if there is none to be shown."""
    folder = Path(entry.place.file).parent
    if ".." in PurePath(image).parts or not image.lower().endswith(SUFFIXES):
        return None
    try:
        path = (folder / image).resolve(strict=True)
        inside = path.is_relative_to(folder.resolve())
    except (OSError, ValueError):  # not there; no name at all
        return None
    return path if inside and path.is_file() else None


def lost(entry: Entry, lines: Lines) -> Iterator[Finding]:
    """Pictures that customers will not see."""
    for image in dict.fromkeys(answer.image for answer in entry.answers.values() if answer.image):
        if find(entry, image) is None:
            kinds = ", ".join(suffix[1:] for suffix in SUFFIXES)
            yield finding(
                Level.ERROR,
                lines.of(entry, image, "answer"),
                f"“{entry.id}”的图片“{image}”找不到：请把图片（{kinds}）放在这个 YAML 文件旁边，"
                "image 写从那里起的路径，不能用 ..。",
                f'the picture "{image}" of "{entry.id}" is not there: put it ({kinds}) beside this '
                "YAML file and write its path from there, without ..",
            )
