"""The file store on both databases: whole or not at all, within limits, gone with its people."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.errors import Invalid, NotFound, StoreUnavailable, TooLarge
from gateway.files.folder import FolderFiles
from gateway.files.limits import DAY, Limits
from gateway.health import Level
from gateway.message import Attachment, Contact, Message
from gateway.store import Database
from gateway.store import files as table
from tests.clock import StillClock
from tests.files.samples import HTML, PDF, chunks, huge_png, png
from tests.gateway.house import ANN, BOB, make_bus

PICTURE = Attachment("image", "glasses.png", "image/png")
LIMITS = Limits(file=3000, contact=5000, per_day=4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def files(database: Database, folder: Path, clock: StillClock) -> FolderFiles:
    return FolderFiles(database, folder, clock, LIMITS)


def lying(folder: Path) -> list[Path]:
    """Every file in the folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def keep(files: FolderFiles, data: bytes, contact: Contact = ANN) -> Attachment:
    return await files.keep(contact, Attachment("file", "a"), chunks(data))


def text(size: int) -> bytes:
    return b"x" * size


async def test_a_file_is_kept_under_a_name_of_our_own(files: FolderFiles, folder: Path) -> None:
    kept = await files.keep(ANN, replace(PICTURE, name="../gla\0sses.png"), chunks(png()))
    assert (kept.kind, kept.name, kept.type, kept.size) == (
        "image",
        "_glasses.png",
        "image/png",
        len(png()),
    )
    found = await files.find(kept.id)
    assert (found.contact, found.attachment, found.ours) == (ANN.key, kept, False)
    assert found.path.read_bytes() == png()
    assert lying(folder) == [found.path]
    assert found.path.name == kept.id
    assert len(kept.id) == 32
    assert found.path.stat().st_mode & 0o777 == 0o600


async def test_the_same_bytes_of_two_people_are_two_files(files: FolderFiles) -> None:
    first, second = await keep(files, PDF), await keep(files, PDF, BOB)
    assert first.id != second.id


# 43, 44
@pytest.mark.parametrize("data", [HTML, huge_png(), b"", b"\0\0"])
async def test_of_what_is_refused_nothing_stays(
    files: FolderFiles, folder: Path, database: Database, data: bytes
) -> None:
    with pytest.raises(Invalid):
        await keep(files, data)
    assert lying(folder) == []
    assert await table.of_contact(database, ANN.key) == []


async def test_one_file_that_is_too_large_is_cut_off_while_it_comes(
    files: FolderFiles, folder: Path
) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1000
            yield text(1000)

    with pytest.raises(TooLarge) as refused:
        await files.keep(ANN, PICTURE, endless())
    assert refused.value.facts == {"why": "file", "limit": 3000}
    assert read == 4000
    assert lying(folder) == []


# 48
async def test_a_customers_files_have_a_quota(
    files: FolderFiles, folder: Path, clock: StillClock
) -> None:
    await keep(files, text(3000))
    with pytest.raises(TooLarge) as refused:
        await keep(files, text(2001))
    assert refused.value.facts == {"why": "contact", "limit": 5000}
    await keep(files, text(2000))
    with pytest.raises(TooLarge):
        await keep(files, text(1))
    await keep(files, text(2000), BOB)
    await files.attach(ANN.key, PICTURE, chunks(png()))
    assert len(lying(folder)) == 4


async def test_a_customers_files_of_one_day_are_counted(
    files: FolderFiles, clock: StillClock
) -> None:
    for _ in range(4):
        await keep(files, text(10))
    with pytest.raises(TooLarge) as refused:
        await keep(files, text(10))
    assert refused.value.facts == {"why": "day", "limit": 4}
    clock.advance(DAY + 1)
    await keep(files, text(10))


async def test_a_reader_that_breaks_off_leaves_nothing(files: FolderFiles, folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield png()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.keep(ANN, PICTURE, broken())
    assert lying(folder) == []


async def test_a_folder_that_can_not_be_written_is_said_so(
    database: Database, clock: StillClock, tmp_path: Path
) -> None:
    (tmp_path / "files").write_text("in the way")
    files = FolderFiles(database, tmp_path / "files", clock)
    with pytest.raises(StoreUnavailable, match="files: "):
        await keep(files, PDF)
    state = await files.health()
    assert (state.level, state.text) == (Level.DEGRADED, "no files can be kept: files: File exists")


async def test_readiness_says_that_files_can_be_kept(files: FolderFiles) -> None:
    assert (await files.health()).level is Level.OK


async def test_what_the_faq_shows_is_kept_once_for_everybody(
    files: FolderFiles, folder: Path, tmp_path: Path
) -> None:
    for name in ("fees.png", "again.png"):
        (tmp_path / name).write_bytes(png())
    first = await files.share(tmp_path / "fees.png")
    assert (await files.find(first.id)).contact == ""
    (await files.find(first.id)).path.unlink()
    assert await files.share(tmp_path / "again.png") == first
    assert [path.name for path in lying(folder)] == [first.id]
    assert first.kind == "image"


@pytest.mark.parametrize("id_", ["", "0" * 32, "../../etc/passwd", "a/b"])
async def test_an_id_that_is_none_is_not_found(files: FolderFiles, id_: str) -> None:
    with pytest.raises(NotFound):
        await files.find(id_)


async def test_a_row_whose_bytes_are_lost_is_not_found(files: FolderFiles) -> None:
    kept = await keep(files, PDF)
    (await files.find(kept.id)).path.unlink()
    with pytest.raises(NotFound):
        await files.find(kept.id)


async def test_strays_are_swept_when_nobody_can_be_at_work_on_them(
    files: FolderFiles, folder: Path
) -> None:
    kept = await keep(files, PDF)
    place = (await files.find(kept.id)).path
    old, fresh = folder / "ab" / ("ab" * 16), folder / "cd" / "cd.part"
    part = folder / "cd" / "cdef.part"
    for path in (old, fresh, part):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"stray")
    for path in (place, old, part):
        os.utime(path, (1, 1))
    assert await files.sweep() == 2
    assert lying(folder) == sorted([place, fresh])


async def test_what_no_line_names_goes_after_a_day(
    files: FolderFiles, database: Database, folder: Path, clock: StillClock, tmp_path: Path
) -> None:
    sent, unsent = await keep(files, PDF), await keep(files, PDF)
    (tmp_path / "fees.png").write_bytes(png())
    shared = await files.share(tmp_path / "fees.png")
    await make_bus(database, clock).accept(Message("m1", ANN, attachments=(sent,)))
    assert await files.sweep() == 0
    clock.advance(DAY + 1)
    assert await files.sweep() == 1
    assert await files.sweep() == 0
    assert {path.name for path in lying(folder)} == {sent.id, shared.id}
    with pytest.raises(NotFound):
        await files.find(unsent.id)


# 54, 55
async def test_people_and_old_files_go_with_their_bytes(
    files: FolderFiles, database: Database, folder: Path, clock: StillClock
) -> None:
    await keep(files, PDF)
    await keep(files, PDF, BOB)
    await files.discard(await database.transaction(lambda tx: table.forget(tx, ANN.key)))
    assert await table.of_contact(database, ANN.key) == []
    assert len(lying(folder)) == 1
    now = clock.advance(1)
    await files.discard(await database.transaction(lambda tx: table.expire(tx, now)))
    assert lying(folder) == []
