"""Whatever customers, workers, agents and crashes do in whatever order: the invariants hold.

Nodes here are claims that somebody keeps: they may send and settle, or die before or after the
send. A node whose lease is over sends no more, as the sender's time-out is shorter than the lease.
"""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gateway.adapter import SENT, Delivery, Fate, Receipt
from gateway.bus import Bus, Claim
from gateway.clock import SECOND
from gateway.conversation import Conversation, Mode
from gateway.errors import Refused
from gateway.message import Author, Contact, Kind, Line, Message, Status
from gateway.store import Database, Tx, connect
from gateway.store import conversations as table
from gateway.store.leases import LEASE
from gateway.store.transcript import from_row
from gateway.texts import Texts
from handoff.agents import Agent, Role, find
from handoff.desk import Desk
from tests.clock import StillClock
from tests.gateway.house import make_bus, readings

T = TypeVar("T")

FATES = (SENT, SENT, Delivery(Fate.RETRY), Delivery(Fate.UNKNOWN), Delivery(Fate.REJECTED))

people = st.integers(0, 1)
_machines = count()


class Desks(RuleBasedStateMachine):
    """Two customers, two agents, any number of nodes."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = StillClock()
        self.database = self.run(self._open())
        self.bus: Bus = make_bus(self.database, self.clock)
        self.desk = Desk(self.database, self.bus.transcript, self.bus.hints, Texts(), self.clock)
        number = next(_machines)  # strangers to all that earlier examples left in the store
        self.contacts = [Contact("fake", f"{name}{number}") for name in ("ann", "bob")]
        self.agents = [self.run(self._hire(f"{name}{number}")) for name in ("kim", "lee")]
        self.accepted = [0, 0]
        self.claims: list[tuple[Claim, int]] = []
        self.sends: list[tuple[str, int]] = []
        self.silenced: dict[str, int] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def _open(self) -> Database:
        database = connect(self.url)
        await database.open()
        return database

    async def _hire(self, name: str) -> Agent:
        async def body(tx: Tx) -> None:
            await tx.execute(
                "INSERT INTO agents (id, name, login, role, password, status, teams, capacity,"
                " created) VALUES (?, ?, ?, ?, '', 'online', '[]', 9, 0)",
                name,
                name,
                name,
                Role.SUPERVISOR,
            )

        await self.database.transaction(body)
        return await find(self.database, name)

    def teardown(self) -> None:
        self.run(self._settle_down())
        self.run(self.database.close())
        self.runner.close()

    # what people do

    @rule(who=people, text=st.sampled_from(["shipping", "what?", "failure"]))
    def a_customer_writes(self, who: int, text: str) -> None:
        self._accept(who, str(self.accepted[who]), text)
        self.accepted[who] += 1

    @rule(who=people)
    def a_platform_delivers_twice(self, who: int) -> None:
        if self.accepted[who]:
            self._accept(who, "0", "again")

    @rule(who=people)
    def a_customer_leaves(self, who: int) -> None:
        if self._accept(who, str(self.accepted[who]), "", Kind.LEFT).new:
            self.accepted[who] += 1

    def _accept(self, who: int, key: str, text: str, kind: Kind = Kind.TEXT) -> Receipt:
        contact = self.contacts[who]
        return self.run(self.bus.accept(Message(f"{contact.id}-{key}", contact, text, kind)))

    @rule(who=people, agent=people)
    def an_agent_claims(self, who: int, agent: int) -> None:
        conversation = self._try(self.desk.claim, who, agent)
        if conversation:
            self.silenced.setdefault(conversation.id, conversation.seq)

    @rule(who=people, agent=people, key=st.integers(0, 99))
    def an_agent_replies(self, who: int, agent: int, key: int) -> None:
        self._try(self.desk.reply, who, agent, str(key), "from a person")

    @rule(who=people, agent=people, other=people)
    def an_agent_passes_it_on(self, who: int, agent: int, other: int) -> None:
        to = self.agents[other].id
        conversation = self._try(self.desk.pass_to_agent, who, agent, to, "please")
        if conversation:
            self.silenced.setdefault(conversation.id, conversation.seq)

    @rule(who=people, agent=people)
    def an_agent_gives_it_to_a_team(self, who: int, agent: int) -> None:
        conversation = self._try(self.desk.pass_to_team, who, agent, "opticians", "O", "")
        if conversation:
            self.silenced.pop(conversation.id, None)

    @rule(who=people, agent=people)
    def an_agent_gives_it_back(self, who: int, agent: int) -> None:
        conversation = self._try(self.desk.give_back, who, agent)
        if conversation:
            self.silenced.pop(conversation.id, None)

    @rule(who=people, agent=people)
    def an_agent_closes_it(self, who: int, agent: int) -> None:
        self._try(self.desk.close, who, agent, "solved", "")

    def _try(self, deed: Any, who: int, agent: int, *rest: str) -> Conversation | None:
        """Do it to the contact's open conversation; the state after it, None if it was refused."""
        before = self.run(self._open_conversation(self.contacts[who]))
        if before is None:
            return None
        try:
            self.run(deed(self.agents[agent], before.id, *rest))
        except Refused:
            return None
        return self.run(table.find(self.database, before.id))

    # what nodes do

    @rule()
    def a_node_claims(self) -> None:
        for conversation in self.run(self._due()):
            claim = self.run(self._claim(conversation))
            if claim and claim.reply:
                self.claims.append((claim, self.clock.now + LEASE))
                return

    async def _claim(self, conversation: str) -> Claim | None:
        return await self.bus.claim(conversation, await readings(self.bus, conversation))

    @rule(fate=st.sampled_from(FATES))
    def a_node_sends_and_settles(self, fate: Delivery) -> None:
        if claim := self._holder():
            self._send(claim, fate)
            after = self.run(self.bus.settle(claim, fate))
            if after and after.reply:
                self.claims.append((after, self.clock.now + LEASE))

    @rule(sent=st.booleans())
    def a_node_dies(self, sent: bool) -> None:
        if (claim := self._holder()) and sent:
            self._send(claim, SENT)

    @rule(ms=st.sampled_from([SECOND, LEASE + 1, 61 * SECOND]))
    def time_passes(self, ms: int) -> None:
        self.clock.advance(ms)

    def _holder(self) -> Claim | None:
        if not self.claims:
            return None
        claim, until = self.claims.pop(0)
        return claim if self.clock.now <= until else None

    def _send(self, claim: Claim, fate: Delivery) -> None:
        if claim.reply and fate.fate in (Fate.SENT, Fate.UNKNOWN):
            self.sends.append((claim.reply.conversation, claim.reply.seq))

    # what holds

    @invariant()
    def every_message_is_there_once_and_seq_has_no_gaps(self) -> None:
        for who, contact in enumerate(self.contacts):
            lines = self.run(self._lines(contact))
            assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
            customers = [line for line in lines if line.author is Author.CUSTOMER]
            assert len(customers) == self.accepted[who]

    @invariant()
    def what_left_the_house_left_in_order(self) -> None:
        for conversation in {conversation for conversation, _ in self.sends}:
            seqs = [seq for one, seq in self.sends if one == conversation]
            assert seqs == sorted(seqs)

    @invariant()
    def the_bot_says_nothing_where_a_person_leads(self) -> None:
        for conversation, since in self.silenced.items():
            for line in self.run(self._conversation_lines(conversation)):
                assert not (line.author is Author.BOT and line.seq > since), line

    @invariant()
    def every_message_is_answered_or_owed(self) -> None:
        for contact in self.contacts:
            conversation = self.run(self._open_conversation(contact))
            if conversation and conversation.owed_since is None:
                lines = self.run(self._conversation_lines(conversation.id))
                assert _answered(lines), lines

    async def _settle_down(self) -> None:
        """Let an honest worker finish: nothing may stay on its way for ever."""
        for _ in range(200):
            self.clock.advance(61 * SECOND)
            for conversation in await self._due():
                claim = await self._claim(conversation)
                while claim and claim.reply:
                    claim = await self.bus.settle(claim, SENT)
            if not await self._due() and not await self._under_way():
                return
        raise AssertionError("something never came to an end")

    async def _due(self) -> list[str]:
        mine = {one.conversation for contact in self.contacts for one in await self._lines(contact)}
        return [one for one in await self.bus.due("fake", 1000) if one in mine]

    async def _under_way(self) -> bool:
        lines = [line for contact in self.contacts for line in await self._lines(contact)]
        return any(line.status in (Status.PENDING, Status.SENDING) for line in lines)

    async def _open_conversation(self, contact: Contact) -> Conversation | None:
        row = await self.database.row(
            "SELECT * FROM conversations WHERE contact = ? AND mode <> ?", contact.key, Mode.CLOSED
        )
        return table.from_row(row) if row else None

    async def _lines(self, contact: Contact) -> list[Line]:
        rows = await self.database.rows(
            "SELECT * FROM messages WHERE contact = ? ORDER BY seq", contact.key
        )
        return [from_row(row) for row in rows]

    async def _conversation_lines(self, conversation: str) -> list[Line]:
        rows = await self.database.rows(
            "SELECT * FROM messages WHERE conversation = ? ORDER BY seq", conversation
        )
        return [from_row(row) for row in rows]


def _answered(lines: list[Line]) -> bool:
    """Whether something that was not taken back follows the customer's last line."""
    for line in reversed(lines):
        if line.author is Author.CUSTOMER:
            return line.kind is Kind.LEFT
        if line.author in (Author.BOT, Author.AGENT) and not line.private:
            return line.status not in (Status.CANCELLED, Status.DEAD, Status.UNKNOWN)
    return True


@pytest.mark.parametrize(("store", "examples"), [("sqlite_url", 60), ("postgres_url", 25)])
def test_the_invariants_hold_in_any_order_of_events(
    request: pytest.FixtureRequest, store: str, examples: int
) -> None:
    machine = type("OnStore", (Desks,), {"url": request.getfixturevalue(store)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
