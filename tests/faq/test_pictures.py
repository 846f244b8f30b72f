"""Pictures of answers: beside the YAML that names them, and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from faq.check import findings
from faq.content import load
from faq.entry import Answer, Entry, Place
from faq.finding import Level
from faq.pictures import find

FAQ = """
- id: fee
  questions: [运费怎么算, 邮费是多少, 寄过来要付多少运费]
  answer:
    zh: 满 99 包邮。
    image: {image}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A FAQ with a picture beside it, one below it, and a secret above it."""
    shop = tmp_path / "faq" / "shop"
    (shop / "pictures").mkdir(parents=True)
    for path in ("fees.png", "Fees 2.JPG", "notes.txt", "pictures/map.webp", "../up.png"):
        (shop / path).write_bytes(b"picture")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (shop / "out.png").symlink_to(tmp_path / "secret.png")
    (shop / "away").symlink_to(tmp_path)
    (shop / "within.png").symlink_to("fees.png")
    return shop


def entry(shop: Path) -> Entry:
    return Entry(
        "fee", ("运费",), {("", ""): Answer("满 99 包邮。")}, place=Place(str(shop / "a.yaml"), 1)
    )


@pytest.mark.parametrize(
    ("image", "file"),
    [
        ("fees.png", "fees.png"),
        ("Fees 2.JPG", "Fees 2.JPG"),
        ("pictures/map.webp", "pictures/map.webp"),
        ("./fees.png", "fees.png"),
        ("within.png", "fees.png"),
    ],
)
def test_a_picture_beside_the_faq_is_found(shop: Path, image: str, file: str) -> None:
    assert find(entry(shop), image) == shop / file


@pytest.mark.parametrize(
    "image",
    [
        "none.png",
        "../up.png",
        "pictures/../fees.png",
        "../../secret.png",
        "out.png",
        "away/secret.png",
        "notes.txt",
        "pictures",
        "",
        "a\0.png",
        "x" * 5000 + ".png",
        "https://shop.example/fees.png",
    ],
)
def test_what_leads_elsewhere_is_no_picture(shop: Path, image: str) -> None:
    assert find(entry(shop), image) is None
    assert find(entry(shop), str(shop.parent.parent / "secret.png")) is None


def test_a_picture_that_is_not_there_is_told_with_its_line(shop: Path) -> None:
    (shop / "shop.yaml").write_text(FAQ.format(image="fee.png"), encoding="utf-8")
    [told] = findings(load(shop), date(2026, 11, 22))
    assert (told.level, told.problem.line) == (Level.ERROR, 6)
    assert '"fee.png" of "fee" is not there' in told.problem.en
    assert "图片“fee.png”找不到" in told.problem.zh
    (shop / "shop.yaml").write_text(FAQ.format(image="fees.png"), encoding="utf-8")
    assert findings(load(shop), date(2026, 11, 22)) == []
