"""The telegram channel: what customers write in private chats, and what we answer there."""

import asyncio
from asyncio import Task
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.web import AbstractRouteDef

from adapters.telegram.api import Api
from adapters.telegram.config import Config, Speed
from adapters.telegram.convert import Account
from adapters.telegram.delivery import Outbox
from adapters.telegram.downloads import Downloads
from adapters.telegram.duty import LASTS, Duty
from adapters.telegram.health import Health
from adapters.telegram.intake import GRACE, Group, Intake
from adapters.telegram.introduction import Introduction, kinds
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace, Rate, Rates
from adapters.telegram.poller import Poller
from adapters.telegram.reception import Reception
from adapters.telegram.registration import Registration
from adapters.telegram.webhook import Webhook
from adapters.telegram.writing import Typing
from gateway.adapter import Core, Delivery
from gateway.clock import MINUTE, SECOND
from gateway.health import OK, Level, State
from gateway.lease import Lease
from gateway.message import Reply

LEFT_BEHIND = MINUTE  # ms after which an update that nobody has handled is somebody else's
SWEEP = 20.0  # seconds between two looks for those


class TelegramAdapter:
    """Speaks for one bot."""

    resumes = False

    def __init__(self, name: str, config: Config, core: Core) -> None:
        self._name = name
        self._config = config
        self._core = core
        self._health = Health(name)
        self._moved = Moved(core.notes)
        pace = Pace(_rates(config.limits), core.clock)
        token = config.token.get_secret_value()
        self._api = Api(token, config.api_base, pace, self._moved)
        self._outbox = Outbox(self._api, core.notes, core.files, self._health)
        downloads = Downloads(self._api, core.files)
        self._forum = self._make_forum() if config.agents_group else None
        self._intake = Intake(
            core,
            Account(name, self._api.id, "", config.commands, config.business),
            Reception(core, self._api, self._outbox, downloads, config.texts),
            moved=self._moved,
            group=(config.agents_group, self._forum) if self._forum else None,
        )
        self._poller = Poller(self._api, self._intake, self._health, kinds(config))
        self._registration = Registration(self._api, config, self._health, core.clock)
        self._webhook = Webhook(config.webhook_secret.get_secret_value(), self._intake)
        self._duty = Duty(Lease(core.notes, "intake", LASTS, core.clock), self._on_duty)
        self._tasks: list[Task[None]] = []

    @property
    def name(self) -> str:
        """The channel's name in the configuration."""
        return self._name

    @property
    def routes(self) -> Sequence[AbstractRouteDef]:
        """The webhook's, where that is the mode."""
        if self._config.mode == "webhook":
            return (web.post(f"/telegram/{self._name}", self._webhook.take),)
        return ()

    async def start(self) -> None:
        """Begin to receive; a Telegram that can't be reached is no reason not to start."""
        await self._api.open()
        await self._moved.load()
        await self._outbox.load()
        username = await self._core.notes.get("username")
        self._intake.account = replace(self._intake.account, username=username or "")
        if self._forum:
            await self._forum.start()
        if self._config.mode == "webhook":
            await self._intake.resume()
        self._begin(Introduction(self._api, self._config, self._health, self._named).run())
        self._begin(Typing(self._core, self._api).run())
        self._begin(self._duty.run())

    async def send(self, reply: Reply) -> Delivery:
        """Try once to deliver."""
        return await self._outbox.send(reply)

    async def health(self) -> State:
        """How the channel is."""
        states = [self._health.state]
        if self._forum:
            states.append(await self._forum.health())
        wrong = [one for one in states if one.level is not Level.OK]
        text = "; ".join(one.text for one in wrong)
        return State(Level.DEGRADED, text) if wrong else OK

    async def stop(self) -> None:
        """Ask for nothing more, finish what has been taken in, confirm it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._intake.drain()
        await self._outbox.close(GRACE)
        if self._forum:
            await self._forum.stop()
        if self._duty.is_ours:
            await self._poller.confirm()
        await self._duty.give_up()
        await self._api.close()

    async def _on_duty(self) -> None:
        await self._intake.resume()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep())
            if self._config.mode == "polling":
                group.create_task(self._poller.run())
            else:
                group.create_task(self._registration.run())

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            await self._intake.resume(LEFT_BEHIND)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _named(self, username: str) -> None:
        self._intake.account = replace(self._intake.account, username=username)
        await self._core.notes.put("username", username)

    def _make_forum(self) -> Group:
        from adapters.telegram.forum.forum import Forum
        from adapters.telegram.forum.settings import Settings

        config = self._config
        settings = Settings(
            group=config.agents_group,
            agents=config.agents,
            language=config.group_language,
            zone=ZoneInfo(config.group_time_zone),
        )
        return Forum(settings, self._core, self._api)


def _rates(limits: Speed) -> Rates:
    """A chat bears a few at once: the parts of one long reply."""
    return Rates(
        chat=Rate(limits.chat, SECOND, limits.chat + 2),
        bot=Rate(limits.bot, SECOND, limits.bot),
        group=Rate(limits.group, MINUTE, limits.group),
    )
