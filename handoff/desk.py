"""What agents do with conversations, each deed one transaction under the conversation's lock.

Whoever is second sees what the first one did: of two agents who take a customer at once, one gets
the customer and the other a Conflict that names the first. Locks are taken in one order: contact,
conversation, agent.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from gateway.clock import Clock
from gateway.conversation import (
    Conversation,
    Mode,
    answered,
    close,
    give_back,
    release,
    take,
    transfer_to_agent,
    transfer_to_team,
)
from gateway.hints import Hint, Hints
from gateway.message import Attachment, Author, Line, Status, Suggestion
from gateway.store import Database, Tx
from gateway.store import conversations as table
from gateway.store import transcript as lines
from gateway.store.transcript import Draft, Transcript
from gateway.texts import Texts
from handoff import audit, marks
from handoff.agents import Agent
from handoff.rules import (
    find_reply,
    refuse_taken,
    refuse_unseen,
    require_lead,
    require_open,
    require_own,
    require_resendable,
    require_room,
    require_sight,
    said_before,
    used_elsewhere,
)

T = TypeVar("T")
Deed = Callable[[Tx, Conversation, int], Awaitable[T]]

STARS = 5


class Desk:
    """Deeds of agents. Each raises NotFound for a conversation that the agent may not see."""

    def __init__(
        self, database: Database, transcript: Transcript, hints: Hints, texts: Texts, clock: Clock
    ) -> None:
        self._database = database
        self._transcript = transcript
        self._hints = hints
        self._texts = texts
        self._clock = clock

    async def claim(self, agent: Agent, conversation: str) -> None:
        """Take it over, from the bot or from the queue; the bot is silent from here on.

        Raises Conflict with the `holder` if another has it, Full above the agent's capacity.
        """

        async def deed(tx: Tx, state: Conversation, now: int) -> None:
            if state.assignee == agent.id and state.mode is Mode.ASSIGNED:
                return
            await refuse_taken(tx, state, agent)
            after = await lines.silence_bot(tx, take(state, agent.id), now)
            await require_room(tx, agent.id)
            await table.save(tx, after, now)
            await audit.record(tx, now, agent.id, "takeover", state.id)

        await self._do(agent, conversation, deed)

    async def reply(
        self,
        agent: Agent,
        conversation: str,
        key: str,
        text: str,
        attachments: Sequence[Attachment] = (),
    ) -> Line:
        """Say something to the customer; the same `key` again is the same reply."""
        draft = Draft(
            Author.AGENT,
            text,
            name=agent.name,
            attachments=tuple(attachments),
            external=f"{agent.id}:{key}",
        )

        async def deed(tx: Tx, state: Conversation, now: int) -> Line:
            if before := await said_before(tx, state, draft):
                return before
            await require_own(tx, state, agent)
            line = await self._append(tx, answered(state), draft, now)
            await marks.put(tx, agent.id, state.id, line.seq)
            return line

        return await self._do(agent, conversation, deed)

    async def led(self, agent: Agent, conversation: str) -> Conversation:
        """The conversation, if the agent may write in it. Raises Conflict."""

        async def body(tx: Tx) -> Conversation:
            state = await table.lock(tx, conversation)
            require_sight(state, agent)
            await require_own(tx, state, agent)
            return state

        return await self._database.transaction(body)

    async def note(self, agent: Agent, conversation: str, key: str, text: str) -> Line:
        """Write something that only colleagues see; with a `key`, the same again is the same."""
        external = f"{agent.id}:{key}" if key else None
        draft = Draft(Author.AGENT, text, name=agent.name, private=True, external=external)

        async def deed(tx: Tx, state: Conversation, now: int) -> Line:
            if before := await said_before(tx, state, draft):
                return before
            require_open(state)
            return await self._append(tx, state, draft, now)

        return await self._do(agent, conversation, deed)

    async def pass_to_agent(self, agent: Agent, conversation: str, to: str, note: str) -> None:
        """Give it to a colleague, who leads from now on; `note` tells them why."""

        async def deed(tx: Tx, state: Conversation, now: int) -> None:
            await require_lead(tx, state, agent)
            if state.assignee == to:
                return
            after = await lines.silence_bot(tx, transfer_to_agent(state, to), now)
            colleague = await require_room(tx, to)
            await self._append(tx, after, _handover(agent, colleague.name, note), now)
            await audit.record(tx, now, agent.id, "transfer", state.id, detail=to)

        await self._do(agent, conversation, deed)

    async def pass_to_team(
        self, agent: Agent, conversation: str, to: str, name: str, note: str
    ) -> None:
        """Put it in a team's queue; `note` tells them why."""

        async def deed(tx: Tx, state: Conversation, now: int) -> None:
            await require_lead(tx, state, agent)
            after = transfer_to_team(state, to, now)
            await self._append(tx, after, _handover(agent, name, note), now)
            await audit.record(tx, now, agent.id, "transfer", state.id, detail=to)

        await self._do(agent, conversation, deed)

    async def give_back(self, agent: Agent, conversation: str) -> None:
        """Let the bot lead again."""

        async def deed(tx: Tx, state: Conversation, now: int) -> None:
            await require_lead(tx, state, agent)
            await table.save(tx, give_back(state), now)
            await audit.record(tx, now, agent.id, "return", state.id)

        await self._do(agent, conversation, deed)

    async def close(
        self,
        agent: Agent,
        conversation: str,
        outcome: str,
        summary: str,
        seen: int | None = None,
    ) -> None:
        """End it with a record; the customer is thanked, and asked to rate who led it.

        `seen` is the newest line that the agent has before them, None where nobody knows. Raises
        Conflict with `written` if the customer has said something since.
        """

        async def deed(tx: Tx, state: Conversation, now: int) -> None:
            await require_lead(tx, state, agent)
            await refuse_unseen(tx, state, agent, seen)
            contact = await table.contact_of(tx, state)
            farewell = self._farewell(contact.language, rated=state.assignee is not None)
            await lines.silence_bot(tx, state, now)
            await self._append(tx, close(state, now, outcome, summary), farewell, now)
            await audit.record(tx, now, agent.id, "close", state.id, detail=outcome)

        await self._do(agent, conversation, deed)

    async def resend(self, agent: Agent, conversation: str, reply: str) -> Line:
        """Send a reply again whose fate is unknown or that was given up; twice is once."""

        async def deed(tx: Tx, state: Conversation, now: int) -> Line:
            line = await find_reply(tx, state, reply)
            if line.status in (Status.PENDING, Status.SENDING):
                return line
            await require_resendable(tx, state, agent, line)
            await tx.execute(
                "UPDATE messages SET status = 'pending', attempts = 0, refused = 0,"
                " resent = 0, due = 0, detail = '', changed = ? WHERE id = ?",
                now,
                reply,
            )
            after = answered(state) if await _is_answer(tx, line) else state
            await table.save(tx, after, now, due=now)
            await audit.record(tx, now, agent.id, "resend", state.id, detail=reply)
            return line._replace(status=Status.PENDING, detail="")

        return await self._do(agent, conversation, deed)

    async def mark_read(self, agent: Agent, conversation: str, seq: int) -> None:
        """Note that an agent has read up to a line."""

        async def body(tx: Tx) -> None:
            state = await table.lock(tx, conversation)  # a mark's own locks take the agent first
            require_sight(state, agent)
            await marks.put(tx, agent.id, state.id, min(seq, state.seq))

        await self._database.transaction(body)
        await self._hints.publish(Hint("agent", conversation, detail=agent.id))

    async def release(self, agent: str) -> int:
        """Put what somebody leads back into the queue, where it was before; how many they led."""
        led = await self._database.rows(
            "SELECT id FROM conversations WHERE assignee = ? AND mode = 'assigned' ORDER BY id",
            agent,
        )
        for row in led:
            await self._release(agent, row["id"])
        return len(led)

    async def _release(self, agent: str, conversation: str) -> None:
        async def body(tx: Tx) -> Conversation:
            state = await table.lock(tx, conversation)
            if state.assignee == agent and state.mode is Mode.ASSIGNED:
                now = self._clock()
                await table.save(tx, release(state, now), now)
                await audit.record(tx, now, "", "release", state.id, detail=agent)
            return state

        await self._tell(await self._database.transaction(body))

    async def _do(self, agent: Agent, conversation: str, deed: Deed[T]) -> T:
        async def body(tx: Tx) -> tuple[Conversation, T]:
            state = await table.lock(tx, conversation)
            require_sight(state, agent)
            return state, await deed(tx, state, self._clock())

        state, result = await self._database.transaction(body)
        await self._tell(state)
        return result

    async def _append(self, tx: Tx, state: Conversation, draft: Draft, now: int) -> Line:
        state, line = await self._transcript.append(tx, state, draft, now)
        if line is None:  # the same key came from another conversation since we looked
            raise used_elsewhere()
        due = now if line.status is Status.PENDING else None
        await table.save(tx, state, now, due=due)
        return line

    def _farewell(self, language: str, *, rated: bool) -> Draft:
        text = self._texts.say("closing" if rated else "closed_by_desk", language)
        stars = range(STARS, 0, -1) if rated else ()
        taps = tuple(Suggestion(f"rate:{star}", "★" * star) for star in stars)
        return Draft(Author.SYSTEM, text, suggestions=taps)

    async def _tell(self, state: Conversation) -> None:
        await self._hints.publish(
            Hint("work", state.id, state.contact, state.channel),
            Hint("changed", state.id, state.contact),
        )


def _handover(agent: Agent, to: str, note: str) -> Draft:
    text = f"→ {to}: {note}" if note else f"→ {to}"
    return Draft(Author.AGENT, text, name=agent.name, private=True)


async def _is_answer(tx: Tx, line: Line) -> bool:
    """Whether a line answers all that the customer has said so far."""
    later = await tx.row(
        "SELECT 1 AS found FROM messages WHERE conversation = ? AND seq > ?"
        " AND author = 'customer' LIMIT 1",
        line.conversation,
        line.seq,
    )
    return later is None and line.author in (Author.AGENT, Author.BOT)
