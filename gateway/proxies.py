"""Who really asks: a proxy's word counts only where the configuration trusts that proxy."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Proxies:
    """A middleware that puts the customer's address and scheme where the proxy's were."""

    __middleware_version__ = 1  # how aiohttp tells a middleware from a factory of old

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted

    async def __call__(self, request: web.Request, handler: Next) -> web.StreamResponse:
        """Pass on a request whose `remote` and `scheme` can be believed."""
        peer = _address(request.remote or "") if self._trusted else None
        if peer is None or not self._trusts(peer):
            return await handler(request)
        remote = self.client(peer, request.headers.getall("X-Forwarded-For", []))
        scheme = request.headers.get("X-Forwarded-Proto", "").strip().lower()
        if scheme not in ("http", "https"):
            scheme = request.scheme
        return await handler(request.clone(remote=str(remote), scheme=scheme))

    def client(self, peer: Address, forwarded: Sequence[str]) -> Address:
        """The last address in the chain that is not one of our proxies.

        Each proxy adds at the end who asked it, so what stands before the first stranger from the
        right was written by that stranger.
        """
        found = peer
        for text in reversed(",".join(forwarded).split(",")):
            address = _address(text)
            if address is None or not self._trusts(found):
                break
            found = address
        return found

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    """Read `203.0.113.7`, `203.0.113.7:5000`, `2001:db8::1` or `[2001:db8::1]:5000`."""
    text = text.strip().split("%", 1)[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
