"""Desk hours: split days, nights, holidays, days worked instead, clocks that jump."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from handoff.hours import Hours, Span

CHINA = timezone(timedelta(hours=8))
WEEK = {day: ["09:00-12:00", "13:30-18:00"] for day in ("monday", "tuesday", "friday")}
SHOP = Hours.parse(
    CHINA,
    WEEK,
    {date(2026, 2, 17): [], date(2026, 2, 15): ["10:00-16:00"]},  # a holiday, a Sunday worked
)
NIGHT = Hours.parse(CHINA, {"friday": ["22:00-02:00"], "sunday": ["08:00-24:00"]})


def at(text: str, zone: object = CHINA) -> int:
    wall = datetime.fromisoformat(text).replace(tzinfo=zone)  # type: ignore[arg-type]
    return round(wall.timestamp() * 1000)


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-02-09 08:59:59.999", False),
        ("2026-02-09 09:00", True),
        ("2026-02-09 11:59:59.999", True),
        ("2026-02-09 12:00", False),
        ("2026-02-09 13:30", True),
        ("2026-02-09 18:00", False),
        ("2026-02-11 10:00", False),  # a Wednesday
        ("2026-02-17 10:00", False),  # the holiday, a Tuesday
        ("2026-02-15 11:00", True),  # the Sunday worked
        ("2026-02-15 09:30", False),
    ],
)
def test_split_days_and_special_days(when: str, is_open: bool) -> None:
    assert SHOP.is_open(at(when)) is is_open


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ("2026-02-13 21:59", False),
        ("2026-02-13 23:00", True),
        ("2026-02-14 01:59", True),
        ("2026-02-14 02:00", False),
        ("2026-02-14 23:00", False),
        ("2026-02-15 23:59", True),
        ("2026-02-16 00:00", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(when: str, is_open: bool) -> None:
    assert NIGHT.is_open(at(when)) is is_open


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-02-09 10:00", "2026-02-09 10:00"),
        ("2026-02-09 07:00", "2026-02-09 09:00"),
        ("2026-02-09 12:30", "2026-02-09 13:30"),
        ("2026-02-10 18:00", "2026-02-13 09:00"),
        ("2026-02-16 18:00", "2026-02-20 09:00"),  # the Tuesday after is the holiday
    ],
)
def test_the_next_opening(now: str, opening: str) -> None:
    assert SHOP.next_opening(at(now)) == at(opening)


def test_without_a_week_it_is_always_open() -> None:
    hours = Hours()
    assert hours.is_open(0)
    assert hours.next_opening(5) == 5


def test_a_desk_that_is_never_open_says_so() -> None:
    hours = Hours.parse(UTC, {"monday": []})
    assert hours.next_opening(at("2026-02-09 10:00", UTC)) is None


def test_hours_are_those_of_the_walls_when_clocks_jump() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = Hours.parse(berlin, {"sunday": ["09:00-10:00"]})
    saturday = at("2026-03-28 12:00", berlin)
    assert hours.next_opening(saturday) == at("2026-03-29 07:00", UTC)
    assert hours.is_open(at("2026-03-29 07:30", UTC))


@pytest.mark.parametrize("text", ["09:00", "9-12", "09:00-25:00", "24:00-08:00", "aa:bb-10:00", ""])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|no such|can't begin"):
        Span.parse(text)


def test_overlapping_hours_and_unknown_days_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Hours.parse(UTC, {"monday": ["09:00-12:00", "11:00-13:00"]})
    with pytest.raises(ValueError, match="mondy"):
        Hours.parse(UTC, {"mondy": ["09:00-12:00"]})
