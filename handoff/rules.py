"""What has to be true before a deed: asked under the conversation's lock, so that it stays true."""

from gateway.conversation import Conversation, Mode
from gateway.errors import Conflict, Invalid, NotFound
from gateway.message import Author, Kind, Line, Status
from gateway.store import Tx, inbox
from gateway.store import transcript as lines
from gateway.store.transcript import Draft
from handoff import agents, marks
from handoff.agents import Agent, Role
from handoff.errors import Full


def require_sight(state: Conversation, agent: Agent) -> None:
    """Raise NotFound for what is not theirs to see."""
    if not agent.sees(state.team, state.assignee):
        raise NotFound("no such conversation")


def require_open(state: Conversation) -> None:
    """Raise Conflict for what has ended."""
    if state.mode is Mode.CLOSED:
        raise Conflict("this conversation is closed")


async def refuse_taken(tx: Tx, state: Conversation, agent: Agent) -> None:
    """Raise Conflict with the `holder` if somebody else leads it."""
    require_open(state)
    if state.assignee in (None, agent.id):
        return
    holder = await agents.find(tx, str(state.assignee))
    raise Conflict(
        f"{holder.name} has this conversation", holder={"id": holder.id, "name": holder.name}
    )


async def require_own(tx: Tx, state: Conversation, agent: Agent) -> None:
    """Raise Conflict unless they lead it."""
    await refuse_taken(tx, state, agent)
    if state.assignee is None:
        raise Conflict("take the conversation before you write in it")


async def require_lead(tx: Tx, state: Conversation, agent: Agent) -> None:
    """Raise Conflict unless it is theirs, nobody's, or they are a supervisor."""
    require_open(state)
    if agent.role is not Role.SUPERVISOR:
        await refuse_taken(tx, state, agent)


async def refuse_unseen(tx: Tx, state: Conversation, agent: Agent, seen: int | None) -> None:
    """Raise Conflict if the customer has said something that the agent can't have `seen`.

    Where a program doesn't say up to where it has seen, what the router has not seen yet counts as
    new, and what lies above the agent's read mark, if they have one.
    """
    if seen is not None:
        unseen = await _written(tx, state, seen)
    else:
        read = await marks.find(tx, agent.id, state.id)
        unseen = await _written(tx, state, state.handled)
        unseen = unseen or (read is not None and await _written(tx, state, read))
    if unseen:
        raise Conflict("the customer has written since", written=True)


async def _written(tx: Tx, state: Conversation, after: int) -> bool:
    lines = await inbox.unhandled(tx, state.id, after)
    return any(line.asks and line.kind is not Kind.JOINED for line in lines)


async def require_room(tx: Tx, agent: str) -> Agent:
    """Lock an agent who may take one more; who they are. Raises Full, Invalid or NotFound."""
    found = await agents.lock(tx, agent)
    if found.role is Role.EDITOR:
        raise Invalid("an editor takes no conversations")
    if found.load >= found.capacity:
        raise Full(
            f"{found.name} leads {found.load} conversations already",
            load=found.load,
            capacity=found.capacity,
        )
    return found


async def said_before(tx: Tx, state: Conversation, draft: Draft) -> Line | None:
    """The line that this draft has become already. Raises Conflict if that is another one."""
    if draft.external is None:
        return None
    row = await tx.row(
        "SELECT * FROM messages WHERE channel = ? AND author = 'agent' AND external = ?",
        state.channel,
        draft.external,
    )
    if row is None:
        return None
    line = lines.from_row(row)
    if line.conversation != state.id or line.private != draft.private:
        raise used_elsewhere()
    return line


def used_elsewhere() -> Conflict:
    """The refusal of an id that stands for something else."""
    return Conflict("this id has been used for another message: make a new one")


async def find_reply(tx: Tx, state: Conversation, reply: str) -> Line:
    """A line of ours that was to be delivered. Raises NotFound."""
    row = await tx.row("SELECT * FROM messages WHERE id = ? AND conversation = ?", reply, state.id)
    if row is None or row["author"] == "customer" or row["private"]:
        raise NotFound("no such reply")
    return lines.from_row(row)


async def require_resendable(tx: Tx, state: Conversation, agent: Agent, line: Line) -> None:
    """Raise Conflict for what arrived, and for the bot where a person leads."""
    if line.status not in (Status.UNKNOWN, Status.DEAD):
        raise Conflict("only a reply that may not have arrived is sent again", status=line.status)
    if line.author is Author.BOT and state.led and state.mode is not Mode.CLOSED:
        raise Conflict("a person leads now: the bot says nothing more")
    if state.mode is not Mode.CLOSED:
        await require_lead(tx, state, agent)
