"""What the account may do, as its configuration says or as the platform has taught us."""

from adapters.wechat.config import Config
from adapters.wechat.pauses import Pauses
from gateway.clock import MINUTE, Clock
from gateway.health import OK, Level, State
from gateway.notes import Notes

DAY = 24 * 60 * MINUTE
FORGEABLE = (
    "plain bodies are taken, which are not signed: who sees one request can forge others;"
    " set mode: safe here and on the platform"
)
NO_RIGHT = (
    "the platform refuses customer-service messages (48001): verify the account, or set"
    " can_push: no"
)


class Account:
    """The rights of one account. What the platform refuses is tried again after some days."""

    def __init__(self, config: Config, notes: Notes, pauses: Pauses, clock: Clock) -> None:
        self.pauses = pauses
        self._wanted = config.can_push
        self._notes = notes
        self._clock = clock
        self._no_push = 0  # until when
        self._no_menus = 0

    async def recall(self) -> None:
        """Read what earlier runs and other nodes have learnt."""
        self._no_push = int(await self._notes.get("no push") or 0)
        self._no_menus = int(await self._notes.get("no menus") or 0)

    @property
    def may_push(self) -> bool:
        """Whether customer-service messages may be tried."""
        return self._wanted is True or (self._wanted == "auto" and not self._refused)

    @property
    def _refused(self) -> bool:
        return self._no_push > self._clock()

    @property
    def links(self) -> bool:
        """Whether the account has no menus to tap."""
        return self._no_menus > self._clock()

    async def push_refused(self) -> None:
        """Answer only what customers ask, from now on."""
        self._no_push = self._clock() + DAY
        await self._notes.put("no push", self._no_push, lasts=DAY)

    async def menus_refused(self) -> None:
        """Write links in place of menus, from now on."""
        self._no_menus = self._clock() + 30 * DAY
        await self._notes.put("no menus", self._no_menus, lasts=30 * DAY)

    async def health(self) -> State:
        """What an operator has to do."""
        pauses = await self.pauses.all()
        todo = [pause.why for _, pause in sorted(pauses.items())]
        if self._wanted is True and self._refused:
            todo.append(NO_RIGHT)
        return State(Level.DEGRADED, "; ".join(todo)) if todo else OK
