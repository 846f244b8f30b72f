"""How much one visitor and one address may take: events in a window, sockets at a time."""

from collections import Counter, deque


class Window:
    """At most `limit` events of a key in any `span` ms."""

    def __init__(self, limit: int, span: int) -> None:
        self._limit = limit
        self._span = span
        self._seen: dict[str, deque[int]] = {}

    def wait(self, key: str, now: int) -> int:
        """The ms until one more event is within the limit; 0 if it is now."""
        seen = self._seen.get(key)
        if seen is None or len(seen) < self._limit:
            return 0
        return max(0, seen[0] + self._span - now)

    def count(self, key: str, now: int) -> None:
        """Count one event."""
        self._seen.setdefault(key, deque(maxlen=self._limit)).append(now)

    def forget(self, now: int) -> None:
        """Drop the keys about which nothing needs to be known any more."""
        stale = [key for key, seen in self._seen.items() if now - seen[-1] >= self._span]
        for key in stale:
            del self._seen[key]


class Quota:
    """What a visitor may send, and what all visitors of an address may: new tokens are free."""

    def __init__(self, visitor: Window, address: Window) -> None:
        self._visitor = visitor
        self._address = address

    def admit(self, visitor: str, address: str, now: int) -> int:
        """Count one message and return 0, or count none and return the ms to wait."""
        wait = max(self._visitor.wait(visitor, now), self._address.wait(address, now))
        if not wait:
            self._visitor.count(visitor, now)
            self._address.count(address, now)
        return wait

    def forget(self, now: int) -> None:
        """Drop whom nothing needs to be known about any more."""
        self._visitor.forget(now)
        self._address.forget(now)


class Places:
    """At most `limit` at a time for each address."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Take a place; False if all are taken."""
        if self._taken[address] >= self._limit:
            return False
        self._taken[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Give a place back."""
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]
