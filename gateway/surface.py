"""The seam for agents who work elsewhere than in the console: in a group chat on a phone, say.

An adapter that offers such a surface follows `core.hints` (kind `changed`), reads the sheet of the
conversation that a hint names, shows what is new there, and does what an agent asks for through
that agent's seat. The rules are the desk's: every deed is the same transaction as the console's,
and raises the same refusals (`gateway.errors`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.conversation import Conversation
from gateway.message import Attachment, Budget, Contact, Line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A conversation as agents see it, with its lines above the asked-for one, notes included.

    `holder` is the name of the agent who leads it, "" if none does; `team` its team's name in the
    contact's language, "" if it is nobody's.
    """

    conversation: Conversation
    contact: Contact
    holder: str
    team: str
    lines: tuple[Line, ...]
    budget: Budget | None = None


class Seat(Protocol):
    """What one agent may do, wherever they are. `key` makes a deed that is asked for twice one."""

    @property
    def name(self) -> str:
        """The agent's name."""

    async def claim(self, conversation: str) -> None:
        """Take it over. Raises Conflict with the `holder`, or Full."""

    async def reply(
        self, conversation: str, key: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> Line:
        """Say something to the customer."""

    async def resend(self, conversation: str, reply: str) -> Line:
        """Send a reply again whose fate is unknown, or that was given up."""

    async def note(self, conversation: str, key: str, text: str) -> Line:
        """Write something that only colleagues see."""

    async def transfer(self, conversation: str, to: str, note: str) -> None:
        """Give it to an agent or a team, by name. Raises NotFound for a name nobody has."""

    async def give_back(self, conversation: str) -> None:
        """Let the bot lead again."""

    async def close(
        self, conversation: str, outcome: str, summary: str = "", seen: int | None = None
    ) -> None:
        """End it; `seen` is the newest line that the agent has before them."""


class Surface(Protocol):
    """The desk, for a surface that shows it."""

    async def seat(self, agent: str) -> Seat:
        """The seat of an agent, by name. Raises NotFound, for somebody disabled too."""

    async def current(self) -> Sequence[str]:
        """The ids of all conversations that wait or that somebody leads, the oldest first."""

    async def sheet(self, conversation: str, after: int = 0) -> Sheet:
        """A conversation with its lines above `after`. Raises NotFound for one that is gone."""

    def outcomes(self, language: str) -> Sequence[tuple[str, str]]:
        """How a consultation can end: id and name in a language."""

    async def colleagues(self) -> Sequence[str]:
        """The names of the agents who may lead a conversation."""

    def teams(self, language: str) -> Sequence[str]:
        """The names of the teams, in a language."""
