"""The WeChat channel with patience that a test sets, and a gate that keeps replies back."""

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from adapters.wechat.adapter import WechatAdapter
from adapters.wechat.config import Config as Real
from adapters.wechat.turns import Patience
from gateway.adapter import Adapter, Core, Delivery, Receipt, Receive
from gateway.budgets import Budgets, Spending
from gateway.errors import StoreUnavailable
from gateway.message import Contact, Line, Message, Reply
from gateway.thread import State, Thread


class Config(Real):
    """As the real one, with seconds for what the platform's clock rules."""

    budget: float = 20
    hold: float = 30
    gap: float = 10
    fetch: float = 10
    fails: str = ""
    """What is out of order: `receive`, the `store` once or `always`, `reading` from it once."""
    dies: str = ""
    """When the process is killed: `before receive`, `after spend 2` and the like."""


class Gated(WechatAdapter):
    """Replies wait at the gate, as where the FAQ or a node takes long."""

    def __init__(self, name: str, config: Config, core: Core) -> None:
        patience = Patience(config.budget, config.hold, config.gap, fetch=config.fetch)
        super().__init__(name, config, core, patience)
        self.core = core
        self.gate = asyncio.Event()
        self.gate.set()
        self._death = Death(config.dies)

    async def send(self, reply: Reply) -> Delivery:
        await self.gate.wait()
        with self._death.around("send"):
            return await super().send(reply)


def build(name: str, config: Config, core: Core) -> Adapter:
    if config.dies:
        core = _mortal(core, Death(config.dies))
    if config.fails == "reading":
        core = replace(core, thread=Unread(core.thread))
    elif config.fails:
        core = replace(core, receive=_failing(config.fails, core.receive))
    return Gated(name, config, core)


class Death:
    """Kills this process before or after something happens for the so-and-so-many-th time."""

    def __init__(self, when: str) -> None:
        self._side, self._what, number = (*when.split(), "1", "1", "1")[:3]
        self._left = int(number)

    @contextmanager
    def around(self, what: str) -> Iterator[None]:
        here = what == self._what
        self._left -= here
        self._strike("before", here=here)
        yield
        self._strike("after", here=here)

    def _strike(self, side: str, *, here: bool) -> None:
        if here and side == self._side and not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def _mortal(core: Core, death: Death) -> Core:
    async def receive(message: Message) -> Receipt:
        with death.around("receive"):
            return await core.receive(message)

    budgets = MortalBudgets(core.budgets, death)
    return replace(core, receive=receive, budgets=budgets)


class MortalBudgets(Budgets):
    """The real ones, where spending may be the last thing that happens."""

    def __init__(self, budgets: Budgets, death: Death) -> None:
        super().__init__(budgets._database, budgets._hints, budgets._clock)
        self._death = death

    async def spend(self, contact: Contact, replies: Sequence[str], upto: int) -> Spending | None:
        with self._death.around("spend"):
            return await super().spend(contact, replies, upto)


def _failing(how: str, receive: Receive) -> Receive:
    failures = iter([StoreUnavailable("the disk is full")])

    async def fail(message: Message) -> Receipt:
        match how:
            case "receive":
                raise RuntimeError("out of order")
            case "always":
                raise StoreUnavailable("the disk is full")
        if error := next(failures, None):
            raise error
        return await receive(message)

    return fail


class Unread:
    """A thread that can't be read the first time."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._failures = iter([StoreUnavailable("the store does not answer")])

    async def lines(self, contact: Contact, after: int = 0, limit: int = 200) -> list[Line]:
        return await self._thread.lines(contact, after, limit)

    async def state(self, contact: Contact) -> State:
        if error := next(self._failures, None):
            raise error
        return await self._thread.state(contact)

    async def contact(self, key: str) -> Contact | None:
        return await self._thread.contact(key)
