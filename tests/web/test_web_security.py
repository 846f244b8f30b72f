"""SECURITY rows 13 to 20, tried on the real server."""

import asyncio
import json
import struct
from typing import Any

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from adapters.web.tokens import Tokens, signature
from gateway.clock import SECOND
from tests.web.shop import KEY, Client, Shop, open_shop, until

LISTED = ["https://shop.example", "https://*.shop.example"]


# 13
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://shop.example.evil.example",
        "http://shop.example",
        "https://shop.example:444",
        "https://evilshop.example",
        "null",
        "http://[",
        "http://[::1",
        "://",
        "",
    ],
)
async def test_a_foreign_origin_gets_no_socket(origin: str) -> None:
    async with open_shop(allowed_origins=LISTED) as shop:
        with pytest.raises(WSServerHandshakeError) as refused:
            await shop.connect(headers={"Origin": origin})
        assert refused.value.status == 403


@pytest.mark.parametrize("origin", ["https://shop.example", "https://www.shop.example", None])
async def test_a_listed_origin_gets_a_socket(origin: str | None) -> None:
    async with open_shop(allowed_origins=LISTED) as shop:
        own = f"http://{shop.server.host}:{shop.server.port}"
        client = await shop.connect(headers={"Origin": origin or own})
        assert (await client.hello())["seq"] == 0


# 14
async def test_a_wrong_token_is_refused_the_same_way_whatever_is_wrong(shop: Shop) -> None:
    honest, _ = await shop.visitor()
    others, _ = await shop.visitor()
    wrong = [
        "",
        "x",
        "0" * 64,
        "é" * 64,
        honest.token[:-1] + ("0" if honest.token[-1] != "0" else "1"),
        honest.token + "0",
        honest.token.upper(),
        honest.token[:32] + others.token[32:],
        Tokens(b"another key", "website").issue(),
        Tokens(KEY, "another channel").issue(),
    ]
    answers = set()
    for token in wrong:
        client = await shop.connect()
        await client.send(type="hello", token=token, after=0)
        answers.add((json.dumps(await client.frame()), await client.closed()))
        await client.ws.close()
    [(frame, code)] = answers
    assert json.loads(frame)["code"] == "forbidden"
    assert code == 1008


async def test_a_good_identity_does_not_help_a_wrong_token() -> None:
    async with open_shop(identity_secret="site") as shop:
        client = await shop.connect()
        await client.send(type="hello", token="0" * 64, identity=_signed(shop, "42"))
        assert (await client.frame())["code"] == "forbidden"


# 15
def _signed(shop: Shop, person: str, secret: str = "site", **changes: Any) -> dict[str, Any]:
    expires = shop.clock() // SECOND + 60
    right = signature(secret, person, "王小明", expires)
    return {"id": person, "name": "王小明", "expires": expires, "signature": right, **changes}


async def test_whom_the_site_vouches_for_is_that_person_on_every_device() -> None:
    async with open_shop(identity_secret="site") as shop:
        first, who = await shop.visitor(identity=_signed(shop, "42"))
        assert (who.id, who.name) == ("u-42", "王小明")
        second = await shop.connect()
        assert (await second.hello(identity=_signed(shop, "42")))["seq"] == 1
        assert first.token != second.token


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "签名"},
        {"id": "43"},
        {"name": "somebody else"},
        {"expires": 0},
        {"expires": 2**40},
        {"id": "42\n王小明", "name": ""},
        {"id": ""},
        {"id": 42},
        {"id": {"$ne": ""}},
        {"id": None},
        {"expires": "2040-01-01"},
        {"signature": None},
    ],
)
async def test_an_identity_that_is_not_signed_for_this_person_is_anonymous(
    changes: dict[str, Any],
) -> None:
    async with open_shop(identity_secret="site") as shop:
        _, who = await shop.visitor(identity=_signed(shop, "42", **changes))
        assert who.id.startswith("a-")
        assert who.name == ""


async def test_an_expired_identity_is_anonymous() -> None:
    async with open_shop(identity_secret="site") as shop:
        identity = _signed(shop, "42")
        shop.clock.advance(61 * SECOND)
        _, who = await shop.visitor(identity=identity)
        assert who.id.startswith("a-")


async def test_no_persons_message_can_be_taken_for_anothers() -> None:
    async with open_shop(identity_secret="site") as shop:
        for person, own in (("42", "x:y"), ("42:x", "y")):
            client = await shop.connect()
            await client.hello(identity=_signed(shop, person))
            await client.say(own, "你好")
        assert len(shop.book.received) == 2


