"""Up to which line each agent has read each conversation."""

from gateway.store import Reads, Tx


async def put(tx: Tx, agent: str, conversation: str, seq: int) -> None:
    """Note that an agent has read up to a line of a locked conversation; a mark only goes up."""
    await tx.execute(
        "INSERT INTO read_marks (agent, conversation, seq) VALUES (?, ?, ?)"
        " ON CONFLICT (agent, conversation) DO UPDATE SET seq = excluded.seq"
        " WHERE read_marks.seq < excluded.seq",
        agent,
        conversation,
        seq,
    )


async def find(reads: Reads, agent: str, conversation: str) -> int | None:
    """The last line that an agent has read; None where they never looked."""
    row = await reads.row(
        "SELECT seq FROM read_marks WHERE agent = ? AND conversation = ?", agent, conversation
    )
    return row["seq"] if row else None
