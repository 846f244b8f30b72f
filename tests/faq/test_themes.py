"""What entries are about: by the senses of their words, whatever the words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.content import Faq
from faq.entry import Entry
from faq.matching.corpus import Corpus
from faq.matching.gist import Gist
from faq.matching.matcher import Matcher
from faq.matching.normalise import normalise
from faq.matching.reading import Reader
from faq.matching.senses import DIMENSIONS, SCALE, places, senses
from faq.matching.themes import Themes
from faq.vectors import Floats

READER = Reader({})
FAQ = Faq(
    (
        Entry("parcel", ("my parcel has not arrived", "包裹还没到")),
        Entry("refund", ("when do I get my refund", "退款多久到账")),
        Entry("hours", ("what are your opening hours", "几点开门")),
        Entry("doctor", ("can I see an optician today", "今天能验光吗")),
    )
)


def sense(word: str) -> Floats:
    row: Floats = senses()[places(READER.read(normalise(word)).tokens)].astype(np.float32)[0]
    return row


@pytest.mark.parametrize(
    ("word", "like", "unlike"),
    [
        ("refund", "reimburse", "window"),
        ("shipment", "freight", "password"),
        ("取消", "中止", "眼镜"),
        ("cancel", "取消", "船"),
    ],
)
def test_words_that_are_used_alike_have_senses_alike(word: str, like: str, unlike: str) -> None:
    assert sense(word) @ sense(like) > 2 * abs(sense(word) @ sense(unlike))


def test_the_usual_sense_has_length_1() -> None:
    lengths = np.linalg.norm(senses().astype(np.float32) / SCALE, axis=1)
    assert senses().shape[1] == DIMENSIONS
    assert np.median(lengths) == pytest.approx(1, abs=0.02)
    assert lengths.min() > 0.1
    assert lengths.max() < 2.5


def test_words_that_tell_little_have_short_senses() -> None:
    lengths = {word: np.linalg.norm(sense(word)) for word in ("the", "do", "refund", "password")}
    assert max(lengths["the"], lengths["do"]) < 0.5 * min(lengths["refund"], lengths["password"])


def test_chinese_is_read_in_words_where_the_table_has_them() -> None:
    assert len(places(READER.read("取消").tokens)) == 1
    assert len(places(READER.read("取消 cancel 船").tokens)) == 3
    assert places(READER.read("qqqq 7 ㍿").tokens) == []


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("the package is still missing", "parcel"),
        ("reimbursement", "refund"),
    ],
)
def test_what_shares_no_word_is_found_by_what_it_is_about(text: str, entry: str) -> None:
    best = Matcher(FAQ).match(text).best
    assert best
    assert best.id == entry


def built(texts: list[str], owners: list[int]) -> tuple[Gist, Themes]:
    corpus = Corpus([normalise(text) for text in texts], READER)
    own, entries = np.array(owners, np.int64), max(owners, default=-1) + 1
    gist = Gist(corpus, own, entries)
    return gist, Themes(lambda: gist.all(corpus), DIMENSIONS, own, entries)


def test_a_text_is_read_alone_as_it_is_among_others() -> None:
    texts = ["how much is shipping", "7", "运费怎么算 please"]
    corpus = Corpus(texts, READER)
    gist = Gist(corpus, np.arange(3), 3)
    together = np.concatenate([rows for _, rows in gist.all(corpus)])
    alone = np.stack([gist.of(READER.read(text)) for text in texts])
    assert together == pytest.approx(alone, abs=1e-5)
    assert not together[1].any()


def test_a_phrasing_left_out_says_nothing_for_its_entry() -> None:
    gist, themes = built(["track my order", "refund please", "zebra music"], [0, 1, 1])
    asked = themes.seen(gist.of(READER.read("zebra music")))
    both = np.arange(2)
    assert themes.likeness(asked, both)[1] > 0.5
    without = themes.likeness(asked, both, without=2)
    other = themes.seen(gist.of(READER.read("refund please")))
    assert without[1] == pytest.approx(float(other @ asked), abs=1e-5)
    assert without[0] == pytest.approx(float(themes.likeness(asked, both)[0]))


def test_nothing_known_is_about_nothing() -> None:
    gist, themes = built(["track my order", "refund"], [0, 1])
    nothing = themes.seen(gist.of(READER.read("qqqq 7")))
    assert len(themes.nearest(nothing, 5)) == 0
    assert not themes.likeness(nothing, np.arange(2)).any()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.text("运费退款 refunship7?", max_size=20), st.integers(0, 4))))
def test_likeness_stays_within_its_bounds(phrasings: list[tuple[str, int]]) -> None:
    ordered = sorted(phrasings, key=lambda one: one[1])
    texts, owners = [text for text, _ in ordered], [owner for _, owner in ordered]
    gist, themes = built(texts, owners)
    for text in texts:
        asked = themes.seen(gist.of(READER.read(normalise(text))))
        likeness = themes.likeness(asked, np.unique(owners))
        assert np.all(np.abs(likeness) <= 1 + 1e-5)
        assert np.all(np.isfinite(likeness))


def test_directions_in_which_entries_differ_within_count_less() -> None:
    chance = np.random.default_rng(0)
    owners = np.repeat(np.arange(20), 10)
    vectors = np.zeros((200, 8), np.float32)
    vectors[:, :4] = np.repeat(chance.normal(size=(20, 4)), 10, axis=0)
    vectors[:, 4:] = chance.normal(size=(200, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    def directions() -> Iterator[tuple[slice, Floats]]:
        yield slice(0, 200), vectors

    seen = Themes(directions, 8, owners, 20).seen(vectors)
    share = np.square(vectors[:, :4]).sum() / np.square(vectors).sum()
    assert np.square(seen[:, :4]).sum() / np.square(seen).sum() > share + 0.1


def test_with_one_phrasing_an_entry_all_directions_count_alike() -> None:
    vectors = np.random.default_rng(0).normal(size=(12_000, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    def directions() -> Iterator[tuple[slice, Floats]]:
        yield slice(0, 7_000), vectors[:7_000]
        yield slice(7_000, 12_000), vectors[7_000:]

    seen = Themes(directions, 8, np.arange(12_000), 12_000).seen(vectors)
    middle = vectors - vectors.mean(axis=0)
    alike = middle / np.linalg.norm(middle, axis=1, keepdims=True)
    assert seen == pytest.approx(alike, abs=1e-4)
