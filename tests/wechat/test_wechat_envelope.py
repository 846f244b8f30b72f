"""Signatures and ciphers, by Tencent's samples and by a second implementation of its side."""

from collections.abc import Mapping

import pytest

from adapters.wechat.envelope import LIMIT, Envelope
from adapters.wechat.signature import FRESH, sign
from gateway.errors import Forbidden, Invalid, TooLarge
from tests.clock import StillClock
from tests.wechat.tencent import Side
from tests.wechat.vectors import (
    KEY_V3,
    OURS,
    PLAIN_V5,
    SEALED_V3,
    SEALED_V4,
    SEALED_V5,
    TENCENT,
    V1,
    V2,
    V3,
    V4,
    V5,
    V5_AES,
    Account,
    at,
    body,
)

NOW = at(V5)
PLATFORM = Side(OURS.token, OURS.app_id, OURS.key)
HEX = V1["signature"]


def envelope(account: Account = OURS, now: int = NOW, mode: str = "safe", **more: str) -> Envelope:
    return Envelope(account.config(mode, **more), StillClock(now))


def without(query: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in query.items() if key != name}


def test_case_1_the_echo_comes_back_as_it_is() -> None:
    assert envelope(TENCENT, at(V1)).echo(V1) == "4375120948345356249"


def test_the_second_sample_of_tencent_is_signed_so_too() -> None:
    assert sign(TENCENT.token, V2["timestamp"], V2["nonce"]) == V2["signature"]


def test_capitals_sort_before_small_letters() -> None:
    assert sign("Zz", "1700000000", "9") == "6f691c6b1ca604a6209bf669c754e6f5416a8985"


@pytest.mark.parametrize(
    "query",
    [
        {**V1, "signature": "e" + HEX[1:]},
        {**V1, "signature": HEX[:-1] + "7"},
        {**V1, "signature": HEX.upper()},
        {**V1, "signature": HEX[:-1]},
        {**V1, "signature": ""},
        {**V1, "signature": "签" * 40},
        {**V1, "nonce": "1514711493"},
        {**V1, "nonce": "\ud800"},
        {**V1, "timestamp": "1714036505"},
        *(without(V1, name) for name in V1),
    ],
)
def test_case_2_a_signature_that_is_not_exactly_right_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        envelope(TENCENT, at(V1)).echo(query)


@pytest.mark.parametrize("off", [-FRESH - 1000, FRESH + 1])
def test_what_was_signed_more_than_five_minutes_away_is_refused(off: int) -> None:
    with pytest.raises(Forbidden, match="5 minutes"):
        envelope(TENCENT, at(V1) + off).echo(V1)
    with pytest.raises(Forbidden, match="5 minutes"):
        envelope(mode="plain", now=NOW + off).open(V5, PLAIN_V5.encode())


@pytest.mark.parametrize("off", [-FRESH, FRESH])
def test_within_five_minutes_it_is_taken(off: int) -> None:
    assert envelope(TENCENT, at(V1) + off).echo(V1) == V1["echostr"]


@pytest.mark.parametrize(
    "timestamp", ["", "now", "-1700000000", "1700000000.0", "１７", "9" * 5000]
)
def test_a_time_that_is_none_is_refused(timestamp: str) -> None:
    query = {**V5, "timestamp": timestamp, "signature": sign(OURS.token, timestamp, V5["nonce"])}
    with pytest.raises(Forbidden):
        envelope(mode="plain").open(query, PLAIN_V5.encode())


def test_case_4_a_signed_plain_body_is_opened() -> None:
    opened = envelope(mode="plain").open(V5, PLAIN_V5.encode())
    assert opened.payload["Content"] == "退款"
    assert opened.payload["MsgId"] == "24000000000000001"
    assert opened.seal("<xml/>") == "<xml/>"


def test_raw_is_another_word_for_plain() -> None:
    opened = envelope(mode="plain").open({**V5, "encrypt_type": "raw"}, PLAIN_V5.encode())
    assert opened.payload["Content"] == "退款"


@pytest.mark.parametrize("query", [{}, without(V5, "signature"), {**V5, "signature": "0" * 40}])
def test_case_5_an_unsigned_plain_body_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Forbidden):
        envelope(mode="plain").open(query, PLAIN_V5.encode())


def test_case_6_an_encrypted_body_is_opened_and_its_answer_verifies() -> None:
    opened = envelope().open(V5_AES, body(SEALED_V5))
    assert opened.payload["Content"] == "退款"
    assert PLATFORM.open(opened.seal("<xml>好的 👍🏻</xml>")) == "<xml>好的 👍🏻</xml>"


def test_an_answer_carries_the_nonce_of_its_request_and_our_time() -> None:
    answer = envelope(now=NOW + 2000).open(V5_AES, body(SEALED_V5)).seal("<xml/>")
    assert "<Nonce><![CDATA[20001]]></Nonce>" in answer
    assert "<TimeStamp>1700000002</TimeStamp>" in answer


def test_case_7_the_plain_signature_does_not_stand_for_the_other() -> None:
    query = {**V5_AES, "msg_signature": V5["signature"]}
    with pytest.raises(Forbidden):
        envelope().open(query, body(SEALED_V5))
    with pytest.raises(Forbidden):
        envelope().open(without(V5_AES, "msg_signature"), body(SEALED_V5))


