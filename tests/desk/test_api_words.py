"""What the API says to programs that send something else than it asks for."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from handoff.api.asks import Close, Cursor, Filter, NewReply, NewStatus, NewToken, Read
from handoff.api.explain import _OTHER, refusal
from handoff.api.route import Nothing
from handoff.api.shapes import Shape
from handoff.api.table import TABLE
from tests.desk.place import Site

STORABLE = "has characters that can't be stored (NUL or half a character): leave them out"
LONG = "x" * 5000


WRONG: tuple[object, ...] = (None, {}, [], -1, 1.5, LONG, "\0", "", True)


def explained(model: type[Shape], sent: Any) -> tuple[str, object]:
    """What is said to a body (text) or a query."""
    parse = model.model_validate_json if isinstance(sent, str) else model.model_validate
    with pytest.raises(ValidationError) as caught:
        parse(sent)
    found = refusal(caught.value)
    return str(found), found.facts["field"]


@pytest.mark.parametrize(
    ("model", "sent", "field", "said"),
    [
        (NewReply, {"id": "a", "text": LONG}, "text", "is longer than 4000 characters: shorten it"),
        (NewReply, {"id": "a", "text": " "}, "text", "says nothing: send at least one word"),
        (NewReply, {"id": "a", "text": "\0"}, "text", STORABLE),
        (NewReply, {"id": "a"}, "text", "is missing: send it"),
        (NewReply, {"id": "a", "text": 5}, "text", "is not text: send a JSON string"),
        (NewReply, {"id": "a", "text": ["x"]}, "text", "is not text: send a JSON string"),
        (NewToken, {"name": ""}, "name", "has too few characters: send at least 1"),
        (
            NewStatus,
            {"status": "x"},
            "status",
            "is not known here: send 'online', 'busy', 'away' or 'offline'",
        ),
        (Read, {"seq": -1}, "seq", "is less than 0: send at least that"),
        (Read, {"seq": 2**60}, "seq", f"is too large: send less than {2**53}"),
        (Read, {"seq": "1"}, "seq", "is not a whole number: send one, without quotes"),
        (Close, {"seq": 1.5}, "seq", "is not a whole number: send one, without quotes"),
    ],
)
def test_a_body_is_told_what_is_wrong_where_and_what_to_do(
    model: type[Shape], sent: dict[str, object], field: str, said: str
) -> None:
    assert explained(model, json.dumps(sent)) == (f"{field} {said}", field)


@pytest.mark.parametrize("sent", ["[]", "null", "5", "{", "", "[" * 100_000])
def test_what_is_no_object_is_told_to_become_one(sent: str) -> None:
    text, field = explained(NewReply, sent)
    assert text.startswith("the body is not ")
    assert (": send one" in text, field) == (True, "")


@pytest.mark.parametrize(
    ("model", "name", "value", "said"),
    [
        (Filter, "limit", "0", "is less than 1: send at least that"),
        (Filter, "limit", "1000", "is more than 200: send at most that"),
        (Filter, "limit", "many", "is not a whole number: send one"),
        (Filter, "owed", "perhaps", "is neither true nor false: send 1 or 0"),
        (Filter, "mode", "x", "is of another form: send what matches ^((bot|"),
        (Filter, "q", "x" * 201, "is longer than 200 characters: shorten it"),
        (Cursor, "after", "1.5", "is not a whole number: send one"),
        (Cursor, "after", "-1", "is less than 0: send at least that"),
    ],
)
def test_so_is_a_query(model: type[Shape], name: str, value: str, said: str) -> None:
    text, field = explained(model, {name: value})
    assert (text.startswith(f"{name} {said}"), field) == (True, name), text


def test_every_field_of_every_route_is_told_in_our_words() -> None:
    for route in TABLE:
        body = route.body if issubclass(route.body, Shape) else Nothing
        for name in body.model_fields:
            for wrong in WRONG:
                tell(body.model_validate_json, json.dumps({name: wrong}))
        for name in route.query.model_fields:
            for wrong in WRONG:
                tell(route.query.model_validate, {name: str(wrong)})


def tell(parse: Callable[[Any], Shape], sent: object) -> None:
    try:
        parse(sent)
    except ValidationError as error:
        text = str(refusal(error))
        assert _OTHER not in text, (parse, sent)
        assert not any(word in text for word in ("Input", "Value", "after validation"))


async def test_a_client_hears_which_field_it_was(site: Site) -> None:
    conversation = await site.place.waiting()
    browser = await site.sign_in("Wang")
    path = f"/conversations/{conversation}/messages"
    status, answer = await browser.ask("POST", path, {"id": "a", "text": LONG})
    assert (status, answer["error"]) == (
        400,
        {
            "code": "invalid",
            "field": "text",
            "text": "text is longer than 4000 characters: shorten it",
        },
    )
