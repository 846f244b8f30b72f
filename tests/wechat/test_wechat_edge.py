"""The edge over HTTP, on a node of its own: what comes in is stored and answered, or refused."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession

from adapters.wechat.signature import sign
from gateway.app import Frontdesk, models
from gateway.config import load
from gateway.message import Author, Contact, Kind, Line
from gateway.thread import StoredThread
from tests.clock import StillClock
from tests.wechat.house import ANSWER, write_config
from tests.wechat.platform import Tencent, picture
from tests.wechat.tencent import Side
from tests.wechat.vectors import (
    KEY_V3,
    OURS,
    PLAIN_V5,
    SEALED_V3,
    SEALED_V5,
    TENCENT,
    V1,
    V3,
    V5,
    V5_AES,
    Account,
    at,
    body,
)

PAYLOADS = Path(__file__).parent / "payloads"
PLATFORM = Side(OURS.token, OURS.app_id, OURS.key)
NOW = at(V5)
NO_MESSAGES = (
    "<xml/>",
    "hello",
    "",
    PLAIN_V5.replace("<MsgType>", "<MsgType>event</MsgType><MsgType>"),
    PLAIN_V5.replace("<MsgType><![CDATA[text]]></MsgType>", ""),
    PLAIN_V5.replace("<MsgType>", '<MsgType a="b">'),
    PLAIN_V5.encode("gbk"),
    f"<!DOCTYPE xml>{PLAIN_V5}",
    f'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>{PLAIN_V5.replace("退款", "&x;")}',
    f"<xml>{'<a>' * 60_000}",
    '{"MsgType": "text"}',
)
OPENID = "oN7kQ5Kd5ggOC-bXrbNODIiE3bGY"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    type: str
    text: str


@dataclass
class Edge:
    """A node that runs, and whoever calls it."""

    node: Frontdesk
    url: str
    session: ClientSession

    async def get(self, query: Mapping[str, str]) -> Answer:
        async with self.session.get(self.url, params=query) as answer:
            return Answer(answer.status, answer.content_type, await answer.text())

    async def post(self, query: Mapping[str, str], sent: str | bytes) -> Answer:
        data = BytesIO(sent.encode() if isinstance(sent, str) else sent)
        async with self.session.post(self.url, params=query, data=data) as answer:
            return Answer(answer.status, answer.content_type, await answer.text())

    async def plain(self, xml: str | bytes) -> Answer:
        return await self.post(PLATFORM.query(NOW // 1000, "7"), xml)

    async def recorded(self, name: str) -> Answer:
        return await self.plain((PAYLOADS / name).read_bytes())

    async def heard(self, openid: str = "oUSER") -> list[Line]:
        """What a customer has said."""
        thread = StoredThread(self.node.database, "official", self.node.handoff.ahead)
        lines = await thread.lines(Contact("official", openid))
        return [line for line in lines if line.author is Author.CUSTOMER]

    async def stored(self) -> int:
        """How many lines there are, whoever said them."""
        row = await self.node.database.row("SELECT count(*) AS n FROM messages")
        assert row is not None
        return int(row["n"])


@asynccontextmanager
async def opened(
    folder: Path,
    tencent: Tencent,
    account: Account = OURS,
    mode: str = "safe",
    now: int = NOW,
    previous_key: str = '""',
) -> AsyncIterator[Edge]:
    path = write_config(
        folder,
        tencent.base,
        app_id=account.app_id,
        token=account.token,
        aes_key=account.key,
        mode=mode,
        previous_aes_key=previous_key,
    )
    node = Frontdesk(load(path, {}, models()), StillClock(now))
    base = await node.start()
    try:
        async with ClientSession() as session:
            yield Edge(node, f"{base}/wechat/official", session)
    finally:
        await node.stop()


@pytest.fixture
async def safe(tmp_path: Path, tencent: Tencent) -> AsyncIterator[Edge]:
    async with opened(tmp_path, tencent) as edge:
        yield edge


@pytest.fixture
async def plain(tmp_path: Path, tencent: Tencent) -> AsyncIterator[Edge]:
    async with opened(tmp_path, tencent, mode="plain") as edge:
        yield edge


async def test_case_1_and_2_the_address_is_verified(tmp_path: Path, tencent: Tencent) -> None:
    async with opened(tmp_path, tencent, TENCENT, now=at(V1)) as edge:
        assert await edge.get(V1) == Answer(200, "text/plain", V1["echostr"])
        for name in V1:
            assert (await edge.get({**V1, name: f"{V1[name]}0"})).status in (
                {200} if name == "echostr" else {403}
            )
            missing = {key: value for key, value in V1.items() if key != name}
            assert (await edge.get(missing)).status == 403


async def test_case_4_a_signed_plain_message_is_one_line(plain: Edge) -> None:
    assert (await plain.post(V5, PLAIN_V5)).status == 200
    assert [line.text for line in await plain.heard()] == ["退款"]


async def test_case_5_an_unsigned_one_is_refused_and_none(plain: Edge) -> None:
    for query in ({}, {**V5, "signature": "0" * 40}, {**V5, "nonce": "20002"}):
        answer = await plain.post(query, PLAIN_V5)
        assert answer.status == 403
        assert "Traceback" not in answer.text
    assert await plain.stored() == 0


async def test_case_6_an_encrypted_one_is_answered_in_its_own_key(safe: Edge) -> None:
    answer = await safe.post(V5_AES, body(SEALED_V5))
    assert answer.status == 200
    said = PLATFORM.open(answer.text)
    assert "<ToUserName><![CDATA[oUSER]]></ToUserName>" in said
    assert [line.text for line in await safe.heard()] == ["退款"]


async def test_case_7_and_10_safe_mode_takes_nothing_less(safe: Edge) -> None:
    twisted = {**V5_AES, "msg_signature": V5["signature"]}
    assert (await safe.post(twisted, body(SEALED_V5))).status == 403
    assert (await safe.post(V5, PLAIN_V5)).status == 403
    assert (await safe.post({**V5, "encrypt_type": "raw"}, PLAIN_V5)).status == 403
    assert await safe.stored() == 0


async def test_case_8_what_asks_for_nothing_hears_success(tmp_path: Path, tencent: Tencent) -> None:
    async with opened(tmp_path, tencent, TENCENT, now=at(V3)) as edge:
        assert await edge.post(V3, body(SEALED_V3)) == Answer(200, "text/plain", "success")
        assert await edge.stored() == 0


async def test_case_9_what_is_not_sealed_for_us_is_refused(safe: Edge) -> None:
    other = Side(OURS.token, "wxffffffffffffffff", OURS.key)
    wrong = Side(OURS.token, OURS.app_id, KEY_V3)
    for request in (side.request(PLAIN_V5.encode(), NOW // 1000, "1") for side in (other, wrong)):
        assert (await safe.post(*request)).status == 403
    for sealed in ("", "AAAA", SEALED_V5[:-24]):
        query = PLATFORM.query(NOW // 1000, "1", "x")
        query["msg_signature"] = sign(OURS.token, query["timestamp"], "1", sealed)
        answer = await safe.post(query, body(sealed))
        assert answer.status == 403
        assert "Traceback" not in answer.text
    assert await safe.stored() == 0


async def test_case_11_a_forged_twin_is_not_believed(tmp_path: Path, tencent: Tencent) -> None:
    async with opened(tmp_path, tencent, mode="compat") as edge:
        twin = "<MsgType>text</MsgType><Content><![CDATA[转账]]></Content><MsgId>1</MsgId>"
        assert (await edge.post(V5_AES, body(SEALED_V5, twin))).status == 200
        assert [line.text for line in await edge.heard()] == ["退款"]


async def test_case_12_the_previous_key_still_opens_and_seals(
    tmp_path: Path, tencent: Tencent
) -> None:
    changed = Account(OURS.token, OURS.app_id, "B" * 43)
    async with opened(tmp_path, tencent, changed, previous_key=OURS.key) as edge:
        answer = await edge.post(V5_AES, body(SEALED_V5))
        assert "oUSER" in PLATFORM.open(answer.text)


async def test_case_25_and_26_what_is_no_message_is_refused(plain: Edge) -> None:
    for sent in NO_MESSAGES:
        answer = await plain.plain(sent)
        assert (answer.status, "Traceback" in answer.text) == (400, False), sent[:80]
    assert await plain.stored() == 0


async def test_case_26_a_body_that_is_too_large_is_refused(plain: Edge) -> None:
    for size in (257 * 1024, 1000 * 1000, 2 * 1024 * 1024):
        assert (await plain.plain(b"<xml>" + b" " * size)).status == 413
    assert await plain.stored() == 0


async def test_case_27_and_31_what_has_no_words_is_no_question_to_the_faq(plain: Edge) -> None:
    for name in ("text_empty.xml", "text_unsupported.xml", "location.xml"):
        assert (await plain.recorded(name)).status == 200
    lines = await plain.heard(OPENID)
    assert [(line.text, len(line.attachments)) for line in lines] == [("", 1)] * 3
    assert not any(line.routed.startswith(("answer", "suggest")) for line in lines)


async def test_case_28_a_scene_greets_and_stays_on_the_line(plain: Edge) -> None:
    for name in ("subscribe_scene.xml", "scan.xml"):
        assert (await plain.recorded(name)).status == 200
    lines = await plain.heard(OPENID)
    assert [(line.kind, line.choice) for line in lines] == [(Kind.JOINED, "123123")] * 2


async def test_case_30_voice_without_words_is_heard_all_the_same(
    plain: Edge, tencent: Tencent
) -> None:
    tencent.media["voice-1"] = picture(b"#!AMR\n" + b"\x3c" * 60)
    assert (await plain.recorded("voice.xml")).status == 200
    [line] = await plain.heard(OPENID)
    assert line.text == ""
    assert [one.kind for one in line.attachments] == ["voice"]


async def test_case_33_unknown_kinds_hear_success(plain: Edge) -> None:
    for name in ("unknown", "view", "position", "pictures", "template_finished"):
        assert await plain.recorded(f"{name}.xml") == Answer(200, "text/plain", "success")
    assert await plain.stored() == 0


async def test_a_menu_click_brings_the_entrys_answer(plain: Edge) -> None:
    click = (PAYLOADS / "click.xml").read_text(encoding="utf-8").replace("returns", "hours")
    answer = await plain.plain(click)
    assert f"<Content><![CDATA[{ANSWER}]]></Content>" in answer.text
