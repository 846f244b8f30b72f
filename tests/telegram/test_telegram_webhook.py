"""What Telegram posts to our own route (SECURITY 10–12), through the whole program."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.telegram.bot_api import BotApi
from tests.telegram.shop import (
    ANN,
    BOB,
    SECRET,
    SHIPPING,
    Shop,
    edited,
    message,
    open_shop,
    said,
    webhook,
)


async def test_an_update_is_on_the_disk_when_telegram_hears_so(hooked: Shop) -> None:
    status, _ = await hooked.post({**said("shipping time"), "update_id": 1})
    assert status == 200
    assert [line["text"] for line in await hooked.lines("customer")] == ["shipping time"]
    assert await hooked.api.sent() == [{"chat_id": ANN, "text": SHIPPING}]
    assert not hooked.api.of("getUpdates")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "geheim-ü", "密钥"], ids=repr)
async def test_case_46_a_secret_wrong_absent_or_not_ascii_is_401(
    hooked: Shop, secret: str | None
) -> None:
    status, _ = await hooked.post({**said("shipping time"), "update_id": 1}, secret)
    assert status == 401
    assert await hooked.lines() == []
    assert await hooked.journal("new") == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"17", b'{"update_id": "1"}', b"\xff\xfe", b"[" * 100_000, b"null"],
    ids=range(8),
)
async def test_case_47_bad_json_is_400(hooked: Shop, body: bytes) -> None:
    status, _ = await hooked.post(body)
    assert status == 400
    assert await hooked.journal("new") == []


@pytest.mark.parametrize(("mebibytes", "status"), [(7, 200), (9, 413)])
async def test_an_update_may_be_8_mib(hooked: Shop, mebibytes: int, status: int) -> None:
    update = {"update_id": 1, "something_new": "x" * (mebibytes * 1024 * 1024)}
    assert (await hooked.post(update))[0] == status


async def test_case_48_a_store_that_fails_is_503_and_the_update_comes_again(
    hooked: Shop, tmp_path: Path
) -> None:
    update = {**said("shipping time"), "update_id": 1}
    with closing(sqlite3.connect(tmp_path / "frontdesk.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        status, headers = await hooked.post(update)
        assert status == 503
        assert int(headers["Retry-After"]) >= 1
        other.rollback()
    status, _ = await hooked.post(update)
    assert status == 200
    assert await hooked.api.sent() == [{"chat_id": ANN, "text": SHIPPING}]


async def test_the_same_update_twice_at_once_is_one_message(hooked: Shop) -> None:
    update = {**said("shipping time"), "update_id": 1}
    answers = await asyncio.gather(*(hooked.post(update) for _ in range(10)))
    assert {status for status, _ in answers} == {200}
    await hooked.settled("sent")
    assert len(await hooked.lines("customer")) == 1
    assert hooked.api.texts == [SHIPPING]


@pytest.mark.parametrize(
    ("update", "state"),
    [
        ({"telepathy": {"thought": "hm"}}, "done"),
        ({"message": message(text="?", forward_origin={"type": "teleported", "date": 1})}, "dead"),
        ({"callback_query": 17}, "dead"),
    ],
    ids=["an unknown kind", "an unknown origin", "nonsense"],
)
async def test_what_is_not_understood_is_kept_and_acknowledged(
    hooked: Shop, update: dict[str, object], state: str
) -> None:
    status, _ = await hooked.post({**update, "update_id": 1})
    assert status == 200
    (kept,) = await hooked.in_journal(state)
    assert kept["id"] == "1"
    assert await hooked.lines() == []


async def test_what_comes_after_something_slow_waits_for_it_and_others_do_not(
    hooked: Shop,
) -> None:
    hooked.api.slow_files = asyncio.Event()
    hooked.api.files["slow"] = b"%PDF-1.4 slow"
    document = {"file_id": "slow", "file_unique_id": "s", "file_name": "1.pdf", "file_size": 13}
    slow = {"message": message(document=document, caption="1")}
    for number, update in enumerate([slow, said("2"), said("shipping time", BOB)]):
        assert (await hooked.post({**update, "update_id": number}))[0] == 200
    await hooked.api.sent(chat=BOB)
    hooked.api.slow_files.set()
    texts = [line["text"] for line in await hooked.heard(3)]
    assert texts == ["shipping time", "1", "2"]


async def test_an_edit_is_a_revision(hooked: Shop) -> None:
    first = said("opening hours")
    await hooked.post({**first, "update_id": 1})
    await hooked.post({**edited(first, "shipping time"), "update_id": 2})
    (line,) = await hooked.lines("customer")
    assert line["text"] == "shipping time"


async def test_the_webhook_is_registered_where_its_address_is_given(
    tmp_path: Path, api: BotApi
) -> None:
    url = "https://chat.example.com/telegram/telegram"
    async with open_shop(tmp_path, api, **webhook(webhook_url=url)):
        await api.until(lambda: bool(api.of("setWebhook")))
        (fields,) = api.of("setWebhook")
        assert fields["url"] == url
        assert fields["secret_token"] == SECRET
        assert fields["drop_pending_updates"] is False
        assert "callback_query" in fields["allowed_updates"]


async def test_a_polling_channel_has_no_route(shop: Shop) -> None:
    assert (await shop.post({**said("shipping time"), "update_id": 1}))[0] == 404
