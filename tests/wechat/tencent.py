"""Tencent's side of the envelope, written from its documentation and not from a library of ours.

Only the block cipher itself is taken from elsewhere; what is around it (the layout, the padding,
the order of what is signed) stands here a second time, so that nothing is tested with itself.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Side:
    """An account as the platform knows it."""

    token: str
    app_id: str
    key: str

    def encrypt(self, message: bytes) -> str:
        """16 random bytes, the length in network order, the message, the app id; padded to 32."""
        plain = secrets.token_bytes(16) + len(message).to_bytes(4, "big") + message
        return self.encrypt_raw(_padded(plain + self.app_id.encode()))

    def encrypt_raw(self, padded: bytes) -> str:
        """Whatever it is, in blocks."""
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def decrypt(self, sealed: str) -> tuple[bytes, str]:
        """A message and the app id behind it; AssertionError for a layout that isn't right."""
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        count = padded[-1]
        assert 1 <= count <= BLOCK
        assert padded.endswith(bytes([count]) * count)
        assert len(padded) % BLOCK == 0
        plain = padded[:-count]
        end = 20 + int.from_bytes(plain[16:20], "big")
        return plain[20:end], plain[end:].decode()

    def request(self, message: bytes, timestamp: int, nonce: str) -> tuple[dict[str, str], bytes]:
        """Query and body of a request in safe mode; `timestamp` in s."""
        sealed = self.encrypt(message)
        query = self.query(timestamp, nonce, sealed)
        return query, f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()

    def query(self, timestamp: int, nonce: str, sealed: str = "") -> dict[str, str]:
        """A signed query; with a ciphertext that of safe mode."""
        at = str(timestamp)
        query = {
            "signature": signature(self.token, at, nonce),
            "timestamp": at,
            "nonce": nonce,
        }
        if sealed:
            query["encrypt_type"] = "aes"
            query["msg_signature"] = signature(self.token, at, nonce, sealed)
        return query

    def open(self, answer: str) -> str:
        """An answer in safe mode, once its signature is verified; what it says."""
        found = dict(re.findall(r"<(\w+)>(?:<!\[CDATA\[)?([^<\]]*)(?:\]\]>)?</\1>", answer))
        expected = signature(self.token, found["TimeStamp"], found["Nonce"], found["Encrypt"])
        assert found["MsgSignature"] == expected
        message, app_id = self.decrypt(found["Encrypt"])
        assert app_id == self.app_id
        return message.decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(f"{self.key}=")
        return Cipher(algorithms.AES256(key), modes.CBC(key[:16]))


def _padded(plain: bytes) -> bytes:
    count = BLOCK - len(plain) % BLOCK
    return plain + bytes([count]) * count
