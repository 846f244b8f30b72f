"""The mailbox on both stores: durable, once, in order, fenced."""

import asyncio
from collections.abc import Callable

import pytest

from gateway.adapter import SENT, Delivery, Fate
from gateway.bus import Bus
from gateway.clock import SECOND
from gateway.conversation import (
    Conversation,
    Mode,
    give_back,
    release,
    take,
    transfer_to_team,
)
from gateway.message import Author, Kind, Message
from gateway.store import Database, Tx
from gateway.store import conversations as table
from gateway.store.inbox import IDLE
from gateway.store.leases import LEASE
from gateway.store.transcript import Draft, lines, silence_bot
from gateway.texts import TEXTS
from tests.clock import StillClock
from tests.gateway.house import (
    ANN,
    BOB,
    RESEND,
    FakeAdapter,
    make_bus,
    readings,
    said,
    shown,
    turn,
    without_name,
)

QUEUED = TEXTS["queued"]["en"]
ANSWER = "Within 48 hours."


async def test_the_same_message_however_often_is_one_row(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipts = await asyncio.gather(*(bus.accept(said("hi", message_id="1")) for _ in range(10)))
    assert sum(receipt.new for receipt in receipts) == 1
    assert {(receipt.conversation, receipt.seq) for receipt in receipts} == {
        (receipts[0].conversation, 1)
    }
    assert len(await shown(bus, receipts[0].conversation)) == 1


async def test_first_messages_at_once_open_one_conversation_without_gaps(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipts = await asyncio.gather(*(bus.accept(said(f"m{n}")) for n in range(20)))
    assert len({receipt.conversation for receipt in receipts}) == 1
    assert sorted(receipt.seq for receipt in receipts) == list(range(1, 21))


async def test_a_known_question_is_answered_and_nothing_is_owed(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    assert await shown(bus, receipt.conversation) == [
        (1, "customer", "shipping", None),
        (2, "bot", ANSWER, "sent"),
    ]
    state = await table.find(database, receipt.conversation)
    assert (state.mode, state.owed_since, state.handled) == (Mode.BOT, None, 1)
    assert await bus.due("fake", 10) == []
    assert (adapter.sent[0].answers, adapter.sent[0].attempt) != ("", 0)
    kept = await lines(database, receipt.conversation)
    assert [line.routed for line in kept] == ["answer:ship", "answer:ship"]
    assert [line.answered_by for line in kept] == ["", "ship"]


async def test_a_verdict_on_an_answer_owes_nothing(database: Database, clock: StillClock) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    await bus.accept(Message("v", ANN, "Helpful", Kind.CHOICE, choice="@helpful:ship"))
    assert (await table.find(database, receipt.conversation)).owed_since is None


async def test_an_unknown_question_waits_for_a_person_and_is_owed(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("what?"))
    await turn(bus, receipt, adapter)
    state = await table.find(database, receipt.conversation)
    assert (state.mode, state.waiting_since, state.owed_since) == (
        Mode.WAITING,
        clock.now,
        clock.now,
    )
    assert [reply.text for reply in adapter.sent] == [QUEUED]


async def test_a_bot_that_fails_is_never_silent(database: Database, clock: StillClock) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    await turn(bus, await bus.accept(said("failure")), adapter)
    assert [reply.text for reply in adapter.sent] == [QUEUED]


async def test_only_one_worker_gets_a_conversation(database: Database, clock: StillClock) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("shipping"))
    read = await readings(bus, receipt.conversation)
    claims = await asyncio.gather(*(bus.claim(receipt.conversation, read) for _ in range(5)))
    assert sum(claim is not None for claim in claims) == 1
    assert len(await shown(bus, receipt.conversation)) == 2


async def test_lines_are_answered_in_their_order(database: Database, clock: StillClock) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    await bus.accept(said("what?"))
    await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER, QUEUED, ANSWER]
    assert [reply.seq for reply in adapter.sent] == [4, 5, 6]


async def test_a_line_that_comes_during_the_reading_waits_for_the_next_claim(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    read = await readings(bus, receipt.conversation)
    await bus.accept(said("what?"))
    claim = await bus.claim(receipt.conversation, read)
    assert claim
    assert await bus.settle(claim, SENT)
    assert await bus.due("fake", 10) == [receipt.conversation]
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [QUEUED]


async def test_a_worker_past_its_lease_is_fenced(database: Database, clock: StillClock) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("shipping"))
    slow = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    assert slow
    clock.advance(LEASE + 1)
    assert await bus.claim(receipt.conversation, {})
    assert await bus.settle(slow, SENT) is None
    assert (await shown(bus, receipt.conversation))[1][3] == "unknown"


async def test_a_refused_reply_is_tried_again_later_before_what_follows(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.RETRY, "429")])
    receipt = await bus.accept(said("shipping"))
    await bus.accept(said("what?"))
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER]
    await turn(bus, receipt, adapter)
    assert len(adapter.sent) == 1, "not before the pause is over"
    clock.advance(SECOND)
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER, ANSWER, QUEUED]


