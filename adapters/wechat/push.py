"""One reply as customer-service messages, each claimed from the customer's budget before it goes.

So no restart and no other node sends one twice; what the platform surely refused is given back.
"""

from dataclasses import dataclass

from adapters.wechat import render
from adapters.wechat.account import Account
from adapters.wechat.api import Api
from adapters.wechat.codes import Do
from adapters.wechat.files import Uploads
from adapters.wechat.pauses import BUSY, SPENT, Pause, until_midnight
from adapters.wechat.planner import Bundle, Piece, first, plan, smaller
from adapters.wechat.reasons import NO_BUDGET, NO_PUSH, later, never, no_window
from adapters.wechat.troubles import Refusal, Unreachable
from adapters.wechat.wire import Json
from gateway.adapter import Delivery, Fate
from gateway.budgets import Budgets
from gateway.clock import MINUTE, Clock
from gateway.message import Reply


@dataclass(frozen=True, slots=True)
class Means:
    """What pushing takes."""

    api: Api
    account: Account
    uploads: Uploads
    budgets: Budgets
    clock: Clock


class Push:
    """One reply as customer-service messages, each claimed from the budget before it is sent."""

    def __init__(self, means: Means, reply: Reply, begun: int, whole: Bundle | None) -> None:
        """`begun` of its messages were claimed before; `whole` is what waits, as one text."""
        self._means = means
        self._reply = reply
        self._whole = whole
        self._begun = begun
        self._taken = 0
        self._pieces = list(plan(reply, links=means.account.links))

    async def send(self) -> Delivery:
        """Send what is left of it."""
        if pause := await self._means.account.pauses.find("send"):
            return Delivery(Fate.UNREACHABLE, later(pause.why), pause.until - self._means.clock())
        if not self._begun:
            await self._merge_for_the_last()
        at = first(self._begun, len(self._pieces))
        while at < len(self._pieces):
            if await self._claim(at + 1) is None:
                return Delivery(Fate.HELD, NO_BUDGET)
            try:
                await self._post(self._pieces[at])
            except Refusal as refusal:
                if delivery := await self._refused(refusal, at):
                    return delivery
            except Unreachable as error:
                await self._give_back(at)
                return Delivery(Fate.UNREACHABLE, later(error), error.retry_after)
            else:
                at += 1
        return Delivery(Fate.SENT, taken=self._taken)

    @property
    def _ids(self) -> list[str]:
        return [self._reply.id, *(one.id for one in self._reply.behind[: self._taken])]

    async def _merge_for_the_last(self) -> None:
        """Everything that waits goes into the last message that we may send."""
        if not self._whole or not self._whole.taken:
            return
        left = await self._means.budgets.left(self._reply.contact)
        if left and left.left == 1:
            self._taken = self._whole.taken
            self._pieces = [Piece(self._whole.text)]

    async def _claim(self, upto: int) -> object:
        return await self._means.budgets.spend(self._reply.contact, self._ids, upto)

    async def _give_back(self, upto: int) -> None:
        await self._means.budgets.refund(self._reply.contact, self._ids, upto)

    async def _post(self, piece: Piece) -> None:
        if piece.file is None:
            return await self._means.api.send(self._text(piece))
        uploads = self._means.uploads
        try:
            await self._send_file(piece.file.kind, await uploads.id(piece.file))
        except Refusal as refusal:
            if refusal.do is not Do.UPLOAD_AGAIN:
                raise
            await self._send_file(piece.file.kind, await uploads.renew(piece.file))

    async def _send_file(self, kind: str, media: str) -> None:
        await self._means.api.send(render.file(self._reply.contact.id, kind, media))

    def _text(self, piece: Piece) -> Json:
        openid = self._reply.contact.id
        if piece.suggestions:
            return render.menu(openid, piece.text, piece.suggestions)
        return render.text(openid, piece.text)

    async def _refused(self, refusal: Refusal, at: int) -> Delivery | None:
        """What a refusal comes to; None to go on with other pieces in its place."""
        await self._give_back(at)
        now = self._means.clock()
        match refusal.do:
            case Do.SPLIT if shorter := smaller(self._pieces[at]):
                self._pieces[at : at + 1] = shorter
                return None
            case Do.USE_LINKS if self._pieces[at].suggestions:
                await self._means.account.menus_refused()
                self._pieces[at:] = plan(self._reply, links=True)[at:]
                return None
            case Do.PARK:
                await self._means.budgets.exhaust(self._reply.contact)
                return Delivery(Fate.HELD, no_window(refusal.code), taken=self._taken)
            case Do.NO_RIGHT:
                await self._means.account.push_refused()
                return Delivery(Fate.HELD, NO_PUSH, taken=self._taken)
            case Do.REJECT | Do.SPLIT:
                return Delivery(Fate.REJECTED, never(refusal), taken=self._taken)
            case Do.TOMORROW:
                return await self._pause(Pause(until_midnight(now), SPENT))
            case Do.SLOW_DOWN:
                return await self._pause(Pause(now + MINUTE, BUSY))
            case Do.ALLOW_ADDRESS | Do.CONFIGURE | Do.RENEW:
                return Delivery(Fate.UNREACHABLE, later(refusal), MINUTE)
        return Delivery(Fate.RETRY, later(refusal))

    async def _pause(self, pause: Pause) -> Delivery:
        await self._means.account.pauses.begin("send", pause)
        return Delivery(Fate.UNREACHABLE, later(pause.why), pause.until - self._means.clock())
