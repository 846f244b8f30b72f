"""Long texts in pieces: few, full, and cut where nobody stumbles."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.wechat.pieces import LIMIT, pieces

LINK = '<a href="https://shop.example/returns">退货说明</a>'
THUMB = "👍🏻"
FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇨🇳"


def size(text: str) -> int:
    return len(text.encode())


def test_case_24_what_fits_is_one_piece() -> None:
    text = "好" * 682 + "ab"
    assert size(text) == LIMIT
    assert pieces(text) == [text]
    assert pieces("好" * 683) == ["好" * 682, "好"]


@pytest.mark.parametrize("before", range(9))
@pytest.mark.parametrize("whole", [THUMB, FAMILY, FLAG, "é", "1️⃣", "각", LINK])
def test_case_24_no_character_and_no_link_is_cut(before: int, whole: str) -> None:
    text = "a" * before + whole * 400
    found = pieces(text)
    assert "".join(found) == text
    assert max(map(size, found)) <= LIMIT
    for piece in found:
        assert piece.lstrip("a") == whole * piece.count(whole)


def test_a_link_that_would_be_cut_goes_into_the_next_piece() -> None:
    text = "好" * 670 + LINK + "。"
    assert pieces(text) == ["好" * 670, LINK + "。"]


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("请在七天内寄回，运费由我们承担。", "。"),
        ("您是说“退货吗？”", "”"),
        ("Send it back within 7.5 days, please. ", "."),
        ('She asked "when?" ', '"'),
        ("第一行，没有句号\n", "号"),
    ],
)
def test_pieces_end_with_a_sentence(sentence: str, end: str) -> None:
    found = pieces(sentence * 300)
    assert len(found) > 1
    assert all(piece.endswith(end) for piece in found)
    assert min(map(size, found[:-1])) > LIMIT - 2 * size(sentence)


def test_without_sentences_they_end_with_a_word() -> None:
    found = pieces("word " * 1000)
    assert set(" ".join(found).split(" ")) == {"word"}
    assert set("".join(pieces("一项、" * 400)).split("、")) == {"一项", ""}


def test_a_sentence_that_ends_early_is_no_reason_to_send_a_message_more() -> None:
    assert pieces("好。" + "好" * 1000) == ["好。" + "好" * 680, "好" * 320]


def test_what_alone_is_too_long_is_cut_all_the_same() -> None:
    link = f'<a href="https://shop.example/{"a" * LIMIT}">x</a>'
    assert "".join(pieces(link)) == link
    accents = "e" + "\u0301" * LIMIT
    assert "".join(pieces(accents)) == accents


def test_nothing_is_no_piece() -> None:
    assert pieces("") == pieces(" \n") == []


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["好", "a", " ", "。", "\n", ". ", "，", THUMB, FAMILY, FLAG, LINK, "\ud800"]
        )
    ).map("".join),
    st.integers(70, 200),
)
@example("好。" * 100, 70)
def test_nothing_but_spaces_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    for piece in found:
        assert 0 < len(piece.encode("utf-8", "replace")) <= limit
        assert piece == piece.strip()
        assert piece.count("<a ") == piece.count("</a>")
