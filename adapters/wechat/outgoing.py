"""Replies out: each takes one route, in an open request, as a push, or parked until one comes."""

import logging
from dataclasses import dataclass

from adapters.wechat import render
from adapters.wechat.account import Account
from adapters.wechat.api import Api
from adapters.wechat.codes import Do
from adapters.wechat.files import Uploads
from adapters.wechat.handover import Handover
from adapters.wechat.offered import Offered
from adapters.wechat.pauses import BUSY, SPENT, Pause, until_midnight
from adapters.wechat.planner import Bundle, Piece, bundle, first, named, parts, plan, smaller
from adapters.wechat.troubles import Doubtful, Refusal, Trouble, Unreachable
from adapters.wechat.turns import Passive, Patience, Turns
from adapters.wechat.wire import Json
from gateway.adapter import SENT, Delivery, Fate
from gateway.budgets import Budgets
from gateway.clock import MINUTE, Clock
from gateway.errors import NotFound, StoreUnavailable
from gateway.message import Reply
from gateway.notes import Notes

NO_PUSH = "held until the customer writes: this account may only answer"
NO_BUDGET = "held until the customer writes: no messages are left to send unasked"
NO_WINDOW = "held until the customer writes: the platform takes no more until then"
REST = "held until the customer writes: the first part has gone out"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Sends the replies of one channel."""

    api: Api
    account: Account
    turns: Turns
    handover: Handover
    uploads: Uploads
    offered: Offered
    budgets: Budgets
    notes: Notes
    patience: Patience
    clock: Clock
    more: str
    """What stands under the first part of a text, where the rest waits for the customer."""

    async def send(self, reply: Reply) -> Delivery:
        """Try once to deliver."""
        try:
            return await self._routed(reply)
        except StoreUnavailable as error:  # before anything was sent: claims come first
            return Delivery(Fate.UNREACHABLE, str(error))
        except Doubtful as error:
            return Delivery(Fate.UNKNOWN, str(error))
        except NotFound as error:  # a file that is ours no more
            return Delivery(Fate.REJECTED, str(error))

    async def _routed(self, reply: Reply) -> Delivery:
        for one in (reply, *reply.behind):
            await self.offered.add(one.suggestions)
        begun = await self._begun(reply)
        whole = bundle(reply)
        if whole and not begun:
            if await self._say(reply, Passive(whole.text)):
                return Delivery(Fate.SENT, taken=whole.taken)
        elif not self.account.may_push:
            return await self._say_parts(reply)
        if not self.account.may_push:
            return Delivery(Fate.HELD, NO_PUSH)
        delivery = await Push(self, reply, begun, whole).send()
        if delivery.fate is Fate.HELD and not (whole or begun or self.account.may_push):
            return await self._say_parts(reply)  # we have just learnt that there is no other way
        return delivery

    async def _begun(self, reply: Reply) -> int:
        """How many of its messages were pushed before."""
        if reply.attempt == 1:
            return 0
        spending = await self.budgets.spend(reply.contact, [reply.id], 0)
        return spending.before if spending else 0

    async def _say(self, reply: Reply, said: Passive) -> bool:
        """Answer with it in a request that is open, here or on another node."""
        turn = self.turns.find(reply.contact.key, reply.answers)
        if turn and await turn.say(said, self.patience.gap):
            return True
        return await self.handover.offer(reply.contact, said)

    async def _say_parts(self, reply: Reply) -> Delivery:
        """One part an open request, for who may not push; the notes know where we are."""
        turn = self.turns.find(reply.contact.key, reply.answers)
        found = parts(reply, self.more)
        noted = await self.notes.get(f"parts {reply.id}") or {"next": 0, "in": "", "from": 0}
        if turn is None:
            return Delivery(Fate.HELD, REST if noted["next"] else NO_PUSH)
        again = turn.message == noted["in"]  # the platform asks again: it did not get that part
        at = noted["from"] if again else noted["next"]
        note = {"next": at + 1, "in": turn.message, "from": at}
        await self.notes.put(f"parts {reply.id}", note, about=reply.contact)
        if not await turn.say(await self._passive(found[at]), self.patience.gap):
            await self.notes.put(f"parts {reply.id}", {**note, "next": at}, about=reply.contact)
            return Delivery(Fate.HELD, REST if at else NO_PUSH)
        return SENT if at + 1 == len(found) else Delivery(Fate.HELD, REST)

    async def _passive(self, piece: Piece) -> Passive:
        if piece.file is None:
            return Passive(piece.text)
        try:
            return Passive(image=await self.uploads.id(piece.file))
        except Trouble:  # who may not push may not upload either
            return Passive(named(piece.file).text)


class Push:
    """One reply as customer-service messages, each claimed from the budget before it is sent."""

    def __init__(self, outgoing: Outgoing, reply: Reply, begun: int, whole: Bundle | None) -> None:
        self._out = outgoing
        self._reply = reply
        self._whole = whole
        self._begun = begun
        self._taken = 0
        self._pieces = list(plan(reply, links=outgoing.account.links))

    async def send(self) -> Delivery:
        """Send what is left of it."""
        if pause := await self._out.account.pauses.find("send"):
            return Delivery(Fate.UNREACHABLE, pause.why, pause.until - self._out.clock())
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
                return Delivery(Fate.UNREACHABLE, str(error), error.retry_after)
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
        left = await self._out.budgets.left(self._reply.contact)
        if left and left.left == 1:
            self._taken = self._whole.taken
            self._pieces = [Piece(self._whole.text)]

    async def _claim(self, upto: int) -> object:
        return await self._out.budgets.spend(self._reply.contact, self._ids, upto)

    async def _give_back(self, upto: int) -> None:
        await self._out.budgets.refund(self._reply.contact, self._ids, upto)

    async def _post(self, piece: Piece) -> None:
        if piece.file is None:
            return await self._out.api.send(self._text(piece))
        try:
            await self._out.api.send(self._media(piece, await self._out.uploads.id(piece.file)))
        except Refusal as refusal:
            if refusal.do is not Do.UPLOAD_AGAIN:
                raise
            await self._out.api.send(self._media(piece, await self._out.uploads.renew(piece.file)))

    def _text(self, piece: Piece) -> Json:
        openid = self._reply.contact.id
        if piece.suggestions:
            return dict(render.menu(openid, piece.text, piece.suggestions))
        return dict(render.text(openid, piece.text))

    def _media(self, piece: Piece, media: str) -> Json:
        kind = piece.file.kind if piece.file else "image"
        return {"touser": self._reply.contact.id, "msgtype": kind, kind: {"media_id": media}}

    async def _refused(self, refusal: Refusal, at: int) -> Delivery | None:
        """What a refusal comes to; None to go on with other pieces in its place."""
        await self._give_back(at)
        text, now = str(refusal), self._out.clock()
        match refusal.do:
            case Do.SPLIT if shorter := smaller(self._pieces[at]):
                self._pieces[at : at + 1] = shorter
                return None
            case Do.USE_LINKS if self._pieces[at].suggestions:
                await self._out.account.menus_refused()
                self._pieces[at:] = plan(self._reply, links=True)[at:]
                return None
            case Do.PARK:
                await self._out.budgets.exhaust(self._reply.contact)
                return Delivery(Fate.HELD, f"{NO_WINDOW} ({refusal.code})", taken=self._taken)
            case Do.NO_RIGHT:
                await self._out.account.push_refused()
                return Delivery(Fate.HELD, NO_PUSH, taken=self._taken)
            case Do.REJECT | Do.SPLIT:
                return Delivery(Fate.REJECTED, text, taken=self._taken)
            case Do.TOMORROW:
                return await self._pause(Pause(until_midnight(now), SPENT))
            case Do.SLOW_DOWN:
                return await self._pause(Pause(now + MINUTE, BUSY))
            case Do.ALLOW_ADDRESS | Do.CONFIGURE | Do.RENEW:
                return Delivery(Fate.UNREACHABLE, text, MINUTE)
        return Delivery(Fate.RETRY, text)

    async def _pause(self, pause: Pause) -> Delivery:
        await self._out.account.pauses.begin("send", pause)
        return Delivery(Fate.UNREACHABLE, pause.why, pause.until - self._out.clock())
