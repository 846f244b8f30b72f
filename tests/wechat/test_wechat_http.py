"""The webhook as a stranger sees it: the platform's cases, and whatever else may be posted."""

import logging
from asyncio import Runner
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clock import system_clock
from gateway.store import Row
from tests.wechat.house import ANSWER, ASKED, SIDE, House, open_house
from tests.wechat.platform import SECRET, Tencent
from tests.wechat.tencent import Side

LARGE = 300 * 1024
HUGE = 1024 * 1024 + 1
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghij"))
    + "]><xml><MsgType>text</MsgType><Content>&j;</Content></xml>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><a>&a;</a></xml>'


@pytest.fixture
async def plain(tmp_path: Path, tencent: Tencent) -> AsyncIterator[House]:
    """An account in plain mode."""
    async with open_house(tmp_path, tencent, mode="plain") as house:
        yield house


def now() -> int:
    return system_clock() // 1000


async def stored(house: House) -> int:
    row: Row | None = await house.node.database.row("SELECT COUNT(*) AS n FROM messages")
    assert row
    return int(row["n"])


async def post(house: House, query: dict[str, str], body: bytes | BytesIO) -> tuple[int, str]:
    async with house.phone.session.post(house.phone.url, params=query, data=body) as answer:
        return answer.status, await answer.text()


async def get(house: House, query: dict[str, str]) -> tuple[int, str, str]:
    async with house.phone.session.get(house.phone.url, params=query) as answer:
        return answer.status, await answer.text(), answer.content_type


async def test_case_1_the_platform_gets_its_echo(house: House) -> None:
    query = {**SIDE.query(now(), "n1"), "echostr": "4375120948345356249"}
    assert await get(house, query) == (200, "4375120948345356249", "text/plain")


@pytest.mark.parametrize("wrong", ["digit", "upper", "cut", "missing", "gone"])
async def test_case_2_a_wrong_signature_is_refused(house: House, wrong: str) -> None:
    query = {**SIDE.query(now(), "n1"), "echostr": "e"}
    signature = query.pop("signature")
    digit = "0" if signature[0] != "0" else "1"
    spoilt = {
        "digit": digit + signature[1:],
        "upper": f"{signature.upper()}A",  # a signature may have no letters
        "cut": signature[:-1],
    }
    if wrong in spoilt:
        query["signature"] = spoilt[wrong]
    elif wrong == "gone":
        query = {"signature": signature, "echostr": "e"}
    assert (await get(house, query))[0] == 403


async def test_case_4_a_signed_plain_body_is_one_message(plain: House) -> None:
    assert (await plain.phone.say("退款")).status == 200
    [first, *_] = await plain.lines()
    assert first.text == "退款"


async def test_case_5_an_unsigned_body_is_refused_and_nothing_is_kept(plain: House) -> None:
    assert (await post(plain, {}, plain.phone.text(ASKED).encode()))[0] == 403
    assert await stored(plain) == 0


async def test_case_6_a_sealed_body_gets_a_sealed_answer(house: House) -> None:
    said = await house.phone.say(ASKED)
    assert said.text == ANSWER
    assert ANSWER not in said.body


async def test_case_7_a_signature_is_no_msg_signature(house: House) -> None:
    query, body = SIDE.request(house.phone.text(ASKED).encode(), now(), "n1")
    query["msg_signature"] = query["signature"]
    assert (await post(house, query, body))[0] == 403
    assert await stored(house) == 0


@pytest.mark.parametrize(
    "stranger",
    [
        Side(SIDE.token, "wxffffffffffffffff", SIDE.key),
        Side(SIDE.token, SIDE.app_id, "B" * 43),
    ],
    ids=["app id", "key"],
)
async def test_case_9_what_is_signed_and_not_ours_is_refused(
    house: House, stranger: Side, caplog: pytest.LogCaptureFixture
) -> None:
    query, body = stranger.request(house.phone.text(ASKED).encode(), now(), "n1")
    status, said = await post(house, query, body)
    assert status == 403
    assert "Traceback" not in said + caplog.text
    assert await stored(house) == 0


async def test_case_10_safe_mode_takes_no_plain_body(house: House) -> None:
    body = house.phone.text(ASKED).encode()
    assert (await post(house, SIDE.query(now(), "n1"), body))[0] == 403
    assert await stored(house) == 0


async def test_case_11_beside_a_sealed_body_a_plain_one_counts_for_nothing(
    tmp_path: Path, tencent: Tencent
) -> None:
    async with open_house(tmp_path, tencent, mode="compat") as house:
        query, body = SIDE.request(house.phone.text("退款").encode(), now(), "n1")
        forged = body.replace(b"<xml>", b"<xml><Content>forged</Content>")
        assert (await post(house, query, forged))[0] == 200
        assert (await house.lines())[0].text == "退款"


async def test_case_12_the_former_key_is_taken_and_answered_with(
    tmp_path: Path, tencent: Tencent
) -> None:
    former = Side(SIDE.token, SIDE.app_id, "C" * 43)
    async with open_house(tmp_path, tencent, previous_aes_key="C" * 43) as house:
        house.phone.side = former
        assert (await house.phone.say(ASKED)).text == ANSWER


@pytest.mark.parametrize(
    "body", ["<xml/>", "hello", "<xml><MsgType>a</MsgType><MsgType>b</MsgType></xml>", ""]
)
async def test_case_25_what_is_no_message_is_refused(house: House, body: str) -> None:
    assert (await house.phone.post(body)).status == 400
    assert await stored(house) == 0


