"""What every part of the group's code works with."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.telegram.api import Api
from adapters.telegram.forum.rights import Rights
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.topic import Topics
from adapters.telegram.forum.words import Words
from gateway.adapter import Core
from gateway.hints import Hint
from gateway.surface import Sheet, Surface

NUDGE = "topic"  # the kind of hint by which a node asks for a look at one topic
NO_LINES = 1 << 62  # above every line


@dataclass(frozen=True, slots=True)
class Room:
    """One group, and the ways to speak to it, to the desk and to the store."""

    settings: Settings
    core: Core
    api: Api
    topics: Topics
    rights: Rights
    words: Words

    @property
    def group(self) -> int:
        """The chat's id."""
        return self.settings.group

    @property
    def surface(self) -> Surface:
        """The desk."""
        return self.core.surface

    @property
    def outcomes(self) -> Sequence[tuple[str, str]]:
        """How a conversation can end: ids and names."""
        return self.surface.outcomes(self.settings.language)

    async def username(self) -> str:
        """The bot's; "" where no node knows it yet."""
        return self.rights.username or await self.core.notes.get("username") or ""

    async def places(self) -> list[str]:
        """Whom a conversation can be given to: the teams' names, then the colleagues'."""
        return [*self.surface.teams(self.settings.language), *await self.surface.colleagues()]

    async def state(self, conversation: str) -> Sheet:
        """How a conversation is, without its lines. Raises NotFound."""
        return await self.surface.sheet(conversation, NO_LINES)

    async def nudge(self, conversation: str, contact: str) -> None:
        """Ask whoever drives the group to look at a topic, a closed one, too."""
        await self.core.hints.publish(Hint(NUDGE, conversation, contact))
