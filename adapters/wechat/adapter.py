"""The WeChat channel: an official account's webhook, and the ways out for replies."""

import asyncio
import logging
from asyncio import Task, Transport
from collections.abc import Mapping, Sequence
from contextlib import suppress

from aiohttp import web
from aiohttp.web import AbstractRouteDef, Request, Response

from adapters.wechat import convert, menu, render
from adapters.wechat.account import FORGEABLE, Account
from adapters.wechat.api import Api, credentials
from adapters.wechat.config import Config
from adapters.wechat.convert import Incoming
from adapters.wechat.envelope import Envelope, Opened
from adapters.wechat.files import Fetcher, Uploads
from adapters.wechat.handover import Handover
from adapters.wechat.offered import NOTE, Offered
from adapters.wechat.outgoing import Outgoing
from adapters.wechat.pauses import Pauses
from adapters.wechat.push import Means
from adapters.wechat.reception import Reception
from adapters.wechat.tokens import Tokens
from adapters.wechat.troubles import Trouble
from adapters.wechat.turns import Passive, Patience, Turns
from adapters.wechat.wire import Wire
from gateway.adapter import Core, Delivery
from gateway.clock import SECOND
from gateway.errors import Refused, StoreUnavailable
from gateway.health import State
from gateway.hints import Hint
from gateway.message import Message, Reply

SUCCESS = "success"
TYPING = 8 * SECOND  # for about as long customers see that somebody types

log = logging.getLogger(__name__)


class WechatAdapter:
    """One official account."""

    resumes = False
    bundles = True

    def __init__(
        self, name: str, config: Config, core: Core, patience: Patience | None = None
    ) -> None:
        """`patience` says how long requests stand open."""
        self._name = name
        self._config = config
        self._core = core
        self._envelope = Envelope(config, core.clock)
        patience = patience or Patience()
        pauses = Pauses(core.notes, core.clock)
        self._wire = Wire(config.api_base, config.app_secret.get_secret_value())
        tokens = Tokens(self._wire, credentials(config), core.notes, pauses, core.clock)
        self._api = Api(self._wire, tokens)
        self._account = Account(config, core.notes, pauses, core.clock)
        self._fetcher = Fetcher(self._api, core.files, config.api_base)
        self._turns = Turns()
        handover = Handover(core.notes, core.hints, name)
        self._offered = Offered(core.notes, core.hints, name)
        self._reception = Reception(
            core,
            self._turns,
            self._account,
            handover,
            self._fetcher,
            self._offered,
            patience,
            getattr(config.texts.placeholder, config.language),
        )
        uploads = Uploads(self._api, core.files, core.notes)
        self._outgoing = Outgoing(
            Means(self._api, self._account, uploads, core.budgets, core.clock),
            self._turns,
            handover,
            self._offered,
            core.notes,
            patience,
            getattr(config.texts.more, config.language),
        )
        self._labels: Mapping[str, str] = {}
        self._open: set[Transport] = set()
        self._typed: dict[str, int] = {}
        self._listening: Task[None] | None = None

    @property
    def name(self) -> str:
        """The channel's name in the configuration."""
        return self._name

    @property
    def routes(self) -> Sequence[AbstractRouteDef]:
        """The webhook."""
        path = f"/wechat/{self._name}"
        return (web.get(path, self._verify), web.post(path, self._post))

    async def start(self) -> None:
        """Remember what the account may do, and listen for hints."""
        if self._config.mode != "safe":
            log.warning("channel %s: %s", self._name, FORGEABLE)
        self._labels = await asyncio.to_thread(menu.labels, self._config.menu)
        await self._wire.open()
        await self._fetcher.open()
        await self._account.recall()
        await self._offered.recall()
        self._listening = asyncio.create_task(self._listen())

    async def send(self, reply: Reply) -> Delivery:
        """Try once to deliver."""
        return await self._outgoing.send(reply)

    async def health(self) -> State:
        """What an operator has to do."""
        return await self._account.health()

    async def stop(self) -> None:
        """Drop what is not answered, so that the platform asks whoever comes next."""
        for transport in self._open:
            transport.abort()
        tasks = [self._listening] if self._listening else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._turns.end()
        await self._reception.stop()
        await self._fetcher.close()
        await self._wire.close()

    async def _verify(self, request: Request) -> Response:
        try:
            return Response(text=self._envelope.echo(request.query))
        except Refused as refused:
            raise self._noted(refused) from None

    async def _post(self, request: Request) -> Response:
        try:
            opened = self._envelope.open(request.query, await request.read())
            incoming = convert.read(opened.payload, self._name, self._config, self._labels)
        except Refused as refused:
            raise self._noted(refused) from None
        if incoming.message is None:
            log.info("channel %s: %s", self._name, incoming.ignored)
            return Response(text=SUCCESS)
        transport = request.transport
        if transport is None:
            return Response(text=SUCCESS)  # nobody is there to read it, and we are asked again
        self._open.add(transport)
        try:
            return await self._answer(request, opened, incoming, incoming.message)
        finally:
            self._open.discard(transport)

    def _noted(self, refused: Refused) -> Refused:
        """Operators who set up a channel look for the reason in the log."""
        log.info("channel %s refused a request: %s", self._name, refused)
        return refused

    async def _answer(
        self, request: Request, opened: Opened, incoming: Incoming, message: Message
    ) -> Response:
        turn, asked = self._reception.enter(incoming, message)
        written = False
        try:
            said = await self._reception.answer(turn, asked)
            response = self._response(opened, incoming, said)
            written = await _write(request, response)
        except StoreUnavailable as error:
            log.warning("a message of channel %s could not be kept: %s", self._name, error)
            return Response(status=503)
        else:
            return response
        finally:
            turn.leave(asked, written=written)

    def _response(self, opened: Opened, incoming: Incoming, said: Passive | None) -> Response:
        if said is None:
            return Response(text=SUCCESS)
        names = (incoming.theirs, incoming.ours, self._core.clock() // SECOND)
        if said.image:
            answer = render.passive_image(*names, said.image)
        else:
            answer = render.passive_text(*names, said.text)
        return Response(text=opened.seal(answer), content_type="application/xml")

    async def _listen(self) -> None:
        async with self._core.hints.listen() as board:
            async for hint in board:
                self._hear(hint)

    def _hear(self, hint: Hint) -> None:
        if hint.kind == "typing" and hint.detail == "agent":
            self._reception.spawn(self._show_typing(hint.contact))
        elif hint.kind in ("changed", "offer"):
            for turn in self._turns.of(hint.contact):
                turn.stir()
        elif hint.kind == NOTE and hint.detail == self._name:
            self._reception.spawn(self._offered.recall())

    async def _show_typing(self, key: str) -> None:
        now = self._core.clock()
        self._typed = {one: at for one, at in self._typed.items() if at > now - TYPING}
        if key in self._typed or not self._account.may_push:
            return
        self._typed[key] = now
        with suppress(Trouble, StoreUnavailable):  # who can't be told so, isn't
            if contact := await self._core.thread.contact(key):
                await self._api.show_typing(contact.id)


async def _write(request: Request, response: Response) -> bool:
    """Write the answer out now; whether somebody was still there to read it."""
    if request.transport is None or request.transport.is_closing():
        return False
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        return False
    return request.transport is not None and not request.transport.is_closing()
