"""Frames, lines, tokens, origins and limits: tables of examples, without a socket."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.web import convert
from adapters.web.config import Config
from adapters.web.frames import Choose, Hello, Rate, Read, Say, Typing, parse
from adapters.web.limits import Places, Quota, Window
from adapters.web.origins import Origins
from adapters.web.refusals import frame as refusal
from adapters.web.seals import Seals
from adapters.web.tokens import Tokens, signature
from gateway.conversation import Mode
from gateway.errors import Forbidden, Invalid, NotFound, StoreUnavailable, TooMany
from gateway.files import File
from gateway.message import (
    Attachment,
    Author,
    Contact,
    Kind,
    Line,
    Message,
    Suggestion,
)
from gateway.thread import State

WHO = Contact("website", "a-1", "", "en")
SEALS = Seals(b"key", "website")
FILE = "0f" * 16
PICTURE = Attachment("image", "a.png", "image/png", 9, id=FILE)


@pytest.mark.parametrize(
    ("data", "frame"),
    [
        ('{"type":"hello","token":null}', Hello(type="hello")),
        (
            '{"type":"hello","token":"t","after":3,"language":"en","new":1}',
            Hello(type="hello", token="t", after=3, language="en"),
        ),
        ('{"type":"message","id":"m1","text":"hi"}', Say(type="message", id="m1", text="hi")),
        (
            '{"type":"choose","id":"m1","suggestion":"@none"}',
            Choose(type="choose", id="m1", suggestion="@none"),
        ),
        ('{"type":"typing"}', Typing(type="typing")),
        ('{"type":"read","seq":7}', Read(type="read", seq=7)),
        ('{"type":"rate","score":5}', Rate(type="rate", score=5)),
    ],
)
def test_a_frame_in_its_form_is_read(data: str, frame: object) -> None:
    assert parse(data) == frame


def test_a_refused_frame_names_the_place_and_not_the_value() -> None:
    with pytest.raises(Invalid, match=r"message\.text") as refused:
        parse('{"type":"message","id":"m1","text":{"secret":"value"}}')
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("zh", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-US", "en"),
        ("de", "en"),
    ],
)
def test_a_language_tag_is_chinese_or_english(tag: str | None, language: str) -> None:
    assert convert.language(tag) == language


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  hi  ", "hi"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x00b\x1b[31m\x7f\x85", "ab[31m"),
        ("tab\tstays", "tab\tstays"),
        ("👨‍👩‍👧 家人", "👨‍👩‍👧 家人"),
    ],
)
def test_a_text_keeps_all_but_controls(text: str, clean: str) -> None:
    said = convert.said(Say(type="message", id="m1", text=text), WHO)
    assert said == Message("a-1:m1", WHO, clean)


def _line(**more: Any) -> Line:
    return Line("l1", "c1", 9, Author.BOT, "", "Hello", 1_763_800_200_250, **more)


def test_a_line_becomes_a_message_frame() -> None:
    line = _line(
        suggestions=(Suggestion("ship", "When?"),),
        attachments=(Attachment("image", "a.png", "image/png", 9, "/files/1"),),
    )
    assert convert.line(line, WHO, SEALS) == {
        "type": "message",
        "seq": 9,
        "author": "bot",
        "name": "",
        "text": "Hello",
        "suggestions": [{"id": "ship", "text": "When?"}],
        "attachments": [
            {
                "kind": "image",
                "name": "a.png",
                "type": "image/png",
                "size": 9,
                "url": "/files/1",
                "id": "",
            }
        ],
        "at": "2025-11-22T08:30:00.250Z",
    }


def test_a_file_of_ours_has_an_address_that_is_sealed_for_its_visitor() -> None:
    [mine] = convert.line(_line(attachments=(PICTURE,)), WHO, SEALS)["attachments"]
    assert mine["url"] == f"file/{FILE}?for={WHO.key}&seal={SEALS.seal(WHO.key, FILE)}"
    assert SEALS.is_whole(SEALS.seal(WHO.key, FILE), WHO.key, FILE)


@pytest.mark.parametrize(
    ("seal", "contact", "file"),
    [
        ("", WHO.key, FILE),
        ("é", WHO.key, FILE),
        (SEALS.seal(WHO.key, FILE)[:-1], WHO.key, FILE),
        (SEALS.seal(WHO.key, FILE), "another", FILE),
        (SEALS.seal(WHO.key, FILE), WHO.key, "f0" * 16),
        (Seals(b"another", "website").seal(WHO.key, FILE), WHO.key, FILE),
        (Seals(b"key", "another").seal(WHO.key, FILE), WHO.key, FILE),
    ],
)
def test_no_seal_fits_another_visitor_or_file(seal: str, contact: str, file: str) -> None:
    assert not SEALS.is_whole(seal, contact, file)


def test_files_are_said_with_or_without_words() -> None:
    file = File(FILE, WHO.key, PICTURE, Path("a"))
    for text, kept in (("", ""), (" look ", "look")):
        said = convert.said(Say(type="message", id="m1", text=text), WHO, [file])
        assert said == Message("a-1:m1", WHO, kept, attachments=(PICTURE,))


@pytest.mark.parametrize("change", [{"contact": "another"}, {"contact": ""}, {"ours": True}])
def test_only_ones_own_files_are_said(change: dict[str, Any]) -> None:
    file = replace(File(FILE, WHO.key, PICTURE, Path("a")), **change)
    with pytest.raises(NotFound) as refused:
        convert.said(Say(type="message", id="m1", text="look"), WHO, [file])
    assert (
        refusal(refused.value, "en")["text"] == "A file is not here any more. Please add it again."
    )


def test_ones_own_line_carries_the_id_of_ones_widget() -> None:
    line = Line("l1", "c1", 9, Author.CUSTOMER, "", "Hello", 0, external="a-1:m1")
    assert convert.line(line, WHO, SEALS)["id"] == "m1"


def test_the_newest_label_of_a_suggestion_counts() -> None:
    lines = [
        _line(suggestions=(Suggestion("ship", "old"),)),
        _line(suggestions=(Suggestion("ship", "new"), Suggestion("fee", "other"))),
    ]
    chosen = convert.chosen(Choose(type="choose", id="m1", suggestion="ship"), WHO, lines)
    assert chosen == Message("a-1:m1", WHO, "new", Kind.CHOICE, choice="ship")


def test_an_answer_says_whose_it_is_and_can_be_judged() -> None:
    answer = _line(routed="answer:ship")
    assert convert.line(answer, WHO, SEALS)["answers"] == "ship"
    tap = Choose(type="choose", id="m1", suggestion="@unhelpful:ship")
    judged = convert.chosen(tap, WHO, [answer])
    assert (judged.choice, judged.text, judged.asks) == ("@unhelpful:ship", "Not helpful", False)
    kept = Line("l1", "c1", 9, Author.CUSTOMER, "", "Not helpful", 0, choice=judged.choice)
    assert convert.line(kept, WHO, SEALS)["choice"] == "@unhelpful:ship"
    for nonsense in ("@helpful:", "@helpful:fee", "@nonsense:ship", "@helpful"):
        with pytest.raises(NotFound):
            convert.chosen(tap.model_copy(update={"suggestion": nonsense}), WHO, [answer, _line()])


@pytest.mark.parametrize("suggestion", ["ship", "@none", "rate:6", "rate:0", "rate:55"])
def test_what_nobody_offered_is_not_found(suggestion: str) -> None:
    with pytest.raises(NotFound):
        convert.chosen(Choose(type="choose", id="m1", suggestion=suggestion), WHO, [_line()])


def test_a_state_tells_mode_and_place() -> None:
    assert convert.state(State(Mode.WAITING, 2, 7)) == {
        "type": "state",
        "mode": "waiting",
        "ahead": 2,
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("x"), "invalid"),
        (NotFound("x"), "not_found"),
        (Forbidden("x"), "forbidden"),
        (TooMany("x", retry_after=3), "too_many"),
        (StoreUnavailable("x"), "unavailable"),
    ],
)
def test_every_refusal_has_a_code_and_both_languages(error: Any, code: str) -> None:
    chinese, english = refusal(error, "zh"), refusal(error, "en")
    assert chinese["code"] == english["code"] == code
    assert chinese["text"] != english["text"]


def test_a_token_names_the_same_visitor_each_time_and_only_here() -> None:
    tokens = Tokens(b"key", "website")
    token = tokens.issue()
    assert tokens.visitor(token) == tokens.visitor(token)
    assert tokens.visitor(token) != tokens.visitor(tokens.issue())
    with pytest.raises(Forbidden):
        Tokens(b"key", "another").visitor(token)


def test_an_identity_is_signed_as_documented() -> None:
    """`printf '42\\nAnn\\n1800000000' | openssl dgst -sha256 -hmac secret` says the same."""
    assert signature("secret", "42", "Ann", 1_800_000_000) == (
        "0c6a90994ed9975cf2b70c74b6e305a89d462403f3d58892b4603bb37267055c"
    )


@pytest.mark.parametrize(
    ("listed", "origin", "host", "allowed"),
    [
        (["*"], "https://any.example", "chat.example", True),
        (["*"], "null", "chat.example", True),
        (["https://shop.example"], None, "chat.example", True),
        (["https://shop.example"], "https://shop.example", "chat.example", True),
        (["https://shop.example"], "https://SHOP.example", "chat.example", True),
        (["https://shop.example"], "https://chat.example", "chat.example", True),
        (["https://shop.example"], "https://chat.example:8443", "chat.example", False),
        (["https://shop.example"], "http://shop.example", "chat.example", False),
        (["https://*.shop.example"], "https://a.b.shop.example", "chat.example", True),
        (["https://*.shop.example"], "https://shop.example", "chat.example", False),
        (["https://*.shop.example"], "https://evil-shop.example", "chat.example", False),
        (["https://*.shop.example:8443"], "https://a.shop.example:8443", "x", True),
        (["http://localhost:3000"], "http://localhost:3000", "x", True),
        (["http://localhost:80"], "http://localhost", "x", True),
        (["https://shop.example"], "not an origin", "x", False),
        (["https://shop.example"], "", "x", False),
    ],
)
def test_an_origin_is_allowed_by_the_list(
    listed: list[str], origin: str | None, host: str, allowed: bool
) -> None:
    assert Origins(listed).allow(origin, host) is allowed


@pytest.mark.parametrize(
    "config",
    [
        {"allowed_origins": ["shop.example"]},
        {"allowed_origins": ["https://shop.example/path"]},
        {"allowed_origins": ["https://*"]},
        {"allowed_origins": ["https://shop.example; script-src *"]},
        {"allowed_origins": []},
        {"allowed_origin": ["*"]},
        {"colour": "red"},
        {"colour": "#1f6f5c;}"},
        {"title": {"zh": "只有中文"}},
        {"limits": {"messages": 0}},
    ],
)
def test_a_wrong_configuration_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate(config)


def test_one_text_may_stand_for_both_languages() -> None:
    config = Config.model_validate({"title": "Shop"})
    assert (config.title.zh, config.title.en) == ("Shop", "Shop")


@pytest.mark.parametrize(
    ("colour", "ink"),
    [("#1f6f5c", "#ffffff"), ("#000000", "#ffffff"), ("#ffd400", "#14181a"), ("#fff", None)],
)
def test_text_on_the_shops_colour_can_be_read(colour: str, ink: str | None) -> None:
    if ink is None:
        with pytest.raises(ValidationError):
            Config.model_validate({"colour": colour})
    else:
        assert Config.model_validate({"colour": colour}).ink == ink


def test_a_window_lets_in_as_many_as_it_says_and_then_waits() -> None:
    window = Window(limit=2, span=1000)
    assert [_admit(window, now) for now in (0, 400, 700, 999)] == [0, 0, 300, 1]
    assert window.wait("b", 700) == 0
    assert [_admit(window, now) for now in (1000, 1001)] == [0, 399]


def _admit(window: Window, now: int) -> int:
    wait = window.wait("a", now)
    if not wait:
        window.count("a", now)
    return wait


def test_what_is_refused_counts_for_nobody() -> None:
    quota = Quota(visitor=Window(limit=1, span=1000), address=Window(limit=2, span=1000))
    assert [quota.admit("ann", "here", now) for now in (0, 100, 200)] == [0, 900, 800]
    assert quota.admit("ben", "here", 300) == 0
    assert quota.admit("cleo", "here", 400) == 600
    assert quota.admit("cleo", "there", 400) == 0
    quota.forget(1400)
    assert quota.admit("ann", "here", 1400) == 0


def test_a_window_forgets_who_was_quiet() -> None:
    window = Window(limit=1, span=1000)
    window.count("a", 0)
    window.count("b", 500)
    window.forget(1000)
    assert set(window._seen) == {"b"}


def test_places_are_given_back() -> None:
    places = Places(limit=1)
    assert places.take("a")
    assert places.take("b")
    assert not places.take("a")
    places.leave("a")
    assert places.take("a")
