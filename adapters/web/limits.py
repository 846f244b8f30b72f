"""How much one visitor and one address may take: events in a window, sockets at a time."""

from collections import Counter, deque


class Window:
    """At most `limit` events of a key in any `span` ms."""

    def __init__(self, limit: int, span: int) -> None:
        self._limit = limit
        self._span = span
        self._seen: dict[str, deque[int]] = {}

    def admit(self, key: str, now: int) -> int:
        """Count one event and return 0, or count none and return the ms to wait."""
        seen = self._seen.setdefault(key, deque(maxlen=self._limit))
        if len(seen) == self._limit and now - seen[0] < self._span:
            return self._span - (now - seen[0])
        seen.append(now)
        return 0

    def forget(self, now: int) -> None:
        """Drop the keys about which nothing needs to be known any more."""
        stale = [key for key, seen in self._seen.items() if now - seen[-1] >= self._span]
        for key in stale:
            del self._seen[key]


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
