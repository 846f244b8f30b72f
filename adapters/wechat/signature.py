"""Whether a request is the platform's: SHA-1 over its sorted parts, and not older than minutes.

Nothing but the token is secret in it, and in plain mode it doesn't cover the body.
"""

import hashlib
import hmac

from gateway.clock import MINUTE
from gateway.errors import Forbidden

FRESH = 5 * MINUTE


def sign(*parts: str) -> str:
    """The signature over parts, in whatever order they are given."""
    # Query strings may hold anything, even halves of surrogate pairs.
    encoded = sorted(part.encode("utf-8", "surrogatepass") for part in parts)
    return hashlib.sha1(b"".join(encoded), usedforsecurity=False).hexdigest()


def check(signature: str, *parts: str) -> None:
    """Raises Forbidden where the signature is not that of the parts."""
    expected = sign(*parts).encode()
    if not hmac.compare_digest(expected, signature.encode("utf-8", "surrogatepass")):
        raise Forbidden("the signature does not fit: check that both sides have the same token")


def check_fresh(timestamp: str, now: int) -> None:
    """Raises Forbidden for a time (in s, as text) that is too far from `now` (ms)."""
    known = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not known or abs(int(timestamp) * 1000 - now) > FRESH:
        raise Forbidden("the timestamp is more than 5 minutes off: check this machine's clock")
