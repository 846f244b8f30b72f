"""SECURITY row 46: no name, whatever it holds, is more than a few characters to read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.files.names import LONGEST, clean


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\windows\\system.ini", "_.._windows_system.ini"),
        ("a\0.png", "a.png"),
        ("a.png\r\nX-Evil: 1", "a.pngX-Evil: 1"),
        ("ev\u202egpj.exe", "evgpj.exe"),
        (".htaccess", "htaccess"),
        ("  a   b .txt ", "a b .txt"),
        ("a\ud800b", "ab"),
        ("", ""),
        ("...", ""),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("y" * 300, "y" * 120),
    ],
)
def test_a_name_keeps_what_people_read(given_name: str, kept: str) -> None:
    assert clean(given_name) == kept


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=400))
def test_no_name_can_steer_a_path_a_header_or_an_eye(name: str) -> None:
    kept = clean(name)
    assert len(kept) <= LONGEST
    assert not set(kept) & set("/\\\0\r\n")
    assert not kept.startswith(".")
    assert all(unicodedata.bidirectional(one) not in _TURNING for one in kept)
    assert all(unicodedata.category(one) not in ("Cc", "Cs") for one in kept)
    assert clean(kept) == kept
    kept.encode()


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
