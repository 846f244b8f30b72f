"""What the account may do, as its configuration says or as the platform has taught us."""

from adapters.wechat.config import Config
from adapters.wechat.pauses import Pauses
from gateway.clock import MINUTE
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
    """The rights of one account. What the platform refuses is tried again after a day."""

    def __init__(self, config: Config, notes: Notes, pauses: Pauses) -> None:
        self.pauses = pauses
        self._wanted = config.can_push
        self._notes = notes
        self._refused = False
        self._links = False

    async def recall(self) -> None:
        """Read what earlier runs and other nodes have learnt."""
        self._refused = bool(await self._notes.get("no push"))
        self._links = bool(await self._notes.get("no menus"))

    @property
    def may_push(self) -> bool:
        """Whether customer-service messages may be tried."""
        return self._wanted is True or (self._wanted == "auto" and not self._refused)

    @property
    def links(self) -> bool:
        """Whether the account has no menus to tap."""
        return self._links

    async def push_refused(self) -> None:
        """Answer only what customers ask, from now on."""
        self._refused = True
        await self._notes.put("no push", value=True, lasts=DAY)

    async def menus_refused(self) -> None:
        """Write links in place of menus, from now on."""
        self._links = True
        await self._notes.put("no menus", value=True, lasts=30 * DAY)

    async def health(self) -> State:
        """What an operator has to do."""
        pauses = await self.pauses.all()
        todo = [pause.why for _, pause in sorted(pauses.items())]
        if self._wanted is True and self._refused:
            todo.append(NO_RIGHT)
        return State(Level.DEGRADED, "; ".join(todo)) if todo else OK