async def test_a_reply_that_is_refused_eight_times_is_a_dead_letter_at_the_desk(
    database: Database, clock: StillClock
) -> None:
    refusals = [Delivery(Fate.RETRY, "no")] * 8
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=refusals)
    receipt = await bus.accept(said("shipping"))
    for _ in range(8):
        await turn(bus, receipt, adapter)
        clock.advance(61 * SECOND)
    assert (await shown(bus, receipt.conversation))[1] == (2, "bot", ANSWER, "dead")
    state = await table.find(database, receipt.conversation)
    assert state.mode is Mode.WAITING
    assert state.owed_since


async def test_an_unknown_fate_is_held_for_a_person(database: Database, clock: StillClock) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.UNKNOWN, "?")])
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    clock.advance(61 * SECOND)
    await turn(bus, receipt, adapter)
    assert len(adapter.sent) == 1
    assert (await shown(bus, receipt.conversation))[1][3] == "unknown"
    assert (await table.find(database, receipt.conversation)).owed_since


async def test_an_unknown_fate_may_be_resent_once(database: Database, clock: StillClock) -> None:
    fates = [Delivery(Fate.UNKNOWN), Delivery(Fate.UNKNOWN)]
    bus, adapter = make_bus(database, clock, retry=RESEND), FakeAdapter(outcomes=fates)
    receipt = await bus.accept(said("shipping"))
    for _ in range(3):
        await turn(bus, receipt, adapter)
        clock.advance(61 * SECOND)
    assert [reply.attempt for reply in adapter.sent] == [1, 2]
    assert (await shown(bus, receipt.conversation))[1][3] == "unknown"


async def test_a_held_reply_goes_out_when_the_customer_writes(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.HELD)])
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    assert (await shown(bus, receipt.conversation))[1][3] == "held"
    await bus.accept(said("what?"))
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER, ANSWER, QUEUED]


async def test_a_takeover_between_claim_and_settle_cancels_what_is_not_sent(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("shipping"))
    await bus.accept(said("shipping"))
    claim = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    assert claim
    await _take_over(bus, receipt.conversation)
    after = await bus.settle(claim, Delivery(Fate.RETRY))
    assert after
    assert after.reply is None
    statuses = [status for *_, status in await shown(bus, receipt.conversation)]
    assert statuses == [None, None, "cancelled", "cancelled"]
    assert (await table.find(database, receipt.conversation)).owed_since is not None


async def test_a_reply_that_left_before_the_takeover_is_told_as_sent(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("shipping"))
    claim = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    assert claim
    await _take_over(bus, receipt.conversation)
    await bus.settle(claim, SENT)
    assert (await shown(bus, receipt.conversation))[1][3] == "sent"


async def _take_over(bus: Bus, conversation: str) -> None:
    async def body(tx: Tx) -> None:
        state = take(await table.lock(tx, conversation), "agent")
        await table.save(tx, await silence_bot(tx, state, bus.clock()), bus.clock())

    await bus.database.transaction(body)


async def test_a_held_reply_of_the_bot_is_taken_back_too(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.HELD)])
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    await _take_over(bus, receipt.conversation)
    await bus.accept(said("are you there?"))
    await turn(bus, receipt, adapter)
    assert len(adapter.sent) == 1
    assert (await shown(bus, receipt.conversation))[1][3] == "cancelled"


