"""What the bot may do in the group, and how it is called there: looked up, and again after trouble.

A bot that is an administrator hears everything in its group; it manages topics only where that is
ticked, too.
"""

import logging

from adapters.telegram.api import Api
from adapters.telegram.errors import ApiError, Blocked, Declined, Limited, Unauthorised
from adapters.telegram.forum.commands import COMMANDS
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.words import Words
from gateway.clock import SECOND, Clock
from gateway.health import OK, Level, State

AGAIN = 30 * SECOND
# By mode, the first that Telegram offers is taken.
ICONS = {"waiting": "❗❓⁉", "assigned": "💬🗣🎙", "bot": "🤖💻", "closed": "✅🏁⭐"}

log = logging.getLogger(__name__)


class Rights:
    """What is known of it. Its constructor does no I/O."""

    def __init__(self, settings: Settings, api: Api, words: Words, clock: Clock) -> None:
        self.username = ""
        self.state = OK
        self._settings = settings
        self._api = api
        self._words = words
        self._clock = clock
        self._icons: dict[str, str] = {}
        self._due: int | None = 0

    def doubt(self) -> None:
        """Something was refused, or somebody changed something: look again."""
        self._due = 0

    def icon(self, mode: str) -> dict[str, str]:
        """The field that gives a topic the icon of a mode; none where Telegram offers none."""
        found = self._icons.get(mode)
        return {"icon_custom_emoji_id": found} if found else {}

    async def fine(self) -> bool:
        """Whether the group can be worked in; looks if it is time to."""
        if self._due is not None and self._clock() >= self._due:
            await self._look()
        return self.state.level is Level.OK

    async def _look(self) -> None:
        found = await self._found()
        if found != self.state:
            (log.info if found == OK else log.warning)("agents' group: %s", found.text or "fine")
        self.state = found
        self._due = None if found == OK else self._clock() + AGAIN

    async def _found(self) -> State:
        try:
            text = await self._missing()
            if not text:
                await self._prepare()
        except Unauthorised:
            text = "Telegram refuses the bot's token: get a new one from @BotFather"
        except (Blocked, Declined) as error:
            text = (
                f"the bot can't see chat {self._settings.group}: add it to the agents' group as an"
                f" administrator, and check agents_group ({error})"
            )
        except Limited:
            text = "Telegram wants the agents' group to wait: going on soon"
        except ApiError as error:
            text = f"Telegram does not answer for the agents' group: trying again ({error})"
        return State(Level.DEGRADED, text) if text else OK

    async def _missing(self) -> str:
        """What there is to do for an operator, "" if nothing."""
        group = self._settings.group
        me = await self._api.ask("getMe", {})
        self.username = me.get("username", "")
        # As they come: Telegram adds rights faster than the library's types know them.
        chat = await self._api.ask("getChat", {"chat_id": group})
        member = await self._api.ask("getChatMember", {"chat_id": group, "user_id": self._api.id})
        if not chat.get("is_forum"):
            return f"chat {group} has no topics: turn on Topics in the agents' group's settings"
        if member["status"] not in ("administrator", "creator"):
            return "make the bot an administrator of the agents' group, with “Manage topics”"
        if member["status"] == "administrator" and not member.get("can_manage_topics"):
            return "allow the bot to “Manage topics” in the agents' group"
        return ""

    async def _prepare(self) -> None:
        """What makes the group nicer and is not needed."""
        try:
            await self._learn_icons()
            await self._offer_commands()
        except Declined as error:
            log.info("agents' group: %s", error)

    async def _learn_icons(self) -> None:
        stickers = await self._api.ask("getForumTopicIconStickers", {})
        offered = {
            one.get("emoji", "").removesuffix("\ufe0f"): one.get("custom_emoji_id", "")
            for one in stickers
        }
        for mode, wanted in ICONS.items():
            if found := next((offered[one] for one in wanted if one in offered), ""):
                self._icons[mode] = found

    async def _offer_commands(self) -> None:
        menu = [
            {"command": name, "description": self._words.say(f"menu_{name}")} for name in COMMANDS
        ]
        scope = {"type": "chat", "chat_id": self._settings.group}
        await self._api.ask("setMyCommands", {"commands": menu, "scope": scope})
