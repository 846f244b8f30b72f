"""Passwords: hashed slowly on purpose, off the event loop, and never more than two at a time.

A hash costs 32 MiB and a quarter of a second, so a flood of logins is turned away before it costs
that (SECURITY 27–29).
"""

import asyncio
import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

from gateway.errors import Invalid, TooMany

AT_ONCE = 2
SHORTEST = 10  # characters
LONGEST = 1024  # bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """scrypt's work: 2**log_n blocks of `r` × 128 bytes, `p` times."""

    log_n: int = 15
    r: int = 8
    p: int = 3


class Passwords:
    """Makes and checks hashes."""

    def __init__(self, cost: Cost | None = None) -> None:
        self._cost = cost or Cost()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._decoy = _encode(self._cost, b"nobody's salt 16", bytes(32))

    async def hash(self, password: str) -> str:
        """The hash of a new password, with its salt and cost; waits for its turn."""
        check_length(password)
        salt = secrets.token_bytes(16)
        async with self._turns:
            key = await asyncio.to_thread(_derive, self._cost, salt, password)
        return _encode(self._cost, salt, key)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; with None (nobody of that name) it takes equally long.

        Raises TooMany when others are being checked: the caller tries again in a second.
        """
        check_size(password)
        if self._turns.locked():
            raise TooMany("many are signing in right now: try again in a second", retry_after=1)
        cost, salt, wanted = _decode(stored or self._decoy)
        async with self._turns:
            key = await asyncio.to_thread(_derive, cost, salt, password)
        return hmac.compare_digest(key, wanted) and stored is not None


def make() -> str:
    """A random password that a person can copy."""
    return secrets.token_urlsafe(12)


def check_size(password: str) -> None:
    """Refuse what nobody would type, before it costs anything."""
    if len(password.encode(errors="surrogatepass")) > LONGEST:
        raise Invalid(f"a password has at most {LONGEST} bytes")


def check_length(password: str) -> None:
    """Refuse what is too long or too short."""
    check_size(password)
    if len(password) < SHORTEST:
        raise Invalid(f"a password needs at least {SHORTEST} characters", shortest=SHORTEST)


def _derive(cost: Cost, salt: bytes, password: str) -> bytes:
    return hashlib.scrypt(
        password.encode(errors="surrogatepass"),
        salt=salt,
        n=1 << cost.log_n,
        r=cost.r,
        p=cost.p,
        maxmem=(1 << cost.log_n) * cost.r * 256,
        dklen=32,
    )


def _encode(cost: Cost, salt: bytes, key: bytes) -> str:
    encoded = (b64encode(part).decode() for part in (salt, key))
    return "$".join(("scrypt", str(cost.log_n), str(cost.r), str(cost.p), *encoded))


def _decode(stored: str) -> tuple[Cost, bytes, bytes]:
    _, log_n, r, p, salt, key = stored.split("$")
    return Cost(int(log_n), int(r), int(p)), b64decode(salt), b64decode(key)