@pytest.mark.parametrize("configured", ["", "another"])
async def test_nobody_is_vouched_for_with_another_secret(configured: str) -> None:
    async with open_shop(identity_secret=configured) as shop:
        _, who = await shop.visitor(identity=_signed(shop, "42", secret="site"))
        assert who.id.startswith("a-")


# 16
async def test_the_token_reaches_nobody_behind_the_socket(shop: Shop) -> None:
    client, _ = await shop.visitor()
    kept = repr(shop.book.__dict__)
    assert client.token not in kept
    assert client.token[:32] not in kept
    assert client.token[32:] not in kept


# 17
@pytest.mark.parametrize(
    "frame",
    [
        {"type": "message", "id": "m1", "text": {"$ne": ""}},
        {"type": "message", "id": {"$gt": ""}, "text": "x"},
        {"type": "message", "id": 7, "text": "x"},
        {"type": "message", "id": "", "text": "x"},
        {"type": "message", "id": "a b", "text": "x"},
        {"type": "message", "id": "m" * 129, "text": "x"},
        {"type": "message", "text": "x"},
        {"type": "message", "id": "m1", "text": None},
        {"type": "choose", "id": "m1", "suggestion": ["x"]},
        {"type": "read", "seq": "7"},
        {"type": "read", "seq": True},
        {"type": "read", "seq": -1},
        {"type": "read", "seq": 10**30},
        {"type": "rate", "score": 6},
        {"type": "rate", "score": 4.5},
        {"type": "rate", "score": 4, "comment": {}},
        {"type": "nothing"},
        {"type": {"$ne": 1}},
        {"type": "hello", "token": None},
        {},
        [],
        "text",
        None,
        7,
    ],
)
async def test_a_frame_of_another_form_closes_the_socket(shop: Shop, frame: Any) -> None:
    client = await shop.connect()
    await client.hello()
    await client.next("state")
    await client.ws.send_json(frame)
    assert (await client.frame())["code"] == "invalid"
    assert await client.closed() == 1008
    assert shop.book.received == []


@pytest.mark.parametrize(
    "hello",
    [
        {"token": {"$ne": None}},
        {"token": 7},
        {"after": "0"},
        {"after": -1},
        {"after": 2**63},
        {"language": ["zh"]},
        {"identity": "42"},
        {"type": "message", "id": "m1", "text": "before the hello"},
    ],
)
async def test_a_hello_of_another_form_closes_the_socket(shop: Shop, hello: Any) -> None:
    client = await shop.connect()
    await client.send(**{"type": "hello", "token": None, **hello})
    assert (await client.frame())["code"] == "invalid"
    assert await client.closed() == 1008


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 60_000, '{"type":"message","id":"m1","text":"\\ud800"}', '{"type":NaN}'],
)
async def test_what_is_no_json_closes_the_socket(shop: Shop, text: str) -> None:
    client = await shop.connect()
    await client.hello()
    await client.ws.send_str(text)
    assert await client.closed() == 1008


