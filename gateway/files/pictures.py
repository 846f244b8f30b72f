"""How large a picture would be once it is unpacked, read from its header and never by unpacking.

A PNG of 17 KB can unfold into 700 MB in the browser of whoever looks at it.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import BinaryIO

from gateway.errors import Invalid

PIXELS = 20_000_000
HEADER = 4_000_000  # bytes in which a JPEG must have said its size
BLOCKS = 500_000  # of a GIF: more would be many seconds of counting

Size = tuple[int, int]


def require_small(type_: str, file: BinaryIO) -> None:
    """Raise Invalid for a picture of more than PIXELS, and for one whose header says no size."""
    measure = _MEASURES.get(type_)
    if measure is None:
        return
    size = measure(file)
    if size is None or 0 in size:
        raise Invalid("this picture is damaged: its header says no size", why="damaged")
    width, height = size
    if width * height > PIXELS:
        raise Invalid(
            f"this picture has {width} × {height} pixels, at most {PIXELS // 1_000_000} million"
            " are taken: make it smaller",
            why="pixels",
        )


def _png(file: BinaryIO) -> Size | None:
    head = _read(file, 24)
    if head[12:16] != b"IHDR":
        return None
    return _big(head[16:20]), _big(head[20:24])


def _gif(file: BinaryIO) -> Size | None:
    """The screen, and every frame on it: a frame may be larger than its screen."""
    head = _read(file, 13)
    if len(head) < 13:
        return None
    width, height = _little(head[6:8]), _little(head[8:10])
    file.seek(13 + _palette(head[10]))
    blocks = 0
    while (block := file.read(1)) == b"!" or block == b",":
        if block == b"!":
            file.read(1)
        else:
            frame = file.read(9)
            width = max(width, _little(frame[4:6]))
            height = max(height, _little(frame[6:8]))
            file.seek(_palette(frame[8] if len(frame) == 9 else 0) + 1, 1)
        while blocks <= BLOCKS and (length := file.read(1).rstrip(b"\0")):
            file.seek(length[0], 1)
            blocks += 1
        blocks += 1
        if blocks > BLOCKS:
            return None
    return width, height


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(file: BinaryIO) -> Size | None:
    head = _read(file, 30)
    match head[12:16]:
        case b"VP8X" if len(head) == 30:
            return _little(head[24:27]) + 1, _little(head[27:30]) + 1
        case b"VP8L" if len(head) >= 25 and head[20] == 0x2F:
            bits = _little(head[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if head[23:26] == b"\x9d\x01\x2a":
            return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    return None


# Start of frame: all of C0 to CF but the tables (C4), the reserved (C8) and the arithmetic (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


def _jpeg(file: BinaryIO) -> Size | None:
    """Walk from segment to segment up to the frame's: colour profiles may lie before it."""
    head = BytesIO(_read(file, HEADER))
    head.seek(2)
    while (marker := _marker(head)) is not None:
        if marker in _BARE:
            continue
        length = _big(head.read(2))
        if marker in _FRAMES:
            frame = head.read(5)
            return (_big(frame[3:5]), _big(frame[1:3])) if len(frame) == 5 else None
        if length < 2 or marker == 0xDA:
            return None
        head.seek(length - 2, 1)
    return None


def _marker(file: BinaryIO) -> int | None:
    if file.read(1) != b"\xff":
        return None
    while (code := file.read(1)) == b"\xff":
        pass
    return code[0] if code else None


def _read(file: BinaryIO, count: int) -> bytes:
    file.seek(0)
    return file.read(count)


def _big(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _little(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


_MEASURES: Mapping[str, Callable[[BinaryIO], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/jpeg": _jpeg,
}
