"""One person's data: given out, deleted, and kept no longer than the rules say."""

from collections.abc import Sequence

from gateway.clock import MINUTE, Clock, isoformat
from gateway.errors import NotFound
from gateway.files.folder import FolderFiles
from gateway.hints import Hint, Hints
from gateway.store import Database, Row, Tx, files, marks
from gateway.store import transcript as lines
from handoff import audit, search, views
from handoff.agents import Agent
from handoff.api.shapes import ContactShape, Export, attachment_shape, message_shape
from handoff.feed import GONE

DAY = 24 * 60 * MINUTE
AT_ONCE = 200  # conversations deleted in one transaction


class Records:
    """Export and deletion, audited; retention."""

    def __init__(self, database: Database, hints: Hints, clock: Clock, files: FolderFiles) -> None:
        self._database = database
        self._hints = hints
        self._clock = clock
        self._files = files

    async def export(self, agent: Agent, contact: str) -> Export:
        """Everything that is stored about a contact. Raises NotFound."""

        async def body(tx: Tx) -> Export:
            person = await _contact(tx, contact)
            found = await tx.rows(
                f"{views.FROM} WHERE c.contact = ? ORDER BY c.opened, c.id", contact
            )
            said = await tx.rows("SELECT * FROM messages WHERE contact = ? ORDER BY seq", contact)
            sent = await files.of_contact(tx, contact)
            await audit.record(tx, self._clock(), agent.id, "export", contact)
            return Export(
                contact=ContactShape(id=contact, name=person["name"], language=person["language"]),
                channel=person["channel"],
                platform_id=person["platform_id"],
                first_seen=isoformat(person["first_seen"]),
                last_seen=isoformat(person["last_seen"]),
                conversations=[views.shape(row, {}, 0) for row in found],
                messages=[message_shape(lines.from_row(row)) for row in said],
                files=[attachment_shape(files.from_row(row)) for row in sent],
            )

        return await self._database.transaction(body)

    async def forget(self, agent: Agent, contact: str) -> None:
        """Delete a contact and all that was said; a tombstone without words stays."""

        async def body(tx: Tx) -> tuple[Sequence[Row], list[str]]:
            person = await _contact(tx, contact, lock=" FOR UPDATE")
            found = await tx.rows(
                "SELECT id FROM conversations WHERE contact = ? ORDER BY id FOR UPDATE", contact
            )
            await _delete(tx, [row["id"] for row in found])
            await _forget_beside(tx, person)
            sent = await files.forget(tx, contact)
            await tx.execute("DELETE FROM contacts WHERE id = ?", contact)
            now = self._clock()
            await tx.execute(
                "INSERT INTO tombstones (contact, at, actor) VALUES (?, ?, ?)"
                " ON CONFLICT (contact) DO UPDATE SET at = excluded.at, actor = excluded.actor",
                contact,
                now,
                agent.id,
            )
            await audit.record(tx, now, agent.id, "deletion", contact)
            return found, sent

        found, sent = await self._database.transaction(body)
        await self._files.discard(sent)
        await self._hints.publish(*(Hint("changed", row["id"], contact, GONE) for row in found))

    async def retain(self, days: int) -> int:
        """Delete what is older than so many days; how many conversations went. 0 keeps all."""
        if not days:
            return 0
        before, gone = self._clock() - days * DAY, 0
        while deleted := await self._database.transaction(lambda tx: _expire(tx, before)):
            gone += deleted
        while await self._database.transaction(lambda tx: _expire_lines(tx, before)):
            pass
        while sent := await self._database.transaction(lambda tx: files.expire(tx, before)):
            await self._files.discard(sent)
        await self._database.transaction(lambda tx: _expire_contacts(tx, before))
        return gone


async def _contact(tx: Tx, contact: str, lock: str = "") -> Row:
    row = await tx.row(f"SELECT * FROM contacts WHERE id = ?{lock}", contact)
    if row is None:
        raise NotFound("no such contact")
    return row


async def _expire(tx: Tx, before: int) -> int:
    found = await tx.rows(
        "SELECT id FROM conversations WHERE changed < ? ORDER BY id LIMIT ? FOR UPDATE",
        before,
        AT_ONCE,
    )
    await _delete(tx, [row["id"] for row in found])
    return len(found)


async def _expire_lines(tx: Tx, before: int) -> int:
    """Old lines of conversations that still go on."""
    found = await tx.rows(
        "SELECT id FROM messages WHERE id < ? ORDER BY id LIMIT ?",
        f"{before:012x}",  # ids sort by time
        AT_ONCE,
    )
    ids = [row["id"] for row in found]
    if ids:
        await search.forget(tx, f"line IN ({marks(ids)})", *ids)
        await tx.execute(f"DELETE FROM revisions WHERE message IN ({marks(ids)})", *ids)
        await tx.execute(f"DELETE FROM messages WHERE id IN ({marks(ids)})", *ids)
    return len(ids)


async def _forget_beside(tx: Tx, person: Row) -> None:
    """What adapters keep about somebody: their notes, and what could not be read of theirs."""
    await tx.execute("DELETE FROM notes WHERE contact = ?", person["id"])
    await tx.execute(
        "DELETE FROM journal WHERE channel = ? AND state = 'dead' AND body LIKE ? ESCAPE '!'",
        person["channel"],
        search.pattern(person["platform_id"]),
    )


async def _expire_contacts(tx: Tx, before: int) -> None:
    await tx.execute("DELETE FROM journal WHERE state = 'dead' AND at < ?", before)
    await tx.execute(
        "DELETE FROM notes WHERE contact IN (SELECT id FROM contacts WHERE last_seen < ?"
        " AND NOT EXISTS (SELECT 1 FROM conversations"
        " WHERE conversations.contact = contacts.id))",
        before,
    )
    await tx.execute(
        "DELETE FROM contacts WHERE last_seen < ? AND NOT EXISTS"
        " (SELECT 1 FROM conversations WHERE conversations.contact = contacts.id)",
        before,
    )


async def _delete(tx: Tx, conversations: Sequence[str]) -> None:
    if not conversations:
        return
    places = marks(conversations)
    await search.forget(tx, f"conversation IN ({places})", *conversations)
    await tx.execute(
        "DELETE FROM revisions WHERE message IN"
        f" (SELECT id FROM messages WHERE conversation IN ({places}))",
        *conversations,
    )
    for table, column in (
        ("read_marks", "conversation"),
        ("messages", "conversation"),
        ("conversations", "id"),
    ):
        await tx.execute(f"DELETE FROM {table} WHERE {column} IN ({places})", *conversations)
