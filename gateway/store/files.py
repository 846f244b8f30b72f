"""The statements behind the file store: what is kept, for whom, and what nobody needs any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.message import Attachment
from gateway.store import Reads, Row, Tx, marks

AT_ONCE = 200  # files that go in one transaction
SHARED = ""  # the contact of what anybody may be sent


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as a row; `ours` if we send it, `at` in ms."""

    contact: str
    attachment: Attachment
    sha256: str
    ours: bool
    at: int


async def add(tx: Tx, entry: Entry) -> bool:
    """Note a file; False if this content is shared already."""
    file = entry.attachment
    return bool(
        await tx.execute(
            "INSERT INTO files (id, contact, kind, name, type, size, sha256, ours, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            file.id,
            entry.contact,
            file.kind,
            file.name,
            file.type,
            file.size,
            entry.sha256,
            int(entry.ours),
            entry.at,
        )
    )


async def find(reads: Reads, id_: str) -> Row | None:
    """A file's row."""
    return await reads.row("SELECT * FROM files WHERE id = ?", id_)


async def shared(reads: Reads, sha256: str) -> Row | None:
    """The row of what everybody may be sent, by its content."""
    return await reads.row("SELECT * FROM files WHERE contact = '' AND sha256 = ?", sha256)


async def of_contact(reads: Reads, contact: str) -> Sequence[Row]:
    """All files of a contact's chats, the oldest first."""
    return await reads.rows("SELECT * FROM files WHERE contact = ? ORDER BY at, id", contact)


async def sent_by(reads: Reads, contact: str, since: int) -> tuple[int, int]:
    """Of what a contact has sent us: the bytes of all, and how many since an instant (ms)."""
    row = await reads.row(
        "SELECT COALESCE(SUM(size), 0) AS bytes,"
        " COALESCE(SUM(CASE WHEN at >= ? THEN 1 ELSE 0 END), 0) AS number"
        " FROM files WHERE contact = ? AND ours = 0",
        since,
        contact,
    )
    return (int(row["bytes"]), int(row["number"])) if row else (0, 0)


async def known(reads: Reads, ids: Sequence[str]) -> set[str]:
    """Those of these ids that have a row."""
    if not ids:
        return set()
    return {
        row["id"]
        for row in await reads.rows(f"SELECT id FROM files WHERE id IN ({marks(ids)})", *ids)
    }


async def forget(tx: Tx, contact: str) -> list[str]:
    """Delete the rows of a contact's files; their ids."""
    found = await tx.rows("SELECT id FROM files WHERE contact = ?", contact)
    await tx.execute("DELETE FROM files WHERE contact = ?", contact)
    return [row["id"] for row in found]


async def expire(tx: Tx, before: int) -> list[str]:
    """Delete some of the rows from before an instant (ms), the FAQ's aside; their ids."""
    found = await tx.rows(
        "SELECT id FROM files WHERE at < ? AND contact <> '' ORDER BY at LIMIT ?", before, AT_ONCE
    )
    return await _delete(tx, found)


async def drop_unused(tx: Tx, before: int) -> tuple[list[str], int]:
    """Of files from before an instant (ms), delete the rows of some that no line ever named.

    Their ids, and how many files were looked at: 0 says that there are no more.
    """
    found = await tx.rows(
        "SELECT f.id, (SELECT 1 FROM messages m WHERE m.contact = f.contact"
        " AND m.rich LIKE '%' || f.id || '%' LIMIT 1) AS named FROM files f"
        " WHERE f.used = 0 AND f.at < ? AND f.contact <> '' ORDER BY f.at LIMIT ?",
        before,
        AT_ONCE,
    )
    for row in found:
        if row["named"]:
            await tx.execute("UPDATE files SET used = 1 WHERE id = ?", row["id"])
    return await _delete(tx, [row for row in found if not row["named"]]), len(found)


async def _delete(tx: Tx, found: Sequence[Row]) -> list[str]:
    ids = [row["id"] for row in found]
    if ids:
        await tx.execute(f"DELETE FROM files WHERE id IN ({marks(ids)})", *ids)
    return ids


def from_row(row: Row) -> Attachment:
    """Read a row of `files`."""
    return Attachment(row["kind"], row["name"], row["type"], row["size"], id=row["id"])
