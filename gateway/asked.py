"""What customers asked and what they thought of the answers, read from the store for the FAQ.

Nothing personal goes along: numbers and addresses in the texts are masked.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from faq.answers import Votes
from faq.commands.shop import Shop
from faq.files.document import DocumentError
from faq.gaps import Asked
from gateway.errors import FrontdeskError
from gateway.masking import mask
from gateway.message import HELPFUL, UNHELPFUL, Author, Kind
from gateway.store import Database, Row, connect
from gateway.terminal import Terminal

_FILE = "sqlite:///"


async def asked(database: Database, since: int) -> list[Asked]:
    """The questions that customers wrote since an instant in ms, with what became of each.

    A question that got a choice has the entry that was tapped next; the first thing that an agent
    says after a question is its answer.
    """
    rows = await database.rows(
        "SELECT conversation, author, kind, text, choice, routed, at FROM messages"
        " WHERE at >= ? AND private = 0 AND author IN ('customer', 'agent')"
        " ORDER BY conversation, seq",
        since,
    )
    return await asyncio.to_thread(_all_questions, rows)


async def votes(database: Database, since: int) -> dict[str, Votes]:
    """How many customers found each entry's answer helpful since an instant, and how many not."""
    rows = await database.rows(
        "SELECT choice, COUNT(DISTINCT contact) AS customers FROM messages"
        " WHERE at >= ? AND author = 'customer' AND kind = 'choice'"
        " AND (choice LIKE ? OR choice LIKE ?) GROUP BY choice",
        since,
        f"{HELPFUL}%",
        f"{UNHELPFUL}%",
    )
    return _counted(rows)


def shop(terminal: Terminal) -> Shop:
    """The configured FAQ and store as the FAQ's commands use them; opens neither."""
    folder = terminal.faq()
    if folder is None:
        return Shop()
    return Shop(
        folder,
        lambda since: _asked(terminal, since),
        lambda since: _votes(terminal, since),
    )


def _all_questions(rows: Iterable[Row]) -> list[Asked]:
    """The questions of all conversations, oldest first; slow where there are many."""
    questions = [
        question
        for _, lines in groupby(rows, lambda row: row["conversation"])
        for question in _questions(lines)
    ]
    return sorted(questions, key=lambda question: question.at)


def _questions(lines: Iterable[Row]) -> Iterator[Asked]:
    """The questions of one conversation, each with the tap or the agent's words that follow."""
    found: list[Asked] = []
    owed = 0  # from here on no agent has spoken yet
    for line in lines:
        if line["author"] == Author.AGENT:
            found[owed:] = [_answered(one, mask(line["text"])) for one in found[owed:]]
            owed = len(found)
        elif line["kind"] == Kind.CHOICE:
            found[-1:] = [_tapped(one, line["choice"]) for one in found[-1:]]
        elif line["kind"] == Kind.TEXT and line["text"].strip():
            outcome, _, entry = line["routed"].partition(":")
            found.append(Asked(mask(line["text"]), line["at"], outcome, entry))
    yield from found


def _tapped(question: Asked, choice: str) -> Asked:
    """A suggestion that was tapped is what was meant; a verdict is on the answer before it."""
    if question.outcome == "suggest" and not choice.startswith("@"):
        return replace(question, entry=choice)
    if question.outcome == "answer":
        if choice == f"{HELPFUL}{question.entry}":
            return replace(question, helpful=True)
        if choice == f"{UNHELPFUL}{question.entry}":
            return replace(question, helpful=False)
    return question


def _answered(question: Asked, answer: str) -> Asked:
    """What the FAQ answered itself is not what the agent speaks to."""
    return question if question.outcome == "answer" else replace(question, answer=answer)


def _counted(rows: Sequence[Row]) -> dict[str, Votes]:
    counted: dict[str, Votes] = {}
    for row in rows:
        verdict, _, entry = row["choice"].partition(":")
        before = counted.get(entry, Votes())
        if f"{verdict}:" == HELPFUL:
            counted[entry] = replace(before, helpful=row["customers"])
        else:
            counted[entry] = replace(before, unhelpful=row["customers"])
    return counted


def _asked(terminal: Terminal, since: int) -> Sequence[Asked]:
    if _is_missing(terminal.config().store.get_secret_value()):
        return ()
    return terminal.with_store(lambda database: asked(database, since))


def _is_missing(url: str) -> bool:
    """Whether nobody has chatted yet: looking must not make a store."""
    return url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists()


def _votes(terminal: Terminal, since: int) -> Mapping[str, Votes]:
    """Nothing where there is no store yet, or where it can't be read by who edits the FAQ."""
    try:
        url = terminal.load().store.get_secret_value()
        return {} if _is_missing(url) else asyncio.run(_opened(connect(url), since))
    except (DocumentError, FrontdeskError):
        return {}


async def _opened(database: Database, since: int) -> dict[str, Votes]:
    await database.open()
    try:
        return await votes(database, since)
    finally:
        await database.close()
