"""The whole program put together: alone it knows all four packages, and everything is passed in."""

import random
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from faq.library import Library
from gateway import hints as boards
from gateway import store
from gateway.adapter import Adapter, Core
from gateway.answers import Answers
from gateway.bus import Bus
from gateway.clock import Clock, system_clock
from gateway.config import Config
from gateway.retry import Retry
from gateway.router import Router
from gateway.sender import Sender
from gateway.store.keys import key
from gateway.store.outbox import free_leases
from gateway.store.transcript import Transcript
from gateway.texts import Texts
from gateway.thread import StoredThread
from gateway.worker import Workers
from handoff.hours import Hours
from handoff.routes import Handoff
from handoff.settings import Canned, Named, Outcome, Settings

# By the name that stands in the configuration; each package has `Config` and `build`.
ADAPTERS: Mapping[str, str] = {"web": "adapters.web"}


def models(packages: Mapping[str, str] = ADAPTERS) -> dict[str, type[BaseModel]]:
    """The configuration models of the adapters, by name."""
    return {name: import_module(package).Config for name, package in packages.items()}


class Frontdesk:
    """One node. Its constructor does no I/O."""

    def __init__(
        self,
        config: Config,
        clock: Clock = system_clock,
        packages: Mapping[str, str] = ADAPTERS,
    ) -> None:
        self.config = config
        self.adapters: dict[str, Adapter] = {}
        self._packages = packages
        self._clock = clock
        self._running = AsyncExitStack()
        self.database = store.connect(config.store.get_secret_value())
        self.hints = boards.connect(config.hints.get_secret_value())
        self.answers = Answers(Library(config.faq.path, clock))
        texts = Texts(config.desk.texts.changes())
        transcript = Transcript(self._resumes)
        self.handoff = Handoff(
            self.database, transcript, self.hints, texts, clock, settings(config), self._propose
        )
        self.bus = Bus(
            self.database,
            transcript,
            Router(texts, config.desk.misses),
            self.handoff,
            Retry(config.delivery.unknown, random.random),
            self.hints,
            clock,
        )

    async def start(self) -> None:
        """Start every part; if one can't, those that have are stopped again.

        Raises StoreUnavailable, SchemaTooNew, DocumentError (the FAQ) or OSError (the port).
        """
        async with AsyncExitStack() as started:
            await self._start(started)
            self._running = started.pop_all()

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, let go of everything."""
        await self._running.aclose()

    async def _start(self, started: AsyncExitStack) -> None:
        await self.answers.start()
        started.push_async_callback(self.answers.stop)
        await self.database.open()
        started.push_async_callback(self.database.close)
        await self.hints.open()
        started.push_async_callback(self.hints.close)
        if self.config.store.get_secret_value().startswith("sqlite:"):
            await free_leases(self.database)
        for name, channel in self.config.channels.items():
            self.adapters[name] = await self._build(name, channel)
        workers = Workers(
            self.bus, self.answers.read, self.adapters, Sender(self.adapters), self.hints
        )
        await workers.start()
        started.push_async_callback(workers.stop)
        await self.handoff.start()
        started.push_async_callback(self.handoff.stop)
        for adapter in self.adapters.values():
            await adapter.start()
            started.push_async_callback(adapter.stop)

    async def _build(self, name: str, config: Any) -> Adapter:
        secret = await key(self.database, f"channel {name}")
        thread = StoredThread(self.database, self.handoff.ahead)
        core = Core(self.bus.accept, thread, self.hints, self._clock, secret)
        adapter: Adapter = import_module(self._packages[config.adapter]).build(name, config, core)
        return adapter

    def _resumes(self, channel: str) -> bool:
        return channel in self.adapters and self.adapters[channel].resumes

    async def _propose(
        self, text: str, language: str, channel: str
    ) -> Sequence[Mapping[str, object]]:
        return [asdict(one) for one in await self.answers.propose(text, language, channel)]


def settings(config: Config) -> Settings:
    """The desk's part of the configuration as the desk takes it."""
    desk = config.desk
    week = {str(day): spans for day, spans in desk.hours.items()}
    rules = Settings(
        teams=tuple(Named(name, words.zh) for name, words in desk.teams.items()),
        hours=Hours.parse(ZoneInfo(desk.time_zone), week, desk.special_hours),
        greet=desk.limits.greet,
        reply=desk.limits.reply,
        capacity=desk.capacity,
        canned=tuple(Canned(name, text) for name, text in desk.canned.items()),
        channels=tuple(config.channels),
        public_url=config.server.public_url,
        retention=desk.retention,
    )
    outcomes = tuple(Outcome(name, one.zh, one.en) for name, one in desk.outcomes.items())
    return replace(rules, outcomes=outcomes) if outcomes else rules
