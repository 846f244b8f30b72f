"""Replies out: one attempt at a time through the channel's adapter, whatever that may raise."""

import asyncio
import logging
import time
from collections.abc import Mapping

from gateway.adapter import Adapter, Delivery, Fate
from gateway.language import both
from gateway.message import Reply
from gateway.metrics import Metrics

TIMEOUT = 20.0  # seconds; well within a worker's lease

log = logging.getLogger(__name__)


class Sender:
    """Knows the adapter of each channel."""

    def __init__(
        self, adapters: Mapping[str, Adapter], metrics: Metrics, timeout: float = TIMEOUT
    ) -> None:
        self._adapters = adapters
        self._metrics = metrics
        self._timeout = timeout

    async def send(self, reply: Reply) -> Delivery:
        """Try once. An adapter that raises or hangs leaves the reply's fate unknown."""
        adapter = self._adapters.get(reply.contact.channel)
        if adapter is None:
            return Delivery(Fate.RETRY, _missing(reply.contact.channel))
        began = time.perf_counter()
        delivery = await self._try(adapter, reply)
        self._metrics.sent(adapter.name, delivery.fate, time.perf_counter() - began)
        return delivery

    async def _try(self, adapter: Adapter, reply: Reply) -> Delivery:
        try:
            async with asyncio.timeout(self._timeout):
                return await adapter.send(reply)
        except TimeoutError:
            return Delivery(Fate.UNKNOWN, _silent(self._timeout))
        except Exception as error:
            log.exception("channel %s failed to send", adapter.name)
            return Delivery(Fate.UNKNOWN, _failed(type(error).__name__))


def _missing(channel: str) -> str:
    return both(f"配置里没有渠道 {channel}", f"channel {channel} is not configured")


def _silent(seconds: float) -> str:
    return both(f"{seconds:g} 秒内没有回应", f"no answer within {seconds:g} s")


def _failed(error: str) -> str:
    return both(f"发送时出错（{error}）", f"{error} while sending")
