"""When somebody is at the desk: weekly hours with breaks, holidays, days worked instead. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 24 * 60  # minutes
HORIZON = 400  # days to look ahead: longer than any year of holidays


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` until before `end`, in minutes of the day; an `end` past 24:00 is tomorrow's."""

    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read `09:00-12:30`; `22:00-02:00` goes on after midnight. Raises ValueError."""
        start, dash, end = text.replace("–", "-").partition("-")
        if not dash:
            raise ValueError(f"expected hours like 09:00-18:00, got {text!r}")
        first, last = _minute(start), _minute(end)
        if first == DAY:
            raise ValueError(f"hours can't begin at 24:00: {text!r}")
        return cls(first, last if last > first else last + DAY)


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on the walls of one time zone. Without a week, always open.

    `week` has seven entries from Monday on; `special` days, by date, replace their weekday's.
    """

    zone: tzinfo = UTC
    week: tuple[Spans, ...] = ()
    special: Mapping[date, Spans] = field(default_factory=dict)

    @classmethod
    def parse(
        cls,
        zone: tzinfo,
        week: Mapping[str, Sequence[str]],
        special: Mapping[date, Sequence[str]] | None = None,
    ) -> "Hours":
        """Read `{"monday": ["09:00-12:00", "13:30-18:00"]}`; a day that isn't named is closed."""
        if unknown := set(week) - set(DAYS):
            raise ValueError(f"no such day of the week: {', '.join(sorted(unknown))}")
        days = tuple(_spans(week.get(day, ())) for day in DAYS)
        dates = {day: _spans(texts) for day, texts in (special or {}).items()}
        return cls(zone, days if week else (), dates)

    def is_open(self, at: int) -> bool:
        """Whether the desk is open at an instant (ms)."""
        if not self.week:
            return True
        local = datetime.fromtimestamp(at / 1000, self.zone)
        today = local.hour * 60 + local.minute
        yesterday = local.date() - timedelta(days=1)
        return _within(self._day(local.date()), today) or _within(self._day(yesterday), today + DAY)

    def next_opening(self, at: int) -> int | None:
        """The instant (ms) from which it is open, `at` itself if it is; None: it never will be."""
        if self.is_open(at):
            return at
        openings = (one for one in self._openings(at) if one > at)
        return next(openings, None)

    def _openings(self, at: int) -> Iterator[int]:
        today = datetime.fromtimestamp(at / 1000, self.zone).date()
        for ahead in range(HORIZON):
            day = today + timedelta(days=ahead)
            for span in self._day(day):
                yield self._instant(day, span.start)

    def _instant(self, day: date, minute: int) -> int:
        wall = datetime.combine(day, time(minute // 60, minute % 60), self.zone)
        return round(wall.timestamp() * 1000)

    def _day(self, day: date) -> Spans:
        return self.special.get(day, self.week[day.weekday()])


def _within(spans: Spans, minute: int) -> bool:
    at = bisect_right(spans, minute, key=lambda span: span.start) - 1
    return at >= 0 and minute < spans[at].end


def _spans(texts: Sequence[str]) -> Spans:
    spans = tuple(sorted(Span.parse(text) for text in texts))
    for before, after in pairwise(spans):
        if after.start < before.end:
            raise ValueError(f"hours overlap: {', '.join(texts)}")
    return spans


def _minute(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
        raise ValueError(f"expected a time like 09:00, got {text.strip()!r}")
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > DAY:
        raise ValueError(f"no such time of the day: {text.strip()!r}")
    return minutes
