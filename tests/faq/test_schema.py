"""The JSON Schemas that editors use say what the program reads: no more, no less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft7Validator

from faq.cli import DEFAULT
from faq.content import WORD_LISTS, files
from faq.entry import Entry
from faq.files.document import parse, read
from faq.files.form import form
from faq.files.items import KEYS, items
from tests.faq.entries import calmly, entries

SCHEMAS = DEFAULT.parent / "schema"


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(found)
    return found


def validator(name: str) -> Draft7Validator:
    return Draft7Validator(schema(name))


ENTRIES = validator("entries")


@pytest.mark.parametrize("path", files(DEFAULT), ids=lambda path: path.name)
def test_the_sample_keeps_to_the_schema_that_each_file_names(path: Path) -> None:
    line = path.read_text(encoding="utf-8").split("\n", 1)[0]
    named = (path.parent / line.removeprefix("# yaml-language-server: $schema=")).resolve()
    assert named.parent == SCHEMAS
    assert list(validator(named.stem).iter_errors(read(path).value)) == []


@calmly
@given(entries)
def test_what_is_read_keeps_to_the_schema(found: list[Entry]) -> None:
    assert list(ENTRIES.iter_errors([form(entry) for entry in found])) == []


def test_the_schema_knows_the_keys_that_are_read() -> None:
    entry = schema("entries")["items"]
    assert set(entry["properties"]) == set(KEYS)
    assert set(schema("words")["properties"]) == set(WORD_LISTS)
    assert all("description" in one for one in entry["properties"].values() if "enum" not in one)


WRONG: list[Any] = [
    {"question": "x", "answer": "y"},
    ["x"],
    [{"answer": "y"}],
    [{"question": "x"}],
    [{"question": [], "answer": "y"}],
    [{"question": "", "answer": "y"}],
    [{"questions": [["x"]], "answer": "y"}],
    [{"questions": [1], "answer": "y"}],
    [{"question": "x", "anser": "y"}],
    [{"question": "x", "answer": 1}],
    [{"question": "x", "answer": {}}],
    [{"question": "x", "answer": {"image": "a.png"}}],
    [{"question": "x", "answer": {"channels": {}}}],
    [{"question": "x", "answer": {"fr": "y"}}],
    [{"question": "x", "answer": {"text": "y", "channels": {"a": {"image": "b.png"}}}}],
    [{"question": "x", "answer": {"zh": {"image": "a"}}}],
    [{"question": "x", "answer": {"channels": {"a": {"channels": {}}}}}],
    [{"question": "x", "answer": {"text": "y", "link": "javascript:x"}}],
    [{"question": "x", "answer": {"text": "y", "link": {"text": "z"}}}],
    [{"question": "x", "answer": "y", "priority": "soon"}],
    [{"question": "x", "answer": "y", "valid": {"until": "2026-01-01"}}],
    [{"question": "x", "answer": "y", "id": "x" * 65}],
    [{"question": "x", "answer": "y", "tags": {"a": "b"}}],
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: json.dumps(wrong)[:60])
def test_what_is_refused_breaks_the_schema(wrong: Any) -> None:
    text = yaml.safe_dump(wrong, allow_unicode=True)
    assert items(parse(text, "a.yaml"))[1]
    assert list(ENTRIES.iter_errors(wrong))
