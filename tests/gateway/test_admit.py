"""One commit that keeps a message and takes its conversation; bundles; answers asked for again."""

import asyncio
from dataclasses import replace

from gateway.adapter import SENT, Delivery, Fate
from gateway.bus import Bus, Claim
from gateway.clock import MINUTE, SECOND
from gateway.message import Author, Kind, Message, Reply
from gateway.store import Database, Tx
from gateway.store import conversations as table
from gateway.store.leases import LEASE, free_leases
from gateway.store.transcript import Draft, lines
from tests.clock import StillClock
from tests.gateway.house import ANN, make_bus, read_one, readings, said, shown

ANSWER = "Within 48 hours."


async def admit(bus: Bus, message: Message) -> Claim | None:
    return (await bus.admit(message, read_one(message.text)))[1]


async def test_an_admitted_message_comes_back_with_its_answer(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shipping", message_id="1"))
    assert claim
    assert claim.reply
    assert (claim.reply.text, claim.reply.answers) == (ANSWER, "1")
    assert await admit(bus, said("shipping", message_id="1")) is None
    await bus.settle(claim, SENT)
    assert await shown(bus, claim.conversation) == [
        (1, "customer", "shipping", None),
        (2, "bot", ANSWER, "sent"),
    ]


async def test_line_and_answer_are_written_down_as_a_worker_would_have_left_them(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shipping"))
    kept = await lines(database, reply_of(claim).conversation)
    assert [line.routed for line in kept] == ["answer:ship", "answer:ship"]
    assert (kept[1].status, reply_of(claim).attempt) == ("sending", 1)
    state = await table.find(database, reply_of(claim).conversation)
    assert (state.seq, state.handled, state.owed_since) == (2, 1, None)


async def test_a_conversation_whose_worker_is_gone_is_taken_up_before_it_goes_on(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    lost = reply_of(await admit(bus, said("shipping")))
    clock.advance(LEASE + SECOND)
    assert await admit(bus, said("shipping")) is None
    claim = await bus.claim(lost.conversation, await readings(bus, lost.conversation))
    assert reply_of(claim).seq == 4
    assert [status for *_, status in await shown(bus, lost.conversation)][1] == "unknown"


async def test_what_was_on_its_way_is_looked_at_though_its_lease_was_voided(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    lost = reply_of(await admit(bus, said("shipping")))
    await free_leases(database)  # as a program does that starts again
    assert await admit(bus, said("shipping")) is None
    assert await bus.due("fake", 10) == [lost.conversation]
    await bus.claim(lost.conversation, await readings(bus, lost.conversation))
    assert [status for *_, status in await shown(bus, lost.conversation)][1] == "unknown"


async def test_what_comes_while_another_has_the_conversation_waits_for_them(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    first = await admit(bus, said("shipping"))
    assert first
    assert await admit(bus, said("shipping")) is None
    await send_all(bus, first)
    assert await bus.due("fake", 10) == [first.conversation]
    claim = await bus.claim(first.conversation, await readings(bus, first.conversation))
    assert claim
    assert claim.reply


async def test_messages_at_once_are_answered_once_each_in_order(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claims = await asyncio.gather(*(admit(bus, said("shipping")) for _ in range(10)))
    [claim] = [one for one in claims if one]
    found = await lines(database, claim.conversation)
    assert sum(line.author is Author.CUSTOMER for line in found) == 10
    await send_all(bus, claim)
    while due := await bus.due("fake", 10):
        await send_all(bus, await bus.claim(due[0], await readings(bus, due[0])))
    said_by = [line.author for line in await lines(database, found[0].conversation)]
    assert said_by.count(Author.BOT) == 10


def reply_of(claim: Claim | None) -> Reply:
    assert claim
    assert claim.reply
    return claim.reply


async def send_all(bus: Bus, claim: Claim | None) -> None:
    while claim and claim.reply:
        claim = await bus.settle(claim, SENT)


async def say(bus: Bus, conversation: str, text: str) -> None:
    async def body(tx: Tx) -> None:
        state = await table.lock(tx, conversation)
        draft = Draft(Author.SYSTEM, text)
        state, _ = await bus.transcript.append(tx, state, draft, bus.clock())
        await table.save(tx, state, bus.clock(), due=bus.clock())

    await bus.database.transaction(body)


async def three_waiting(bus: Bus) -> Claim:
    receipt = await bus.accept(said("hi", kind=Kind.JOINED))
    for text in ("one", "two"):
        await say(bus, receipt.conversation, text)
    claim = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    assert claim
    return claim


async def test_what_waits_behind_a_reply_goes_along_or_comes_next(
    database: Database, clock: StillClock
) -> None:
    bus = replace(make_bus(database, clock), bundles=lambda channel: channel == "fake")
    claim = await three_waiting(bus)
    assert claim.reply
    assert [reply.text for reply in claim.reply.behind] == ["two", claim.reply.behind[1].text]
    after = await bus.settle(claim, replace(SENT, taken=1))
    assert after
    assert after.reply
    assert (after.reply.id, after.reply.attempt) == (claim.reply.behind[1].id, 1)
    await bus.settle(after, SENT)
    assert [status for *_, status in await shown(bus, claim.conversation)][1:] == ["sent"] * 3


async def test_what_went_along_shares_its_fate(database: Database, clock: StillClock) -> None:
    bus = replace(make_bus(database, clock), bundles=lambda channel: True)
    claim = await three_waiting(bus)
    await bus.settle(claim, Delivery(Fate.HELD, taken=2))
    assert [status for *_, status in await shown(bus, claim.conversation)][1:] == ["held"] * 3


async def test_channels_that_do_not_bundle_get_one_at_a_time(
    database: Database, clock: StillClock
) -> None:
    claim = await three_waiting(make_bus(database, clock))
    assert claim.reply
    assert claim.reply.behind == ()


async def test_an_answer_that_may_have_got_lost_in_its_response_is_sent_again(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shipping", message_id="1"))
    assert claim
    await bus.settle(claim, SENT)
    assert await bus.again(ANN, "1")
    repeated = await bus.claim(claim.conversation, {})
    assert repeated
    assert repeated.reply
    assert repeated.reply.text == ANSWER
    assert not await bus.again(ANN, "2")


async def test_an_answer_in_the_hands_of_the_living_is_left_to_them(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shipping", message_id="1"))
    assert claim
    assert await bus.again(ANN, "1")  # under way
    assert await bus.claim(claim.conversation, {}) is None
    clock.advance(LEASE + SECOND)  # its worker is gone
    assert await bus.again(ANN, "1")
    taken_over = await bus.claim(claim.conversation, {})
    assert taken_over
    assert taken_over.reply
    assert taken_over.reply.attempt == 2


async def test_what_went_another_way_or_answers_something_later_is_not_sent_again(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    for number in ("1", "2"):
        await send_all(bus, await admit(bus, said("shipping", message_id=number)))
    await database.transaction(
        lambda tx: tx.execute("UPDATE messages SET spent = 1 WHERE author = 'bot' AND seq = 2")
    )
    assert not await bus.again(ANN, "1")
    receipt = await bus.accept(said("shipping", message_id="1"))
    statuses = [status for *_, status in await shown(bus, receipt.conversation)]
    assert statuses == [None, "sent", None, "sent"]


async def test_a_held_answer_goes_out_when_its_question_comes_again(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shipping", message_id="1"))
    assert claim
    await bus.settle(claim, Delivery(Fate.HELD))
    assert await bus.again(ANN, "1")
    assert reply_of(await bus.claim(claim.conversation, {})).text == ANSWER


async def test_an_edit_changes_the_line_keeps_what_it_was_and_asks_nothing(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shippin", message_id="1"))
    await send_all(bus, claim)
    before = await shown(bus, (await bus.accept(said("shippin", message_id="1"))).conversation)
    edit = replace(said("shipping", message_id="1 edit"), edits="1")
    for _ in range(2):
        receipt, after = await bus.admit(edit, read_one("shipping"))
        assert after is None
    assert receipt.new is False
    [line, *rest] = await lines(database, receipt.conversation)
    assert (line.text, line.edited) == ("shipping", clock())
    assert len(rest) == len(before) - 1
    row = await database.row("SELECT text FROM revisions")
    assert row
    assert row["text"] == "shippin"


async def test_an_edit_of_what_was_never_seen_is_a_message(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, replace(said("shipping", message_id="1 edit"), edits="1"))
    assert claim
    assert claim.reply
    assert claim.reply.answers == "1"
    again, _ = await bus.admit(said("shipping", message_id="1"), read_one("shipping"))
    assert not again.new


async def test_what_is_to_be_tried_later_is_tried_when_the_customer_writes(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    claim = await admit(bus, said("shipping"))
    assert claim
    await bus.settle(claim, Delivery(Fate.UNREACHABLE, "not before midnight", 12 * 60 * MINUTE))
    assert await bus.due("fake", 10) == []
    assert reply_of(await admit(bus, said("hello?"))).text == ANSWER


async def test_what_was_merged_into_a_lost_response_is_sent_again_too(
    database: Database, clock: StillClock
) -> None:
    bus = replace(make_bus(database, clock), bundles=lambda channel: True)
    parked = await admit(bus, said("shipping", message_id="1"))
    assert parked
    await bus.settle(parked, Delivery(Fate.HELD))
    both = await admit(bus, said("shipping", message_id="2"))
    assert len(reply_of(both).behind) == 1
    clock.advance(LEASE + SECOND)  # the process is gone, the platform asks once more
    assert await bus.again(ANN, "2")
    again = reply_of(await bus.claim(parked.conversation, {}))
    assert [again.text, *(one.text for one in again.behind)] == [ANSWER, ANSWER]
