"""What a route of API v1 is: one row of the table that handlers, rights and openapi.json share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gateway.files import File
from gateway.files.transfer import Upload
from handoff.agents import Agent, Role
from handoff.api.office import Office
from handoff.api.shapes import Shape
from handoff.sessions import Identity

Q = TypeVar("Q")
B = TypeVar("B")

PUBLIC: frozenset[Role] = frozenset()
ANYONE = frozenset(Role)
STAFF = frozenset({Role.AGENT, Role.SUPERVISOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})


class Nothing(Shape):
    """No query, or no body."""


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """A request that has passed the door. `cookie` is the session's secret, "" without one."""

    who: Identity
    path: Mapping[str, str]
    query: Q
    body: B
    address: str = ""
    cookie: str = ""

    @property
    def agent(self) -> Agent:
        """Who asks."""
        return self.who.agent

    @property
    def id(self) -> str:
        """The conversation, contact or token that the path names."""
        return self.path["id"]


@dataclass(frozen=True, slots=True)
class WithCookie:
    """An answer that sets the session's cookie, or takes it away with ""."""

    answer: Shape | None
    cookie: str


Handle = Callable[[Office, Call[Any, Any]], Awaitable[Shape | WithCookie | File | None]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path below /api/v1, who may call it, and what goes in and out.

    `console` routes want a session, not an API token. Without `handle` it is the WebSocket. An
    `Upload` as body is read piece by piece, a `File` as answer is one of ours.
    """

    method: str
    path: str
    roles: frozenset[Role]
    handle: Handle | None
    answer: type[Shape] | type[File] | None = None
    body: type[Shape] | type[Upload] = Nothing
    query: type[Shape] = Nothing
    console: bool = False

    @property
    def summary(self) -> str:
        """One line for people."""
        doc = self.handle.__doc__ if self.handle else "Hear everything as it happens (WebSocket)."
        return (doc or "").strip().splitlines()[0]
