"""What API v1 answers, as models, from which openapi.json is made too."""

from pydantic import BaseModel, ConfigDict

from gateway.clock import isoformat
from gateway.conversation import Mode
from gateway.message import Attachment, Author, Kind, Line, Status
from handoff.agents import Agent, Presence, Role


class Shape(BaseModel):
    """The root of all of them: an object where a string belongs is refused."""

    model_config = ConfigDict(strict=True, frozen=True, use_enum_values=True)


class AgentShape(Shape):
    """Somebody who works at the desk."""

    id: str
    name: str
    role: Role
    status: Presence
    teams: list[str]
    load: int
    capacity: int


class NamedShape(Shape):
    """An id and a name."""

    id: str
    name: str


class ContactShape(Shape):
    """The customer."""

    id: str
    name: str
    language: str


class SuggestionShape(Shape):
    """A thing that the customer can tap."""

    id: str
    text: str


class AttachmentShape(Shape):
    """A picture, voice, video, file or place; `size` in bytes.

    `url` is where one of ours can be fetched, `id` is how it is named in a reply.
    """

    id: str
    kind: str
    name: str
    type: str
    size: int
    url: str


class MessageShape(Shape):
    """A line of a conversation. `client_id` is what the agent's program called it.

    `edited` is when the customer last put it in other words.
    """

    id: str
    conversation: str
    seq: int
    author: Author
    name: str
    text: str
    at: str
    kind: Kind
    private: bool
    suggestions: list[SuggestionShape]
    attachments: list[AttachmentShape]
    status: Status | None
    detail: str
    edited: str | None
    client_id: str | None


class BudgetShape(Shape):
    """How many more replies the platform lets through, of how many, and until when."""

    left: int
    until: str
    of: int


class ConversationShape(Shape):
    """A consultation as one agent sees it; `unread` counts the customer's lines new to them."""

    id: str
    channel: str
    mode: Mode
    contact: ContactShape
    assignee: NamedShape | None
    team: str | None
    priority: int
    opened: str
    owed_since: str | None
    waiting_since: str | None
    closed: str | None
    seq: int
    unread: int
    outcome: str | None
    summary: str | None
    rating: int | None
    comment: str | None
    last: MessageShape | None
    budget: BudgetShape | None


class SignedIn(Shape):
    """Who one is, and the token to send as X-CSRF-Token with every write."""

    agent: AgentShape
    csrf: str
    must_change: bool


class OneAgent(Shape):
    """An agent."""

    agent: AgentShape


class Agents(Shape):
    """Everybody who is not disabled."""

    items: list[AgentShape]
    cursor: None = None


class Limits(Shape):
    """Seconds within which a customer is to be greeted and answered."""

    greet: int
    reply: int


class TeamShape(Shape):
    """A team; `name` is what the desk calls it where it has one language to choose."""

    id: str
    name: str
    zh: str
    en: str


class Words(Shape):
    """A text in both languages."""

    zh: str
    en: str


class FaqState(Shape):
    """The FAQ that is live, and since when; `refused` says why the last change is not."""

    since: str | None
    entries: int
    refused: list[Words] | None


class OutcomeShape(Shape):
    """A way for a consultation to end."""

    id: str
    zh: str
    en: str


class CannedShape(Shape):
    """A reply that is ready to be sent."""

    key: str
    text: str


class DeskShape(Shape):
    """The desk's rules, as the console needs them; `largest_file` in bytes."""

    teams: list[TeamShape]
    limits: Limits
    open: bool
    outcomes: list[OutcomeShape]
    canned: list[CannedShape]
    channels: list[str]
    largest_file: int
    faq: FaqState | None


class Conversations(Shape):
    """A page; `cursor` asks for the next one."""

    items: list[ConversationShape]
    cursor: str | None


class Messages(Shape):
    """Lines in order; `cursor` is the next page's `after`."""

    items: list[MessageShape]
    cursor: str | None


class FaqShape(Shape):
    """An entry of the FAQ that may answer."""

    id: str
    question: str
    answer: str
    confidence: float


class Suggestions(Shape):
    """What the FAQ knows, the likeliest first."""

    items: list[FaqShape]
    cursor: None = None


class TokenShape(Shape):
    """An API token without its secret."""

    id: str
    name: str
    created: str


class MadeToken(TokenShape):
    """An API token with its secret, this once."""

    token: str


class Tokens(Shape):
    """One's own API tokens."""

    items: list[TokenShape]
    cursor: None = None


class AuditEntry(Shape):
    """Who did what to what; `actor` is an agent's id, "" for the program."""

    id: str
    at: str
    actor: str
    action: str
    subject: str
    address: str
    detail: str


class Audit(Shape):
    """Entries, the newest first."""

    items: list[AuditEntry]
    cursor: str | None


class Export(Shape):
    """Everything that is stored about one person."""

    contact: ContactShape
    channel: str
    platform_id: str
    first_seen: str
    last_seen: str
    conversations: list[ConversationShape]
    messages: list[MessageShape]
    files: list[AttachmentShape]


class Failure(Shape):
    """What went wrong; some codes have more facts, such as `holder`."""

    code: str
    text: str


class Error(Shape):
    """Every refusal."""

    error: Failure


def agent_shape(agent: Agent, now: int) -> AgentShape:
    """An agent as others see them."""
    return AgentShape(
        id=agent.id,
        name=agent.name,
        role=agent.role,
        status=agent.presence(now),
        teams=list(agent.teams),
        load=agent.load,
        capacity=agent.capacity,
    )


def attachment_shape(file: Attachment) -> AttachmentShape:
    """What comes with a line, as agents see it."""
    return AttachmentShape(
        id=file.id,
        kind=file.kind,
        name=file.name,
        type=file.type,
        size=file.size,
        url=f"/api/v1/files/{file.id}" if file.id else file.url,
    )


def message_shape(line: Line) -> MessageShape:
    """A line as agents see it."""
    external = line.external if line.author is Author.AGENT else ""
    return MessageShape(
        id=line.id,
        conversation=line.conversation,
        seq=line.seq,
        author=line.author,
        name=line.name,
        text=line.text,
        at=isoformat(line.at),
        kind=line.kind,
        private=line.private,
        suggestions=[SuggestionShape(id=one.id, text=one.text) for one in line.suggestions],
        attachments=[attachment_shape(one) for one in line.attachments],
        status=line.status,
        detail=line.detail,
        edited=instant(line.edited),
        client_id=external.partition(":")[2] or None,
    )


def instant(ms: int | None) -> str | None:
    """An instant that may not have come."""
    return None if ms is None else isoformat(ms)
