"""The statements behind accepting: who writes, whether we have it, which conversation it opens."""

from gateway.adapter import Receipt
from gateway.budgets import granted
from gateway.clock import MINUTE, new_id
from gateway.conversation import Conversation, Mode, close
from gateway.language import both
from gateway.message import Author, Contact, Line, Message
from gateway.store import Reads, Row, Tx, transcript
from gateway.store import conversations as table
from gateway.store.conversations import Locked
from gateway.store.transcript import Draft

IDLE = 12 * 60 * MINUTE  # a chat with the bot ends unsaid when its customer was away so long


async def meet(tx: Tx, contact: Contact, now: int) -> Row:
    """Note that a contact is here. Locks their row: one message of theirs goes at a time."""
    met = await tx.row(
        "INSERT INTO contacts (id, channel, platform_id, name, language, first_seen, last_seen)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " last_seen = excluded.last_seen, language = excluded.language,"
        " name = CASE WHEN excluded.name = '' THEN contacts.name ELSE excluded.name END"
        " RETURNING *",
        contact.key,
        contact.channel,
        contact.id,
        contact.name,
        contact.language,
        now,
        now,
    )
    if met is None:
        raise AssertionError("an upsert returns its row")
    return met


async def grant(tx: Tx, message: Message, budget: str, now: int) -> None:
    """Note what we may send unasked because of a message, beside the `budget` that there was."""
    if message.grant is not None:
        await tx.execute(
            "UPDATE contacts SET budget = ? WHERE id = ?",
            granted(budget, message.grant, now),
            message.contact.key,
        )


async def seen(tx: Tx, message: Message) -> Receipt | None:
    """The receipt of a message that is here already."""
    row = await _find(tx, message.contact, message.id)
    return Receipt(row["conversation"], row["seq"], new=False) if row else None


async def revise(tx: Tx, message: Message, now: int) -> Receipt | None:
    """Put a line in other words, once, and keep what it was; None if we don't have it."""
    row = await _find(tx, message.contact, message.edits)
    if row is None:
        return None
    rich = transcript.encode_rich(draft(message))
    if (row["text"], row["rich"]) == (message.text, rich):
        return Receipt(row["conversation"], row["seq"], new=False)
    new = await tx.execute(
        "INSERT INTO revisions (message, external, text, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (message, external) DO NOTHING",
        row["id"],
        message.id,
        row["text"],
        now,
    )
    if new:
        await tx.execute(
            "UPDATE messages SET text = ?, rich = ?, edited = ?, changed = ? WHERE id = ?",
            message.text,
            rich,
            now,
            now,
            row["id"],
        )
    return Receipt(row["conversation"], row["seq"], new=bool(new))


async def _find(tx: Tx, contact: Contact, external: str) -> Row | None:
    return await tx.row(
        "SELECT id, conversation, seq, text, rich FROM messages"
        " WHERE channel = ? AND author = 'customer' AND external = ?",
        contact.channel,
        external,
    )


async def current(tx: Tx, contact: Contact, now: int) -> Locked | None:
    """The contact's open conversation, locked; an idle one is closed on the way."""
    row = await tx.row(
        "SELECT * FROM conversations WHERE contact = ? AND mode <> 'closed' FOR UPDATE",
        contact.key,
    )
    if row is None:
        return None
    found = table.locked_from_row(row)
    forgotten = row["changed"] < now - IDLE and found.state.owed_since is None
    if found.state.mode is not Mode.BOT or not forgotten:
        return found
    await table.save(tx, close(found.state, now, "idle"), now)
    return None


async def begin(tx: Tx, contact: Contact, now: int) -> Locked:
    """Open a conversation; its lines count on from the contact's last one."""
    row = await tx.row("SELECT MAX(seq) AS seq FROM messages WHERE contact = ?", contact.key)
    last = (row["seq"] if row else None) or 0
    conversation = Conversation(
        new_id(now), contact.key, contact.channel, Mode.BOT, now, seq=last, handled=last
    )
    await tx.execute(
        "INSERT INTO conversations (id, contact, channel, mode, seq, handled, opened, changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        conversation.id,
        conversation.contact,
        conversation.channel,
        conversation.mode,
        last,
        last,
        now,
        now,
    )
    return Locked(conversation)


async def rate(tx: Tx, message: Message, now: int) -> Receipt:
    """Put a rating on the contact's newest conversation that ended, else on the newest."""
    row = await tx.row(
        "UPDATE conversations SET rating = ?, comment = ?, changed = ? WHERE id ="
        " (SELECT id FROM conversations WHERE contact = ?"
        " ORDER BY CASE WHEN closed IS NULL THEN 0 ELSE closed END DESC, id DESC LIMIT 1)"
        " RETURNING id, seq",
        message.rating,
        message.text,
        now,
        message.contact.key,
    )
    return Receipt(row["id"], row["seq"], new=True) if row else Receipt("", 0, new=False)


async def unhandled(reads: Reads, conversation: str, handled: int) -> list[Line]:
    """The customer's lines that the router has not seen, in order."""
    found = await reads.rows(
        "SELECT * FROM messages WHERE conversation = ? AND seq > ? AND author = 'customer'"
        " ORDER BY seq",
        conversation,
        handled,
    )
    return [transcript.from_row(row) for row in found]


async def unread(reads: Reads, conversation: str) -> list[Line]:
    """The same by the conversation's id alone."""
    row = await reads.row("SELECT handled FROM conversations WHERE id = ?", conversation)
    return await unhandled(reads, conversation, row["handled"]) if row else []


async def note_route(tx: Tx, line: Line) -> None:
    """Keep with a customer's line what the router made of it."""
    await tx.execute(
        "UPDATE messages SET routed = ? WHERE conversation = ? AND seq = ?",
        line.routed,
        line.conversation,
        line.seq,
    )


async def bury(tx: Tx, conversation: Conversation, now: int) -> int:
    """Mark the lines that no worker could handle as dead letters; how many there are."""
    return await tx.execute(
        "UPDATE messages SET status = 'dead', detail = ?, changed = ?"
        " WHERE conversation = ? AND seq > ? AND author = 'customer'",
        both("没能处理", "could not be handled"),
        now,
        conversation.id,
        conversation.handled,
    )


def draft(message: Message) -> Draft:
    """A customer's message as a line to be."""
    return Draft(
        Author.CUSTOMER,
        message.text,
        name=message.contact.name,
        kind=message.kind,
        choice=message.choice,
        attachments=message.attachments,
        external=message.id,
    )
