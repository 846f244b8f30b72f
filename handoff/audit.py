"""The audit: who did what, written in the same transaction as the deed, and never changed after.

It names agents and conversations by their ids and holds nothing that a customer said. The store
itself refuses to change or remove an entry.
"""

from dataclasses import dataclass

from gateway.clock import new_id
from gateway.store import Reads, Tx


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `actor` is an agent's id, "" for the program; `subject` what it was done to."""

    id: str
    at: int
    actor: str
    action: str
    subject: str
    address: str
    detail: str


async def record(
    tx: Tx,
    now: int,
    actor: str,
    action: str,
    subject: str = "",
    *,
    address: str = "",
    detail: str = "",
) -> None:
    """Write an entry."""
    await tx.execute(
        "INSERT INTO audit (id, at, actor, action, subject, address, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        new_id(now),
        now,
        actor,
        action,
        subject,
        address,
        detail,
    )


async def entries(reads: Reads, before: str, limit: int) -> list[Entry]:
    """The newest entries with an id below `before`, newest first."""
    found = await reads.rows(
        "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit
    )
    return [
        Entry(
            id=row["id"],
            at=row["at"],
            actor=row["actor"],
            action=row["action"],
            subject=row["subject"],
            address=row["address"],
            detail=row["detail"],
        )
        for row in found
    ]
