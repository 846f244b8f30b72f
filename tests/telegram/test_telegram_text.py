"""Long texts in parts: none too long, none torn where a reader would see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.text import split, units

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇨🇳"
THUMB = "👍🏽"
ACCENT = "e\u0301"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def test_length_is_counted_as_telegram_does() -> None:
    assert units("a运😀") == 4
    assert units(FAMILY) == len(FAMILY.encode("utf-16-le")) // 2


@pytest.mark.parametrize("sign", [FAMILY, FLAG, THUMB, ACCENT, SCOTLAND, "😀"])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_no_sign_is_torn(sign: str, before: str) -> None:
    text = before + sign * 60
    parts = split(text, 40)
    assert "".join(parts) == text
    for part in parts[1:]:
        assert part.startswith(sign)
    assert all(units(part) <= 40 for part in parts)


def test_a_line_then_a_word_is_a_better_place_to_cut() -> None:
    assert split("one two three\nfour five", 20) == ["one two three\n", "four five"]
    assert split("one two three four five", 20) == ["one two three four ", "five"]


def test_what_fits_is_one_part_and_nothing_is_none() -> None:
    assert split("a" * 4096) == ["a" * 4096]
    assert split("") == []
    assert split(" \n") == []


def test_a_sign_longer_than_a_part_is_cut_all_the_same() -> None:
    text = "a" + "\u0301" * 100
    parts = split(text, 20)
    assert "".join(parts) == text
    assert all(units(part) <= 20 for part in parts)


@given(st.text(max_size=300))
def test_parts_are_the_text(text: str) -> None:
    parts = split(text, 16)
    assert all(units(part) <= 16 for part in parts)
    assert "".join(parts).split() == text.split()
