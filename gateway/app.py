"""The whole program put together: alone it knows all four packages, and everything is passed in."""

import asyncio
import gc
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from faq.gaps import Asked
from faq.library import Library
from gateway import health, store
from gateway import hints as boards
from gateway.adapter import Adapter, Bundling, Core, Receipt, Receive, Remark, Watched
from gateway.answers import Answers, note
from gateway.asked import asked
from gateway.budgets import Budgets
from gateway.bus import Bus
from gateway.clock import MINUTE, Clock, system_clock
from gateway.config import Config
from gateway.conversation import Mode
from gateway.files.folder import FolderFiles
from gateway.files.limits import MB
from gateway.files.limits import Limits as FileLimits
from gateway.journal import Journal
from gateway.message import Message
from gateway.metrics import Metrics
from gateway.notes import Notes
from gateway.pictures import Pictures
from gateway.retry import Retry
from gateway.router import Router
from gateway.sender import Sender
from gateway.store.keys import key
from gateway.store.leases import free_leases
from gateway.store.lock import hold
from gateway.store.transcript import Transcript
from gateway.texts import Texts
from gateway.thread import StoredThread
from gateway.web import address, application, listen
from gateway.worker import Workers
from handoff.hours import Hours
from handoff.people import FIRST
from handoff.routes import Handoff
from handoff.settings import Canned, Named, Outcome, Settings

TURN = 0.0005
"""Seconds that a thread keeps the interpreter while the sockets wait; Python's own are ten times as
many."""

# By the name that stands in the configuration; each package has `Config` and `build`.
ADAPTERS: Mapping[str, str] = {
    "web": "adapters.web",
    "wechat": "adapters.wechat",
    "telegram": "adapters.telegram",
}
_REMEMBERED = 14 * 24 * 60 * MINUTE
"""So far back the FAQ learns from what customers and agents confirmed."""


def models(packages: Mapping[str, str] = ADAPTERS) -> dict[str, type[BaseModel]]:
    """The configuration models of the adapters, by name."""
    return {name: import_module(package).Config for name, package in packages.items()}


