"""The account's access token: one for all nodes, fetched by one of them at a time.

Who finds it refused says which one that was; if another is in the notes by then, nothing is
fetched. A refusal that only people can end pauses the fetching, on all nodes.
"""

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Protocol

from adapters.wechat.codes import Do
from adapters.wechat.pauses import Pause, Pauses, until_midnight
from adapters.wechat.troubles import Doubtful, Refusal, Unreachable
from adapters.wechat.wire import Wire, encode
from gateway.clock import MINUTE, SECOND, Clock
from gateway.lease import Lease
from gateway.notes import Json, Notes

MARGIN = 5 * MINUTE  # a token is fetched anew so long before it ends
LEASE = 15 * SECOND
LOOK = 0.1  # seconds between two looks at the notes while another node fetches

_ADDRESS = re.compile(r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+:[0-9a-f:.]+)")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when (ms) we use it."""

    value: str
    until: int


class TokenSource(Protocol):
    """Where a token comes from."""

    async def get(self, stale: str = "") -> str:
        """One that is not `stale`. Raises Refusal, Unreachable or Doubtful."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the platform."""

    app_id: str
    secret: str


class FreshTokens:
    """Asks the platform each time: for a command that runs once, without a store."""

    def __init__(self, wire: Wire, credentials: Credentials, clock: Clock) -> None:
        self._wire = wire
        self._credentials = credentials
        self._clock = clock

    async def get(self, _stale: str = "") -> str:
        """One from the platform."""
        return (await fetch(self._wire, self._credentials, self._clock)).value


class Tokens:
    """The token as the notes have it, for all nodes of a channel."""

    def __init__(
        self, wire: Wire, credentials: Credentials, notes: Notes, pauses: Pauses, clock: Clock
    ) -> None:
        self._wire = wire
        self._credentials = credentials
        self._notes = notes
        self._pauses = pauses
        self._clock = clock
        self._lease = Lease(notes, "token", LEASE, clock)
        self._turn = asyncio.Lock()
        self._known: Token | None = None

    async def get(self, stale: str = "") -> str:
        """The token; one that is not `stale`. Raises Unreachable while fetching is paused."""
        if not (token := self._usable(self._known, stale)):
            async with self._turn:
                token = self._usable(self._known, stale) or await self._shared(stale)
                self._known = token
        return token.value

    def _usable(self, token: Token | None, stale: str) -> Token | None:
        return token if token and token.value != stale and token.until > self._clock() else None

    async def _shared(self, stale: str) -> Token:
        while True:
            if token := await self._noted(stale):
                return token
            if pause := await self._pauses.find("token"):
                raise Unreachable(pause.why, pause.until - self._clock())
            if await self._lease.take():
                return await self._fetch(stale)
            await asyncio.sleep(LOOK)

    async def _noted(self, stale: str) -> Token | None:
        return self._usable(_read(await self._notes.get("token")), stale)

    async def _fetch(self, stale: str) -> Token:
        try:
            if token := await self._noted(stale):  # fetched between our look and our lease
                return token
            token = await fetch(self._wire, self._credentials, self._clock)
            lasts = max(token.until - self._clock(), 0)
            noted = {"value": token.value, "until": token.until}
            await self._notes.put("token", noted, lasts=lasts)
        except Refusal as refusal:
            if pause := _pause(refusal, self._clock()):
                await self._pauses.begin("token", pause)
            raise
        else:
            return token
        finally:
            await self._lease.give_up()


async def fetch(wire: Wire, credentials: Credentials, clock: Clock) -> Token:
    """A token from the platform; the same one for everybody who asks, while it lasts."""
    body = {
        "grant_type": "client_credential",
        "appid": credentials.app_id,
        "secret": credentials.secret,
    }
    try:
        said = await wire.ask("POST", "/cgi-bin/stable_token", data=encode(body))
    except Doubtful as error:  # of a token that may have been made nothing depends
        raise Unreachable(str(error)) from None
    match said:
        case {"access_token": str(value), "expires_in": int(seconds)} if value:
            log.info("a token was fetched")
            lasts = seconds * SECOND
            return Token(value, clock() + lasts - min(MARGIN, lasts // 2))
    raise Unreachable("expected a token and how long it lasts, but something else came")


def address_to_allow(refusal: Refusal) -> str:
    """The address that the platform saw us come from, as its refusal names it, or ""."""
    found = _ADDRESS.search(refusal.text)
    return found[0] if found else ""


def _pause(refusal: Refusal, now: int) -> Pause | None:
    match refusal.do:
        case Do.ALLOW_ADDRESS:
            address = address_to_allow(refusal) or "this server's"
            why = f"add the address {address} to the account's IP allowlist ({refusal.code})"
            return Pause(now + 5 * MINUTE, why)
        case Do.CONFIGURE:
            why = f"app_id or app_secret is wrong: copy them again ({refusal.code})"
            return Pause(now + MINUTE, why)
        case Do.TOMORROW:
            return Pause(
                until_midnight(now), f"the day's limit of calls is used up ({refusal.code})"
            )
        case Do.SLOW_DOWN:
            return Pause(now + MINUTE, f"too many calls in a minute ({refusal.code})")
    return None


def _read(noted: Json) -> Token | None:
    return Token(noted["value"], noted["until"]) if noted else None
