"""The desk for agents who work elsewhere than in the console: the same deeds, the same rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway import budgets
from gateway.errors import NotFound
from gateway.message import Attachment, Line
from gateway.store import Database, Row
from gateway.store import conversations as table
from gateway.store import transcript as lines
from gateway.surface import Seat, Sheet
from handoff import agents
from handoff.agents import Agent, Role
from handoff.desk import Desk
from handoff.settings import Named, Settings

PAGE = 200  # lines of a sheet


class DeskSurface:
    """`gateway.surface.Surface` over the desk."""

    def __init__(self, database: Database, desk: Desk, settings: Settings) -> None:
        self._database = database
        self._desk = desk
        self._settings = settings

    async def seat(self, agent: str) -> Seat:
        """The seat of an agent, by name. Raises NotFound."""
        found = await agents.named(self._database, agent)
        if found.disabled or found.role is Role.EDITOR:
            raise NotFound(f"{agent} does not work at the desk", name=agent)
        return DeskSeat(self._database, self._desk, self._settings, found)

    async def current(self) -> Sequence[str]:
        """The ids of all conversations that wait or that somebody leads, the oldest first."""
        found = await self._database.rows(
            "SELECT id FROM conversations WHERE mode IN ('waiting', 'assigned') ORDER BY id"
        )
        return [row["id"] for row in found]

    async def sheet(self, conversation: str, after: int = 0) -> Sheet:
        """A conversation with its lines above `after`, the first 200 of them."""
        state = await table.find(self._database, conversation)
        row = await self._database.row("SELECT * FROM contacts WHERE id = ?", state.contact)
        if row is None:
            raise NotFound("no such conversation")
        contact = table.contact_from_row(row)
        return Sheet(
            state,
            contact,
            await self._holder(state.assignee),
            self._team(state.team, contact.language),
            tuple(await lines.lines(self._database, conversation, after, PAGE)),
            budgets.read(row["budget"]),
        )

    def outcomes(self, language: str) -> Sequence[tuple[str, str]]:
        """How a consultation can end: id and name."""
        return [(one.id, one.en if language == "en" else one.zh) for one in self._settings.outcomes]

    async def colleagues(self) -> Sequence[str]:
        """The names of those who may lead a conversation."""
        found = await agents.everybody(self._database)
        return [one.name for one in found if one.role is not Role.EDITOR]

    def teams(self, language: str) -> Sequence[str]:
        """The names of the teams."""
        return [_called(team, language) for team in self._settings.teams]

    async def _holder(self, assignee: str | None) -> str:
        row: Row | None = None
        if assignee:
            row = await self._database.row("SELECT name FROM agents WHERE id = ?", assignee)
        return row["name"] if row else ""

    def _team(self, team: str | None, language: str) -> str:
        named = [_called(one, language) for one in self._settings.teams if one.id == team]
        return named[0] if named else team or ""


@dataclass(frozen=True, slots=True)
class DeskSeat:
    """`gateway.surface.Seat`: the desk's deeds in one agent's name."""

    database: Database
    desk: Desk
    settings: Settings
    agent: Agent

    @property
    def name(self) -> str:
        """The agent's name."""
        return self.agent.name

    async def claim(self, conversation: str) -> None:
        """Take it over."""
        await self.desk.claim(self.agent, conversation)

    async def reply(
        self, conversation: str, key: str, text: str, attachments: Sequence[Attachment] = ()
    ) -> Line:
        """Say something to the customer."""
        return await self.desk.reply(self.agent, conversation, key, text, attachments)

    async def resend(self, conversation: str, reply: str) -> Line:
        """Send a reply again."""
        return await self.desk.resend(self.agent, conversation, reply)

    async def note(self, conversation: str, key: str, text: str) -> Line:
        """Write something that only colleagues see."""
        return await self.desk.note(self.agent, conversation, key, text)

    async def transfer(self, conversation: str, to: str, note: str) -> None:
        """Give it to a team or an agent, by name; a team's name goes first."""
        wanted = agents.fold(to)
        for team in self.settings.teams:
            if wanted in {agents.fold(name) for name in (team.id, team.zh, team.en)}:
                await self.desk.pass_to_team(self.agent, conversation, team.id, to, note)
                return
        colleague = await agents.named(self.database, to)
        await self.desk.pass_to_agent(self.agent, conversation, colleague.id, note)

    async def give_back(self, conversation: str) -> None:
        """Let the bot lead again."""
        await self.desk.give_back(self.agent, conversation)

    async def close(
        self, conversation: str, outcome: str, summary: str = "", seen: int | None = None
    ) -> None:
        """End it with a record."""
        await self.desk.close(self.agent, conversation, outcome, summary, seen)


def _called(team: Named, language: str) -> str:
    return team.en if language == "en" else team.zh
