"""The short way of reading an update says what the long one says, or nothing."""

import json
from typing import Any

import pytest
from aiogram.types import Update
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.telegram import plain
from adapters.telegram.convert import Account, event
from gateway.config.fields import Words

Json = dict[str, Any]

ACCOUNT = Account("shop", 123456, "shop_bot", {"person": Words(zh="人工", en="A person")})
PERSON = {
    "id": 7,
    "is_bot": False,
    "first_name": "Ann",
    "last_name": "Lee",
    "username": "ann",
    "language_code": "en",
    "is_premium": True,
}
CHAT = {"id": 7, "type": "private", "first_name": "Ann", "last_name": "Lee", "username": "ann"}
SENT = {"message_id": 5, "date": 1_764_000_000, "text": "运费怎么算？"}


def update(sent: Json = {}, person: Json = {}, chat: Json = {}, **more: Any) -> Json:  # noqa: B006
    message = {**SENT, "from": {**PERSON, **person}, "chat": {**CHAT, **chat}, **sent}
    return json.loads(json.dumps({"update_id": 1, "message": message, **more}))  # type: ignore[no-any-return]


def without(names: list[str]) -> Json:
    found = update()
    for part in (found["message"], found["message"]["from"], found["message"]["chat"]):
        for name in names:
            part.pop(name, None)
    return found


def read(raw: Json) -> object:
    """By aiogram's models; None where they refuse it, too."""
    try:
        return event(Update.model_validate(raw), ACCOUNT)
    except ValidationError:
        return None


@pytest.mark.parametrize(
    "raw",
    [
        update(),
        update({"text": "  Hello\r\nthere \x00"}),
        update({"text": "is 1/2 enough? /start"}),
        without(["last_name", "username", "language_code", "is_premium"]),
        update(person={"first_name": " \x07Ann", "language_code": "zh-hans"}),
    ],
)
def test_common_words_are_read_as_by_the_models(raw: Json) -> None:
    said = plain.words(raw, ACCOUNT)
    assert said is not None
    assert said == read(raw)
    assert plain.chat(raw) == 7


@pytest.mark.parametrize(
    "raw",
    [
        update({"text": "/start shipping"}),
        update({"text": " /person"}),
        update({"text": " \x00 "}),
        update({"entities": [{"type": "bold", "offset": 0, "length": 2}]}),
        update({"media_group_id": "1"}),
        update({"reply_to_message": {}}),
        update(chat={"type": "group"}),
        update(chat={"is_forum": True}),
        update(person={"is_bot": True}),
        update(person={"is_bot": 0}),
        update(person={"id": "7"}),
        update(person={"is_premium": "yes"}),
        update(person={"is_premium": False}),
        update(person={"first_name": 7}),
        update(person={"first_name": ""}),
        update({"date": -1}),
        update({"date": 1 << 40}),
        update({"date": True}),
        update({"text": 5}),
        update(edited_message=SENT),
        {"update_id": 1},
        {"update_id": 1, "message": []},
        without(["date"]),
        without(["id"]),
        without(["first_name"]),
    ],
)
def test_all_else_is_left_to_the_models(raw: Json) -> None:
    assert plain.words(raw, ACCOUNT) is None


VALUES: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.text(), st.just([]), st.floats()
)
NAMES = sorted({*PERSON, *CHAT, *SENT, "entities", "message_thread_id", "via_bot"})


@given(st.sampled_from(["message", "from", "chat"]), st.sampled_from(NAMES), VALUES)
def test_whatever_is_read_the_short_way_is_the_same(where: str, name: str, value: object) -> None:
    raw = update()
    part = raw["message"] if where == "message" else raw["message"][where]
    part[name] = value
    said = plain.words(raw, ACCOUNT)
    assert said is None or said == read(raw)


@given(st.text())
def test_all_texts_are_read_the_same(text: str) -> None:
    raw = update({"text": text}, {"first_name": text or "A", "last_name": text})
    said = plain.words(raw, ACCOUNT)
    assert said is None or said == read(raw)
