"""How fast we may speak: one bucket a chat, one a bot, and a chat that is told to wait waits alone.

The figures are Telegram's: about one message a second in a chat, 30 a second in all, 20 a minute
in a group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.telegram.errors import Limited
from gateway.clock import MINUTE, SECOND, Clock

Sleep = Callable[[float], Awaitable[None]]
MANY = 10_000  # chats of which we keep a bucket before we look which are full


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in a span of ms, of which `burst` may come at once."""

    count: int
    span: int
    burst: int

    @property
    def every(self) -> float:
        """The ms for one."""
        return self.span / self.count


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates in force: in a chat, for the bot in all, in a group."""

    chat: Rate = Rate(1, SECOND, 3)
    bot: Rate = Rate(30, SECOND, 30)
    group: Rate = Rate(20, MINUTE, 20)


class Bucket:
    """When the next one may go: each one moves that on, and unused time counts up to a burst."""

    __slots__ = ("_next", "_rate")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._next = float("-inf")

    def wait(self, now: int) -> float:
        """The ms until one may go."""
        return max(0.0, self._next - (self._rate.burst - 1) * self._rate.every - now)

    def take(self, now: int) -> None:
        """One goes, now or when its wait is over."""
        self._next = max(self._next, now) + self._rate.every

    def hold(self, until: int) -> None:
        """None goes before `until`, and then one at a time."""
        self._next = max(self._next, until + (self._rate.burst - 1) * self._rate.every)

    def is_full(self, now: int) -> bool:
        """Whether it knows nothing that a new one wouldn't."""
        return self._next <= now


class Pace:
    """The buckets of one bot. Groups are the chats with a negative id, as Telegram numbers them."""

    def __init__(self, rates: Rates, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._rates = rates
        self._clock = clock
        self._sleep = sleep
        self._bot = Bucket(rates.bot)
        self._chats: dict[int, Bucket] = {}

    async def turn(self, chat: int, patience: int) -> None:
        """Wait until a message may go to a chat. Raises Limited if that takes over `patience` ms.

        Turns in a chat are given in the order in which they were asked for.
        """
        now, own = self._clock(), self._bucket(chat)
        wait = max(own.wait(now), self._bot.wait(now))
        if wait > patience:
            raise Limited(f"this chat has to wait {wait / SECOND:.0f} s", int(wait))
        own.take(now)
        self._bot.take(now)
        if wait:
            await self._sleep(wait / SECOND)

    def hold(self, chat: int, ms: int) -> None:
        """Telegram wants a chat to wait."""
        self._bucket(chat).hold(self._clock() + ms)

    def _bucket(self, chat: int) -> Bucket:
        if chat not in self._chats:
            if len(self._chats) >= MANY:
                self._forget()
            rate = self._rates.group if chat < 0 else self._rates.chat
            self._chats[chat] = Bucket(rate)
        return self._chats[chat]

    def _forget(self) -> None:
        now = self._clock()
        self._chats = {chat: one for chat, one in self._chats.items() if not one.is_full(now)}
