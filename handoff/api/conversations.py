"""Routes about conversations: lists, lines, and what agents do with them."""

from contextlib import nullcontext

from gateway.errors import Invalid, NotFound
from gateway.hints import Hint
from gateway.store import transcript as lines
from handoff import listing, views
from handoff.agents import Agent
from handoff.api import files
from handoff.api.asks import After, Ask, Close, Filter, NewNote, NewReply, Read, Transfer
from handoff.api.office import Office
from handoff.api.route import Call, Nothing
from handoff.api.shapes import (
    Conversations,
    ConversationShape,
    FaqShape,
    Messages,
    MessageShape,
    Suggestions,
    message_shape,
)

Plain = Call[Nothing, Nothing]

LONGEST = 500  # characters that are matched


async def index(office: Office, call: Call[Filter, Nothing]) -> Conversations:
    """Conversations: the waiting in their order, else the newest change first."""
    async with office.searching if call.query.q else nullcontext():
        return await listing.page(office.database, call.agent, call.query)


async def show(office: Office, call: Plain) -> ConversationShape:
    """One conversation."""
    return await views.one(office.database, call.agent, call.id)


async def messages(office: Office, call: Call[After, Nothing]) -> Messages:
    """Its lines after a seq, notes included."""
    await views.one(office.database, call.agent, call.id)
    after, limit = call.query.after, call.query.limit
    found = await lines.lines(office.database, call.id, after, limit + 1)
    items = [message_shape(line) for line in found[:limit]]
    return Messages(items=items, cursor=str(items[-1].seq) if len(found) > limit else None)


async def suggestions(office: Office, call: Call[Ask, Nothing]) -> Suggestions:
    """What the FAQ has on a question, by default the customer's last line."""
    seen = await views.one(office.database, call.agent, call.id)
    text = (call.query.q.strip() or await _last_question(office, call.id))[:LONGEST]
    found = await office.suggest(text, seen.contact.language, seen.channel) if text else ()
    return Suggestions(items=[FaqShape.model_validate(dict(one), strict=False) for one in found])


async def claim(office: Office, call: Plain) -> ConversationShape:
    """Take it over; 409 with the holder if another has it."""
    await office.desk.claim(call.agent, call.id)
    return await _after(office, call.agent, call.id)


async def reply(office: Office, call: Call[Nothing, NewReply]) -> MessageShape:
    """Answer the customer; the same id again is the same reply."""
    seen = await views.one(office.database, call.agent, call.id)
    sent = await files.attachments(office, seen.contact.id, call.body.files)
    line = await office.desk.reply(call.agent, call.id, call.body.id, call.body.text, sent)
    return message_shape(line)


async def note(office: Office, call: Call[Nothing, NewNote]) -> MessageShape:
    """Write what only colleagues see."""
    line = await office.desk.note(call.agent, call.id, call.body.id, call.body.text)
    return message_shape(line)


async def transfer(office: Office, call: Call[Nothing, Transfer]) -> ConversationShape:
    """Pass it to a colleague, or into a team's queue."""
    agent, team, said = call.body.agent, call.body.team, call.body.note.strip()
    if bool(agent) == bool(team):
        raise Invalid("name either an agent or a team")
    if agent:
        await office.desk.pass_to_agent(call.agent, call.id, agent, said)
    else:
        names = {one.id: one.zh for one in office.settings.teams}
        if team not in names:
            raise Invalid(f"there is no team {team!r}")
        await office.desk.pass_to_team(call.agent, call.id, team, names[team], said)
    return await _after(office, call.agent, call.id)


async def give_back(office: Office, call: Plain) -> ConversationShape:
    """Let the bot lead again."""
    await office.desk.give_back(call.agent, call.id)
    return await _after(office, call.agent, call.id)


async def close(office: Office, call: Call[Nothing, Close]) -> ConversationShape:
    """End it, with outcome and summary; 409 with `written` if the customer has said more."""
    record = call.body
    known = {"", *(one.id for one in office.settings.outcomes)}
    if record.outcome not in known:
        raise Invalid(f"there is no outcome {record.outcome!r}")
    await office.desk.close(call.agent, call.id, record.outcome, record.summary.strip(), record.seq)
    return await _after(office, call.agent, call.id)


async def typing(office: Office, call: Plain) -> None:
    """Show the customer that somebody writes."""
    seen = await views.one(office.database, call.agent, call.id)
    await office.hints.publish(Hint("typing", call.id, seen.contact.id, "agent"))


async def resend(office: Office, call: Plain) -> MessageShape:
    """Send a reply again whose fate is unknown, or that was given up."""
    line = await office.desk.resend(call.agent, call.id, call.path["reply"])
    return message_shape(line)


async def read(office: Office, call: Call[Nothing, Read]) -> None:
    """Note up to where one has read."""
    await office.desk.mark_read(call.agent, call.id, call.body.seq)


async def _after(office: Office, agent: Agent, conversation: str) -> ConversationShape:
    """The conversation as a deed left it, even where that took it out of the agent's sight."""
    rows = await views.some(office.database, [conversation])
    if not rows:
        raise NotFound("no such conversation")
    return (await views.dress(office.database, agent, rows))[0]


async def _last_question(office: Office, conversation: str) -> str:
    row = await office.database.row(
        "SELECT text FROM messages WHERE conversation = ? AND author = 'customer'"
        " AND kind IN ('text', 'choice') AND text <> '' ORDER BY seq DESC LIMIT 1",
        conversation,
    )
    return row["text"] if row else ""
