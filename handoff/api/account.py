"""Routes about oneself: signing in and out, password, status, API tokens."""

from gateway.clock import isoformat
from handoff.api.asks import NewPassword, NewStatus, NewToken, SignIn
from handoff.api.office import Office
from handoff.api.route import Call, Nothing, WithCookie
from handoff.api.shapes import MadeToken, OneAgent, SignedIn, Tokens, TokenShape, agent_shape
from handoff.sessions import Identity
from handoff.tokens import Token


async def sign_in(office: Office, call: Call[Nothing, SignIn]) -> WithCookie:
    """Open a session."""
    secret, identity = await office.sessions.sign_in(
        call.body.name, call.body.password, call.address, call.cookie
    )
    return WithCookie(_signed_in(office, identity), secret)


async def sign_out(office: Office, call: Call[Nothing, Nothing]) -> WithCookie:
    """End this session and its sockets."""
    await office.sessions.sign_out(call.who)
    return WithCookie(None, "")


async def me(office: Office, call: Call[Nothing, Nothing]) -> SignedIn:
    """Who one is."""
    return _signed_in(office, call.who)


async def change_password(office: Office, call: Call[Nothing, NewPassword]) -> None:
    """Set a new password; all other sessions end."""
    await office.sessions.change_password(call.who, call.body.old, call.body.new, call.address)


async def change_status(office: Office, call: Call[Nothing, NewStatus]) -> OneAgent:
    """Say that one is online, busy, away or offline; `status` of the answer is what was chosen."""
    agent = await office.people.choose(call.agent.id, call.body.status)
    shape = agent_shape(agent, office.clock())  # others are told `offline` without a socket
    return OneAgent(agent=shape.model_copy(update={"status": agent.status}))


async def tokens(office: Office, call: Call[Nothing, Nothing]) -> Tokens:
    """One's own API tokens."""
    return Tokens(items=[_token(one) for one in await office.tokens.own(call.agent)])


async def make_token(office: Office, call: Call[Nothing, NewToken]) -> MadeToken:
    """Make an API token; it is shown this once."""
    secret, token = await office.tokens.make(call.agent, call.body.name)
    return MadeToken(**_token(token).model_dump(), token=secret)


async def drop_token(office: Office, call: Call[Nothing, Nothing]) -> None:
    """End an API token."""
    await office.tokens.drop(call.agent, call.id)


def _signed_in(office: Office, identity: Identity) -> SignedIn:
    return SignedIn(
        agent=agent_shape(identity.agent, office.clock()),
        csrf=identity.csrf,
        must_change=identity.agent.must_change,
    )


def _token(token: Token) -> TokenShape:
    return TokenShape(id=token.id, name=token.name, created=isoformat(token.created))
