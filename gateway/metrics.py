"""What Prometheus may know: counts and times by channel, never a person or a text."""

from collections.abc import Mapping
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one process. All times in seconds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register with `registry`, which nobody else shares."""
        # Every message counts in five of them: to look up where costs more than to count.
        self._registry = registry
        self._accepted = cache(
            Counter(
                "frontdesk_messages_accepted", "Messages on disk", ["channel"], registry=registry
            ).labels
        )
        self._accept = cache(
            Histogram(
                "frontdesk_accept_seconds",
                "From a message's arrival to its commit",
                ["channel"],
                buckets=_QUICK,
                registry=registry,
            ).labels
        )
        self._routed = cache(
            Counter(
                "frontdesk_messages_routed", "Decisions", ["channel", "reason"], registry=registry
            ).labels
        )
        self._sent = cache(
            Counter(
                "frontdesk_replies", "Attempts to send", ["channel", "fate"], registry=registry
            ).labels
        )
        self._send = cache(
            Histogram(
                "frontdesk_send_seconds",
                "One attempt to send",
                ["channel"],
                buckets=_QUICK,
                registry=registry,
            ).labels
        )
        self._conversations = Gauge(
            "frontdesk_conversations", "Open conversations", ["state"], registry=registry
        )
        self._sockets = Gauge("frontdesk_sockets", "Open sockets", ["path"], registry=registry)

    def accepted(self, channel: str, seconds: float) -> None:
        """A message is on disk."""
        self._accepted(channel).inc()
        self._accept(channel).observe(seconds)

    def routed(self, channel: str, reason: str) -> None:
        """The router has decided."""
        self._routed(channel, reason).inc()

    def sent(self, channel: str, fate: str, seconds: float) -> None:
        """An attempt to send has ended."""
        self._sent(channel, fate).inc()
        self._send(channel).observe(seconds)

    def conversations(self, counts: Mapping[str, int]) -> None:
        """How many are `bot`, `waiting`, `assigned` and, across these, `owed`."""
        for state, count in counts.items():
            self._conversations.labels(state).set(count)

    def opened(self, path: str) -> None:
        """A socket more, at a route's path."""
        self._sockets.labels(path).inc()

    def closed(self, path: str) -> None:
        """A socket less."""
        self._sockets.labels(path).dec()

    def render(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self._registry)
