"""A reply that one node is to send while another holds the customer's request.

Whoever holds a request for long says so in a note; whoever has something to say to that customer
writes it there. It is taken by the one, or taken back by the other, in one atomic step; what was
taken and never reported may have been written out.
"""

import asyncio
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.wechat.troubles import Doubtful
from adapters.wechat.turns import Passive
from gateway.clock import SECOND
from gateway.hints import Hint, Hints
from gateway.message import Contact
from gateway.notes import Json, Notes

LASTS = 8 * SECOND  # a request stands open no longer
LOOK = 0.2  # seconds between two looks at the note, should a hint get lost
WAIT = 6.0  # seconds: longer than a request stands open
REPORT = 4.0  # seconds more for who took it to say what became of it


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to say in a request that another node holds."""

    id: str
    said: Passive


class Handover:
    """The notes about held requests of one channel, by their customers."""

    def __init__(self, notes: Notes, hints: Hints, channel: str, wait: float = WAIT) -> None:
        """`wait`: seconds until what nobody took is taken back."""
        self._wait = wait
        self._notes = notes
        self._hints = hints
        self._channel = channel
        self._node = secrets.token_hex(8)

    async def announce(self, contact: Contact) -> None:
        """We hold a request of theirs."""

        def change(noted: Json) -> tuple[Json, None]:
            offered = noted.get("offer") if noted else None
            return {"node": self._node, "offer": offered}, None

        await self._notes.change(_name(contact.key), change, lasts=LASTS, about=contact)

    async def take(self, contact: str) -> Offer | None:
        """What another node has to say in our request; from now on it is ours to say."""
        noted = await self._notes.get(_name(contact))
        if not _waits(noted):
            return None

        def change(noted: Json) -> tuple[Json, Offer | None]:
            if not _waits(noted):
                return noted, None
            return {**noted, "offer": {**noted["offer"], "state": "taken"}}, _read(noted["offer"])

        return await self._notes.change(_name(contact), change, lasts=LASTS)

    async def report(self, contact: str, offer: Offer, *, written: bool) -> None:
        """What became of what we took."""

        def change(noted: Json) -> tuple[Json, None]:
            if not noted or not noted["offer"] or noted["offer"]["id"] != offer.id:
                return noted, None
            state = "written" if written else "lost"
            return {**noted, "offer": {**noted["offer"], "state": state}}, None

        await self._notes.change(_name(contact), change, lasts=LASTS)
        await self._tell(contact)

    async def end(self, contact: str) -> Offer | None:
        """We hold none any more; what was offered till now is still ours to say."""

        def change(noted: Json) -> tuple[Json, Offer | None]:
            if _waits(noted):
                offer = {**noted["offer"], "state": "taken"}
                return {"node": "", "offer": offer}, _read(offer)
            if noted and noted["node"] == self._node:
                return ({"node": "", "offer": noted["offer"]} if noted["offer"] else None), None
            return noted, None

        return await self._notes.change(_name(contact), change, lasts=LASTS)

    async def offer(self, contact: Contact, said: Passive) -> bool:
        """Say it in a request that another node holds; whether that was done.

        Raises Doubtful where it was taken, and nobody says what became of it.
        """
        noted = await self._notes.get(_name(contact.key))
        if not self._elsewhere(noted):
            return False
        offer = Offer(secrets.token_hex(8), said)
        change = partial(self._offered, offer)
        if not await self._notes.change(_name(contact.key), change, lasts=LASTS, about=contact):
            return False
        await self._tell(contact.key)
        await self._state(contact.key, offer, "waits", self._wait)
        if await self._withdraw(contact.key, offer):
            return False
        state = await self._state(contact.key, offer, "taken", REPORT)
        if state not in ("lost", "written"):
            raise Doubtful("another node took it for its request and was not heard of again")
        await self._withdraw(contact.key, offer, done=True)
        return state == "written"

    async def _withdraw(self, contact: str, offer: Offer, *, done: bool = False) -> bool:
        """Take back what nobody took, or what is `done` with; whether that was so."""

        def change(noted: Json) -> tuple[Json, bool]:
            found = noted["offer"] if noted else None
            if not found or found["id"] != offer.id:
                return noted, not noted
            if not done and found["state"] != "waits":
                return noted, False
            return ({"node": noted["node"], "offer": None} if noted["node"] else None), True

        return await self._notes.change(_name(contact), change, lasts=LASTS)

    def _elsewhere(self, noted: Json) -> bool:
        return bool(noted and noted["node"] not in ("", self._node) and not noted["offer"])

    def _offered(self, offer: Offer, noted: Json) -> tuple[Json, bool]:
        if not self._elsewhere(noted):
            return noted, False
        said = {"text": offer.said.text, "image": offer.said.image}
        return {**noted, "offer": {"id": offer.id, "state": "waits", **said}}, True

    async def _state(self, contact: str, offer: Offer, passing: str, seconds: float) -> str:
        """The offer's state, as soon as it is not `passing`, or after so many seconds."""
        for _ in range(round(seconds / LOOK)):
            if (state := await self._look(contact, offer)) != passing:
                return state
            await asyncio.sleep(LOOK)
        return passing

    async def _look(self, contact: str, offer: Offer) -> str:
        noted: dict[str, Any] | None = await self._notes.get(_name(contact))
        found = noted["offer"] if noted else None
        return str(found["state"]) if found and found["id"] == offer.id else ""

    async def _tell(self, contact: str) -> None:
        await self._hints.publish(Hint("offer", contact=contact, detail=self._channel))


def _name(contact: str) -> str:
    return f"open {contact}"


def _waits(noted: Json) -> bool:
    return bool(noted and noted["offer"] and noted["offer"]["state"] == "waits")


def _read(offer: Json) -> Offer:
    return Offer(offer["id"], Passive(offer["text"], offer["image"]))
