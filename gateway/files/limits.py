"""How much is kept: of one file, and of all that one customer has sent."""

from dataclasses import dataclass

MB = 1_000_000
DAY = 24 * 60 * 60 * 1000  # ms


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one file, bytes of a contact's, files of a contact's in a day."""

    file: int = 20 * MB
    contact: int = 200 * MB
    per_day: int = 100
