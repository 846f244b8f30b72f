"""The pictures of the FAQ's answers on their way to customers."""

from pathlib import Path

import pytest

from faq.library import Library
from gateway.answers import Answers
from gateway.files.folder import FolderFiles
from gateway.pictures import LOOK, Pictures
from gateway.store import Database
from tests.clock import StillClock
from tests.files.samples import SVG, png

ENTRIES = """
- id: fee
  questions: [运费怎么算, how much is shipping]
  answer: {zh: 满 99 包邮。, en: Free from 99 yuan., image: fees.png}
- id: ship
  questions: [多久发货]
  answer: 48 小时内。
"""


class Place:
    """A FAQ with a picture, and a watch that the test moves."""

    def __init__(self, folder: Path, database: Database, clock: StillClock) -> None:
        self.faq = folder / "faq"
        self.faq.mkdir()
        (self.faq / "shop.yaml").write_text(ENTRIES, encoding="utf-8")
        self.files = FolderFiles(database, folder / "files", clock)
        self.seconds = 100.0
        pictures = Pictures(self.files.share, lambda: self.seconds)
        self.answers = Answers(Library(self.faq, clock), pictures)

    def put(self, data: bytes) -> None:
        (self.faq / "fees.png").write_bytes(data)
        self.seconds += LOOK

    async def shown(self) -> list[bytes]:
        """The pictures that an answer may show now."""
        pictures = (await self.answers.read("运费怎么算")).pictures
        assert all(key == (str(self.faq / "shop.yaml"), "fees.png") for key in pictures)
        return [(await self.files.find(one.id)).path.read_bytes() for one in pictures.values()]


@pytest.fixture
def place(tmp_path: Path, database: Database, clock: StillClock) -> Place:
    return Place(tmp_path, database, clock)


async def test_a_picture_is_kept_once_and_follows_its_file(
    place: Place, database: Database
) -> None:
    await place.answers.start()
    assert await place.shown() == []
    place.put(png())
    assert await place.shown() == [png()]
    assert await place.shown() == [png()]
    place.put(png(3, 3))
    assert await place.shown() == [png(3, 3)]
    place.put(png())
    assert await place.shown() == [png()]
    assert len(await database.rows("SELECT id FROM files")) == 2
    await place.answers.stop()


async def test_an_answer_is_known_with_its_picture_as_long_as_that_was_looked_at_lately(
    place: Place,
) -> None:
    await place.answers.start()
    place.put(png())
    assert place.answers.known("运费怎么算") is None
    reading = await place.answers.read("运费怎么算")
    assert reading.pictures
    known = place.answers.known("运费怎么算")
    assert known == reading
    place.seconds += LOOK
    assert place.answers.known("运费怎么算") is None
    await place.answers.stop()


async def test_what_is_no_picture_is_left_out_and_said_once(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    await place.answers.start()
    place.put(SVG)
    for _ in range(3):
        assert await place.shown() == []
        place.seconds += LOOK
    assert caplog.text.count("the picture fees.png is not shown") == 1
    await place.answers.stop()
