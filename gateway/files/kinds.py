"""What a file is, by its first bytes: neither its name nor whoever sends it decides that.

The kinds that a support desk meets are known, everything else is refused; so is whatever a browser
would run. Only the kinds of SHOWN are ever shown by a browser, all others are downloads.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from gateway.errors import Invalid

HEAD = 4096  # bytes that are enough to tell

SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/mp4",
        "video/mp4",
        "video/webm",
    }
)

# By the end of a name: what a browser or a desktop would run, whatever it holds.
_RUN = frozenset(
    (
        *("html", "htm", "xhtml", "xht", "shtml", "mhtml", "mht", "svg", "svgz", "xml", "xsl"),
        *("xslt", "js", "mjs", "hta", "vbs", "ps1", "bat", "cmd", "exe", "scr", "msi"),
        *("lnk", "url", "reg", "jar", "apk", "swf"),
    )
)
_RUN_TYPES = re.compile(r"html|svg|script|flash|msdownload|[/+]xml$")

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "audio/silk": "silk",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "text/plain": "txt",
}
# Containers whose first bytes are the same: here the name tells them apart.
_IN_ZIP = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_IN_OLE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_FAMILIES = {"image": ("image",), "audio": ("audio", "video"), "video": ("audio", "video")}
_CLAIMS = {ending: type_.partition("/")[0] for type_, ending in _ENDINGS.items()} | {
    "jpeg": "image",
    "bmp": "image",
    "tiff": "image",
    "opus": "audio",
    "oga": "audio",
}


def sniff(head: bytes, name: str = "", claimed: str = "") -> str:
    """The MIME type of what begins with `head`.

    `name` and `claimed` are what its sender says; raises Invalid where that is another kind of
    thing altogether, where it is nothing that we know, and where it could be run.
    """
    ending = ending_of(name)
    if ending in _RUN or _RUN_TYPES.search(claimed.lower()):
        raise _refused(name, "type")
    type_ = _recognised(head, ending)
    if not type_:
        raise _refused(name, "type")
    family = type_.partition("/")[0]
    for claim in (claimed.lower().partition("/")[0], _CLAIMS.get(ending, "")):
        if family not in _FAMILIES.get(claim, (family,)):
            raise _refused(name, "mismatch")
    return type_


def kind(type_: str, called: str = "") -> str:
    """image, voice, video, sticker or file; a platform's word counts only for a sticker."""
    family = type_.partition("/")[0]
    if called == "sticker" and family in ("image", "video"):
        return called
    if family == "image":
        return "image" if type_ in SHOWN else "file"
    return {"audio": "voice", "video": "video"}.get(family, "file")


def ending_of(name: str) -> str:
    """The letters behind a name's last dot, small."""
    return PurePath(name).suffix[1:].lower()


def ending(type_: str) -> str:
    """What the name of a file of this type should end with, "" where that is unknown."""
    return _ENDINGS.get(type_, "")


def _refused(name: str, why: str) -> Invalid:
    ending = ending_of(name)
    what = f"a .{ending} file" if ending.isalnum() else "this file"
    return Invalid(
        f"{what} can't be taken, or is not what it says: send a picture, a recording, a video,"
        " a PDF, an office document, a ZIP or a plain text",
        why=why,
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """Bytes that stand at a place of every file of a type."""

    at: int
    signature: bytes
    type: str
    more: Callable[[bytes], bool] = lambda _: True


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[8:12] in brands


def _named(name: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[8:12] == name


_MARKS = (
    _Mark(0, b"\xff\xd8\xff", "image/jpeg"),
    _Mark(0, b"\x89PNG\r\n\x1a\n", "image/png"),
    _Mark(0, b"GIF87a", "image/gif"),
    _Mark(0, b"GIF89a", "image/gif"),
    _Mark(0, b"RIFF", "image/webp", _named(b"WEBP")),
    _Mark(0, b"RIFF", "audio/wav", _named(b"WAVE")),
    _Mark(4, b"ftyp", "image/heic", _brand(b"heic", b"heix", b"mif1", b"avif")),
    _Mark(4, b"ftyp", "audio/mp4", _brand(b"M4A ", b"M4B ")),
    _Mark(4, b"ftyp", "video/quicktime", _brand(b"qt  ")),
    _Mark(4, b"ftyp", "video/mp4"),
    _Mark(0, b"\x1a\x45\xdf\xa3", "video/webm"),
    _Mark(0, b"OggS", "audio/ogg"),
    _Mark(0, b"ID3", "audio/mpeg"),
    _Mark(0, b"#!AMR", "audio/amr"),
    _Mark(0, b"#!SILK", "audio/silk"),
    _Mark(1, b"#!SILK", "audio/silk", lambda head: head[0] == 2),
    _Mark(0, b"%PDF-", "application/pdf"),
)


def _recognised(head: bytes, ending: str) -> str:
    for mark in _MARKS:
        if head[mark.at :].startswith(mark.signature) and mark.more(head):
            return mark.type
    if _is_mp3_frame(head):
        return "audio/mpeg"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _IN_ZIP.get(ending, "application/zip")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _IN_OLE.get(ending, "")
    return "text/plain" if _is_text(head) else ""


def _is_mp3_frame(head: bytes) -> bool:
    """MPEG audio, layer III, without a tag before it."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3


def _is_text(head: bytes) -> bool:
    """Words in UTF-8 or GB 18030, and no markup, which begins with an angle bracket."""
    body = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n\x0c")
    if not body or body.startswith(b"<") or re.search(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]", head):
        return False
    return any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True