@pytest.mark.parametrize("left", [release, lambda state, at: transfer_to_team(state, "team", at)])
async def test_the_bot_stays_silent_in_the_queue_after_a_person_has_led(
    database: Database, clock: StillClock, left: Callable[[Conversation, int], Conversation]
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("what?"))
    await turn(bus, receipt, adapter)
    await _take_over(bus, receipt.conversation)

    async def leave(tx: Tx) -> None:
        state = await table.lock(tx, receipt.conversation)
        await table.save(tx, left(state, clock.now), clock.now)

    await database.transaction(leave)
    await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [QUEUED]
    assert (await table.find(database, receipt.conversation)).owed_since


async def test_of_two_questions_in_one_claim_the_unanswered_one_stays_owed(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    clock.advance(SECOND)
    await bus.accept(said("what?"))
    await turn(bus, receipt, adapter)
    state = await table.find(database, receipt.conversation)
    assert (state.mode, state.owed_since) == (Mode.WAITING, clock.now)


async def test_a_question_that_was_not_read_yet_is_owed_when_the_one_before_is_answered(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("shipping"))
    read = await readings(bus, receipt.conversation)
    await bus.accept(said("what?"))
    await bus.claim(receipt.conversation, read)
    assert (await table.find(database, receipt.conversation)).owed_since


async def test_a_settlement_whose_word_got_lost_can_be_said_again(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    await bus.accept(said("what?"))
    claim = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    assert claim
    first, again = await bus.settle(claim, SENT), await bus.settle(claim, SENT)
    assert first
    assert again
    assert first.reply == again.reply
    while again and again.reply:
        again = await bus.settle(again, await adapter.send(again.reply))
    statuses = [status for *_, status in await shown(bus, receipt.conversation)]
    assert statuses == [None, None, "sent", "sent"]


async def test_what_an_ended_chat_held_goes_out_before_the_next_one_answers(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.HELD)])
    first = await bus.accept(said("shipping"))
    await turn(bus, first, adapter)
    await _close(bus, first.conversation)
    second = await bus.accept(said("what?"))
    await turn(bus, second, adapter)
    assert len(adapter.sent) == 1, "the older reply first"
    await turn(bus, first, adapter)
    clock.advance(SECOND)
    await turn(bus, second, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER, ANSWER, QUEUED]


async def test_an_answer_that_did_not_reach_a_closed_chat_is_owed_until_it_does(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("shipping"))
    claim = await bus.claim(receipt.conversation, await readings(bus, receipt.conversation))
    assert claim
    await _close(bus, receipt.conversation)
    await bus.settle(claim, Delivery(Fate.UNKNOWN))
    assert (await table.find(database, receipt.conversation)).owed_since
    await _say(bus, receipt.conversation, Draft(Author.SYSTEM, "How did we do?"))
    await turn(bus, receipt, FakeAdapter())
    assert (await table.find(database, receipt.conversation)).owed_since, "that was no answer"
    await _say(bus, receipt.conversation, Draft(Author.AGENT, "again"))
    await turn(bus, receipt, FakeAdapter())
    assert (await table.find(database, receipt.conversation)).owed_since is None


async def _say(bus: Bus, conversation: str, draft: Draft) -> None:
    async def body(tx: Tx) -> None:
        state, _ = await bus.transcript.append(
            tx, await table.lock(tx, conversation), draft, bus.clock()
        )
        await table.save(tx, state, bus.clock(), due=bus.clock())

    await bus.database.transaction(body)


async def test_a_platform_that_is_down_makes_no_dead_letters(
    database: Database, clock: StillClock
) -> None:
    down = [Delivery(Fate.UNREACHABLE, "connection refused")] * 30
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=down)
    receipt = await bus.accept(said("shipping"))
    for _ in range(31):
        await turn(bus, receipt, adapter)
        clock.advance(61 * SECOND)
    assert (await shown(bus, receipt.conversation))[1][3] == "sent"


async def test_what_is_pending_goes_out_though_a_question_can_not_be_handled(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.RETRY)])
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    await bus.accept(said("poison"))
    for _ in range(8):
        await bus.fail(receipt.conversation)
    clock.advance(61 * SECOND)
    await turn(bus, receipt, adapter)
    assert [reply.text for reply in adapter.sent] == [ANSWER, ANSWER]


