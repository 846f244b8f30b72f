"""Bodies, good and hostile: each is read or refused, never followed and never a surprise."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wechat.convert import read as converted
from adapters.wechat.envelope import Envelope
from adapters.wechat.payload import DEPTH, read
from gateway.errors import Invalid, Refused
from tests.clock import StillClock
from tests.wechat.tencent import Side
from tests.wechat.vectors import OURS, PLAIN_V5, V5, at

PAYLOADS = Path(__file__).parent / "payloads"
PLATFORM = Side(OURS.token, OURS.app_id, OURS.key)
CONFIG = OURS.config("compat")

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
    + "]><xml><MsgType>&j;</MsgType></xml>"
)
EXTERNAL = (
    '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<xml><MsgType>text</MsgType><Content>&x;</Content></xml>"
)


def test_case_4_a_message_is_read() -> None:
    assert read(PLAIN_V5) == {
        "ToUserName": "gh_test",
        "FromUserName": "oUSER",
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": "退款",
        "MsgId": "24000000000000001",
    }


@pytest.mark.parametrize("path", sorted(PAYLOADS.iterdir()), ids=lambda path: str(path.name))
def test_every_recorded_payload_is_read(path: Path) -> None:
    assert read(path.read_bytes())["MsgType"]


def test_xml_and_json_say_the_same() -> None:
    assert read((PAYLOADS / "text.json").read_bytes()) == read((PAYLOADS / "text.xml").read_bytes())


@pytest.mark.parametrize("before", ["", "\ufeff", " \n", '<?xml version="1.0"?>\n'])
def test_a_declaration_may_stand_before_the_root(before: str) -> None:
    assert read((before + PLAIN_V5).encode())["Content"] == "退款"


def test_a_declared_encoding_is_not_believed() -> None:
    assert read(f'<?xml version="1.0" encoding="gbk"?>{PLAIN_V5}'.encode())["Content"] == "退款"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml/>",
        b"<xml>",
        b"<html><body></body></html>",
        b"<xml><MsgType>text</xml>",
        b"<xml></xml><xml></xml>",
        b"<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>",
        b"<xml><MsgType/><MsgType>event</MsgType></xml>",
        b'<xml><MsgType a="1">text</MsgType></xml>',
        b'<xml xmlns="urn:x"><MsgType>text</MsgType></xml>',
        b"<xml><MsgType>\xff\xfe</MsgType></xml>",
        b"<xml><MsgType>\x00</MsgType></xml>",
        b"<xml><MsgType>&nbsp;</MsgType></xml>",
        PLAIN_V5.encode("utf-16"),
        b"{",
        b"{}{}",
        b'{"MsgType": NaN}',
        b'{"MsgType": "text", "MsgType": "event"}',
        b"[]",
        b'"text"',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
    ],
)
def test_case_25_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        EXTERNAL,
        f"<!DOCTYPE xml>{PLAIN_V5}",
        f"<!doctype xml>{PLAIN_V5}",
        f'<?xml version="1.0"?> <!DOCTYPE xml>{PLAIN_V5}',
        f"<!---->{PLAIN_V5}",
        f"<xml><!DOCTYPE xml>{PLAIN_V5}</xml>",
    ],
)
def test_case_26_a_document_type_is_refused(body: str) -> None:
    with pytest.raises(Invalid):
        read(body)


def test_a_customer_may_well_write_about_document_types() -> None:
    assert read("<xml><Content><![CDATA[<!DOCTYPE html>]]></Content></xml>") == {
        "Content": "<!DOCTYPE html>"
    }


def test_a_text_in_two_sections_is_one() -> None:
    assert read("<xml><Content><![CDATA[a]]]]><![CDATA[>b]]></Content></xml>")["Content"] == "a]]>b"


@pytest.mark.parametrize("count", [DEPTH + 1, 1000, 80_000])
def test_what_lies_too_deep_is_refused(count: int) -> None:
    for body in (
        f"<xml>{'<a>' * count}{'</a>' * count}</xml>",
        '{"a":' + "[" * count + "]" * count + "}",
        '{"a":' * (count + 1) + "1" + "}" * (count + 1),
    ):
        with pytest.raises(Invalid):
            read(body[:262_144])


def test_lists_in_an_event_are_left_out() -> None:
    found = read((PAYLOADS / "pictures.xml").read_bytes())
    assert found["Event"] == "pic_sysphoto"
    assert found["SendPicsInfo"] == ""
    assert "item" not in found
    assert read('{"Event": "x", "Info": {"List": [1, 2]}, "Flag": true}') == {
        "Event": "x",
        "Info": "",
        "Flag": "",
    }


def test_long_numbers_stay_what_they_are() -> None:
    assert read('{"MsgId": 24000000000000001234567890, "X": 1.10}') == {
        "MsgId": "24000000000000001234567890",
        "X": "1.10",
    }


NAMES = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content", "MsgId",
     "MediaId", "bizmsgmenuid", "Recognition", "Encrypt", "x"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["text", "event", "image", "voice", "location", "CLICK", "subscribe", "SCAN"]),
)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), VALUES),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=8)),
    max_leaves=12,
)
WHOLE = st.fixed_dictionaries(
    {
        "ToUserName": st.just("gh_test"),
        "FromUserName": st.just("oUSER"),
        "CreateTime": st.one_of(st.just("1700000000"), VALUES),
        "MsgType": VALUES,
        "MsgId": st.one_of(st.integers(), VALUES),
    },
    optional=dict.fromkeys(["Event", "EventKey", "Content", "MediaId", "bizmsgmenuid"], VALUES),
)
BODIES = st.one_of(
    WHOLE.map(lambda whole: json.dumps(whole).encode()),
    st.binary(max_size=300),
    st.text(max_size=100).map(lambda text: f"<xml>{text}</xml>".encode("utf-8", "surrogatepass")),
    st.lists(st.tuples(NAMES, VALUES), max_size=8).map(
        lambda tags: (
            "<xml>"
            + "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in tags)
            + "</xml>"
        ).encode("utf-8", "surrogatepass")
    ),
    TREES.map(lambda tree: json.dumps(tree).encode()),
)


@settings(deadline=None)
@given(body=BODIES, sealed=st.booleans())
def test_whatever_is_signed_is_read_or_refused(body: bytes, sealed: bool) -> None:
    envelope = Envelope(CONFIG, StillClock(at(V5)))
    query, sent = PLATFORM.query(at(V5) // 1000, "1"), body
    if sealed:
        query, sent = PLATFORM.request(body, at(V5) // 1000, "1")
    try:
        incoming = converted(envelope.open(query, sent).payload, "official", CONFIG)
    except Refused:
        return
    assert (incoming.message is None) == bool(incoming.ignored)
    if incoming.message is not None:
        for text in (incoming.message.id, incoming.message.text, incoming.message.choice):
            assert "\0" not in text
            assert text.encode().decode() == text


@settings(deadline=None)
@given(
    body=BODIES,
    query=st.dictionaries(
        st.sampled_from([*V5, "encrypt_type", "msg_signature"]), st.text(max_size=50)
    ),
)
def test_whatever_is_not_signed_is_refused(body: bytes, query: dict[str, str]) -> None:
    with pytest.raises(Refused):
        Envelope(CONFIG, StillClock(at(V5))).open({**V5, **query, "signature": "0" * 40}, body)