@pytest.mark.parametrize("body", [ENTITIES, EXTERNAL], ids=["laughs", "external"])
async def test_case_26_entities_are_refused(plain: House, body: str) -> None:
    assert (await plain.phone.post(body)).status == 400


@pytest.mark.parametrize("size", [LARGE, HUGE])
async def test_case_26_a_large_body_is_refused(house: House, size: int) -> None:
    assert (await post(house, SIDE.query(now(), "n1"), BytesIO(b"x" * size)))[0] == 413


async def test_case_27_an_empty_text_is_taken(house: House) -> None:
    assert (await house.phone.say("")).status == 200


async def test_case_28_a_scene_that_is_an_entry_is_answered_behind_the_greeting(
    house: House,
) -> None:
    said = await house.phone.post(house.phone.event("subscribe", "qrscene_hours"))
    assert said.text
    assert said.text.endswith(ANSWER)
    assert (await house.lines())[0].choice == "hours"


@pytest.mark.parametrize("event", ["TEMPLATESENDJOBFINISH", "VIEW", "LOCATION", "never_heard_of"])
async def test_case_33_an_event_that_asks_for_nothing_is_logged(
    house: House, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert (await house.phone.post(house.phone.event(event))).body == "success"
    assert event.lower()[:8] in caplog.text.lower()
    assert await stored(house) == 0


async def test_case_33_a_kind_of_message_that_is_unknown_is_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    xml = house.phone.file("hologram", "m1")
    assert (await house.phone.post(xml)).body == "success"
    assert "hologram" in caplog.text
    assert await stored(house) == 0


async def test_an_old_request_is_refused(house: House) -> None:
    query, body = SIDE.request(house.phone.text(ASKED).encode(), now() - 301, "n1")
    assert (await post(house, query, body))[0] == 403


async def test_why_a_request_was_refused_stands_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert (await get(house, {"echostr": "e"}))[0] == 403
    assert "channel official refused a request: expected signature" in caplog.text


@pytest.mark.parametrize("mode", ["plain", "compat"])
async def test_plain_bodies_are_warned_of_at_the_start(
    mode: str, tmp_path: Path, tencent: Tencent, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_house(tmp_path, tencent, mode=mode):
        assert "can forge others" in caplog.text


async def test_no_secret_stands_in_any_log(
    tmp_path: Path, tencent: Tencent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_house(tmp_path, tencent) as house:
        seat, conversation = await house.led()
        await seat.reply(conversation, "k1", "在的")
        await house.settled("在的", "sent")
        token = tencent.token
        tencent.expire()
        tencent.refuse("/cgi-bin/message/custom/send", 40001, 40001)
        await seat.reply(conversation, "k2", "请说")
        await house.settled("请说", "pending", "sending")
        await tencent.called("/cgi-bin/message/custom/send", 3)
        await post(house, {"signature": "x"}, b"hello")
    for secret in (SECRET, token, tencent.token, SIDE.token, SIDE.key):
        assert secret
        assert secret not in caplog.text


QUERIES = st.dictionaries(
    st.sampled_from(
        ["signature", "msg_signature", "timestamp", "nonce", "encrypt_type", "echostr"]
    ),
    st.one_of(st.sampled_from(["aes", "raw", "", "1700000000"]), st.text(max_size=20)),
)
TAGS = st.sampled_from(
    [
        *("ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event"),
        *("EventKey", "MediaId", "PicUrl", "Encrypt", "Recognition", "Location_X", "Title"),
    ]
)
WORDS = st.one_of(
    st.sampled_from(["text", "event", "image", "voice", "location", "link", "subscribe", "CLICK"]),
    st.text(max_size=30),
    st.integers().map(str),
)


def _xml(pairs: list[tuple[str, str]]) -> bytes:
    escaped = [(tag, word.replace("&", "&amp;").replace("<", "&lt;")) for tag, word in pairs]
    inner = "".join(f"<{tag}>{word}</{tag}>" for tag, word in escaped)
    return f"<xml>{inner}</xml>".encode("utf-8", "replace")


PAYLOADS = st.one_of(
    st.binary(max_size=300),
    st.lists(st.tuples(TAGS, WORDS), max_size=12).map(_xml),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[Runner, House]]:
    """A house in plain mode on a loop that runs while an example does."""
    with Runner() as runner:
        tencent = Tencent()
        runner.run(tencent.start())
        opened = open_house(tmp_path, tencent, mode="plain")
        yield runner, runner.run(opened.__aenter__())
        runner.run(opened.__aexit__(None, None, None))
        runner.run(tencent.stop())


def test_nothing_unsigned_is_kept_and_nothing_fails(stage: tuple[Runner, House]) -> None:
    runner, house = stage

    @settings(max_examples=200, deadline=None)
    @given(QUERIES, PAYLOADS)
    def examine(query: dict[str, str], body: bytes) -> None:
        status, _ = runner.run(post(house, query, body))
        assert status in (400, 403)

    examine()
    assert runner.run(stored(house)) == 0


def test_nothing_signed_fails_or_hangs(stage: tuple[Runner, House]) -> None:
    runner, house = stage

    @settings(max_examples=200, deadline=None)
    @given(PAYLOADS)
    def examine(body: bytes) -> None:
        status, said = runner.run(post(house, SIDE.query(now(), "n1"), body))
        assert status in (200, 400, 403)
        assert "Traceback" not in said
        if status == 200:
            assert said == "success" or said.startswith("<xml>")

    examine()
