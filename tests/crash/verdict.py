"""What went wrong, read from the store and from what the platform got."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from tests.crash.load import Visitor
from tests.crash.platform import Arrival


@dataclass(frozen=True, slots=True)
class Verdict:
    """All but `messages`, `replies` and `unknown` must be 0.

    `unknown` are replies of which nobody can say whether they arrived: shown at the desk.
    """

    messages: int
    replies: int
    unknown: int
    lost: int
    duplicated: int
    out_of_order: int
    bot_after_agent: int
    neither_answered_nor_owed: int
    torn_transcripts: int

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong."""
        facts = asdict(self)
        return not any(facts[name] for name in list(facts)[3:])


class Ledger:
    """The store of a gateway that has come to rest."""

    def __init__(self, path: Path) -> None:
        self._store = sqlite3.connect(path)
        self._store.row_factory = sqlite3.Row

    def close(self) -> None:
        self._store.close()

    def judge(
        self,
        customers: Iterable[str],
        agents: Iterable[str],
        arrivals: list[Arrival],
        visitors: Iterable[Visitor],
    ) -> Verdict:
        visitors = list(visitors)
        told = [key for visitor in visitors for key in visitor.accepted]
        return Verdict(
            messages=self._count("author = 'customer'"),
            replies=self._count("status IS NOT NULL"),
            unknown=self._count("status = 'unknown'"),
            lost=self._lost([*customers, *told], agents) + self._never_arrived(arrivals),
            duplicated=sum(n - 1 for n in Counter(one.id for one in arrivals).values()),
            out_of_order=_inversions(arrivals),
            bot_after_agent=_bot_after_agent(arrivals),
            neither_answered_nor_owed=self._forgotten(),
            torn_transcripts=sum(not self._whole(visitor) for visitor in visitors),
        )

    def _count(self, condition: str) -> int:
        row = self._store.execute(f"SELECT COUNT(*) FROM messages WHERE {condition}").fetchone()
        return int(row[0])

    def _lost(self, customers: Iterable[str], agents: Iterable[str]) -> int:
        rows = self._store.execute("SELECT external FROM messages WHERE external IS NOT NULL")
        kept = {row["external"].rpartition(":")[2] for row in rows}
        return sum(key not in kept for key in (*customers, *agents))

    def _never_arrived(self, arrivals: list[Arrival]) -> int:
        got = {one.id for one in arrivals}
        rows = self._store.execute(
            "SELECT id FROM messages WHERE channel = 'hook' AND status IN ('sent', 'pending',"
            " 'sending', 'dead')"
        )
        return sum(row["id"] not in got for row in rows)

    def _forgotten(self) -> int:
        """Open conversations whose last word is the customer's, and nobody is told so."""
        row = self._store.execute(
            "SELECT COUNT(*) FROM conversations c WHERE mode <> 'closed' AND owed_since IS NULL"
            " AND (SELECT author FROM messages m WHERE m.conversation = c.id AND private = 0"
            " AND (status IS NULL OR status <> 'cancelled') ORDER BY seq DESC LIMIT 1)"
            " = 'customer'"
        ).fetchone()
        return int(row[0])

    def _whole(self, visitor: Visitor) -> bool:
        """Whether a widget shows what the store has: every line once, in order."""
        mine = visitor.accepted[0] if visitor.accepted else ""
        rows = self._store.execute(
            "SELECT seq, author, text FROM messages WHERE private = 0 AND contact ="
            " (SELECT contact FROM messages WHERE external LIKE ?) ORDER BY seq",
            (f"%{mine}",),
        )
        return [tuple(row) for row in rows] == visitor.transcript


def _by_conversation(arrivals: list[Arrival]) -> list[list[Arrival]]:
    found: dict[str, list[Arrival]] = defaultdict(list)
    for one in arrivals:
        found[one.conversation].append(one)
    return list(found.values())


def _inversions(arrivals: list[Arrival]) -> int:
    return sum(
        later.seq < earlier.seq
        for chat in _by_conversation(arrivals)
        for earlier, later in pairwise(chat)
    )


def _bot_after_agent(arrivals: list[Arrival]) -> int:
    wrong = 0
    for chat in _by_conversation(arrivals):
        authors = [one.author for one in chat]
        if "agent" in authors:
            wrong += authors[authors.index("agent") :].count("bot")
    return wrong