async def test_a_chat_that_is_owed_an_answer_never_ends_by_itself(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    first = await bus.accept(said("what?"))
    await turn(bus, first, adapter)

    async def back(tx: Tx) -> None:
        state = await table.lock(tx, first.conversation)
        await table.save(tx, give_back(state), clock.now)

    await database.transaction(back)
    clock.advance(IDLE + 1)
    assert (await bus.accept(said("shipping"))).conversation == first.conversation


async def test_where_customers_resume_a_committed_reply_is_delivered(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock, resumes=True), FakeAdapter()
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    assert adapter.sent == []
    assert (await shown(bus, receipt.conversation))[1][3] == "sent"
    assert await bus.due("fake", 10) == []


async def test_a_rating_goes_to_the_conversation_that_ended(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    first = await bus.accept(said("one"))
    await _close(bus, first.conversation)
    rating = Message("r1", ANN, "quick", Kind.RATING, rating=5)
    assert (await bus.accept(rating)).conversation == first.conversation
    row = await database.row("SELECT rating, comment FROM conversations")
    assert row
    assert (row["rating"], row["comment"]) == (5, "quick")
    nobody = await bus.accept(Message("r2", BOB, "", Kind.RATING, rating=1))
    assert nobody.conversation == ""


async def _close(bus: Bus, conversation: str) -> None:
    async def body(tx: Tx) -> None:
        now = bus.clock()
        state = await table.lock(tx, conversation)
        await tx.execute(
            "UPDATE conversations SET mode = 'closed', closed = ? WHERE id = ?", now, state.id
        )

    await bus.database.transaction(body)


async def test_the_next_conversation_counts_on_from_the_last_line(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    first = await bus.accept(said("one"))
    await _close(bus, first.conversation)
    second = await bus.accept(said("two"))
    assert second.conversation != first.conversation
    assert second.seq == 2
    again = await bus.accept(said("one", message_id="x"))
    assert again.conversation == second.conversation


async def test_a_repeated_message_of_a_closed_conversation_opens_nothing(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    first = await bus.accept(said("one", message_id="same"))
    await _close(bus, first.conversation)
    again = await bus.accept(said("one", message_id="same"))
    assert (again.conversation, again.new) == (first.conversation, False)


async def test_a_chat_with_the_bot_ends_when_its_customer_was_long_away(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    first = await bus.accept(said("shipping"))
    await turn(bus, first, adapter)
    clock.advance(IDLE + 1)
    second = await bus.accept(said("shipping"))
    assert second.conversation != first.conversation
    assert (await table.find(database, first.conversation)).outcome == "idle"


async def test_a_chat_that_waits_for_a_person_never_ends_by_itself(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter()
    first = await bus.accept(said("what?"))
    await turn(bus, first, adapter)
    clock.advance(10 * IDLE)
    assert (await bus.accept(said("hello?"))).conversation == first.conversation


async def test_who_leaves_closes_the_chat_and_drops_what_is_not_sent(
    database: Database, clock: StillClock
) -> None:
    bus, adapter = make_bus(database, clock), FakeAdapter(outcomes=[Delivery(Fate.HELD)])
    receipt = await bus.accept(said("shipping"))
    await turn(bus, receipt, adapter)
    await bus.accept(said("", kind=Kind.LEFT))
    again = await bus.accept(said("shipping"))
    assert again.conversation != receipt.conversation
    await turn(bus, receipt, adapter)
    state = await table.find(database, receipt.conversation)
    assert (state.mode, state.outcome, state.owed_since) == (Mode.CLOSED, "left", None)
    assert len(adapter.sent) == 1
    assert (await bus.accept(said("", BOB, kind=Kind.LEFT))).conversation == ""


async def test_a_name_once_given_stays(database: Database, clock: StillClock) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("one"))
    await bus.accept(said("two", without_name(ANN)))
    state = await table.find(database, receipt.conversation)
    assert (await table.contact_of(database, state)).name == "Ann"


async def test_what_no_worker_can_handle_is_a_persons_after_eight_times(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipt = await bus.accept(said("poison"))
    for _ in range(8):
        await bus.fail(receipt.conversation)
        clock.advance(61 * SECOND)
    state = await table.find(database, receipt.conversation)
    assert state.mode is Mode.WAITING
    assert await bus.due("fake", 10) == []
    assert (await shown(bus, receipt.conversation))[0][3] == "dead"
