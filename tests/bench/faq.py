"""The FAQ matcher: quality on the sample shop, speed beside rapidfuzz's scans, and how late it
makes an event loop beside an idle one and a busy thread, in one run.

    python -m tests.bench faq
    python -m tests.bench.faq FAQ.jsonl QUERIES.jsonl

Quality is measured on the project's own content: of every entry half of the phrasings make the
FAQ and the others are asked; a fifth of the entries is left out, and theirs have no answer.
With files of your own (as `frontdesk faq rank` takes them, queries with an `id` or null) quality is
measured on those instead.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from rapidfuzz import fuzz, process

from faq.cli import DEFAULT
from faq.content import Faq, load
from faq.entry import Entry
from faq.matching.match import Decision
from faq.matching.matcher import Matcher
from tests.bench.pauses import as_served, beside

SIZES = (1_000, 10_000, 100_000)
ASKED = 200
Query = tuple[str, str | None]


def run() -> None:
    """Print everything, about the sample shop."""
    for language in ("zh", "en"):
        print(f"the sample shop, {language}:", end=" ")
        quality(*_halves(language))
    speed()
    asyncio.run(lateness(SIZES[-1]))


def quality(faq: Faq, queries: Iterable[Query]) -> None:
    """How often the right entry comes first, is answered, is offered; how often nobody's is."""
    matcher = Matcher(faq)
    found = [(matcher.match(text), right) for text, right in queries]
    known = [(match, right) for match, right in found if right]
    answered = [(m, right) for m, right in found if m.decision is Decision.ANSWER]
    hits = [(m, right) for m, right in answered if m.best and m.best.id == right]
    offered = [
        (m, right)
        for m, right in known
        if m.decision is Decision.SUGGEST and right in [one.id for one in m.suggestions]
    ]
    figures = {
        "top-1": _share([m.best is not None and m.best.id == right for m, right in known]),
        "top-3": _share([right in [one.id for one in m.suggestions] for m, right in known]),
        "precision of answers": len(hits) / max(len(answered), 1),
        "coverage": len(hits) / max(len(known), 1),
        "self-served": (len(hits) + len(offered)) / max(len(known), 1),
        "misled": _share([m.decision is Decision.ANSWER for m, right in found if not right]),
    }
    print(
        f"{len(matcher)} phrasings, {len(found)} questions,",
        f"threshold {matcher.thresholds.answer:.2f};",
        ", ".join(f"{name} {value:.1%}" for name, value in figures.items()),
    )


def speed() -> None:
    """Median microseconds a question, by the number of phrasings."""
    print(
        f"\n{'phrasings':>10} {'build s':>8} {'matcher µs':>11} {'of CPU µs':>10}",
        f"{'ratio µs':>9} {'WRatio µs':>10}",
    )
    found = sentences()
    for size in SIZES:
        faq = made(size, found)
        texts = [question for entry in faq.entries for question in entry.questions]
        asked = [f"{text} {tail}" for text, tail in zip(texts[::7], texts[3::11], strict=False)]
        begun = time.perf_counter()
        matcher = Matcher(faq)
        built = time.perf_counter() - begun
        few = max(ASKED * 1_000 // size, 3)
        print(
            f"{size:>10} {built:>8.1f}",
            f"{_median(matcher.match, asked[: 2 * ASKED : 2]):>11.0f}",
            f"{_median(matcher.match, asked[1 : 2 * ASKED : 2], time.thread_time):>10.0f}",
            f"{_median(_scan(texts, fuzz.ratio), asked[:few]):>9.0f}",
            f"{_median(_scan(texts, fuzz.WRatio), asked[:few]):>10.0f}",
        )


async def lateness(size: int) -> None:
    """By how much an event loop's turns come late, beside threads that do this and that."""
    faq = made(size, sentences())
    texts = [entry.questions[0] + entry.questions[-1] for entry in faq.entries][: 5 * ASKED]
    matchers: list[Matcher] = []
    print(f"\nAn event loop's turns come late, the FAQ being of {size} phrasings:")
    with as_served():
        print(f"{'idle':>9}", await beside(lambda: time.sleep(3)))
        print(f"{'busy':>9}", await beside(_busy))
        print(f"{'building':>9}", await beside(lambda: matchers.append(Matcher(faq))))
        print(f"{'matching':>9}", await beside(lambda: list(map(matchers[0].match, texts))))


def _busy() -> None:
    end = time.perf_counter() + 3
    while time.perf_counter() < end:
        pass


def _scan(texts: list[str], scorer: Callable[..., float]) -> Callable[[str], object]:
    return lambda text: process.extractOne(text, texts, scorer=scorer)


def _median(
    function: Callable[[str], object],
    texts: list[str],
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    times = []
    for text in texts:
        begun = clock()
        function(text)
        times.append(clock() - begun)
    return sorted(times)[len(times) // 2] * 1e6


def _share(hits: list[bool]) -> float:
    return sum(hits) / max(len(hits), 1)


def _halves(language: str) -> tuple[Faq, list[Query]]:
    chance = random.Random(1)
    kept: list[Entry] = []
    queries: list[Query] = []
    for entry in load(DEFAULT).entries:
        questions = [q for q in entry.questions if q.isascii() == (language == "en")]
        chance.shuffle(questions)
        half = (len(questions) + 1) // 2
        if chance.random() < 0.2:
            queries += [(question, None) for question in questions[half:]]
        else:
            kept.append(Entry(entry.id, tuple(questions[:half])))
            queries += [(question, entry.id) for question in questions[half:]]
    return Faq(tuple(kept)), queries


def _files(faq_file: Path, queries_file: Path) -> tuple[Faq, list[Query]]:
    entries = [json.loads(line) for line in faq_file.read_text("utf-8").splitlines()]
    queries = [json.loads(line) for line in queries_file.read_text("utf-8").splitlines()]
    faq = Faq(tuple(Entry(str(one["id"]), tuple(one["questions"])) for one in entries))
    return faq, [(one["text"], one.get("id")) for one in queries]


def sentences() -> list[str]:
    """The sample shop's phrasings."""
    return [question for entry in load(DEFAULT).entries for question in entry.questions]


def made(size: int, texts: list[str]) -> Faq:
    """A FAQ of so many phrasings, ten an entry, out of the sample's sentences."""
    chance = random.Random(size)
    entries = []
    for number in range(size // 10):
        pairs = (chance.sample(texts, 2) for _ in range(10))
        questions = tuple(f"{first} {second} {number % 97}" for first, second in pairs)
        entries.append(Entry(str(number), questions))
    return Faq(tuple(entries))


if __name__ == "__main__":
    quality(*_files(Path(sys.argv[1]), Path(sys.argv[2])))
