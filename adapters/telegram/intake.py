"""From Telegram's updates to messages: on the disk first, in order in each chat, none lost.

An update is written down as it came before Telegram hears that we have it, then read and handled
in its chat's lane; what can't be read is a dead letter and holds up nothing else. After a crash the
lanes go on with what is written down. A single update by webhook that is a plain message takes the
short way: accepting it keeps it.
"""

import asyncio
import json
import logging
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from aiogram.types import Update
from pydantic import ValidationError

from adapters.telegram import convert, plain
from adapters.telegram.convert import Account, Said
from adapters.telegram.errors import ApiError
from adapters.telegram.lanes import Lanes
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Sleep
from adapters.telegram.reception import Reception
from gateway.adapter import Core
from gateway.errors import StoreUnavailable
from gateway.health import State
from gateway.journal import Event
from gateway.retry import TRIES

Json = dict[str, Any]

ALBUM = 1.5  # seconds after an album's last part in which another one may come
LONGEST = 30.0  # seconds between two tries
MOST = 1000  # updates under way at which we stop asking for more
GRACE = 10.0  # seconds for what is under way when we stop

log = logging.getLogger(__name__)


class Group(Protocol):
    """Whoever sees to the agents' group."""

    async def start(self) -> None:
        """Begin; a Telegram that can't be reached is no reason not to."""

    async def take(self, update: Update) -> None:
        """An update from there: again if this raises, or after a crash."""

    async def health(self) -> State:
        """What is wrong there."""

    async def stop(self) -> None:
        """End."""


@dataclass(frozen=True, slots=True)
class Item:
    """An update in its lane; `event` is what it says to us, None for one of the agents' group."""

    id: str
    update: Update
    event: convert.Event | None