async def test_bytes_close_the_socket(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello()
    await client.ws.send_bytes(b'{"type":"typing"}')
    assert await client.closed() == 1003


# 18
HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "</script><script>alert(1)</script>",
    "'; DROP TABLE messages; --",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_comes_back_as_the_text_it_is(shop: Shop, text: str) -> None:
    client = await shop.connect()
    await client.hello()
    await client.say("m1", text)
    assert (await client.next("message"))["text"] == text


async def test_a_hostile_address_line_leaves_no_trace_in_the_frame(shop: Shop) -> None:
    query = {"language": '"><script>alert(1)</script>', "origin": "javascript:alert(1)"}
    headers = {"User-Agent": HOSTILE[0], "Referer": f"https://x.example/{HOSTILE[0]}"}
    async with shop.session.get(shop.url("frame"), params=query, headers=headers) as answer:
        page = await answer.text()
    assert "alert(1)" not in page


async def test_a_hostile_configuration_stays_text() -> None:
    title = "</script><script>alert(1)</script>\"'>"
    async with open_shop(title=title, greeting=title) as shop:
        async with shop.session.get(shop.url("frame")) as answer:
            assert "<script>alert" not in await answer.text()
        async with shop.session.get(shop.url("loader.js")) as answer:
            assert "</script" not in await answer.text()


# 19
async def test_a_frame_above_64_kib_closes_the_socket(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello()
    await client.ws.send_str(" " * (64 * 1024 + 1))
    assert await client.closed() == 1009


async def test_a_frame_of_just_under_64_kib_is_taken(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello()
    await client.say("m1", "x" * (64 * 1024 - 100))


async def test_a_message_in_pieces_is_measured_as_a_whole(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello()
    transport = _transport(client)
    transport.write(_frame(0x01, b" " * 40_000))
    transport.write(_frame(0x80, b" " * 40_000))
    assert await client.closed() == 1009


async def test_a_deflate_bomb_finds_nothing_that_unfolds_it(shop: Shop) -> None:
    client = await shop.connect(compress=15)
    assert "Sec-WebSocket-Extensions" not in _answer_headers(client)
    await client.hello()
    await client.ws.send_str(" " * 1_000_000)
    assert await client.closed() == 1009


async def test_a_frame_that_claims_to_be_compressed_closes_the_socket(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello()
    _transport(client).write(_frame(0xC1, b"\x00" * 100))
    assert await client.closed() == 1002


def _transport(client: Client) -> asyncio.Transport:
    connection = client.ws._response.connection
    assert connection is not None
    assert connection.transport is not None
    return connection.transport


def _answer_headers(client: Client) -> Any:
    return client.ws._response.headers


def _frame(first: int, payload: bytes) -> bytes:
    return bytes([first, 0x80 | 126]) + struct.pack("!H", len(payload)) + b"\0\0\0\0" + payload


# 20
async def test_the_eleventh_message_in_ten_seconds_has_to_wait(shop: Shop) -> None:
    client = await shop.connect()
    await client.hello(language="en")
    for number in range(10):
        await client.say(f"m{number}", "hello")
    await client.send(type="message", id="m10", text="hello")
    error = await client.next("error")
    assert (error["code"], error["id"], error["retry_after"]) == ("too_many", "m10", 10)
    shop.clock.advance(10 * SECOND)
    assert (await client.say("m10", "hello"))["seq"] == 11


async def test_more_tabs_and_new_sockets_do_not_help_a_hasty_visitor(shop: Shop) -> None:
    first, _ = await shop.visitor()
    for number in range(9):
        await first.say(f"m{number}", "hello")
    await first.ws.close()
    second = await shop.connect()
    await second.hello(token=first.token)
    await second.send(type="choose", id="t1", suggestion="@person")
    assert (await second.next("error"))["code"] == "too_many"
    third, _ = await shop.visitor()
    await third.say("m1", "another visitor is not concerned")


async def test_new_tokens_do_not_help_a_hasty_address() -> None:
    async with open_shop(limits={"messages": 2, "visitors": 3, "sockets": 50}) as shop:
        for _ in range(6):
            client = await shop.connect()
            await client.hello()
            await client.say("m", "hello")
        await client.send(type="message", id="more", text="hello")
        assert (await client.next("error"))["code"] == "too_many"
        assert len(shop.book.received) == 6
        shop.clock.advance(10 * SECOND)
        await client.say("more", "hello")
        await client.say("most", "hello")


async def test_the_sixth_socket_of_an_address_is_sent_away(shop: Shop) -> None:
    clients = [await shop.connect() for _ in range(5)]
    sixth = await shop.connect()
    assert await sixth.closed() == 1013
    await clients[0].ws.close()
    again = await shop.connect()
    await again.hello()


async def test_one_who_never_says_hello_keeps_no_place() -> None:
    async with open_shop(limits={"sockets": 1}) as shop:
        async with ClientSession() as session, session.ws_connect(shop.url()) as ws:
            await ws.close()
        client = await shop.connect()
        await client.hello()


async def test_a_visitor_who_stops_reading_holds_up_nobody_else(shop: Shop) -> None:
    stalled, who = await shop.visitor()
    other, other_who = await shop.visitor()
    transport = _transport(stalled)
    transport.pause_reading()
    for _ in range(200):
        await shop.book.say(who, "x" * 60_000)
    await shop.book.say(other_who, "您好")
    while (await other.next("message"))["text"] != "您好":
        pass
    await until(lambda: _buffered(shop) > 0)
    for _ in range(1000):
        await asyncio.sleep(0)
    assert _buffered(shop) < 256 * 1024
    transport.resume_reading()


def _buffered(shop: Shop) -> int:
    """The most that the server holds for one socket that is not read."""
    return max(lane._transport.get_write_buffer_size() for lane in shop.adapter._feed)


async def test_a_closed_socket_leaves_nothing_behind(shop: Shop) -> None:
    before = asyncio.all_tasks()
    client, _ = await shop.visitor()
    assert len(list(shop.adapter._feed)) == 1
    await client.ws.close()
    await until(lambda: not list(shop.adapter._feed) and not asyncio.all_tasks() - before)
