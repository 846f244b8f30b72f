"""What customers asked and the FAQ did not answer: grouped by meaning, most asked first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer's question as it was kept; `at` in ms since 1970.

    `outcome` is what was made of it: answer, suggest, unknown, failed … `entry` is the FAQ entry
    that answered, or that the customer tapped. `answer` is the first thing that an agent said to
    it, "" if none did.
    """

    text: str
    at: int
    outcome: str
    entry: str = ""
    answer: str = ""
