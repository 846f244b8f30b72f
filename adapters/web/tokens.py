"""Who a visitor is: a token that names a browser, and a site's signed word that names a person.

Neither needs a table. The platform id of a contact is derived from the token by a keyed hash, so
that somebody who reads the database or the desk's answers can't write as that visitor.
"""

import hmac
import secrets

from adapters.web.frames import Identity
from gateway.errors import Forbidden

_NONCE = 32  # hex digits


class Tokens:
    """Makes and reads the tokens of one channel."""

    def __init__(self, secret: bytes, channel: str) -> None:
        """A token is good for one secret and one channel only."""
        self.channel = channel
        self._key = hmac.digest(secret, f"widget\0{channel}".encode(), "sha256")

    def issue(self) -> str:
        """A token for a browser that has none."""
        return self._signed(secrets.token_hex(_NONCE // 2))

    def visitor(self, token: str) -> str:
        """The visitor's platform id. Raises Forbidden, the same for every wrong token."""
        nonce = token[:_NONCE]
        if not hmac.compare_digest(self._signed(nonce).encode(), token.encode()):
            raise Forbidden("this token is not valid")
        return "a-" + self._mac("visitor", nonce)[:24]

    def _signed(self, nonce: str) -> str:
        return nonce + self._mac("token", nonce)[:32]

    def _mac(self, purpose: str, nonce: str) -> str:
        return hmac.digest(self._key, f"{purpose}\0{nonce}".encode(), "sha256").hex()


def signature(secret: str, person: str, name: str, expires: int) -> str:
    """What a site puts beside an identity: HMAC-SHA256 of its three lines, in hex."""
    return hmac.digest(secret.encode(), f"{person}\n{name}\n{expires}".encode(), "sha256").hex()


def is_signed(said: Identity, secret: str, now: int) -> bool:
    """Whether the site vouches for this person now (ms)."""
    if not secret or not (said.id + said.name).isprintable():
        return False
    right = signature(secret, said.id, said.name, said.expires)
    return hmac.compare_digest(right.encode(), said.signature.encode()) and (
        now < said.expires * 1000
    )
