"""Every kind and event of the platform as our own message, from recorded payloads."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from adapters.wechat.convert import CLICKED, JOINED, SCANNED, WRITTEN, Incoming, Media, chosen, read
from adapters.wechat.payload import read as payload
from adapters.wechat.taps import meant, number
from gateway.clock import MINUTE
from gateway.errors import Invalid
from gateway.message import (
    NONE,
    PERSON,
    Attachment,
    Contact,
    Grant,
    Kind,
    Message,
    Suggestion,
)
from tests.wechat.vectors import OURS, PLAIN_V5

PAYLOADS = Path(__file__).parent / "payloads"
CONFIG = OURS.config()
OPENID = "oN7kQ5Kd5ggOC-bXrbNODIiE3bGY"
WHO = Contact("official", OPENID, "微信用户3NQG", "zh")
AT = 1_700_000_000_000
EVENT = f"{OPENID}:1700000000"


def incoming(
    name: str, labels: Mapping[str, str] = MappingProxyType({}), /, **changes: str
) -> Incoming:
    """What a recorded payload comes to, with some of its texts changed."""
    found = {**payload((PAYLOADS / name).read_bytes()), **changes}
    return read(found, "official", CONFIG, labels)


def message(
    id_: str,
    text: str = "",
    kind: Kind = Kind.TEXT,
    *attachments: Attachment,
    choice: str = "",
    rating: int = 0,
    grant: Grant | None = WRITTEN,
) -> Message:
    return Message(id_, WHO, text, kind, choice, rating, attachments, AT, grant=grant)


def numbered(last: int) -> str:
    return f"2400000000000{last:04}"


UNSUPPORTED = Attachment("file", CONFIG.texts.unsupported.zh)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text.xml", message(numbered(1), "怎么退款？")),
        ("text.json", message(numbered(1), "怎么退款？")),
        ("text_none.xml", message(numbered(6), "都不是", Kind.CHOICE, choice=NONE, grant=CLICKED)),
        (
            "text_person.xml",
            message(numbered(7), "转人工", Kind.CHOICE, choice=PERSON, grant=CLICKED),
        ),
        ("image.xml", message(numbered(8), "", Kind.TEXT, Attachment("image"))),
        (
            "voice_recognised.xml",
            message(numbered(10), "几点开门", Kind.TEXT, Attachment("voice", type="audio/amr")),
        ),
        ("video.xml", message(numbered(11), "", Kind.TEXT, Attachment("video", type="video/mp4"))),
        (
            "shortvideo.xml",
            message(numbered(12), "", Kind.TEXT, Attachment("video", type="video/mp4")),
        ),
        (
            "location.xml",
            message(
                numbered(13),
                "",
                Kind.TEXT,
                Attachment("place", "广州市天河区体育西路 (23.134521, 113.358803)"),
            ),
        ),
        ("link.xml", message(numbered(14), "保温杯 500 ml\nhttps://shop.example/cup")),
        ("subscribe.xml", message(f"{EVENT}:subscribe:", kind=Kind.JOINED, grant=JOINED)),
        ("unsubscribe.xml", message(f"{EVENT}:unsubscribe:", kind=Kind.LEFT, grant=None)),
        (
            "click.xml",
            message(
                f"{EVENT}:CLICK:returns", "returns", Kind.CHOICE, choice="returns", grant=CLICKED
            ),
        ),
    ],
)
def test_what_a_customer_does_becomes_a_message(name: str, expected: Message) -> None:
    found = incoming(name)
    assert found.message == expected
    assert (found.ours, found.theirs) == ("gh_97417a04a28d", OPENID)
    assert (found.tap, found.ignored) == ("", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("image.xml", Media("image", "picture-1", "http://mmbiz.qpic.cn/mmbiz_jpg/a/0")),
        ("voice.xml", Media("voice", "voice-1")),
        ("voice_recognised.xml", Media("voice", "voice-2")),
        ("video.xml", Media("video", "video-1")),
        ("shortvideo.xml", Media("video", "video-2")),
        ("text.xml", None),
        ("location.xml", None),
    ],
)
def test_media_say_what_to_fetch(name: str, expected: Media | None) -> None:
    assert incoming(name).media == expected


def test_the_quotas_are_those_of_the_platform() -> None:
    assert Grant("message", 5, 48 * 60 * MINUTE) == WRITTEN
    assert [(one.count, one.lasts) for one in (CLICKED, JOINED, SCANNED)] == [(3, 60_000)] * 3
    assert len({one.name for one in (WRITTEN, CLICKED, JOINED, SCANNED)}) == 4


def test_case_4_a_message_id_is_kept_digit_by_digit() -> None:
    found = read(payload(PLAIN_V5), "official", CONFIG).message
    assert found is not None
    assert (found.id, found.text, found.contact.id) == ("24000000000000001", "退款", "oUSER")


def test_case_8_an_event_unknown_here_is_nothing_to_hand_over() -> None:
    found = incoming("debug_demo.json")
    assert found.message is None
    assert found.ignored == "an event that asks for nothing: debug_demo"


def test_case_16_two_events_of_one_second_are_two() -> None:
    ids = [one.id for name in ("subscribe.xml", "click.xml") if (one := incoming(name).message)]
    again = [one.id for name in ("subscribe.xml", "click.xml") if (one := incoming(name).message)]
    assert len(set(ids)) == 2
    assert ids == again


@pytest.mark.parametrize("name", ["MsgType", "FromUserName", "ToUserName", "MsgId"])
@pytest.mark.parametrize("value", ["", " ", "\x00"])
def test_case_25_a_message_that_lacks_something_is_refused(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=name):
        incoming("text.xml", **{name: value})


@pytest.mark.parametrize("name", ["FromUserName", "Event", "CreateTime"])
def test_case_25_an_event_that_lacks_something_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match=name):
        incoming("subscribe.xml", **{name: ""})


@pytest.mark.parametrize("name", ["o:USER", "o USER", "用户", "o" * 65, "o<USER>"])
def test_a_sender_whose_name_is_none_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="FromUserName"):
        incoming("text.xml", FromUserName=name)


@pytest.mark.parametrize("content", ["", "  ", "\n", "\x00\x08"])
def test_case_27_an_empty_text_is_a_message_that_could_not_be_shown(content: str) -> None:
    expected = message(numbered(1), "", Kind.TEXT, UNSUPPORTED)
    assert incoming("text.xml", Content=content).message == expected


def test_controls_are_no_part_of_a_text() -> None:
    found = incoming("text.xml", Content="退\x00款\r\n\x0b好\ud83d吗\t？").message
    assert found is not None
    assert found.text == "退款\n好吗\t？"


def test_case_28_a_scene_is_what_brought_them() -> None:
    assert incoming("subscribe_scene.xml").message == message(
        f"{EVENT}:subscribe:qrscene_123123", kind=Kind.JOINED, choice="123123", grant=JOINED
    )
    assert incoming("scan.xml").message == message(
        f"{EVENT}:SCAN:123123", kind=Kind.JOINED, choice="123123", grant=SCANNED
    )


def test_case_29_who_unsubscribes_has_left() -> None:
    found = incoming("unsubscribe.xml").message
    assert found is not None
    assert (found.kind, found.asks, found.grant) == (Kind.LEFT, False, None)


def test_case_30_voice_without_recognition_is_a_media_message() -> None:
    found = incoming("voice.xml")
    voice = Attachment("voice", type="audio/amr")
    assert found.message == message(numbered(9), "", Kind.TEXT, voice)
    assert found.media == Media("voice", "voice-1")


def test_case_31_the_unsupported_text_is_not_what_the_customer_wrote() -> None:
    assert incoming("text_unsupported.xml").message == message(
        numbered(3), "", Kind.TEXT, UNSUPPORTED
    )


def test_case_32_a_tapped_101_is_five_stars() -> None:
    found = incoming("text_rating.xml")
    expected = message(numbered(4), kind=Kind.RATING, rating=5, grant=Grant("click", 3, MINUTE))
    assert found.message == expected
    assert found.tap == ""


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_case_32_every_star_comes_back_by_its_number(stars: int) -> None:
    found = incoming("text_rating.xml", bizmsgmenuid=number(f"rate:{stars}")).message
    assert found is not None
    assert (found.kind, found.rating) == (Kind.RATING, stars)


@pytest.mark.parametrize("name", ["unknown.xml", "view.xml", "position.xml", "pictures.xml",
                                  "template_finished.xml"])  # fmt: skip
def test_case_33_what_asks_for_nothing_is_named_and_not_handed_over(name: str) -> None:
    found = incoming(name)
    assert found.message is None
    assert found.ignored


def test_a_menu_click_shows_the_buttons_name() -> None:
    found = incoming("click.xml", {"returns": "退换货"}).message
    assert found is not None
    assert (found.text, found.choice) == ("退换货", "returns")


def test_a_click_without_a_key_asks_for_nothing() -> None:
    assert incoming("click.xml", EventKey="").message is None


OFFERED = (
    Suggestion("returns", "怎么退货"),
    Suggestion("refund", "多久退款"),
    Suggestion(NONE, "都不是"),
)


def test_a_tapped_suggestion_is_understood_with_what_was_offered() -> None:
    found = incoming("text_suggestion.xml", bizmsgmenuid=number("returns"))
    assert found.tap == number("returns")
    assert found.message == message(numbered(5), "怎么退货", grant=CLICKED)
    understood = chosen(found, OFFERED)
    assert understood.message == message(
        numbered(5), "怎么退货", Kind.CHOICE, choice="returns", grant=CLICKED
    )
    assert understood.tap == ""


def test_a_tap_on_what_is_no_longer_offered_stays_a_text() -> None:
    found = incoming("text_suggestion.xml", bizmsgmenuid=number("gone"), Content="怎么退货")
    assert chosen(found, OFFERED) == found


@pytest.mark.parametrize(
    ("offered", "kind", "choice", "rating"),
    [
        (OFFERED, Kind.CHOICE, "returns", 0),
        ([Suggestion("rate:4", "怎么退货")], Kind.RATING, "", 4),
        ([Suggestion("refund", "多久退款")], Kind.TEXT, "", 0),
        ([], Kind.TEXT, "", 0),
    ],
)
def test_a_tapped_link_that_brings_no_number_is_known_by_its_text(
    offered: list[Suggestion], kind: Kind, choice: str, rating: int
) -> None:
    found = chosen(incoming("text.xml", Content="怎么退货"), offered).message
    assert found is not None
    assert (found.kind, found.choice, found.rating) == (kind, choice, rating)
    assert found.grant == WRITTEN


def test_only_a_text_can_be_a_tap() -> None:
    for name in ("text_none.xml", "click.xml", "view.xml", "subscribe.xml"):
        assert chosen(incoming(name), OFFERED) == incoming(name)


def test_numbers_are_numbers_and_differ() -> None:
    ids = [
        NONE,
        PERSON,
        *(f"rate:{stars}" for stars in range(1, 6)),
        *(f"e{n}" for n in range(500)),
    ]
    numbers = [number(id_) for id_ in ids]
    assert all(one.isdigit() and len(one) in (3, 9) for one in numbers)
    assert len(set(numbers)) == len(ids)
    assert [meant(one) for one in numbers[:7]] == ids[:7]
    assert meant(numbers[-1]) == ""


def test_an_alias_tells_two_customers_apart_and_nobody_who_they_are() -> None:
    one, two = incoming("text.xml").message, incoming("text.xml", FromUserName="oUSER").message
    assert one is not None
    assert two is not None
    assert one.contact.name != two.contact.name
    assert one.contact.name.removeprefix("微信用户") not in OPENID
    english = read(payload(PLAIN_V5), "official", OURS.config(language="en")).message
    assert english is not None
    assert english.contact.name.startswith("WeChat user ")
    assert english.contact.language == "en"
