"""Our replies as the platform reads them: nothing in a text is markup, nothing is escaped twice."""

import json
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wechat import render
from adapters.wechat.payload import read
from adapters.wechat.wire import encode
from gateway.message import NONE, PERSON, Suggestion

TO, OURS, AT = "oUSER", "gh_test", 1_700_000_000
STARS = [Suggestion(f"rate:{stars}", "★" * stars) for stars in range(5, 0, -1)]


def elements(xml: str) -> list[tuple[str, str | None]]:
    """What another parser than ours finds in it."""
    return [(one.tag, one.text) for one in ET.fromstring(xml)]


def test_a_text_goes_back_to_who_wrote() -> None:
    assert sorted(elements(render.passive_text(TO, OURS, AT, "好的 👍🏻\n再见"))) == [
        ("Content", "好的 👍🏻\n再见"),
        ("CreateTime", "1700000000"),
        ("FromUserName", "gh_test"),
        ("MsgType", "text"),
        ("ToUserName", "oUSER"),
    ]


def test_a_picture_goes_back_by_its_id() -> None:
    root = ET.fromstring(render.passive_image(TO, OURS, AT, "media-1"))
    assert root.findtext("MsgType") == "image"
    assert root.findtext("Image/MediaId") == "media-1"
    assert root.findtext("ToUserName") == "oUSER"


@pytest.mark.parametrize(
    "text",
    [
        "a]]>b",
        "x]]></Content><ToUserName>evil</ToUserName><Content><![CDATA[y",
        "]]>",
        "]]]]>>",
        "]]]]><![CDATA[>",
        "<b>&amp; {name} %s",
        "a]]",
    ],
)
def test_case_22_a_text_is_exactly_itself_and_nothing_else(text: str) -> None:
    found = elements(render.passive_text(TO, OURS, AT, text))
    assert [content for tag, content in found if tag == "Content"] == [text]
    assert [content for tag, content in found if tag == "ToUserName"] == [TO]
    assert len(found) == 5


@pytest.mark.parametrize("control", ["\x0b", "\x00", "\x1b", "\x7f", "\ufffe", "\uffff", "\ud800"])
def test_case_23_controls_are_stripped(control: str) -> None:
    xml = render.passive_text(TO, OURS, AT, f"a{control}b")
    assert dict(elements(xml))["Content"] == "ab"
    assert render.text(TO, f"a{control}b")["text"] == {"content": "ab"}


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_said_reads_as_one_text(text: str) -> None:
    found = read(render.passive_text(TO, OURS, AT, text))
    assert found["Content"] == render.clean(text)
    assert found["ToUserName"] == TO
    encode(render.menu(TO, text, [Suggestion(text, text)]))


def test_case_39_what_goes_out_as_json_is_not_escaped() -> None:
    sent = encode(render.text(TO, '中文 😀 "a"\n'))
    assert sent == (
        '{"touser": "oUSER", "msgtype": "text", "text": {"content": "中文 😀 \\"a\\"\\n"}}'.encode()
    )


def test_a_picture_is_sent_by_its_id() -> None:
    assert render.file(TO, "image", "media-1") == {
        "touser": "oUSER",
        "msgtype": "image",
        "image": {"media_id": "media-1"},
    }


def test_stars_are_a_menu_whose_first_item_is_101() -> None:
    sent = json.loads(encode(render.menu(TO, "请评分", STARS, "谢谢")))
    assert (sent["touser"], sent["msgtype"]) == ("oUSER", "msgmenu")
    assert sent["msgmenu"] == {
        "head_content": "请评分",
        "list": [
            {"id": "101", "content": "★★★★★"},
            {"id": "102", "content": "★★★★"},
            {"id": "103", "content": "★★★"},
            {"id": "104", "content": "★★"},
            {"id": "105", "content": "★"},
        ],
        "tail_content": "谢谢",
    }


def test_case_40_where_there_is_no_menu_there_are_links() -> None:
    offered = [
        Suggestion("rate:5", "满意"),
        Suggestion(NONE, "都不是"),
        Suggestion(PERSON, "转人工"),
    ]
    assert render.flat("请选择：", offered) == (
        "请选择：\n"
        '<a href="weixin://bizmsgmenu?msgmenucontent=满意&msgmenuid=101">满意</a>\n'
        '<a href="weixin://bizmsgmenu?msgmenucontent=都不是&msgmenuid=201">都不是</a>\n'
        '<a href="weixin://bizmsgmenu?msgmenucontent=转人工&msgmenuid=202">转人工</a>'
    )


def test_a_text_without_suggestions_has_no_links() -> None:
    assert render.flat("好的", []) == "好的"


@pytest.mark.parametrize("label", ['a"b', "a<b>c</a>", "1 & 2 = 3", "50%", "a+b #c", "它's"])
def test_a_link_ends_where_it_should(label: str) -> None:
    link = render.flat("", [Suggestion("one", label)])
    address, shown = (
        link.removeprefix('<a href="weixin://bizmsgmenu?').removesuffix("</a>").split('">')
    )
    assert parse_qs(address)["msgmenucontent"] == [label]
    assert not {"<", ">"} & set(shown)