class Intake:
    """Takes in for one channel."""

    def __init__(
        self,
        core: Core,
        account: Account,
        reception: Reception,
        *,
        moved: Moved,
        group: tuple[int, Group] | None = None,
        sleep: Sleep = asyncio.sleep,
        album: float = ALBUM,
    ) -> None:
        """`group` is the agents' group, its chat's id and who sees to it."""
        self.account = account
        self._core = core
        self._reception = reception
        self._group = group
        self._moved = moved
        self._sleep = sleep
        self._lanes: Lanes[Item] = Lanes(self._see_through, _album, album)
        self._under_way: set[str] = set()
        self._room = asyncio.Event()
        self._room.set()

    async def resume(self, older: int = 0) -> None:
        """Go on with what is written down and not done, as far as it is older than so many ms."""
        before = self._core.clock() - older
        while events := [
            one
            for one in await self._core.journal.waiting(MOST)
            if one.id not in self._under_way and one.at <= before
        ]:
            await self._begin(events)

    async def take(self, updates: Sequence[Json]) -> None:
        """A batch: when this returns it is on the disk. Raises StoreUnavailable if it is not."""
        await self._room.wait()
        events = [Event(str(one["update_id"]), json.dumps(one)) for one in updates]
        new = await self._core.journal.put(events)
        if new < len(events):  # some came before: those that are done are not begun again
            waiting = {one.id for one in await self._core.journal.waiting(MOST)}
            events = [one for one in events if one.id in waiting]
        await self._begin([one for one in events if one.id not in self._under_way])

    async def take_one(self, raw: Json) -> None:
        """The same for a single update, which needs no second place on the disk if it is plain."""
        said = plain.words(raw, self.account)
        if said is None:
            update = _decode(raw)
            said = self._plain(update) if isinstance(update, Update) else None
        elif not self._lanes.is_idle((plain.chat(raw), 0)):
            said = None
        if said:
            await self._reception.take(said)
        else:
            await self.take([raw])

    async def drain(self) -> None:
        """Let what is under way end; what doesn't is done after the next start."""
        await self._lanes.drain(GRACE)
        await self._reception.drain(GRACE)

    async def _begin(self, events: Sequence[Event]) -> None:
        for one in events:
            update = _decode(json.loads(one.body))
            if isinstance(update, Update):
                self._put(one.id, update)
            else:
                log.warning(
                    "channel %s: update %s can't be read and is a dead letter: %s",
                    self.account.channel,
                    one.id,
                    update,
                )
                await self._core.journal.bury(one.id, update)

    def _put(self, id_: str, update: Update) -> None:
        for_group = self._is_for_group(update)
        event = None if for_group else convert.event(update, self.account)
        if update.callback_query and not for_group:
            self._reception.acknowledge(update.callback_query, event)
        self._under_way.add(id_)
        if len(self._under_way) >= MOST:
            self._room.clear()
        self._lanes.put(_lane(update), Item(id_, update, event))

    def _plain(self, update: Update) -> Said | None:
        """A message with nothing to fetch, nothing to wait for and nothing before it."""
        if self._is_for_group(update) or not self._lanes.is_idle(_lane(update)):
            return None
        event = convert.event(update, self.account)
        return event if isinstance(event, Said) and not (event.media or event.album) else None

    def _is_for_group(self, update: Update) -> bool:
        if self._group is None:
            return False
        configured = self._group[0]
        return _chat(update) in (configured, self._moved.where(configured))

    async def _see_through(self, items: Sequence[Item]) -> None:
        """Handle what belongs together, as often as it takes; what never works is a dead letter."""
        failures = 0
        for tries in count():
            try:
                await self._handle(items)
                await self._core.journal.done(*(one.id for one in items))
                break
            except (StoreUnavailable, ApiError) as error:  # no fault of the update's
                log.warning("channel %s, update %s waits: %s", *self._names(items), error)
            except Exception as error:
                log.exception("channel %s, update %s failed", *self._names(items))
                failures += 1
                if failures >= TRIES and await self._is_buried(items, error):
                    break
            await self._sleep(min(LONGEST, 0.1 * 2 ** min(tries, 10)))
        self._under_way.difference_update(one.id for one in items)
        if len(self._under_way) < MOST:
            self._room.set()

    def _names(self, items: Sequence[Item]) -> tuple[str, str]:
        return self.account.channel, ", ".join(one.id for one in items)

    async def _handle(self, items: Sequence[Item]) -> None:
        first = items[0]
        if self._group and self._is_for_group(first.update):
            await self._group[1].take(first.update)
        elif isinstance(first.event, Said) and first.event.album:
            await self._reception.album([one.event for one in items if isinstance(one.event, Said)])
        elif first.event:
            await self._reception.take(first.event)

    async def _is_buried(self, items: Sequence[Item], error: Exception) -> bool:
        with suppress(StoreUnavailable):
            for one in items:
                await self._core.journal.bury(one.id, f"{type(error).__name__}: {error}")
            return True
        return False


def _decode(raw: Mapping[str, Any]) -> Update | str:
    """An update, or what is wrong with it."""
    try:
        return Update.model_validate(raw)
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, where['loc'][:9]))}: {where['msg']}"


def _album(item: Item) -> str:
    return item.event.album if isinstance(item.event, Said) else ""


def _chat(update: Update) -> int | None:
    """The chat in which something happened, where one did."""
    if update.callback_query:
        return update.callback_query.message.chat.id if update.callback_query.message else None
    happened = _message(update) or update.my_chat_member
    return happened.chat.id if happened else None


def _message(update: Update) -> Any:
    return (
        update.message
        or update.edited_message
        or update.business_message
        or update.edited_business_message
    )


def _lane(update: Update) -> Hashable:
    """The chat, in a group the topic: what has neither goes by itself."""
    chat = _chat(update)
    if chat is None:
        return update.update_id, 0
    message = _message(update) or (update.callback_query and update.callback_query.message)
    thread = getattr(message, "message_thread_id", None) if chat < 0 else None
    return chat, thread or 0
