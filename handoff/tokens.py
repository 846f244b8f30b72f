"""API tokens: how programs of an agent come in. The store keeps their hashes alone."""

import secrets
from dataclasses import dataclass

from gateway.clock import Clock, new_id
from gateway.errors import NotFound
from gateway.hints import Hint, Hints
from gateway.store import Database, Tx
from handoff import agents, audit
from handoff.agents import Agent
from handoff.sessions import Identity, digest

PREFIX = "fd_"  # lets scanners recognise a token that leaked


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as its owner sees it afterwards."""

    id: str
    name: str
    created: int


class Tokens:
    """Makes, finds and ends them."""

    def __init__(self, database: Database, hints: Hints, clock: Clock) -> None:
        self._database = database
        self._hints = hints
        self._clock = clock

    async def whose(self, token: str) -> Identity | None:
        """Whose API token it is."""
        key = digest(token)
        row = await self._database.row(
            f"SELECT a.*, {agents.LOAD} AS load FROM api_tokens t JOIN agents a ON a.id = t.agent"
            " WHERE t.hash = ? AND a.disabled IS NULL",
            key,
        )
        return Identity(agents.from_row(row), key) if row else None

    async def make(self, agent: Agent, name: str) -> tuple[str, Token]:
        """Make an API token, which is shown this once."""
        secret = PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        token = Token(new_id(now), name, now)

        async def body(tx: Tx) -> None:
            await tx.execute(
                "INSERT INTO api_tokens (id, agent, name, hash, created) VALUES (?, ?, ?, ?, ?)",
                token.id,
                agent.id,
                name,
                digest(secret),
                now,
            )
            await audit.record(tx, now, agent.id, "token", token.id)

        await self._database.transaction(body)
        return secret, token

    async def own(self, agent: Agent) -> list[Token]:
        """An agent's own API tokens, the oldest first."""
        found = await self._database.rows(
            "SELECT id, name, created FROM api_tokens WHERE agent = ? ORDER BY id", agent.id
        )
        return [Token(row["id"], row["name"], row["created"]) for row in found]

    async def drop(self, agent: Agent, token: str) -> None:
        """End an API token of one's own, with its open sockets."""

        async def body(tx: Tx) -> None:
            if not await tx.execute(
                "DELETE FROM api_tokens WHERE id = ? AND agent = ?", token, agent.id
            ):
                raise NotFound("no such token")
            await audit.record(tx, self._clock(), agent.id, "token dropped", token)

        await self._database.transaction(body)
        await self._hints.publish(Hint("agent", detail=agent.id))
