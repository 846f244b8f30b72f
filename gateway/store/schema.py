"""The schema grows by numbered files in `migrations/`, each run once, in order, in one transaction.

`0001_core.sql` is for every store, `0002_search.sqlite.sql` for one dialect only.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from gateway.errors import SchemaTooNew
from gateway.store import Tx

MIGRATIONS = Path(__file__).parent / "migrations"

Migration = tuple[int, list[str]]


def migrations(dialect: str, folder: Path = MIGRATIONS) -> list[Migration]:
    """Read the numbered files for `dialect` (sqlite or postgres), by number."""
    found: dict[int, list[str]] = {}
    for path in sorted(folder.glob("*.sql")):
        number, wanted = int(path.name[:4]), path.name.split(".")[1:-1]
        if not wanted or dialect in wanted:
            found.setdefault(number, []).extend(_statements(path.read_text(encoding="utf-8")))
    return sorted(found.items())


async def migrate(tx: Tx, wanted: list[Migration]) -> None:
    """Bring the schema up to date. Raises SchemaTooNew where a newer program has been."""
    await tx.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
    row = await tx.row("SELECT MAX(version) AS version FROM schema_version")
    have, newest = (row["version"] if row else None) or 0, wanted[-1][0]
    if have > newest:
        raise SchemaTooNew(
            f"the database has schema {have}, this Frontdesk knows up to {newest}:"
            " run the newer Frontdesk, or restore a backup from before the upgrade"
        )
    for number, statements in wanted:
        if number > have:
            for statement in statements:
                await tx.execute(statement)
            await tx.execute("INSERT INTO schema_version (version) VALUES (?)", number)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        raise ValueError(f"a migration ends in the middle of a statement: {statement.strip()!r}")
