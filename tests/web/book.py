"""`receive` and a `Thread` that fit on a page and keep JSON, as a store keeps rows."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from gateway.adapter import Receipt
from gateway.clock import Clock
from gateway.conversation import Mode
from gateway.errors import StoreUnavailable
from gateway.hints import Hint, Hints
from gateway.message import Attachment, Author, Contact, Kind, Line, Message, Status, Suggestion
from gateway.thread import State


class Book:
    """The truth of a test's channel."""

    def __init__(self, hints: Hints, clock: Clock) -> None:
        self.hints = hints
        self.clock = clock
        self.down = False
        self.received: list[Message] = []
        self._pages: defaultdict[str, list[str]] = defaultdict(list)
        self._seen: dict[str, Receipt] = {}
        self._states: dict[str, State] = {}

    async def receive(self, message: Message) -> Receipt:
        self._require_up()
        if message.id in self._seen:
            return replace(self._seen[message.id], new=False)
        self.received.append(message)
        line = self._line(message.contact, Author.CUSTOMER, message.text)
        line = line._replace(kind=message.kind, choice=message.choice, external=message.id)
        receipt = Receipt("c1", line.seq, new=True)
        self._seen[message.id] = receipt
        await self._write(message.contact, line)
        return receipt

    async def say(
        self,
        who: Contact,
        text: str,
        author: Author = Author.BOT,
        name: str = "",
        suggestions: Iterable[Suggestion] = (),
        quietly: bool = False,
        **more: Any,
    ) -> int:
        line = self._line(who, author, text)
        line = line._replace(name=name, suggestions=tuple(suggestions), **more)
        await self._write(who, line, quietly=quietly)
        return line.seq

    async def enter(self, who: Contact, state: State, quietly: bool = False) -> None:
        """Set mode and place; the seq stays what it is."""
        self._states[who.key] = state
        if not quietly:
            await self.hints.publish(Hint("changed", "c1", who.key))

    async def forget(self, who: Contact) -> None:
        """Delete all they ever said."""
        del self._pages[who.key]
        await self.hints.publish(Hint("changed", "c1", who.key))

    async def lines(self, contact: Contact, after: int = 0, limit: int = 200) -> list[Line]:
        self._require_up()
        found = [_decode(page) for page in self._pages[contact.key]]
        return [one for one in found if one.seq > after and not one.private][:limit]

    async def contact(self, key: str) -> Contact | None:
        return next((one.contact for one in self.received if one.contact.key == key), None)

    async def state(self, contact: Contact) -> State:
        self._require_up()
        known = self._states.get(contact.key, State(Mode.BOT))
        return replace(known, seq=len(self._pages[contact.key]))

    def _require_up(self) -> None:
        if self.down:
            raise StoreUnavailable("the test took the store down")

    def _line(self, who: Contact, author: Author, text: str) -> Line:
        seq = len(self._pages[who.key]) + 1
        return Line(f"{who.key}{seq}", "c1", seq, author, "", text, self.clock())

    async def _write(self, who: Contact, line: Line, quietly: bool = False) -> None:
        self._pages[who.key].append(json.dumps(line._asdict(), default=asdict))
        if not quietly:
            await self.hints.publish(Hint("changed", "c1", who.key))


def _decode(page: str) -> Line:
    raw = json.loads(page)
    raw["author"], raw["kind"] = Author(raw["author"]), Kind(raw["kind"])
    raw["status"] = Status(raw["status"]) if raw["status"] else None
    raw["suggestions"] = tuple(Suggestion(**one) for one in raw["suggestions"])
    raw["attachments"] = tuple(Attachment(**one) for one in raw["attachments"])
    return Line(**raw)
