"""Who is signed in to the console, by a cookie.

The store keeps only a hash of it, so that a copy of the store lets nobody in. A session's CSRF
token is made from its cookie and needs no place of its own.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from gateway.clock import MINUTE, Clock
from gateway.errors import Invalid, Unauthorized
from gateway.hints import Hint, Hints
from gateway.store import Database, Row, Tx, marks
from handoff import agents, audit, throttle
from handoff.agents import Agent, fold
from handoff.passwords import Passwords

IDLE = 12 * 60 * MINUTE
LONGEST = 7 * 24 * 60 * MINUTE
TOUCH = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who proved who they are. `key` names the session or token, `csrf` is "" for one."""

    agent: Agent
    key: str
    csrf: str = ""


class Sessions:
    """Opens, finds and ends them."""

    def __init__(
        self, database: Database, passwords: Passwords, hints: Hints, clock: Clock
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._hints = hints
        self._clock = clock

    async def sign_in(
        self, name: str, password: str, address: str, before: str = ""
    ) -> tuple[str, Identity]:
        """Open a session; the cookie's secret and who it is. The session `before` it ends.

        Raises Unauthorized for a wrong name or password alike, TooMany after many of them.
        """
        login = fold(name)
        await throttle.check(self._database, login, address, self._clock())
        row = await self._database.row(
            "SELECT id, password FROM agents WHERE login = ? AND disabled IS NULL", login
        )
        right = await self._passwords.matches(password, row["password"] if row else None)
        if row is None or not right:
            await self._fail(login, address, row["id"] if row else "")
            raise Unauthorized("wrong name or password")
        return await self._open(row, login, address, before)

    async def whose(self, secret: str) -> Identity | None:
        """Whose cookie it is; None if its session has ended."""
        now, key = self._clock(), digest(secret)
        row = await self._database.row(
            f"SELECT a.*, {agents.LOAD} AS load, s.expires, s.created AS since FROM sessions s"
            " JOIN agents a ON a.id = s.agent"
            " WHERE s.id = ? AND s.expires > ? AND a.disabled IS NULL",
            key,
            now,
        )
        if row is None:
            return None
        if row["expires"] < min(now + IDLE - TOUCH, row["since"] + LONGEST):
            await self._touch(key, row, now)
        return Identity(agents.from_row(row), key, _csrf(secret))

    async def alive(self, keys: Collection[str]) -> dict[str, Agent]:
        """Of these sessions and tokens those that still hold, with their people as they are now."""
        found = await self._database.rows(
            f"SELECT k.key, a.*, {agents.LOAD} AS load FROM ("
            f"SELECT id AS key, agent FROM sessions WHERE expires > ? AND id IN ({marks(keys)})"
            f" UNION ALL SELECT hash AS key, agent FROM api_tokens WHERE hash IN ({marks(keys)})"
            ") k JOIN agents a ON a.id = k.agent WHERE a.disabled IS NULL",
            self._clock(),
            *keys,
            *keys,
        )
        return {row["key"]: agents.from_row(row) for row in found}

    async def sign_out(self, identity: Identity) -> None:
        """End this session, with its open sockets."""

        async def body(tx: Tx) -> None:
            await tx.execute("DELETE FROM sessions WHERE id = ?", identity.key)
            await audit.record(tx, self._clock(), identity.agent.id, "logout")

        await self._database.transaction(body)
        await self._tell(identity.agent.id)

    async def change_password(
        self, identity: Identity, old: str, new: str, address: str = ""
    ) -> None:
        """Set a new password; every other session of theirs ends.

        Raises Invalid for a wrong old password or a poor new one, TooMany after many wrong ones.
        """
        agent, login = identity.agent, fold(identity.agent.name)
        await throttle.check(self._database, login, address, self._clock())
        row = await self._database.row("SELECT password FROM agents WHERE id = ?", agent.id)
        if row is None or not await self._passwords.matches(old, row["password"]):
            await self._fail(login, address, agent.id)
            raise Invalid("the old password is wrong")
        if old == new:
            raise Invalid("the new password must differ from the old one")
        stored = await self._passwords.hash(new)

        async def body(tx: Tx) -> None:
            await _require_unchanged(tx, agent.id, row["password"])
            await tx.execute(
                "UPDATE agents SET password = ?, must_change = 0 WHERE id = ?", stored, agent.id
            )
            await tx.execute(
                "DELETE FROM sessions WHERE agent = ? AND id <> ?", agent.id, identity.key
            )
            await audit.record(tx, self._clock(), agent.id, "password", agent.id)

        await self._database.transaction(body)
        await self._tell(agent.id)

    async def _open(
        self, checked: Row, login: str, address: str, before: str
    ) -> tuple[str, Identity]:
        secret, now, agent = secrets.token_urlsafe(32), self._clock(), checked["id"]

        async def body(tx: Tx) -> Agent:
            await _require_unchanged(tx, agent, checked["password"])
            await tx.execute("DELETE FROM sessions WHERE id = ?", digest(before))
            await tx.execute("DELETE FROM sessions WHERE expires <= ?", now)
            await throttle.forgive(tx, login, address)
            await tx.execute(
                "INSERT INTO sessions (id, agent, created, expires) VALUES (?, ?, ?, ?)",
                digest(secret),
                agent,
                now,
                now + IDLE,
            )
            await audit.record(tx, now, agent, "login", address=address)
            return await agents.find(tx, agent)

        found = await self._database.transaction(body)
        return secret, Identity(found, digest(secret), _csrf(secret))

    async def _fail(self, login: str, address: str, agent: str) -> None:
        now = self._clock()

        async def body(tx: Tx) -> None:
            await throttle.blame(tx, login, address, now)
            await audit.record(tx, now, "", "login failed", agent, address=address)

        await self._database.transaction(body)

    async def _touch(self, key: str, row: Row, now: int) -> None:
        expires = min(now + IDLE, row["since"] + LONGEST)

        async def body(tx: Tx) -> None:
            await tx.execute("UPDATE sessions SET expires = ? WHERE id = ?", expires, key)

        await self._database.transaction(body)

    async def _tell(self, agent: str) -> None:
        await self._hints.publish(Hint("agent", detail=agent))


async def _require_unchanged(tx: Tx, agent: str, password: str) -> None:
    """Raise Unauthorized if the account was disabled or its password replaced while we checked."""
    row = await tx.row(
        "SELECT password FROM agents WHERE id = ? AND disabled IS NULL FOR UPDATE", agent
    )
    if row is None or row["password"] != password:
        raise Unauthorized("wrong name or password")


def digest(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _csrf(secret: str) -> str:
    return hashlib.sha256(b"csrf\0" + secret.encode(errors="surrogatepass")).hexdigest()
