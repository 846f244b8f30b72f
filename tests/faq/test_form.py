"""The full form of an entry says the same as the entry."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from faq.entry import Entry, Place
from faq.files.form import form
from tests.faq.entries import calmly, entries, read


def placeless(found: list[Entry]) -> list[Entry]:
    return [replace(entry, place=Place("", 0)) for entry in found]


@calmly
@given(entries)
def test_the_full_form_is_read_as_the_same_entry(found: list[Entry]) -> None:
    assert placeless(read([form(entry) for entry in found])) == placeless(found)


def test_an_entry_for_a_person_keeps_its_priority() -> None:
    [entry] = read([{"question": "x", "priority": "normal"}])
    assert form(entry) == {"id": "x", "questions": ["x"], "priority": "normal"}
