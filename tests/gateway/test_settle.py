"""What became of replies that ended at the same time: noted at once, each as if it were alone."""

import asyncio
from dataclasses import replace

from gateway.adapter import SENT, Delivery, Fate
from gateway.bus import Bus, Claim
from gateway.conversation import close
from gateway.message import Contact, Kind
from gateway.store import Database, Tx
from gateway.store import conversations as table
from tests.clock import StillClock
from tests.gateway.house import make_bus, read_one, said, shown


async def claimed(bus: Bus, name: str, *, twice: bool = False) -> Claim:
    """A contact's question, and the reply to it on its way; `twice`: one more waits behind it."""
    contact = Contact("fake", name)
    message = said("shipping", contact)
    if twice:
        message = replace(message, kind=Kind.JOINED, choice="ship")
    _, claim = await bus.admit(message, read_one("shipping"))
    assert claim
    assert claim.reply
    return claim


async def row(database: Database, claim: Claim) -> dict[str, object]:
    found = await database.row(
        "SELECT lease, due, mode, token FROM conversations WHERE id = ?", claim.conversation
    )
    assert found
    return {name: found[name] for name in ("lease", "due", "mode", "token")}


async def test_each_of_many_is_settled_as_if_it_were_alone(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    plain = [await claimed(bus, f"plain{number}") for number in range(5)]
    more = await claimed(bus, "more", twice=True)
    refused, closed, lost, spoken = [
        await claimed(bus, name) for name in ("refused", "closed", "lost", "spoken")
    ]

    async def meanwhile(tx: Tx) -> None:
        state = await table.lock(tx, closed.conversation)
        await table.save(tx, close(state, clock()), clock())
        await tx.execute(
            "UPDATE conversations SET token = token + 1 WHERE id = ?", lost.conversation
        )

    await database.transaction(meanwhile)
    await bus.accept(said("shipping", Contact("fake", "spoken")))
    settled = {
        claim.conversation: bus.settle(claim, SENT)
        for claim in (*plain, more, closed, lost, spoken)
    }
    settled[refused.conversation] = bus.settle(refused, Delivery(Fate.REJECTED, "no"))
    after = dict(zip(settled, await asyncio.gather(*settled.values()), strict=True))

    for claim in (*plain, closed, refused, spoken):
        ended = after[claim.conversation]
        assert ended
        assert ended.reply is None
        assert (await row(database, claim))["lease"] == 0
    for claim in plain:
        assert (await row(database, claim))["due"] is None
        assert [one[3] for one in await shown(bus, claim.conversation)] == [None, "sent"]
    going_on = after[more.conversation]
    assert going_on
    assert going_on.reply
    assert [one[3] for one in await shown(bus, more.conversation)] == [None, "sent", "sending"]
    assert (await shown(bus, refused.conversation))[1][3] == "dead"
    assert (await shown(bus, closed.conversation))[1][3] == "sent"
    assert after[lost.conversation] is None
    assert (await shown(bus, lost.conversation))[1][3] == "sending"
    assert (await row(database, spoken))["due"] == clock()


async def test_a_claim_that_was_lost_is_no_other_ones(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await claimed(bus, "ann")
    late = claim._replace(token=claim.token - 1)
    first, second = await asyncio.gather(bus.settle(late, SENT), bus.settle(claim, SENT))
    assert first is None
    assert second
    assert second.reply is None
