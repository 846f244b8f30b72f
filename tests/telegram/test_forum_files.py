"""Pictures and files between customers and the agents' group."""

from typing import Any

import pytest

from tests.files.samples import png
from tests.telegram.bot_api import BotApi, Json, Trouble
from tests.telegram.office import WANG, Office
from tests.telegram.shop import ANN, message, said

ASK = "my parcel is lost in the mountains"


def photo(api: BotApi, name: str) -> list[Json]:
    """A photo that Telegram has."""
    data = png()
    api.files[name] = data
    size = {"file_id": name, "file_unique_id": name, "width": 2, "height": 2}
    return [{**size, "file_size": len(data)}]


async def claimed(office: Office) -> None:
    await office.api.push(said(ASK))
    await office.forum.press(WANG, "🙋 Claim")
    await office.forum.says("🎧 wang leads this chat")


async def write(office: Office, **content: Any) -> Json:
    written = office.forum.message(WANG, **content)
    await office.api.push({"message": written})
    return written


async def test_a_customers_picture_is_shown_in_the_topic(office: Office) -> None:
    await claimed(office)

    await office.api.push({"message": message(photo=photo(office.api, "box"), caption="broken!")})
    await office.forum.says("👤 Ann: broken!")
    await office.api.until(lambda: bool(office.api.of("sendPhoto")))

    (call,) = [one for one in office.api.accepted if one.method == "sendPhoto"]
    assert call.fields["caption"] == "👤 Ann"
    assert [data for _, data in call.files.values()] == [png()]


async def test_an_agents_picture_goes_to_the_customer_once(office: Office) -> None:
    await claimed(office)

    sent = await write(office, photo=photo(office.api, "label"), caption="Like this one?")
    await office.api.push({"message": sent, "update_id": 88_000})
    await office.forum.write(WANG, "the end")
    await office.api.until(lambda: "the end" in office.api.texts)

    (call,) = [one for one in office.api.accepted if one.method == "sendPhoto"]
    assert (call.fields["chat_id"], call.fields["caption"]) == (ANN, "Like this one?")
    assert [data for _, data in call.files.values()] == [png()]


async def test_a_visitor_of_the_site_gets_an_agents_picture(office: Office) -> None:
    visitor = await office.visitor("我的包裹丢在山里了")
    await office.forum.press(WANG, "🙋 Claim")

    await write(office, photo=photo(office.api, "label"), caption="是这样的吗？")

    while (frame := await visitor.next("message"))["author"] != "agent":
        pass
    assert frame["text"] == "是这样的吗？"
    assert [one["kind"] for one in frame["attachments"]] == ["image"]


async def test_a_file_that_telegram_refuses_to_show_is_named_and_holds_up_nothing(
    office: Office,
) -> None:
    await claimed(office)
    office.api.script("sendPhoto", Trouble(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    office.api.script("sendDocument", Trouble(400, "Bad Request: file is empty"))

    await office.api.push({"message": message(photo=photo(office.api, "box"), caption="look")})
    await office.api.push(said("and answer"))

    await office.forum.says("look at it in the console", "👤 Ann: and answer")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "only text, pictures, voice, video"),
        (
            {"document": {"file_id": "d", "file_unique_id": "d", "file_size": 30_000_000}},
            "this file is too big",
        ),
        (
            {"document": {"file_id": "exe", "file_unique_id": "exe", "file_name": "a.exe"}},
            "files like this don't go to customers",
        ),
    ],
)
async def test_what_can_not_go_to_the_customer_is_said(
    office: Office, content: Json, told: str
) -> None:
    office.api.files["exe"] = b"MZ\x90\x00" + bytes(200)
    await claimed(office)

    sent = await write(office, **content)

    await office.forum.says(told)
    await office.api.until(lambda: bool(office.forum.reactions))
    assert office.forum.reactions == [(sent["message_id"], "🙊")]
    assert await office.lines("agent") == []
