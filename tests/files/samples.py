"""Small files of every kind: their first bytes are real, the rest is as short as can be."""

import struct
import zlib
from collections.abc import AsyncIterator


def png(width: int = 2, height: int = 2, colour: tuple[int, int, int] = (31, 111, 92)) -> bytes:
    """A whole picture of one colour."""
    rows = (b"\0" + bytes(colour) * width) * height
    return _png(width, height, zlib.compress(rows, 9))


def huge_png() -> bytes:
    """A few bytes that would unfold into gigabytes."""
    return _png(30_000, 30_000, zlib.compress(b"\0" * 100))


def _png(width: int, height: int, data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def gif(width: int = 2, height: int = 2, frame: tuple[int, int] = (2, 2)) -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0" * 6
    extension = b"!\xf9\x04\0\0\0\0\0"
    image = b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x44\x01\0;"
    return screen + extension + image


def jpeg(width: int = 2, height: int = 2, profile: int = 0) -> bytes:
    """With `profile` bytes of a colour profile before the frame."""
    icc = b""
    while profile > 0:
        icc += b"\xff\xe2" + struct.pack(">H", min(profile, 65000) + 2) + b"p" * min(profile, 65000)
        profile -= 65000
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + icc + frame + b"\xff\xd9"


def webp(width: int = 2, height: int = 2, form: str = "VP8X") -> bytes:
    match form:
        case "VP8X":
            size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
            body = b"\0\0\0\0" + size
        case "VP8L":
            body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + b"\0" * 5
        case _:
            body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunk = form.encode().ljust(4) + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def wav(seconds: float = 0.1) -> bytes:
    data = b"\x80" * int(8000 * seconds)
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = (
        b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def ftyp(brand: bytes) -> bytes:
    return struct.pack(">I", 20) + b"ftyp" + brand + b"\0\0\2\0isom" + b"\0" * 20


ZIP = b"PK\x03\x04\x14\0\0\0\0\0" + b"\0" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
XML = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'


async def chunks(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    """As a network delivers it."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


def pixels(width: int, height: int) -> bytes:
    """A picture with something to see in it: rings that change colour."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            ring = ((x - width // 2) ** 2 + (y - height // 2) ** 2) // 300 % 6
            rows += bytes((31 + ring * 36, 111 + ring * 10, 92 + ring * 24))
    return _png(width, height, zlib.compress(bytes(rows), 9))