def probes(
    config: Config, packages: Mapping[str, str] = ADAPTERS
) -> Iterator[tuple[str, AsyncIterator[Remark]]]:
    """For each channel whose platform can be asked: its name, and what the platform says."""
    channels: Mapping[str, Any] = config.channels
    for name, channel in channels.items():
        package = import_module(packages[channel.adapter])
        if hasattr(package, "probe"):
            yield name, package.probe(name, channel)


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
        self.first_password: str | None = None
        """Of the supervisor that the start made, where there was nobody yet."""
        self.metrics = Metrics(CollectorRegistry())
        self._packages = packages
        self._clock = clock
        self._running = AsyncExitStack()
        self._draining = False
        self.database = store.connect(config.store.get_secret_value())
        self.hints = boards.connect(config.hints.get_secret_value())
        self.files = FolderFiles(self.database, config.files.path, clock, limits(config))
        faq = Library(config.faq.path, clock, note, semantic=config.faq.semantic)
        self.answers = Answers(faq, Pictures(self.files.share))
        texts = Texts(config.desk.texts.changes())
        transcript = Transcript(self._resumes)
        self.handoff = Handoff(
            self.database,
            transcript,
            self.hints,
            texts,
            clock,
            settings(config),
            self._propose,
            files=self.files,
            faq=self._faq,
        )
        self.bus = Bus(
            self.database,
            transcript,
            Router(texts, config.desk.misses),
            self.handoff,
            Retry(config.delivery.unknown, random.random),
            self.hints,
            clock,
            self.metrics,
            self._bundles,
        )
        self._receive_by: Receive = self.bus.accept
        self._bundling: set[str] = set()

    async def start(self) -> str:
        """Start every part and serve; the address. If one can't, those that have are stopped.

        Raises StoreUnavailable, SchemaTooNew, DocumentError (the FAQ) or OSError (the port).
        """
        async with AsyncExitStack() as started:
            await self._start_core(started)
            sockets = await self._start_edges(started)
            runner = await self._listen(sockets)
            started.push_async_callback(runner.cleanup)
            # Only now, as a start that fails would make somebody whose password nobody has seen.
            self.first_password = await self.handoff.people.ensure_first()
            # The workers come last and go first: they send through what is started here.
            sender = Sender(self.adapters, self.metrics)
            workers = Workers(self.bus, self.answers, self.adapters, sender, self.hints)
            await workers.start()
            self._receive_by = workers.receive
            started.push_async_callback(workers.stop)
            started.push_async_callback(self._stop_listening, runner)
            self._running = started.pop_all()
        return address(runner)

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, let go of everything."""
        await self._running.aclose()

    async def _stop_listening(self, runner: web.AppRunner) -> None:
        self._draining = True
        for site in list(runner.sites):
            await site.stop()

    async def _start_core(self, started: AsyncExitStack) -> None:
        await self.answers.start()
        started.push_async_callback(self.answers.stop)
        await self.database.open()
        started.push_async_callback(self.database.close)
        self.answers.learn(self._asked)
        started.push_async_callback(self.answers.stop_learning)
        await self.hints.open()
        started.push_async_callback(self.hints.close)
        if file := self._file:
            started.enter_context(closing(hold(file)))
            await free_leases(self.database)
        for name, channel in self.config.channels.items():
            adapter = self.adapters[name] = await self._build(name, channel)
            if isinstance(adapter, Bundling) and adapter.bundles:
                self._bundling.add(name)

    async def _start_edges(self, started: AsyncExitStack) -> AsyncExitStack:
        """Start what talks to the world; closing the result ends its sockets."""
        sockets = await started.enter_async_context(AsyncExitStack())
        await self.handoff.start()
        sockets.push_async_callback(self.handoff.stop)
        for adapter in self.adapters.values():
            await adapter.start()
            sockets.push_async_callback(adapter.stop)
        return sockets

    async def _listen(self, sockets: AsyncExitStack) -> web.AppRunner:
        server = self.config.server
        app = application(
            self._routes(),
            checks=self._checks(),
            metrics=self.metrics,
            measure=self._measure,
            trusted_proxies=server.trusted_proxies,
            secure=server.secure_cookies,
        )

        async def end_sockets(_: web.Application) -> None:
            await sockets.aclose()

        app.on_shutdown.append(end_sockets)
        return await listen(app, server.host, server.port)

    def _routes(self) -> list[web.AbstractRouteDef]:
        routes = [*self.handoff.routes]
        for adapter in self.adapters.values():
            routes += adapter.routes
        if self.config.server.demo:
            routes += self._demo()
        return routes

    def _demo(self) -> Sequence[web.AbstractRouteDef]:
        channels: Mapping[str, Any] = self.config.channels
        for name, channel in channels.items():
            package = import_module(self._packages[channel.adapter])
            if hasattr(package, "demo_routes"):
                routes: Sequence[web.AbstractRouteDef] = package.demo_routes(name)
                return routes
        return ()

    def _checks(self) -> dict[str, health.Check]:
        watched = {
            f"channel {name}": adapter.health
            for name, adapter in self.adapters.items()
            if isinstance(adapter, Watched)
        }
        return watched | {
            "store": health.store(self.database),
            "faq": self.answers.health,
            "hints": health.hints(lambda: self.hints.connected),
            "disk": health.disk(self._file.parent if self._file else Path()),
            "files": self.files.health,
            "draining": health.draining(lambda: self._draining),
        }

    @property
    def _file(self) -> Path | None:
        """The file of a store that has one."""
        url = self.config.store.get_secret_value()
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else None

    async def _measure(self) -> None:
        found = await self.database.rows(
            "SELECT mode, COUNT(*) AS number, SUM(CASE WHEN owed_since IS NULL THEN 0 ELSE 1 END)"
            " AS owed FROM conversations WHERE mode <> 'closed' OR owed_since IS NOT NULL"
            " GROUP BY mode"
        )
        counts = {mode.value: 0 for mode in Mode}
        counts |= {row["mode"]: int(row["number"]) for row in found}
        del counts[Mode.CLOSED]
        self.metrics.conversations(counts | {"owed": sum(int(row["owed"]) for row in found)})

    async def _build(self, name: str, config: Any) -> Adapter:
        secret = await key(self.database, f"channel {name}")
        core = Core(
            receive=self._receive,
            again=self.bus.again,
            thread=StoredThread(self.database, name, self.handoff.ahead),
            hints=self.hints,
            clock=self._clock,
            key=secret,
            notes=Notes(self.database, name, self._clock),
            journal=Journal(self.database, name, self._clock),
            budgets=Budgets(self.database, self.hints, self._clock),
            files=self.files,
            surface=self.handoff.surface,
        )
        adapter: Adapter = import_module(self._packages[config.adapter]).build(name, config, core)
        return adapter

    def _receive(self, message: Message) -> Awaitable[Receipt]:
        """Before there are workers, what comes in is only kept."""
        return self._receive_by(message)

    def _bundles(self, channel: str) -> bool:
        return channel in self._bundling

    def _resumes(self, channel: str) -> bool:
        return channel in self.adapters and self.adapters[channel].resumes

    def _faq(self) -> Mapping[str, object]:
        status = self.answers.status()
        refused = [{"zh": one.say("zh"), "en": one.say("en")} for one in status.refused] or None
        return {"since": status.since, "entries": status.entries, "refused": refused}

    async def _asked(self) -> Sequence[Asked]:
        return await asked(self.database, self._clock() - _REMEMBERED)

    async def _propose(
        self, text: str, language: str, channel: str
    ) -> Sequence[Mapping[str, object]]:
        return [asdict(one) for one in await self.answers.propose(text, language, channel)]


async def serve(
    config: Config,
    told: Callable[[str], None],
    packages: Mapping[str, str] = ADAPTERS,
) -> None:
    """Run until SIGTERM or SIGINT, then drain. `told` gets the lines that an operator must see.

    Raises what `Frontdesk.start` raises.
    """
    sys.setswitchinterval(TURN)
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    node = Frontdesk(config, packages=packages)
    listening = await node.start()
    gc.collect()
    gc.set_threshold(10_000)
    gc.freeze()  # what is there by now stays: no need to look through it again and again
    base = config.server.public_url or listening
    try:
        first = node.first_password
        who = f" name {FIRST} password {first}" if first else ""
        told(f"console {base}/console/{who}")
        if config.server.demo:
            told(f"demo {base}/")
        await stop.wait()
    finally:
        await node.stop()


def limits(config: Config) -> FileLimits:
    """The file store's part of the configuration as it takes it."""
    files = config.files
    return FileLimits(files.max_mb * MB, files.contact_mb * MB, files.per_day)


def settings(config: Config) -> Settings:
    """The desk's part of the configuration as the desk takes it."""
    desk = config.desk
    week = {str(day): spans for day, spans in desk.hours.items()}
    rules = Settings(
        teams=tuple(Named(name, words.zh, words.en) for name, words in desk.teams.items()),
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
