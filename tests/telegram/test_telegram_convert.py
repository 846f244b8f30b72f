"""Every kind of update as what it says to us: tables, no network."""

from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import Update

from adapters.telegram import address
from adapters.telegram.address import Address
from adapters.telegram.config import Config
from adapters.telegram.convert import Account, Returned, Said, Tapped, event
from gateway.message import PERSON, Kind
from tests.telegram.bot_api import BOT_ID, TOKEN, Json
from tests.telegram.shop import ANN, DATE, edited, member, message, person, said, tapped

COMMANDS = Config.model_validate({"token": TOKEN}).commands
ACCOUNT = Account("telegram", BOT_ID, "shop_bot", COMMANDS)
FILE: Json = {"file_id": "f", "file_unique_id": "u", "file_size": 9}
SIZES = [
    {**FILE, "width": 90, "height": 90},
    {**FILE, "file_id": "big", "width": 9000, "height": 1},
]
PLACE = {"latitude": 31.2304, "longitude": 121.4737}
STICKER = {
    **FILE,
    "type": "regular",
    "width": 5,
    "height": 5,
    "is_animated": False,
    "is_video": False,
    "emoji": "🙂",
}
CLIP = {**FILE, "width": 1, "height": 1, "duration": 1, "mime_type": "video/mp4"}
POLL = {
    "id": "1",
    "question": "Tea?",
    "options": [
        {"persistent_id": "1", "text": "Yes", "voter_count": 0},
        {"persistent_id": "2", "text": "No", "voter_count": 0},
    ],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
}


def read(update: Json, account: Account = ACCOUNT) -> Any:
    return event(Update.model_validate({"update_id": 1, **update}), account)


@pytest.mark.parametrize(
    ("content", "text", "kind", "type_", "name"),
    [
        ({"photo": SIZES}, "[Picture]", "image", "image/jpeg", ""),
        (
            {"voice": {**FILE, "duration": 2, "mime_type": "audio/ogg"}},
            "[Voice message]",
            "voice",
            "audio/ogg",
            "",
        ),
        ({"video": CLIP}, "[Video]", "video", "video/mp4", ""),
        ({"video_note": {**FILE, "length": 2, "duration": 2}}, "[Video]", "video", "video/mp4", ""),
        ({"animation": CLIP, "document": FILE}, "[Video]", "video", "video/mp4", ""),
        ({"sticker": STICKER}, "[Sticker] 🙂", "sticker", "image/webp", "🙂"),
        (
            {"document": {**FILE, "file_name": "a.pdf", "mime_type": "application/pdf"}},
            "[File] a.pdf",
            "file",
            "application/pdf",
            "a.pdf",
        ),
        (
            {"audio": {**FILE, "duration": 1, "file_name": "a.mp3", "mime_type": "audio/mpeg"}},
            "[File] a.mp3",
            "file",
            "audio/mpeg",
            "a.mp3",
        ),
        (
            {"location": PLACE},
            "[Location] 31.230400, 121.473700",
            "place",
            "",
            "31.230400, 121.473700",
        ),
        (
            {"venue": {"location": PLACE, "title": "Shop", "address": "Main St 1"}},
            "[Location] Shop, Main St 1 (31.230400, 121.473700)",
            "place",
            "",
            "Shop, Main St 1 (31.230400, 121.473700)",
        ),
        (
            {"contact": {"phone_number": "+861", "first_name": "Li", "last_name": "Mei"}},
            "[Contact] Li Mei +861",
            "contact",
            "",
            "Li Mei +861",
        ),
    ],
)
def test_case_23_what_is_no_text_is_a_typed_attachment_with_words(
    content: Json, text: str, kind: str, type_: str, name: str
) -> None:
    found = read({"message": message(**content)})
    assert isinstance(found, Said)
    assert found.message.text == text
    (media,) = found.media
    assert (media.attachment.kind, media.attachment.type) == (kind, type_)
    assert media.attachment.name == name
    assert bool(media.file) == (kind not in ("place", "contact"))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"poll": POLL}, "[Poll] Tea?\n- Yes\n- No"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "[Dice] 🎲 4"),
        (
            {"checklist": {"title": "Buy", "tasks": [{"id": 1, "text": "Milk"}]}},
            "[Checklist] Buy\n- Milk",
        ),
        (
            {"story": {"chat": {"id": 7, "type": "private"}, "id": 1}},
            "[A message that can't be shown here: story]",
        ),
        ({"something_new": {"x": 1}}, "[A message that can't be shown here: unknown]"),
    ],
    ids=["poll", "dice", "checklist", "story", "unknown"],
)
def test_case_23_what_has_no_form_here_has_words(content: Json, text: str) -> None:
    assert read({"message": message(**content)}).message.text == text


def test_the_largest_picture_is_fetched_and_a_caption_is_the_text() -> None:
    found = read({"message": message(photo=SIZES, caption="broken", media_group_id="g")})
    assert found.media[0].file == "big"
    assert (found.message.text, found.worded, found.album) == ("broken", True, "g")


