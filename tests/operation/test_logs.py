"""Logs say what happened, and neither whose number it was nor our secrets (SECURITY 41, 52)."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.logs import configure
from gateway.masking import Secrets, mask

CANARY = "c4nary/7f3e+µ"
log = logging.getLogger("shop")


class Screen(io.StringIO):
    """A terminal that keeps what it was shown."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level


def fail(kind: type[Exception], text: str) -> None:
    raise kind(text)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打给13812345678吧", "打给138****5678吧"),
        ("+86 138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("021-62345678", "021-****5678"),
        ("(0755) 8234 5678", "0755-****5678"),
        ("call +1 (415) 555-2671 now", "call +1 ****71 now"),
        ("+442079460958", "+442 ****58"),
        ("身份证11010519491231002X。", "身份证110***2X。"),
        ("110105194912310021", "110***21"),
        ("card 4111 1111 1111 1111", "card ****1111"),
        ("卡号6222021234567890128", "卡号****0128"),
        ("zhang.san+shop@mail.example.com", "z***@mail.example.com"),
        ("写信到李雷@example.cn", "写***@example.cn"),
    ],
)
def test_numbers_that_belong_to_a_person_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "订单 20261122183045 已发货",
        "in 1732291200123 ms",
        "conversation 019a2b3c4d5e13812345678f",
        "4111 1111 1111 1112",
        "port 8080, 12:30:01, 192.168.100.200",
        "1,234,567.89",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_a_long_run_of_letters_costs_no_more_than_its_length() -> None:
    assert mask("a." * 500_000 + "1") == "a." * 500_000 + "1"


def test_a_machine_gets_json_with_the_extras() -> None:
    stream = io.StringIO()
    configure(stream, ())
    log.info("sent %s", 3, extra={"channel": "website", "took": 1.5, "to": "a@b.example"})
    [line] = lines(stream)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "shop",
        "text": "sent 3",
        "channel": "website",
        "took": 1.5,
        "to": "a***@b.example",
    }


def test_a_person_gets_one_line_that_a_customer_cannot_forge() -> None:
    screen = Screen()
    configure(screen, ())
    log.info("wrote %s", "hi\n12:00:00 shop  all is well\x1b[2J", extra={"seq": 7})
    [line] = screen.getvalue().splitlines()
    assert line.endswith(r"shop  wrote hi\n12:00:00 shop  all is well\x1b[2J seq=7")


@pytest.mark.parametrize("stream", [Screen(), io.StringIO()])
def test_a_canary_secret_is_in_no_line(stream: io.StringIO) -> None:
    configure(stream, [CANARY])
    log.warning("token %s refused", CANARY, extra={"url": "/bot" + CANARY})
    try:
        fail(ValueError, f"GET https://api.example/bot{CANARY}/send?t=c4nary%2F7f3e%2B%C2%B5")
    except ValueError:
        log.exception("failed")
    said = stream.getvalue()
    assert "c4nary" not in said
    assert "ValueError: GET https://api.example/bot***/send?t=***" in said


def test_numbers_in_tracebacks_and_arguments_are_masked() -> None:
    stream = io.StringIO()
    configure(stream, ())
    try:
        fail(KeyError, "13812345678")
    except KeyError:
        log.exception("no %s", "13912345678")
    [line] = lines(stream)
    assert line["text"] == "no 139****5678"
    assert "KeyError: '138****5678'" in line["trace"]


def test_a_secret_that_holds_another_goes_whole() -> None:
    assert Secrets(["abc", "abcdef", ""]).strike("abcdef abc") == "*** ***"
    assert Secrets([]).strike("abc") == "abc"


def test_debug_lines_come_only_when_asked_for() -> None:
    quiet, loud = io.StringIO(), io.StringIO()
    configure(quiet, ())
    log.debug("x")
    configure(loud, (), verbose=True)
    log.debug("x")
    assert not quiet.getvalue()
    assert lines(loud)[0]["level"] == "debug"
