"""What became of replies that ended at the same time: noted at once, each as if it were alone."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from gateway.adapter import SENT, Delivery, Fate
from gateway.bus import Bus, Claim
from gateway.conversation import close, take
from gateway.message import Author, Contact, Kind
from gateway.store import Database, Tx, fates, transcript
from gateway.store import conversations as table
from gateway.store.transcript import Draft
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


CHAT = ("mode", "seq", "handled", "token", "lease", "due", "failures", "owed_since")
LINE = ("seq", "author", "status", "due", "attempts", "refused", "resent", "detail")
FATES = [*[SENT] * 6, Delivery(Fate.SENT, "seen"), *(Delivery(fate) for fate in Fate)]


async def meddle(bus: Bus, claim: Claim, chance: random.Random) -> None:
    """What may happen to a conversation while a reply is on its way."""
    now, what = bus.clock(), chance.choice(["closed", "taken", "lost", "spoken", "", "", ""])

    async def body(tx: Tx) -> None:
        state = await table.lock(tx, claim.conversation)
        if what == "closed":
            state = close(state, now)
        elif what == "taken":
            state = await transcript.silence_bot(tx, take(state, "agent"), now)
        elif what == "lost":
            await tx.execute("UPDATE conversations SET token = 9 WHERE id = ?", state.id)
        elif what == "spoken":
            state, _ = await bus.transcript.append(tx, state, Draft(Author.AGENT, "Hello."), now)
        await table.save(tx, state, now)

    await bus.database.transaction(body)
    assert claim.reply
    for _ in range(chance.randrange(3)):
        await bus.accept(said("shipping", claim.reply.contact))


async def busy(bus: Bus, world: str, seed: int) -> list[tuple[Claim, Delivery]]:
    """Replies on their way to many, what happened meanwhile, and what is to be said of them."""
    chance, settlements = random.Random(seed), []
    for number in range(20):
        claim = await claimed(bus, f"{world}{number:02}", twice=chance.random() < 0.3)
        await meddle(bus, claim, chance)
        settlements.append((claim, chance.choice(FATES)))
    return settlements


async def left(database: Database, world: str) -> list[list[Any]]:
    """All that matters of what the store holds of a world."""
    chats = await database.rows(
        f"SELECT {', '.join(f'c.{column}' for column in CHAT)}"
        " FROM conversations c JOIN contacts k ON k.id = c.contact WHERE k.platform_id LIKE ?"
        " ORDER BY k.platform_id, c.mode",
        f"{world}%",
    )
    messages = await database.rows(
        f"SELECT {', '.join(f'm.{column}' for column in LINE)}"
        " FROM messages m JOIN contacts k ON k.id = m.contact WHERE k.platform_id LIKE ?"
        " ORDER BY k.platform_id, m.seq",
        f"{world}%",
    )
    return [[row[column] for column in CHAT] for row in chats] + [
        [row[column] for column in LINE] for row in messages
    ]


def reply_of(claim: Claim | None) -> tuple[int, int, int] | None:
    if claim is None:
        return None
    return (
        (claim.token, claim.reply.seq, claim.reply.attempt) if claim.reply else (claim.token, 0, 0)
    )


@pytest.mark.parametrize("seed", range(4))
async def test_at_once_comes_to_the_same_as_one_by_one(
    database: Database, clock: StillClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    bus = make_bus(database, clock)
    together, single = await busy(bus, "together", seed), await busy(bus, "single", seed)
    at_once = await asyncio.gather(*(bus.settle(*one) for one in together))

    async def nothing(tx: Tx, going: Mapping[str, tuple[int, str]], now: int) -> set[str]:
        return set()

    monkeypatch.setattr(fates, "finish", nothing)
    one_by_one = [await bus.settle(*one) for one in single]
    assert [*map(reply_of, at_once)] == [*map(reply_of, one_by_one)]
    assert await left(database, "together") == await left(database, "single")
