"""The live FAQ as the core uses it."""

import asyncio
from pathlib import Path

import pytest

from faq.gaps import Asked
from faq.library import Library
from faq.matching.match import Decision
from gateway.answers import Answers, note
from gateway.health import Level
from tests.clock import StillClock

ENTRY = """
- id: ship
  questions: [多久发货, when do you ship]
  answer: {zh: 48 小时内发货。, en: Within 48 hours.}
"""
HOURS = """
- id: hours
  questions: [几点开门, 营业时间, 周末开门吗, when do you open]
  answer: 早上九点。
"""
WORDS = "person: [转人工, human]\ncomplaint: [投诉]\n"


async def test_a_line_is_read_with_the_words_that_staff_wrote(
    tmp_path: Path, clock: StillClock
) -> None:
    (tmp_path / "shop.yaml").write_text(ENTRY, encoding="utf-8")
    (tmp_path / "words.yaml").write_text(WORDS, encoding="utf-8")
    answers = Answers(Library(tmp_path, clock))
    await answers.start()
    known, person = await answers.read("多久发货？"), await answers.read("转人工!")
    assert known.match
    assert known.match.best
    assert known.entries[known.match.best.id].id == "ship"
    assert (known.person, person.person) == (False, True)
    assert (await answers.read("我要投诉")).complaint
    [proposal] = await answers.propose("when do you ship", "en", "website")
    assert (proposal.id, proposal.answer) == ("ship", "Within 48 hours.")
    await answers.stop()


async def test_what_was_asked_lately_is_known_until_the_faq_changes(
    tmp_path: Path, clock: StillClock
) -> None:
    (tmp_path / "shop.yaml").write_text(ENTRY, encoding="utf-8")
    words = tmp_path / "words.yaml"
    words.write_text(WORDS, encoding="utf-8")
    library = Library(tmp_path, clock)
    answers = Answers(library)
    await answers.start()
    assert answers.known("那个东西多久能发货呀") is None
    read = await answers.read("那个东西多久能发货呀")
    known = answers.known("那个东西多久能发货呀")
    assert known == read
    assert answers.known("那个东西多久能发货呀") is known
    words.write_text("person: [那个东西]\n", encoding="utf-8")
    await library.look()
    assert (await answers.read("那个东西多久能发货呀")).person
    assert (again := answers.known("那个东西多久能发货呀"))
    assert again.person
    await answers.stop()


async def test_readiness_tells_of_a_change_that_was_refused(
    tmp_path: Path, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    shop = tmp_path / "shop.yaml"
    shop.write_text(ENTRY, encoding="utf-8")
    library = Library(tmp_path, clock, note)
    answers = Answers(library)
    await answers.start()
    state = await answers.health()
    assert (state.level, state.text) == (Level.OK, "1 entries, since 2023-11-14T22:13:20.000Z")
    shop.write_text("- id: ship\n  questions: *nowhere\n", encoding="utf-8")
    await library.look()
    refused = await answers.health()
    assert refused.level is Level.DEGRADED
    assert "refused: shop.yaml:2" in refused.text
    assert answers.status().refused
    assert "the FAQ stays as it was: shop.yaml:2" in caplog.text
    assert (await answers.read("多久发货")).match
    await answers.stop()


async def test_what_customers_confirm_moves_the_live_threshold(
    tmp_path: Path, clock: StillClock
) -> None:
    shop = tmp_path / "shop.yaml"
    shop.write_text(ENTRY + HOURS, encoding="utf-8")
    library = Library(tmp_path, clock)
    answers = Answers(library)
    await answers.start()
    own = library.live.matcher.thresholds.answer
    text = "大概多久发货呢，亲"
    assert library.live.matcher.match(text).decision is Decision.ANSWER
    refuted = [Asked(text, at, "answer", "ship", helpful=False) for at in range(100)]
    await answers.sharpen(refuted)
    assert library.live.matcher.thresholds.answer > own
    shop.write_text(f"{HOURS}{ENTRY}", encoding="utf-8")
    await library.look()
    assert library.live.matcher.thresholds.answer == own
    await answers.sharpen(refuted)
    assert library.live.matcher.thresholds.answer > own, "a new FAQ learns it, too"
    await answers.stop()


async def test_a_store_that_fails_leaves_the_threshold_alone(
    tmp_path: Path, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "shop.yaml").write_text(ENTRY, encoding="utf-8")
    answers = Answers(Library(tmp_path, clock))
    await answers.start()
    tried = asyncio.Event()

    async def questions() -> list[Asked]:
        tried.set()
        raise OSError("gone")

    answers.learn(questions)
    await tried.wait()
    assert "nothing could be learnt" in caplog.text
    assert (await answers.read("多久发货")).match
    await answers.stop_learning()
    await answers.stop()
