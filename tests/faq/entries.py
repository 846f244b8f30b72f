"""Entries as staff may write them, for properties."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from hypothesis import settings
from hypothesis import strategies as st

from faq.entry import Entry
from faq.files.document import parse
from faq.files.items import items

calmly = settings(deadline=None, max_examples=40)
"""Writing takes its time; how long is not what these properties are about."""

_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cn", "Co", "Cs", "Zl", "Zp"),
    exclude_characters="\ufeff",
)  # fmt: skip
lines = st.text(_CHARACTERS, min_size=1, max_size=12).filter(lambda text: text.strip() == text)
tricky = st.sampled_from(
    [
        "=1+1", "+8", "-x", "@a", "'=x", "''", "'a", "a|b", "a；b", "a,b", "no", "9:30", "1.0",
        "007", "# x", "a: b", "- a", "{x}", "[x]", "&a", "*a", "!a",
        "%", "|", ">", '"', "'", "``", "null",
    ]
)  # fmt: skip
words = st.one_of(lines, tricky, st.sampled_from(["运费怎么算", "邮费", "😀", "how much"]))
texts = st.one_of(words, st.lists(words, min_size=1, max_size=3).map("\n".join))
links = st.one_of(
    st.just("https://example.com/a?b=c"),
    st.fixed_dictionaries({"url": st.just("https://example.com"), "text": words}),
)
_parts: dict[str, st.SearchStrategy[Any]] = {
    "image": words,
    "link": links,
    "follow_ups": st.lists(words, min_size=1, max_size=2),
}
_said = st.one_of(texts, st.fixed_dictionaries({"text": texts}, optional=_parts))
_channel = st.one_of(
    texts,
    st.fixed_dictionaries({"text": texts}, optional={**_parts, "zh": _said, "en": _said}),
    st.fixed_dictionaries({"zh": _said}, optional={**_parts, "en": _said}),
)
_channels = st.dictionaries(
    st.sampled_from(["official", "web_site", "小程序"]), _channel, min_size=1
)
_answer = st.one_of(
    _channel,
    st.fixed_dictionaries({"channels": _channels}, optional={"text": texts, "zh": _said, **_parts}),
)
_many = st.lists(words, min_size=1, max_size=3)
_days = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str)
written = st.fixed_dictionaries(
    {"id": words.filter(str.isprintable), "questions": _many, "answer": _answer},
    optional={
        "tags": _many, "examples": _many, "not": _many, "team": words,
        "priority": st.sampled_from(["normal", "high"]),
        "valid": st.one_of(st.fixed_dictionaries({"from": _days}),
                           st.fixed_dictionaries({"to": _days})),
    },
)  # fmt: skip


def read(forms: list[dict[str, Any]], name: str = "a.yaml") -> list[Entry]:
    """What the YAML of some forms says."""
    text = yaml.safe_dump(forms, allow_unicode=True, default_style='"', width=9999)
    entries, problems = items(parse(text, name))
    assert not problems, problems
    return entries


entries = st.lists(written, min_size=1, max_size=3, unique_by=lambda form: str(form["id"])).map(
    read
)
