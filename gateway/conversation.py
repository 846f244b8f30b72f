"""One consultation of a contact, and the pure transitions between the modes of who leads it."""

from enum import StrEnum
from typing import NamedTuple

from gateway.errors import Conflict


class Mode(StrEnum):
    """Who leads a conversation."""

    BOT = "bot"
    WAITING = "waiting"
    ASSIGNED = "assigned"
    CLOSED = "closed"


class Conversation(NamedTuple):
    """The state of a consultation. All instants in ms; None where it has not happened.

    `seq` is its last line, `handled` the last customer line that the router has seen.
    `owed_since` is when the oldest customer line without an answer came. `misses` counts the
    bot's guesses in a row that the customer did not take. `assignee` is an agent's id. `led` says
    that a person has led it: the bot is silent until they give it back.

    A tuple, as each line changes it several times, and that is five times as quick.
    """

    id: str
    contact: str
    channel: str
    mode: Mode
    opened: int
    seq: int = 0
    handled: int = 0
    team: str | None = None
    assignee: str | None = None
    led: bool = False
    priority: int = 0
    misses: int = 0
    waiting_since: int | None = None
    owed_since: int | None = None
    closed: int | None = None
    outcome: str | None = None
    summary: str | None = None


def heard(conversation: Conversation, at: int) -> Conversation:
    """The customer wrote: an answer is owed from the first unanswered line on."""
    if conversation.owed_since is not None:
        return conversation
    return conversation._replace(owed_since=at)


def answered(conversation: Conversation) -> Conversation:
    """We answered: nothing is owed."""
    return conversation._replace(owed_since=None)


def queue(
    conversation: Conversation, at: int, team: str | None = None, priority: int = 0
) -> Conversation:
    """Hand it to the desk. One that waits already keeps its place; its priority only rises."""
    _require_open(conversation)
    if conversation.mode is Mode.ASSIGNED:
        return conversation
    return conversation._replace(
        mode=Mode.WAITING,
        waiting_since=conversation.waiting_since or at,
        team=team or conversation.team,
        priority=max(priority, conversation.priority),
        misses=0,
    )


def take(conversation: Conversation, agent: str) -> Conversation:
    """An agent takes it over, from the bot or from the queue; taking one's own again is nothing."""
    _require_open(conversation)
    if conversation.assignee not in (None, agent):
        raise Conflict("another agent has this conversation", holder=str(conversation.assignee))
    return conversation._replace(mode=Mode.ASSIGNED, assignee=agent, led=True, waiting_since=None)


def transfer_to_agent(conversation: Conversation, agent: str) -> Conversation:
    """Pass it to one person, who leads from now on."""
    _require_open(conversation)
    return conversation._replace(mode=Mode.ASSIGNED, assignee=agent, led=True, waiting_since=None)


def transfer_to_team(conversation: Conversation, team: str, at: int) -> Conversation:
    """Put it in a team's queue, behind those who wait there already."""
    _require_open(conversation)
    return conversation._replace(
        mode=Mode.WAITING, assignee=None, team=team, waiting_since=at, misses=0
    )


def release(conversation: Conversation, at: int) -> Conversation:
    """Its agent is gone: it waits again, since the customer's oldest unanswered line if any."""
    _require_open(conversation)
    since = conversation.owed_since or at
    return conversation._replace(mode=Mode.WAITING, assignee=None, waiting_since=since, misses=0)


def give_back(conversation: Conversation) -> Conversation:
    """Let the bot lead again; what was owed stays owed until somebody answers."""
    _require_open(conversation)
    return conversation._replace(
        mode=Mode.BOT,
        assignee=None,
        led=False,
        waiting_since=None,
        misses=0,
        priority=0,
    )


def close(
    conversation: Conversation, at: int, outcome: str | None = None, summary: str | None = None
) -> Conversation:
    """End it with a record. Nothing is owed after that."""
    _require_open(conversation)
    return conversation._replace(
        mode=Mode.CLOSED,
        closed=at,
        outcome=outcome,
        summary=summary,
        waiting_since=None,
        owed_since=None,
    )


def _require_open(conversation: Conversation) -> None:
    if conversation.mode is Mode.CLOSED:
        raise Conflict("this conversation is closed")
