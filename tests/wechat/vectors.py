"""Requests whose right answers are known: V1 to V4 are Tencent's, V5 was computed by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.wechat.config import Config

PLAIN_V5 = (
    "<xml><ToUserName><![CDATA[gh_test]]></ToUserName>"
    "<FromUserName><![CDATA[oUSER]]></FromUserName><CreateTime>1700000000</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[退款]]></Content>"
    "<MsgId>24000000000000001</MsgId></xml>"
)
KEY_V3 = "A" * 43
KEY_V5 = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass(frozen=True, slots=True)
class Account:
    """One side's and the other's settings."""

    token: str
    app_id: str
    key: str

    def config(self, mode: str = "safe", **more: object) -> Config:
        """Ours."""
        settings = {
            "app_id": self.app_id,
            "app_secret": "of-the-tests",
            "token": self.token,
            "aes_key": self.key,
            "mode": mode,
            **more,
        }
        return Config.model_validate(settings)


TENCENT = Account("AAAAA", "wxba5fad812f8e6fb9", KEY_V3)
OURS = Account("gwtoken", "wx0123456789abcdef", KEY_V5)

V1 = {
    "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
    "timestamp": "1714036504",
    "nonce": "1514711492",
    "echostr": "4375120948345356249",
}
V2 = {
    "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78",
    "timestamp": "1714037059",
    "nonce": "486452656",
}
V3 = {
    "timestamp": "1714112445",
    "nonce": "415670741",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
SEALED_V3 = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZq"
    "zDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pe"
    "de2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebu"
    "fAlr7F9mFUPAJGj04="
)
V4 = {
    "timestamp": "1713424427",
    "nonce": "415670741",
    "encrypt_type": "aes",
    "msg_signature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
}
SEALED_V4 = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)
V5 = {
    "signature": "dd8cc3b03b8ff581a4098d8d1633c971436bed31",
    "timestamp": "1700000000",
    "nonce": "20001",
}
V5_AES = {
    **V5,
    "encrypt_type": "aes",
    "msg_signature": "9040a8f947d5581e46c1f841b8ecda34598c7123",
}
SEALED_V5 = (
    "Q3stYC6hdFzMh9T8HCvyDF1H9kwak3335s7+/WV9wmdX5ofcJd783dVlvX34gwFRWDKzaXNadfCYPYHeAUUadO2R9t0ip"
    "ROnuvTzGDPtjmCuqt3Tijx9+23lbZbVXIsFB1swroG7TIykXE2kLOgQnpT2neVVPE5//mYClKIo4OB18lzz3L4X8BW42y"
    "uKe2sU9he/Z6exnCAlXqzk2n0HETzdfQxx3VAdt4HGPsAl/O4qA4/8EjWp94AinF/XKfcY8GtebFB6o6jm/mgMMAL4xan"
    "Pkx0QCt+Fiqp5zyXytaoj2nq0NLDhIs5n0wf9aLBKodIjhmlITzeL70UA1Xer3fXb2C/KpetnxwCCgp3o3H+G0CSlfbGv"
    "GOMO11pJ2129"
)


def body(sealed: str, twin: str = "") -> bytes:
    """A body with a ciphertext, and beside it what is not to be believed."""
    return f"<xml>{twin}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def at(query: Mapping[str, str]) -> int:
    """The time of a request in ms."""
    return int(query["timestamp"]) * 1000
