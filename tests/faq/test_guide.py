"""What the guides for staff show is what the program reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from faq.document import parse
from faq.items import items

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("guide", ["faq.md", "faq.zh-CN.md"])
def test_every_example_in_the_guide_is_read_without_a_problem(guide: str) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / guide).read_text("utf-8"), re.DOTALL)
    entries = []
    for block in blocks:
        document = parse(block, guide)
        if isinstance(document.value, list):
            found, problems = items(document)
            assert [problem.en for problem in problems] == []
            entries += found
    assert len(entries) == 4
