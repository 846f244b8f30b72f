"""People come, change and go: accounts are added, given roles and teams, and disabled."""

import json
from collections.abc import Sequence

from gateway.clock import Clock, new_id
from gateway.errors import Conflict, Invalid
from gateway.hints import Hint, Hints
from gateway.store import Database, Tx
from handoff import agents, audit, passwords
from handoff.agents import Agent, Presence, Role, fold
from handoff.passwords import Passwords

FIRST = "admin"
LONGEST_NAME = 64  # characters


class People:
    """The accounts. `actor` is who does it, "" at the command line."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        hints: Hints,
        clock: Clock,
        capacity: int = 5,
    ) -> None:
        """`capacity` is that of agents who are given none of their own."""
        self._database = database
        self._passwords = passwords
        self._hints = hints
        self._clock = clock
        self._default_capacity = capacity

    async def add(
        self,
        name: str,
        role: Role,
        password: str,
        *,
        teams: Sequence[str] = (),
        capacity: int | None = None,
        must_change: bool = False,
        actor: str = "",
    ) -> Agent:
        """Make an account. Raises Conflict if the name is taken, Invalid if it can't be one."""
        agent = Agent(
            new_id(self._clock()),
            _name(name),
            role,
            teams=tuple(teams),
            capacity=_capacity(capacity or self._default_capacity),
            must_change=must_change,
        )
        stored = await self._passwords.hash(password)

        async def body(tx: Tx) -> None:
            if not await _insert(tx, agent, stored, self._clock()):
                raise Conflict(f"there is an agent called {agent.name!r} already")
            await audit.record(tx, self._clock(), actor, "agent added", agent.id, detail=agent.role)

        await self._database.transaction(body)
        await self._tell(agent.id)
        return agent

    async def ensure_first(self) -> str | None:
        """On an empty store make the supervisor `admin`; the password, None where one is there."""
        if await self._database.row("SELECT id FROM agents LIMIT 1"):
            return None
        password = passwords.make()
        try:
            await self.add(FIRST, Role.SUPERVISOR, password, must_change=True)
        except Conflict:  # another node was first
            return None
        return password

    async def change(
        self,
        name: str,
        *,
        role: Role | None = None,
        teams: Sequence[str] | None = None,
        capacity: int | None = None,
        actor: str = "",
    ) -> Agent:
        """Give a role, teams or a capacity; what is None stays."""

        async def body(tx: Tx) -> Agent:
            agent = await agents.lock(tx, (await agents.named(tx, name)).id)
            if role not in (None, Role.SUPERVISOR):
                await _require_another_supervisor(tx, agent)
            await tx.execute(
                "UPDATE agents SET role = ?, teams = ?, capacity = ? WHERE id = ?",
                role or agent.role,
                json.dumps(list(agent.teams if teams is None else teams), ensure_ascii=False),
                agent.capacity if capacity is None else _capacity(capacity),
                agent.id,
            )
            after = await agents.find(tx, agent.id)
            detail = f"{after.role} {' '.join(after.teams)}".strip()
            await audit.record(tx, self._clock(), actor, "role", agent.id, detail=detail)
            return after

        after = await self._database.transaction(body)
        await self._tell(after.id)
        return after

    async def disable(self, name: str, *, actor: str = "") -> Agent:
        """Let somebody in no longer; their sessions, sockets and tokens end."""

        async def body(tx: Tx) -> Agent:
            agent = await agents.named(tx, name)
            if agent.disabled:
                return agent
            agent = await agents.lock(tx, agent.id)
            await _require_another_supervisor(tx, agent)
            now = self._clock()
            await tx.execute("UPDATE agents SET disabled = ? WHERE id = ?", now, agent.id)
            await _lock_out(tx, agent.id)
            await audit.record(tx, now, actor, "agent disabled", agent.id)
            return agent

        agent = await self._database.transaction(body)
        await self._tell(agent.id)
        return agent

    async def reset_password(self, name: str, password: str, *, actor: str = "") -> Agent:
        """Set a password that its owner must change; their sessions and tokens end."""
        stored = await self._passwords.hash(password)

        async def body(tx: Tx) -> Agent:
            agent = await agents.lock(tx, (await agents.named(tx, name)).id)
            await tx.execute(
                "UPDATE agents SET password = ?, must_change = 1 WHERE id = ?", stored, agent.id
            )
            await _lock_out(tx, agent.id)
            await audit.record(tx, self._clock(), actor, "password reset", agent.id)
            return agent

        agent = await self._database.transaction(body)
        await self._tell(agent.id)
        return agent

    async def choose(self, agent: str, status: Presence) -> Agent:
        """Note what an agent says of themselves."""

        async def body(tx: Tx) -> Agent:
            await agents.choose(tx, agent, status)
            return await agents.find(tx, agent)

        after = await self._database.transaction(body)
        await self._tell(agent)
        return after

    async def _tell(self, agent: str) -> None:
        await self._hints.publish(Hint("agent", detail=agent))


async def _insert(tx: Tx, agent: Agent, password: str, now: int) -> int:
    return await tx.execute(
        "INSERT INTO agents (id, name, login, role, password, must_change, status, teams,"
        " capacity, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (login) DO NOTHING",
        agent.id,
        agent.name,
        fold(agent.name),
        agent.role,
        password,
        int(agent.must_change),
        agent.status,
        json.dumps(list(agent.teams), ensure_ascii=False),
        agent.capacity,
        now,
    )


async def _require_another_supervisor(tx: Tx, agent: Agent) -> None:
    if agent.role is not Role.SUPERVISOR:
        return
    others = await tx.rows(
        "SELECT id FROM agents WHERE role = 'supervisor' AND disabled IS NULL AND id <> ?"
        " ORDER BY id FOR UPDATE",
        agent.id,
    )
    if not others:
        raise Conflict(f"{agent.name!r} is the last supervisor: make another one first")


async def _lock_out(tx: Tx, agent: str) -> None:
    await tx.execute("DELETE FROM sessions WHERE agent = ?", agent)
    await tx.execute("DELETE FROM api_tokens WHERE agent = ?", agent)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(f"a name has 1 to {LONGEST_NAME} printable characters")
    return name


def _capacity(capacity: int) -> int:
    if not 1 <= capacity <= 100:
        raise Invalid("a capacity is a number of conversations from 1 to 100")
    return capacity
