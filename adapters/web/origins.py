"""The sites that may embed a widget: one list for the handshake and for `frame-ancestors`."""

import re
from collections.abc import Sequence

_FORM = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_origin(listed: str) -> bool:
    """Whether this can stand in the list."""
    return listed == "*" or _FORM.fullmatch(listed.lower().removesuffix("/")) is not None


class Origins:
    """A list of `https://shop.example`, `https://*.shop.example` (its subdomains), or `*`."""

    def __init__(self, listed: Sequence[str]) -> None:
        self._any = "*" in listed
        self._listed = tuple(_normal(one) for one in listed if one != "*")

    @property
    def ancestors(self) -> str:
        """The sources for the header `Content-Security-Policy: frame-ancestors`."""
        return "*" if self._any else " ".join(("'self'", *self._listed))

    def allow(self, origin: str | None, host: str) -> bool:
        """Whether a browser at `origin` may connect to us, who are called `host` there.

        Without an Origin it is no browser, and the list can't protect anybody there.
        """
        if origin is None or self._any:
            return True
        origin = origin.lower()
        own = tuple(f"{scheme}://{host.lower()}" for scheme in _DEFAULT_PORTS)
        return origin in own or any(_matches(origin, one) for one in self._listed)


def _normal(listed: str) -> str:
    origin = listed.lower().removesuffix("/")
    return origin.removesuffix(_DEFAULT_PORTS[origin.partition(":")[0]])


def _matches(origin: str, listed: str) -> bool:
    scheme, wild, rest = listed.partition("://*.")
    if not wild:
        return origin == listed
    return origin.startswith(f"{scheme}://") and origin.endswith(f".{rest}")
