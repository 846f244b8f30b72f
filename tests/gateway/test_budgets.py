"""What may be sent unasked: granted with a message, claimed before sending, never spent twice."""

import asyncio
from dataclasses import replace

from gateway.adapter import Receipt
from gateway.budgets import Budgets
from gateway.bus import Bus
from gateway.clock import MINUTE
from gateway.message import Budget, Grant, Line
from gateway.store import Database
from gateway.store.transcript import lines
from tests.clock import StillClock
from tests.gateway.house import ANN, make_bus, readings, said

DAYS = 48 * 60 * MINUTE
WRITTEN = Grant("message", 5, DAYS)
TAPPED = Grant("click", 3, MINUTE)


async def answered(bus: Bus, grant: Grant, text: str = "shipping") -> Line:
    """A customer's message with what it grants, and the reply that waits to be sent."""
    receipt: Receipt = await bus.accept(replace(said(text), grant=grant))
    await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    return (await lines(bus.database, receipt.conversation))[-1]


async def test_a_message_grants_what_is_spent_once_for_each_reply(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    budgets = Budgets(database, bus.hints, clock)
    assert await budgets.left(ANN) is None
    reply = await answered(bus, WRITTEN)
    assert await budgets.left(ANN) == Budget(5, clock() + DAYS, 5)
    spending = await budgets.spend(ANN, [reply.id], 1)
    assert spending
    assert (spending.before, spending.left) == (0, 4)
    again = await budgets.spend(ANN, [reply.id], 1)
    assert again
    assert (again.before, again.left) == (1, 4)
    more = await budgets.spend(ANN, [reply.id], 3)
    assert more
    assert (more.before, more.left) == (1, 2)


async def test_spending_at_once_stops_at_what_was_granted(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    budgets = Budgets(database, bus.hints, clock)
    replies = [await answered(bus, WRITTEN) for _ in range(8)]
    spent = await asyncio.gather(*(budgets.spend(ANN, [reply.id], 1) for reply in replies))
    assert sum(one is not None for one in spent) == 5
    assert await budgets.left(ANN) == Budget(0, clock() + DAYS, 5)


async def test_what_ends_soonest_is_spent_first_and_what_has_ended_is_gone(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    budgets = Budgets(database, bus.hints, clock)
    await answered(bus, WRITTEN)
    reply = await answered(bus, TAPPED)
    spending = await budgets.spend(ANN, [reply.id], 2)
    assert spending
    assert spending.left == 6
    assert await budgets.left(ANN) == Budget(5, clock() + DAYS, 5)
    clock.advance(MINUTE)
    other = await answered(bus, TAPPED)
    clock.advance(MINUTE)
    spending = await budgets.spend(ANN, [other.id], 5)
    assert spending
    assert spending.left == 0
    assert await budgets.spend(ANN, [other.id], 6) is None


async def test_what_was_surely_not_sent_comes_back_and_a_new_grant_replaces_the_old(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    budgets = Budgets(database, bus.hints, clock)
    reply = await answered(bus, WRITTEN)
    await budgets.spend(ANN, [reply.id], 3)
    await budgets.refund(ANN, [reply.id], 2)
    assert await budgets.left(ANN) == Budget(3, clock() + DAYS, 5)
    await budgets.exhaust(ANN)
    assert await budgets.left(ANN) == Budget(0, clock() + DAYS, 5)
    assert await budgets.spend(ANN, [reply.id], 3) is None
    clock.advance(MINUTE)
    await answered(bus, WRITTEN)
    assert await budgets.left(ANN) == Budget(5, clock() + DAYS, 5)


async def test_replies_in_one_message_share_its_claim(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    budgets = Budgets(database, bus.hints, clock)
    first, second = await answered(bus, WRITTEN), await answered(bus, WRITTEN)
    await budgets.spend(ANN, [first.id, second.id], 1)
    after = await budgets.spend(ANN, [second.id], 1)
    assert after
    assert (after.before, after.left) == (1, 4)
