"""SECURITY row 44: a picture that is too large is known by its header and never unpacked."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import Invalid
from gateway.files.pictures import require_small
from tests.files.samples import gif, huge_png, jpeg, png, webp

LARGE = (5000, 4001)
FITS = (5000, 4000)


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("image/png", png()),
        ("image/jpeg", jpeg(*FITS)),
        ("image/jpeg", jpeg(*FITS, profile=300_000)),
        ("image/gif", gif(*FITS)),
        ("image/webp", webp(*FITS)),
        ("image/webp", webp(*FITS, form="VP8L")),
        ("image/webp", webp(*FITS, form="VP8 ")),
        ("application/pdf", b""),
    ],
)
def test_twenty_megapixels_are_taken(type_: str, data: bytes) -> None:
    require_small(type_, io.BytesIO(data))


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("image/png", huge_png()),
        ("image/jpeg", jpeg(*LARGE)),
        ("image/jpeg", jpeg(*LARGE, profile=300_000)),
        ("image/gif", gif(*LARGE)),
        ("image/gif", gif(frame=LARGE)),
        ("image/webp", webp(*LARGE)),
        ("image/webp", webp(*LARGE, form="VP8L")),
        ("image/webp", webp(*LARGE, form="VP8 ")),
    ],
)
def test_more_than_twenty_megapixels_are_refused(type_: str, data: bytes) -> None:
    assert len(data) < 400_000
    with pytest.raises(Invalid, match="at most 20 million"):
        require_small(type_, io.BytesIO(data))


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("image/png", png()[:20]),
        ("image/png", png()[:12] + b"IDAT" + png()[16:]),
        ("image/png", png(0)),
        ("image/jpeg", b"\xff\xd8\xff\xda\0\0"),
        ("image/jpeg", b"\xff\xd8\xff\xe0\0\0"),
        ("image/jpeg", jpeg()[:14]),
        ("image/gif", gif()[:9]),
        ("image/webp", webp()[:20]),
        ("image/webp", webp(form="VP8L")[:22]),
        ("image/jpeg", jpeg(profile=5_000_000)),
        ("image/jpeg", jpeg()[:2] + b"\xff" * 5_000_000),
        ("image/gif", gif()[:-2] + b"\1\0" * 600_000),
        ("image/gif", gif()[:19] + b"!\xff\0" * 600_000),
    ],
)
def test_a_header_that_says_no_size_is_refused(type_: str, data: bytes) -> None:
    with pytest.raises(Invalid, match="no size"):
        require_small(type_, io.BytesIO(data))


@given(
    st.sampled_from(["image/png", "image/jpeg", "image/gif", "image/webp"]),
    st.sampled_from([png(), jpeg(), gif(), webp(), webp(form="VP8L"), webp(form="VP8 ")]),
    st.binary(max_size=64),
    st.integers(0, 60),
)
def test_no_bytes_break_the_reader(type_: str, data: bytes, noise: bytes, at: int) -> None:
    broken = data[:at] + noise + data[at + len(noise) :]
    with suppress(Invalid):
        require_small(type_, io.BytesIO(broken))