def test_placeholders_are_in_the_customers_language() -> None:
    assert read({"message": message(photo=SIZES, language="zh-hans")}).message.text == "[图片]"


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([{"type": "paragraph", "text": ["Hello ", {"type": "bold", "text": "you"}]}], "Hello you"),
        (
            [
                {"type": "heading", "text": "Order", "size": 1},
                {"type": "paragraph", "text": "two"},
                {"type": "divider"},
                {"type": "pre", "text": "x = 1", "language": "py"},
            ],
            "Order\ntwo\nx = 1",
        ),
        (
            [
                {
                    "type": "list",
                    "items": [
                        {"label": "1.", "blocks": [{"type": "paragraph", "text": "one"}]},
                        {"label": "2.", "blocks": [{"type": "paragraph", "text": "two"}]},
                    ],
                }
            ],
            "1. one\n2. two",
        ),
        (
            [
                {
                    "type": "table",
                    "cells": [
                        [
                            {"align": "left", "valign": "top", "text": "a"},
                            {"align": "left", "valign": "top", "text": "b"},
                        ]
                    ],
                }
            ],
            "a | b",
        ),
        ([{"type": "photo", "photo": SIZES}], "[photo]"),
        (
            [
                {
                    "type": "details",
                    "summary": "More",
                    "blocks": [
                        {
                            "type": "paragraph",
                            "text": {"type": "url", "text": "here", "url": "https://x.example"},
                        }
                    ],
                }
            ],
            "More\nhere",
        ),
    ],
    ids=["marks", "blocks", "a list", "a table", "a picture", "details"],
)
def test_case_49_a_rich_message_is_flattened(blocks: list[Json], text: str) -> None:
    assert read({"message": message(rich_message={"blocks": blocks})}).message.text == text


@pytest.mark.parametrize(
    ("text", "kind", "choice", "words"),
    [
        ("/start", Kind.JOINED, "", "/start"),
        ("/start ORD_42", Kind.JOINED, "ORD_42", "/start ORD_42"),
        ("/start@shop_bot ORD_42", Kind.JOINED, "ORD_42", "/start@shop_bot ORD_42"),
        ("/START", Kind.JOINED, "", "/START"),
        (f"/start {'x' * 90}", Kind.JOINED, "x" * 64, f"/start {'x' * 90}"),
        ("/person", Kind.CHOICE, PERSON, "Talk to a person"),
        ("/person please", Kind.CHOICE, PERSON, "Talk to a person please"),
        ("/refund", Kind.TEXT, "", "/refund"),
        ("/", Kind.TEXT, "", "/"),
        ("a /start", Kind.TEXT, "", "a /start"),
    ],
)
def test_commands(text: str, kind: Kind, choice: str, words: str) -> None:
    found = read(said(text)).message
    assert (found.kind, found.choice, found.text) == (kind, choice, words)


def test_case_18_a_command_for_another_bot_is_nothing_to_us() -> None:
    assert read(said("/start@other_bot")) is None


def test_text_comes_without_what_no_text_has() -> None:
    assert read(said(" a\x00b\r\nc\ud800 \x1b[1m")).message.text == "ab\nc [1m"
    assert read(said("\x00 ")) is None


def test_an_edit_names_the_message_and_itself_by_its_time() -> None:
    first = said("one")
    change = read(edited(first, "two", DATE + 9)).message
    assert change.edits == read(first).message.id
    assert change.id == f"{change.edits}:{DATE + 9}"
    assert change.text == "two"


def test_another_bots_messages_have_other_ids_in_the_same_chat() -> None:
    first = said("one")
    other = replace(ACCOUNT, bot=BOT_ID + 1)
    assert read(first).message.id == f"{ANN}:{BOT_ID}:{first['message']['message_id']}"
    assert read(first, other).message.id != read(first).message.id


def test_a_live_location_that_moves_is_no_edit() -> None:
    first = {"message": message(location={**PLACE, "live_period": 900})}
    moved = {"edited_message": {**first["message"], "edit_date": DATE + 9}}
    assert read(first).message.text == "[Location] 31.230400, 121.473700"
    assert read(moved) is None


def test_a_tap_names_a_line_and_a_place_in_it() -> None:
    found = read(tapped("tap:12:1:0123abcd"))
    assert isinstance(found, Tapped)
    assert (found.line, found.place, found.tail) == (12, 1, "0123abcd")
    assert not found.rates
    assert read(tapped("rate:12:1:0123abcd")).rates


@pytest.mark.parametrize(
    "data",
    [
        "",
        "tap",
        "tap:1:2",
        "tap:a:0:01234567",
        "tap:1:0:0123456789",
        "tap:99999999999999999999:0:01234567",
        "tap:١:0:01234567",
    ],
)
def test_a_tap_on_what_is_not_ours_is_nothing(data: str) -> None:
    assert read(tapped(data)) is None


def test_who_blocks_leaves_and_who_unblocks_returns() -> None:
    left = read(member("kicked"))
    assert (left.message.kind, left.message.contact.id) == (Kind.LEFT, str(ANN))
    returned = read(member("member"))
    assert isinstance(returned, Returned)


def test_a_business_owner_writing_is_not_the_customer() -> None:
    account = Account("telegram", BOT_ID, "", COMMANDS, business=True)
    own = {**message(text="hello", business_connection_id="b"), "from": person(99)}
    assert read({"business_message": own}, account) is None


@pytest.mark.parametrize(
    ("id_", "where"),
    [
        ("7", Address(7)),
        ("7/3", Address(7, 3)),
        ("b1:7", Address(7, 0, "b1")),
        ("-100", Address(-100)),
    ],
)
def test_a_contacts_id_is_an_address(id_: str, where: Address) -> None:
    assert address.of_contact(id_) == where
    assert where.contact == id_


@pytest.mark.parametrize("id_", ["", "ann", "7/", "7/x", "a:b:7"])
def test_an_id_that_is_not_ours_is_refused(id_: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        address.of_contact(id_)
