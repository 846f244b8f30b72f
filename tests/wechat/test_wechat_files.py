"""Customers' files come into our store, ours go to the platform, and no address is trusted."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from adapters.wechat.files import PublicResolver
from gateway.message import Attachment
from tests.wechat.house import House, open_house
from tests.wechat.platform import GET, JPEG, SEND, UPLOAD, Tencent, picture

FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64


async def attachment(house: House) -> Attachment:
    """That of the customer's line."""
    return (await house.lines())[0].attachments[0]


async def test_case_41_a_picture_is_fetched_at_once(tmp_path: Path, tencent: Tencent) -> None:
    tencent.media["m1"] = picture()
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("image", "m1"))
        kept = await attachment(house)
        assert (kept.kind, kept.type, kept.size) == ("image", "image/jpeg", len(JPEG))
        file = await house.adapter.core.files.find(kept.id)
        assert file.path.read_bytes() == JPEG


async def test_case_41_a_video_that_lies_elsewhere_is_fetched_there(
    tmp_path: Path, tencent: Tencent
) -> None:
    tencent.media["m1"] = {"video_url": f"{tencent.base}/files/v"}
    tencent.media["v"] = web.Response(body=FILM, content_type="video/mp4")
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("video", "m1"))
        assert (await attachment(house)).size == len(FILM)


@pytest.mark.parametrize("media", ["gone", "large"])
async def test_case_41_a_message_whose_file_can_not_be_had_is_taken_without(
    media: str, tmp_path: Path, tencent: Tencent
) -> None:
    tencent.media["large"] = picture(JPEG + b"x" * 1_100_000)
    async with open_house(tmp_path, tencent) as house:
        said = await house.phone.post(house.phone.file("image", media))
        assert said.status == 200
        assert await attachment(house) == Attachment("image")


async def test_case_30_a_voice_without_recognition_is_a_file(
    tmp_path: Path, tencent: Tencent
) -> None:
    tencent.media["m1"] = web.Response(body=b"#!AMR\n", content_type="audio/amr")
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("voice", "m1", "<Recognition></Recognition>"))
        [line, *_] = await house.lines()
        assert (line.text, line.attachments[0].type) == ("", "audio/amr")


async def test_a_file_that_takes_long_comes_behind_its_message(
    tmp_path: Path, tencent: Tencent
) -> None:
    came = asyncio.Event()
    tencent.when_called[GET] = came.wait
    tencent.media["m1"] = picture()
    async with open_house(tmp_path, tencent, fetch=0.1) as house:
        await house.phone.post(house.phone.file("image", "m1"))
        assert not (await attachment(house)).id
        async with house.node.hints.listen() as board, asyncio.timeout(30):
            came.set()
            while not (await attachment(house)).id:
                await anext(board)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/v",
        "http://localhost:1/v",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:1/v",
        "http://10.0.0.1/v",
        "file:///etc/passwd",
        "ftp://example.com/v",
        "http://",
        "http://[",
        "http://127.0.0.1:99999/v",
        f"http://{'a' * 64}.example/v",
        "",
    ],
)
async def test_a_file_is_fetched_from_no_address_inside_the_network(
    address: str, tmp_path: Path, tencent: Tencent
) -> None:
    tencent.media["m1"] = {"video_url": address}
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("video", "m1"))
        assert not (await attachment(house)).id


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127。0。0。1",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0",
        "[::ffff:127.0.0.1]",
        "localhost",
    ],
)
async def test_a_host_inside_the_network_is_not_called_however_it_is_written(
    host: str, tmp_path: Path, tencent: Tencent
) -> None:
    inside = Tencent()
    inside.media["v"] = picture()
    await inside.start()
    port = inside.base.rpartition(":")[2]
    tencent.media["m1"] = {"video_url": f"http://{host}:{port}/files/v"}
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("image", "m1"))
        assert not (await attachment(house)).id
    await inside.stop()
    assert not inside.calls


async def test_a_message_is_kept_whose_picture_lies_nowhere(house: House) -> None:
    await house.phone.post(house.phone.file("image", "gone", "<PicUrl>http://[</PicUrl>"))
    assert await attachment(house) == Attachment("image")


async def test_a_file_is_not_fetched_by_way_of_a_redirect(tmp_path: Path, tencent: Tencent) -> None:
    tencent.media["m1"] = {"video_url": f"{tencent.base}/files/v"}
    tencent.moved["/files/v"] = f"{tencent.base}/files/w"
    tencent.media["w"] = picture()
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("video", "m1"))
        assert not (await attachment(house)).id
    assert "/files/w" not in tencent.count


async def test_a_name_that_leads_inside_the_network_is_not_resolved() -> None:
    resolver = PublicResolver()
    with pytest.raises(OSError, match="inside a network"):
        await resolver.resolve("localhost", 80)
    await resolver.close()


async def test_without_the_right_a_picture_is_fetched_from_its_address(
    tmp_path: Path, tencent: Tencent
) -> None:
    tencent.verified = False
    tencent.media["pic"] = picture()
    address = f"<PicUrl>{tencent.base}/files/pic</PicUrl>"
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("image", "m1", address))
        assert (await attachment(house)).size == len(JPEG)


async def test_an_agents_picture_is_uploaded_once_and_again_when_it_is_forgotten(
    tmp_path: Path, tencent: Tencent
) -> None:
    tencent.media["m1"] = picture()
    async with open_house(tmp_path, tencent) as house:
        await house.phone.post(house.phone.file("image", "m1"))
        ours = await attachment(house)
        seat, conversation = await house.led()
        tencent.refuse(SEND, 0, 40007)
        for key in ("一", "二"):
            await seat.reply(conversation, key, key, [ours])
            await house.settled(key, "sent")
        kinds = [call.json["msgtype"] for call in tencent.of(SEND)]
        assert kinds == ["text", "image", "image", "text", "image"]
        assert tencent.count[UPLOAD] == 2
        assert JPEG in tencent.of(UPLOAD)[1].body


async def test_without_the_right_a_picture_goes_as_its_name(
    tmp_path: Path, tencent: Tencent
) -> None:
    tencent.verified = False
    tencent.media["pic"] = picture()
    address = f"<PicUrl>{tencent.base}/files/pic</PicUrl>"
    async with open_house(tmp_path, tencent, can_push="no") as house:
        await house.phone.post(house.phone.file("image", "m1", address))
        ours = await attachment(house)
        seat, conversation = await house.led()
        await seat.reply(conversation, "k", "请看", [ours])
        await house.settled("请看", "held")
        assert (await house.phone.say("在吗")).text == "请看"
        await house.settled("请看", "held")
        assert (await house.phone.say("图呢")).text == f"[{ours.name or ours.kind}]"
        await house.settled("请看", "sent")