def test_case_8_tencents_json_is_opened() -> None:
    opened = envelope(TENCENT, at(V3)).open(V3, body(SEALED_V3))
    assert opened.payload["Event"] == "debug_demo"
    sealed_json = f'{{"Encrypt": "{SEALED_V3}"}}'.encode()
    assert envelope(TENCENT, at(V3)).open(V3, sealed_json).payload == opened.payload


def test_case_9_another_app_id_is_refused() -> None:
    other = Side(OURS.token, "wxffffffffffffffff", OURS.key)
    with pytest.raises(Forbidden, match="can't decrypt"):
        envelope().open(*other.request(PLAIN_V5.encode(), NOW // 1000, "1"))


def test_case_9_another_key_is_refused() -> None:
    other = Side(OURS.token, OURS.app_id, KEY_V3)
    with pytest.raises(Forbidden, match="can't decrypt"):
        envelope().open(*other.request(PLAIN_V5.encode(), NOW // 1000, "1"))


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "=",
        "A",
        "AAAA",
        "签名",
        SEALED_V5[:-1],
        SEALED_V5[:-24],
        SEALED_V5[:44],
        SEALED_V5[:64],
        PLATFORM.encrypt_raw(bytes(32)),
        PLATFORM.encrypt_raw(b"\xff" * 64),
        PLATFORM.encrypt_raw(bytes(16) + b"\xff\xff\xff\xff" + b"x" * 12),
    ],
)
def test_case_9_a_cut_ciphertext_is_refused_though_it_is_signed(sealed: str) -> None:
    query = PLATFORM.query(NOW // 1000, "1", sealed or "none")
    query["msg_signature"] = sign(OURS.token, query["timestamp"], "1", sealed)
    with pytest.raises(Forbidden, match="can't decrypt"):
        envelope().open(query, body(sealed))


def test_case_9_a_body_without_a_ciphertext_is_refused() -> None:
    query = {**V5_AES, "msg_signature": sign(OURS.token, V5["timestamp"], V5["nonce"], "")}
    with pytest.raises(Forbidden):
        envelope().open(query, PLAIN_V5.encode())


def test_case_10_safe_mode_takes_no_plain_body() -> None:
    for query in (V5, {**V5, "encrypt_type": "raw"}):
        with pytest.raises(Forbidden, match="encrypted"):
            envelope().open(query, PLAIN_V5.encode())


def test_case_11_of_a_compat_body_only_the_ciphertext_counts() -> None:
    twin = "<Content><![CDATA[转账]]></Content><MsgId>1</MsgId>"
    opened = envelope(mode="compat").open(V5_AES, body(SEALED_V5, twin))
    assert (opened.payload["Content"], opened.payload["MsgId"]) == ("退款", "24000000000000001")


@pytest.mark.parametrize("mode", ["plain", "compat"])
def test_a_ciphertext_that_is_not_signed_as_one_is_refused(mode: str) -> None:
    twin = "<Content><![CDATA[转账]]></Content>"
    with pytest.raises(Forbidden):
        envelope(mode=mode).open(V5, body(SEALED_V5, twin))


def test_plain_mode_without_a_key_takes_no_encrypted_body() -> None:
    plain = Account(OURS.token, OURS.app_id, "")
    with pytest.raises(Forbidden, match="check mode"):
        envelope(plain, mode="plain").open(V5_AES, body(SEALED_V5))


def test_case_12_the_previous_key_is_taken_and_answered_with() -> None:
    changed = Account(OURS.token, OURS.app_id, "B" * 43)
    keys = envelope(changed, previous_aes_key=OURS.key)
    opened = keys.open(V5_AES, body(SEALED_V5))
    assert opened.payload["Content"] == "退款"
    assert PLATFORM.open(opened.seal("<xml/>")) == "<xml/>"
    newer = Side(OURS.token, OURS.app_id, "B" * 43)
    opened = keys.open(*newer.request(PLAIN_V5.encode(), NOW // 1000, "2"))
    assert newer.open(opened.seal("<xml/>")) == "<xml/>"


def test_case_14_tencents_other_json_is_opened() -> None:
    opened = envelope(TENCENT, at(V4)).open(V4, body(SEALED_V4))
    assert opened.payload == {"demo_resp": "good luck"}


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 60])
def test_case_14_every_length_comes_through_both_ways(length: int) -> None:
    frame = '{"Content":"%s"}'
    text = "x" * length
    request = PLATFORM.request((frame % text).encode(), NOW // 1000, "3")
    opened = envelope().open(*request)
    assert opened.payload == {"Content": text}
    assert PLATFORM.open(opened.seal(text)) == text


def test_two_answers_to_one_request_differ_in_nothing_but_their_cipher() -> None:
    opened = envelope().open(V5_AES, body(SEALED_V5))
    one, two = opened.seal("<xml/>"), opened.seal("<xml/>")
    assert one != two
    assert PLATFORM.open(one) == PLATFORM.open(two)


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_case_26_a_body_above_the_limit_is_too_large(mode: str) -> None:
    query = V5 if mode == "plain" else V5_AES
    with pytest.raises(TooLarge):
        envelope(mode=mode).open(query, b"x" * (LIMIT + 1))
    with pytest.raises(Invalid):
        envelope(mode=mode).open(query, b"x" * LIMIT)
