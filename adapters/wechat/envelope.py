"""What lies around every request of the platform and every answer to it: signature and cipher.

What comes out of here is the platform's word: signed, of this account, recent and well-formed.
"""

import base64
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from adapters.wechat import payload
from adapters.wechat.config import Config
from adapters.wechat.payload import Payload
from adapters.wechat.signature import check, check_fresh, sign
from gateway.clock import Clock
from gateway.errors import Forbidden, TooLarge

LIMIT = 256 * 1024  # bytes

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a request says; `seal` makes of an XML answer what the platform expects back."""

    payload: Payload
    seal: Callable[[str], str]


class Envelope:
    """The envelopes of one account."""

    def __init__(self, config: Config, clock: Clock) -> None:
        keys = (config.aes_key.get_secret_value(), config.previous_aes_key.get_secret_value())
        self._ciphers = tuple(PrpCrypto(base64.b64decode(f"{key}=")) for key in keys if key)
        self._app_id = config.app_id
        self._token = config.token.get_secret_value()
        self._mode = config.mode
        self._clock = clock

    def echo(self, query: Query) -> str:
        """The answer to the platform's question whether this is our address. Raises Forbidden."""
        self._check(query, "signature")
        if "echostr" not in query:
            raise Forbidden("expected an echostr")
        return query["echostr"]

    def open(self, query: Query, body: bytes) -> Opened:
        """Open a request.

        Raises Forbidden for what is not signed or sealed by the platform for this account, Invalid
        for what is no message, TooLarge above 256 KiB.
        """
        if len(body) > LIMIT:
            raise TooLarge("the body is larger than 256 KiB")
        if query.get("encrypt_type", "raw") == "raw":
            return self._open_plain(query, body)
        return self._open_sealed(query, body)

    def _open_plain(self, query: Query, body: bytes) -> Opened:
        if self._mode == "safe":
            raise Forbidden("expected an encrypted body: choose the safe mode on the platform too")
        self._check(query, "signature")
        found = payload.read(body)
        if "Encrypt" in found:
            raise Forbidden("expected encrypt_type and msg_signature with an encrypted body")
        return Opened(found, str)

    def _open_sealed(self, query: Query, body: bytes) -> Opened:
        # Beside the ciphertext there may be a plain twin (compat), which no signature covers.
        sealed = payload.read(body).get("Encrypt", "")
        self._check(query, "msg_signature", sealed)
        for cipher in self._ciphers:
            try:
                text = cipher.decrypt(sealed, self._app_id)
            except (InvalidAppIdException, ValueError, IndexError, struct.error):
                continue
            return Opened(payload.read(text), partial(self._seal, cipher, query["nonce"]))
        raise Forbidden("can't decrypt the body: check mode, app_id and aes_key")

    def _check(self, query: Query, name: str, *parts: str) -> None:
        if not {name, "timestamp", "nonce"} <= query.keys():
            raise Forbidden(f"expected {name}, timestamp and nonce")
        check_fresh(query["timestamp"], self._clock())
        check(query[name], self._token, query["timestamp"], query["nonce"], *parts)

    def _seal(self, cipher: PrpCrypto, nonce: str, answer: str) -> str:
        sealed = cipher.encrypt(answer, self._app_id).decode()
        timestamp = str(self._clock() // 1000)
        signature = sign(self._token, timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )
