"""What we may still send to a contact unasked, on platforms that count: granted, spent, shown.

A grant comes with what a customer did and is written with it. Spending is claimed in the store
before anything is sent, so that no restart and no other node spends it twice.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.hints import Hint, Hints
from gateway.message import Budget, Contact, Grant
from gateway.store import Database, Reads, Row, Tx

Windows = Mapping[str, Budget]  # by the grant's name


@dataclass(frozen=True, slots=True)
class Spending:
    """`before`: what these replies had spent already; `left`: what others may still spend."""

    before: int
    left: int


class Budgets:
    """The budgets of one channel's contacts."""

    def __init__(self, database: Database, hints: Hints, clock: Clock) -> None:
        self._database = database
        self._hints = hints
        self._clock = clock

    async def left(self, contact: Contact) -> Budget | None:
        """What may still be sent, as `read` says it."""
        row = await self._database.row("SELECT budget FROM contacts WHERE id = ?", contact.key)
        return read(row["budget"]) if row else None

    async def spend(self, contact: Contact, replies: Sequence[str], upto: int) -> Spending | None:
        """Claim that so many messages go out for these replies; None if that is too many.

        `upto` counts from the replies' beginning: asked again for as much or less, nothing more is
        spent. Claim before sending: what was claimed may have been sent, the rest surely not.
        """

        async def body(tx: Tx) -> Spending | None:
            row = await _lock(tx, contact)
            before = await _spent(tx, replies[0])
            windows = _windows(row["budget"], self._clock()) if row else {}
            after = _without(windows, upto - before)
            if after is None:
                return None
            await _save(tx, contact, after)
            await _note(tx, replies, max(upto, before))
            return Spending(before, sum(window.left for window in after.values()))

        spending = await self._database.transaction(body)
        await self._tell(contact)
        return spending

    async def refund(self, contact: Contact, replies: Sequence[str], upto: int) -> None:
        """What was claimed beyond `upto` was surely not sent."""

        async def body(tx: Tx) -> None:
            row = await _lock(tx, contact)
            back = await _spent(tx, replies[0]) - upto
            if row is None or back <= 0:
                return
            windows = dict(_windows(row["budget"], self._clock()))
            if windows:
                name = max(windows, key=lambda one: windows[one].until)
                windows[name] = windows[name]._replace(left=windows[name].left + back)
            await _save(tx, contact, windows)
            await _note(tx, replies, upto)

        await self._database.transaction(body)
        await self._tell(contact)

    async def exhaust(self, contact: Contact) -> None:
        """The platform says that nothing is left."""

        async def body(tx: Tx) -> None:
            row = await _lock(tx, contact)
            windows = _windows(row["budget"], self._clock()) if row else {}
            spent = {name: window._replace(left=0) for name, window in windows.items()}
            await _save(tx, contact, spent)

        await self._database.transaction(body)
        await self._tell(contact)

    async def _tell(self, contact: Contact) -> None:
        row = await self._database.row(
            "SELECT id FROM conversations WHERE contact = ? ORDER BY opened DESC, id DESC LIMIT 1",
            contact.key,
        )
        if row:
            await self._hints.publish(Hint("changed", row["id"], contact.key))


def granted(budget: str, grant: Grant, now: int) -> str:
    """A budget as it is written down, with a grant more."""
    window = Budget(grant.count, now + grant.lasts, grant.count)
    return _written({**_windows(budget, now), grant.name: window})


def read(budget: str) -> Budget | None:
    """A budget as it is written down: what is left of the grant that lasts longest.

    None where nothing was granted. One that has ended says so by its `until`.
    """
    return max(_windows(budget).values(), key=lambda window: window.until, default=None)


def _windows(budget: str, now: int = 0) -> Windows:
    written = json.loads(budget) if budget else {}
    windows = {name: Budget(*window) for name, window in written.items()}
    return {name: window for name, window in windows.items() if window.until > now}


def _written(windows: Windows) -> str:
    return json.dumps(windows)


def _without(windows: Windows, count: int) -> Windows | None:
    """What is left when `count` are taken, from what ends soonest first; None if that is not so."""
    left = dict(windows)
    for name in sorted(windows, key=lambda one: windows[one].until):
        taken = max(0, min(count, left[name].left))
        left[name] = left[name]._replace(left=left[name].left - taken)
        count -= taken
    return left if count <= 0 else None


async def _lock(reads: Reads, contact: Contact) -> Row | None:
    return await reads.row("SELECT budget FROM contacts WHERE id = ? FOR UPDATE", contact.key)


async def _spent(tx: Tx, reply: str) -> int:
    row = await tx.row("SELECT spent FROM messages WHERE id = ?", reply)
    return int(row["spent"]) if row else 0


async def _save(tx: Tx, contact: Contact, windows: Windows) -> None:
    await tx.execute("UPDATE contacts SET budget = ? WHERE id = ?", _written(windows), contact.key)


async def _note(tx: Tx, replies: Sequence[str], spent: int) -> None:
    for reply in replies:
        await tx.execute("UPDATE messages SET spent = ? WHERE id = ?", spent, reply)
