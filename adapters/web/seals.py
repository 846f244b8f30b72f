"""Addresses of files that can't be guessed: each is sealed for one visitor and one file.

A browser asks for a picture without saying who looks, and third-party frames get no cookies: so
the right to see it stands in its address, which only its visitor's transcript has.
"""

import hmac


class Seals:
    """Makes and knows the seals of one channel."""

    def __init__(self, secret: bytes, channel: str) -> None:
        """A seal is good for one secret and one channel only."""
        self._key = hmac.digest(secret, f"files\0{channel}".encode(), "sha256")

    def seal(self, contact: str, file: str) -> str:
        """What stands behind the address of a file for a contact (by our key)."""
        return hmac.digest(self._key, f"{contact}\0{file}".encode(), "sha256").hex()[:32]

    def is_whole(self, given: str, contact: str, file: str) -> bool:
        """Whether this is that seal."""
        return hmac.compare_digest(given.encode(), self.seal(contact, file).encode())
