"""Replies out: each takes one route, in an open request, as a push, or parked until one comes."""

from dataclasses import dataclass

from adapters.wechat.handover import Handover
from adapters.wechat.offered import Offered
from adapters.wechat.planner import Piece, bundle, named, parts
from adapters.wechat.push import Means, Push
from adapters.wechat.reasons import NO_PUSH, REST, doubtful, later, never
from adapters.wechat.troubles import Doubtful, Trouble
from adapters.wechat.turns import Passive, Patience, Turns
from gateway.adapter import SENT, Delivery, Fate
from gateway.errors import NotFound, StoreUnavailable
from gateway.message import Reply
from gateway.notes import Notes

STILL = ("image/jpeg", "image/png")  # the pictures that an answer in a request may be


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Sends the replies of one channel."""

    means: Means
    turns: Turns
    handover: Handover
    offered: Offered
    notes: Notes
    patience: Patience
    more: str
    """What stands under the first part of a text, where the rest waits for the customer."""

    async def send(self, reply: Reply) -> Delivery:
        """Try once to deliver."""
        try:
            return await self._routed(reply)
        except StoreUnavailable as error:  # before anything was sent: claims come first
            return Delivery(Fate.UNREACHABLE, later(error))
        except Doubtful as error:
            return Delivery(Fate.UNKNOWN, doubtful(error))
        except NotFound as error:  # a file that is ours no more
            return Delivery(Fate.REJECTED, never(error))

    async def _routed(self, reply: Reply) -> Delivery:
        for one in (reply, *reply.behind):
            await self.offered.add(one.suggestions)
        begun = await self._begun(reply)
        whole = bundle(reply)
        if whole and not begun:
            if await self._say(reply, Passive(whole.text)):
                return Delivery(Fate.SENT, taken=whole.taken)
        elif not self.means.account.may_push:
            return await self._say_parts(reply)
        if not self.means.account.may_push:
            return Delivery(Fate.HELD, NO_PUSH)
        delivery = await Push(self.means, reply, begun, whole).send()
        if delivery.fate is Fate.HELD and not (whole or begun or self.means.account.may_push):
            return await self._say_parts(reply)  # we have just learnt that there is no other way
        return delivery

    async def _begun(self, reply: Reply) -> int:
        """How many of its messages were pushed before."""
        if reply.attempt == 1:
            return 0
        spending = await self.means.budgets.spend(reply.contact, [reply.id], 0)
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
        if piece.file.type not in STILL:
            return Passive(named(piece.file).text)
        try:
            return Passive(image=await self.means.uploads.id(piece.file))
        except Trouble:  # who may not push may not upload either
            return Passive(named(piece.file).text)
