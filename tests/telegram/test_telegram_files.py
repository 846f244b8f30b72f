"""Files in and out, and albums, case by case of the specification, through the whole program."""

import asyncio
import json
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.message import Attachment, Contact
from tests.telegram.bot_api import BotApi, Json, Trouble
from tests.telegram.shop import ANN, DATE, Shop, message, open_shop, said

PDF = b"%PDF-1.4\n" + b"x" * 150_000


def png() -> bytes:
    """A picture of one white dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = zlib.compress(b"\x00\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


def document(file: str, size: int, **more: str) -> Json:
    known = {"file_name": "bill.pdf", "mime_type": "application/pdf", **more}
    return {"document": {"file_id": file, "file_unique_id": file, "file_size": size, **known}}


def picture(file: str, album: str = "", **more: Any) -> Json:
    size = {"file_id": file, "file_unique_id": file, "width": 1, "height": 1, "file_size": 70}
    if album:
        more["media_group_id"] = album
    return {"message": message(photo=[size], **more)}


def attachments(line: Json) -> list[Json]:
    found: list[Json] = json.loads(line["rich"])["attachments"] if line["rich"] else []
    return found


@pytest.fixture
def pictures(api: BotApi) -> BotApi:
    """A Bot API with four pictures."""
    api.files |= {f"p{number}": png() for number in range(4)}
    return api


async def test_a_file_comes_with_its_name_and_type_and_is_ours(shop: Shop) -> None:
    shop.api.files["f"] = PDF
    await shop.api.push({"message": message(**document("f", len(PDF)), caption="my bill")})
    (line,) = await shop.heard()
    assert line["text"] == "my bill"
    (attachment,) = attachments(line)
    assert attachment["kind"] == "file"
    assert (attachment["name"], attachment["type"]) == ("bill.pdf", "application/pdf")
    assert attachment["size"] == len(PDF)
    kept = await shop.node.files.find(attachment["id"])
    assert kept.path.read_bytes() == PDF


async def test_case_21_an_album_is_one_message(shop: Shop, pictures: BotApi) -> None:
    await pictures.push(
        picture("p0", "g"), picture("p1", "g", caption="broken"), picture("p2", "g")
    )
    (line,) = await shop.heard()
    assert line["text"] == "broken"
    assert len(attachments(line)) == 3
    assert len({one["id"] for one in attachments(line)}) == 3
    await shop.in_journal("done", 3)
    assert len(await shop.lines("customer")) == 1


async def test_case_22_a_part_that_comes_late_is_added(shop: Shop, pictures: BotApi) -> None:
    await pictures.push(picture("p0", "g"), picture("p1", "g"))
    await shop.in_journal("done", 2)
    await pictures.push(picture("p2", "g", caption="all broken"))
    await shop.in_journal("done", 3)
    (line,) = await shop.lines("customer")
    assert line["text"] == "all broken"
    assert len(attachments(line)) == 3


async def test_a_caption_in_other_words_changes_the_album(shop: Shop, pictures: BotApi) -> None:
    first = picture("p0", "g", caption="brokn")
    await pictures.push(first, picture("p1", "g"))
    await shop.in_journal("done", 2)
    changed = {**first["message"], "caption": "broken", "edit_date": DATE + 60}
    await pictures.push({"edited_message": changed})
    await shop.in_journal("done", 3)
    (line,) = await shop.lines("customer")
    assert line["text"] == "broken"
    assert len(attachments(line)) == 2


async def test_what_follows_an_album_comes_after_it(shop: Shop, pictures: BotApi) -> None:
    await pictures.push(picture("p0", "g"), picture("p1", "g"), said("look at these"))
    album, text = await shop.heard(2)
    assert len(attachments(album)) == 2
    assert text["text"] == "look at these"


async def test_two_albums_in_a_row_are_two_messages(shop: Shop, pictures: BotApi) -> None:
    await pictures.push(*(picture(f"p{number}", f"g{number // 2}") for number in range(4)))
    lines = await shop.heard(2)
    assert [len(attachments(line)) for line in lines] == [2, 2]


async def test_case_24_a_file_too_big_is_named_and_its_sender_told(shop: Shop) -> None:
    await shop.api.push({"message": message(**document("big", 30 * 1024 * 1024))})
    (line,) = await shop.heard()
    (attachment,) = attachments(line)
    assert (attachment["name"], attachment["size"]) == ("bill.pdf", 30 * 1024 * 1024)
    assert not attachment["id"]
    assert line["text"] == "[File] bill.pdf"
    await shop.api.until(lambda: any("20 MB" in text for text in shop.api.texts))
    assert not shop.api.of("getFile")


@pytest.mark.parametrize("trouble", ["cut_downloads", "failing_downloads"])
async def test_case_25_a_download_cut_short_is_tried_again_and_leaves_nothing(
    shop: Shop, tmp_path: Path, trouble: str
) -> None:
    shop.api.files["f"] = PDF
    setattr(shop.api, trouble, 1)
    await shop.api.push({"message": message(**document("f", len(PDF)))})
    (line,) = await shop.heard()
    kept = await shop.node.files.find(attachments(line)[0]["id"])
    assert kept.path.read_bytes() == PDF
    others = [path for path in kept.path.parent.rglob("*") if path.is_file() and path != kept.path]
    assert others == []


async def test_a_file_that_can_not_be_had_is_named_all_the_same(shop: Shop) -> None:
    shop.api.script("getFile", Trouble(400, "Bad Request: file is too big"))
    await shop.api.push({"message": message(**document("f", 0))})
    (line,) = await shop.heard()
    assert attachments(line)[0]["name"] == "bill.pdf"
    await shop.api.until(lambda: any("20 MB" in text for text in shop.api.texts))


async def test_what_is_not_what_it_says_is_refused_and_its_sender_told(shop: Shop) -> None:
    shop.api.files["f"] = b"<html><script>alert(1)</script></html>"
    await shop.api.push({"message": message(**document("f", 38))})
    (line,) = await shop.heard()
    assert not attachments(line)[0]["id"]
    await shop.api.until(lambda: any("can't take" in text for text in shop.api.texts))


async def bytes_of(data: bytes) -> AsyncIterator[bytes]:
    yield data


@pytest.mark.parametrize(
    ("data", "name", "method"),
    [(png(), "dot.png", "sendPhoto"), (PDF, "bill.pdf", "sendDocument")],
    ids=["a picture", "a document"],
)
async def test_what_an_agent_attaches_is_sent_with_its_words(
    shop: Shop, data: bytes, name: str, method: str
) -> None:
    await shop.api.push(said("/person"))
    await shop.api.sent()
    surface = shop.node.handoff.surface
    (conversation,) = await surface.current()
    seat = await surface.seat("admin")
    await seat.claim(conversation)
    ann = Contact("telegram", str(ANN), "Ann", "en")
    kept = await shop.node.files.attach(ann.key, Attachment("file", name), bytes_of(data))
    await seat.reply(conversation, "k1", "Here you are", (kept,))
    await shop.api.until(lambda: any(call.method == method for call in shop.api.accepted))
    (call,) = [call for call in shop.api.accepted if call.method == method]
    assert call.fields["caption"] == "Here you are"
    assert (name, data) in call.files.values()


async def test_an_album_cut_short_by_a_stop_is_joined_after_it(
    tmp_path: Path, pictures: BotApi
) -> None:
    async with open_shop(tmp_path, pictures) as shop:
        await pictures.push(picture("p0", "g"), picture("p1", "g"))
        await shop.in_journal("new", 2)
        for task in shop.adapter._intake._lanes._tasks:
            task.cancel()
        await asyncio.sleep(0)
    async with open_shop(tmp_path, pictures) as shop:
        (line,) = await shop.heard()
        assert len(attachments(line)) == 2


async def test_an_edit_of_a_picture_keeps_it_one_message(shop: Shop, pictures: BotApi) -> None:
    first = picture("p0", caption="one")
    await pictures.push(first)
    await shop.in_journal("done")
    await pictures.push(
        {"edited_message": {**first["message"], "caption": "2", "edit_date": DATE + 9}}
    )
    await shop.in_journal("done", 2)
    (line,) = await shop.lines("customer")
    assert line["text"] == "2"
