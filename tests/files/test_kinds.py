"""SECURITY row 43: magic bytes decide what a file is, and what a browser would run is refused."""

import pytest

from gateway.errors import Invalid
from gateway.files.kinds import kind, sniff
from tests.files.samples import (
    HTML,
    OLE,
    PDF,
    SVG,
    XML,
    ZIP,
    ftyp,
    gif,
    jpeg,
    png,
    wav,
    webp,
)

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("head", "name", "claimed", "type_"),
    [
        (jpeg(), "a.jpg", "image/jpeg", "image/jpeg"),
        (png(), "a.png", "image/png", "image/png"),
        (png(), "a.jpg", "image/jpeg", "image/png"),
        (gif(), "", "", "image/gif"),
        (webp(), "sticker.webp", "", "image/webp"),
        (ftyp(b"heic"), "IMG_1.HEIC", "", "image/heic"),
        (ftyp(b"isom"), "a.mp4", "video/mp4", "video/mp4"),
        (ftyp(b"isom"), "voice.m4a", "audio/mp4", "video/mp4"),
        (ftyp(b"M4A "), "voice.m4a", "audio/x-m4a", "audio/mp4"),
        (ftyp(b"qt  "), "a.mov", "video/quicktime", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 9, "a.webm", "audio/webm", "video/webm"),
        (b"ID3\x04\0\0\0\0\0\0", "a.mp3", "audio/mpeg", "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + b"\0" * 9, "", "", "audio/mpeg"),
        (b"OggS\0\x02" + b"\0" * 22 + b"OpusHead", "a.oga", "audio/ogg", "audio/ogg"),
        (b"#!AMR\n\x3c", "voice.amr", "", "audio/amr"),
        (b"#!SILK_V3", "", "", "audio/silk"),
        (b"\x02#!SILK_V3", "voice.amr", "audio/amr", "audio/silk"),
        (wav(), "a.wav", "audio/wav", "audio/wav"),
        (PDF, "a.pdf", "application/pdf", "application/pdf"),
        (ZIP, "a.zip", "application/zip", "application/zip"),
        (ZIP, "订单.docx", OFFICE, OFFICE),
        (OLE, "a.xls", "application/vnd.ms-excel", "application/vnd.ms-excel"),
        ("订单号 42\n".encode(), "a.txt", "text/plain", "text/plain"),
        ("\ufeff订单号".encode(), "a.csv", "text/csv", "text/plain"),
        ("订单号".encode("gb18030"), "a.txt", "", "text/plain"),
        ("眼".encode() * 2000, "a.txt", "", "text/plain"),
        (b"3 < 4", "", "", "text/plain"),
    ],
)
def test_the_first_bytes_tell_what_a_file_is(
    head: bytes, name: str, claimed: str, type_: str
) -> None:
    assert sniff(head[:4096], name, claimed) == type_


@pytest.mark.parametrize(
    ("head", "name", "claimed", "why"),
    [
        (SVG, "a.svg", "image/svg+xml", "type"),
        (SVG, "a.png", "image/png", "type"),
        (SVG, "a.txt", "text/plain", "type"),
        (HTML, "a.html", "text/html", "type"),
        (HTML, "a.pdf", "application/pdf", "type"),
        (b"\xef\xbb\xbf \r\n" + HTML, "a.txt", "text/plain", "type"),
        (HTML.decode().encode("utf-16"), "a.txt", "text/plain", "type"),
        (XML, "a.xml", "text/xml", "type"),
        (XML, "a.txt", "", "type"),
        (b"alert(1)", "a.js", "text/javascript", "type"),
        (b"alert(1)", "a.txt", "application/javascript", "type"),
        (b"alert(1)", "a.JS", "", "type"),
        (png(), "a.html", "image/png", "type"),
        (png(), "a.png", "text/html", "type"),
        (b"MZ\x90\0", "a.exe", "", "type"),
        (b"\x7fELF\x02\x01\x01\0", "a", "", "type"),
        (b"hello\0world", "a.txt", "", "type"),
        (b"   \n", "a.txt", "", "type"),
        (OLE, "a.msi", "", "type"),
        (OLE, "a", "", "type"),
        (ZIP, "a.jar", "", "type"),
        (PDF, "a.png", "image/png", "mismatch"),
        (PDF, "a.png", "", "mismatch"),
        (PDF, "", "image/jpeg", "mismatch"),
        (b"words", "a.gif", "", "mismatch"),
        (png(), "a.mp3", "audio/mpeg", "mismatch"),
        (wav(), "a.png", "", "mismatch"),
    ],
)
def test_what_could_be_run_or_is_not_what_it_says_is_refused(
    head: bytes, name: str, claimed: str, why: str
) -> None:
    with pytest.raises(Invalid) as refused:
        sniff(head, name, claimed)
    assert refused.value.facts["why"] == why


@pytest.mark.parametrize(
    ("type_", "called", "expected"),
    [
        ("image/png", "", "image"),
        ("image/png", "file", "image"),
        ("image/webp", "sticker", "sticker"),
        ("application/pdf", "sticker", "file"),
        ("image/heic", "image", "file"),
        ("audio/amr", "file", "voice"),
        ("video/mp4", "", "video"),
        ("text/plain", "voice", "file"),
    ],
)
def test_a_kind_follows_from_the_type(type_: str, called: str, expected: str) -> None:
    assert kind(type_, called) == expected
