"""Keys that all nodes of an installation share: made once, by whoever asks first."""

import secrets

from gateway.store import Database, Tx

SIZE = 32  # bytes


async def key(database: Database, name: str) -> bytes:
    """The key called `name`."""

    async def body(tx: Tx) -> str:
        await tx.execute(
            "INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            name,
            secrets.token_hex(SIZE),
        )
        row = await tx.row("SELECT value FROM secrets WHERE name = ?", name)
        return str(row["value"]) if row else ""

    return bytes.fromhex(await database.transaction(body))
