"""Each step of normalisation as a table, and that it settles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.matching.normalise import MAX_CHARACTERS, language, normalise


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("運費怎麼算？", "运费怎么算"),
        ("裡面的麵條", "里面的面条"),
        ("ＡＢＣ１２３", "abc123"),
        ("Where's my ORDER?!", "wheres my order"),
        ("Where’s it", "wheres it"),
        ("Café à Genève", "cafe a geneve"),
        ("买iPhone12多少钱", "买 iphone12 多少钱"),
        ("1.56和1.60的区别", "1.56 和 1.60 的区别"),
        ("好的👌😂……", "好的"),
        ("a_b-c/d", "a b c d"),
        ("Привет мир", "привет мир"),
        ("  \u200b\t\n ", ""),
        ("？！。", ""),
    ],
)
def test_what_means_the_same_is_spelt_the_same(written: str, read_as: str) -> None:
    assert normalise(written) == read_as


@settings(deadline=None)
@given(st.text(max_size=700))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert len(once) <= MAX_CHARACTERS


def test_only_the_first_five_hundred_characters_count() -> None:
    assert normalise("运" * 500 + "费" * 60_000) == "运" * 500


@pytest.mark.parametrize(
    ("text", "expected"),
    [("运费怎么算", "zh"), ("how much", "en"), ("iPhone 坏了", "zh"), ("😂", ""), ("42", "")],
)
def test_the_language_is_guessed_from_the_letters(text: str, expected: str) -> None:
    assert language(normalise(text)) == expected
