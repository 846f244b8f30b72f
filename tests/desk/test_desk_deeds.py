"""What agents do with conversations, one after the other and all at once."""

import asyncio
from dataclasses import replace

import pytest

from gateway.adapter import Delivery, Fate
from gateway.clock import MINUTE
from gateway.conversation import Mode
from gateway.errors import Conflict, Invalid, NotFound
from gateway.hints import Hint
from gateway.message import Author, Contact, Line, Status
from gateway.store.transcript import lines, thread
from handoff.agents import Agent, Role
from handoff.errors import Full
from tests.clock import StillClock
from tests.desk.place import Place
from tests.gateway.house import ANN, BOB, readings

RACERS = 8


async def last(place: Place, conversation: str) -> Line:
    return (await lines(place.database, conversation))[-1]


async def test_of_agents_who_claim_at_once_one_wins_and_the_others_hear_who(place: Place) -> None:
    conversation = await place.waiting()
    racers = [await place.agent(f"agent {number}") for number in range(RACERS)]
    results = await asyncio.gather(
        *(place.desk.claim(racer, conversation) for racer in racers), return_exceptions=True
    )
    state = await place.state(conversation)
    winner = next(racer for racer in racers if racer.id == state.assignee)
    lost = [one for one in results if isinstance(one, Conflict)]
    assert len(lost) == RACERS - 1
    assert all(one.facts["holder"] == {"id": winner.id, "name": winner.name} for one in lost)


async def test_an_agents_claim_silences_the_bot(place: Place) -> None:
    conversation = (await place.write("shipping")).conversation
    await place.bus.claim(conversation, await readings(place.bus, conversation))
    await place.write("shipping again")
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    bot = [one for one in await lines(place.database, conversation) if one.author is Author.BOT]
    assert [one.status for one in bot] == [Status.CANCELLED]
    await place.bus.claim(conversation, await readings(place.bus, conversation))
    assert len(await lines(place.database, conversation)) == 3
    assert (await place.state(conversation)).mode is Mode.ASSIGNED


async def test_claiming_ones_own_again_changes_nothing(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang", capacity=1)
    await place.desk.claim(agent, conversation)
    before = await place.state(conversation)
    await place.desk.claim(agent, conversation)
    assert await place.state(conversation) == before


async def test_nobody_leads_more_than_their_capacity_even_by_claiming_all_at_once(
    place: Place,
) -> None:
    waiting = [await place.waiting(Contact("fake", f"c{number}")) for number in range(RACERS)]
    agent = await place.agent("Wang", capacity=3)
    results = await asyncio.gather(
        *(place.desk.claim(agent, one) for one in waiting), return_exceptions=True
    )
    full = [one for one in results if isinstance(one, Full)]
    assert len(full) == RACERS - 3
    assert full[0].code == "full"
    assert full[0].facts == {"load": 3, "capacity": 3}


async def test_a_disabled_agent_takes_nothing(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.people.disable("Wang")
    with pytest.raises(NotFound):
        await place.desk.claim(agent, conversation)
    assert (await place.state(conversation)).mode is Mode.WAITING


async def test_a_reply_pays_what_is_owed_and_waits_to_be_sent(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    line = await place.desk.reply(agent, conversation, "a", "Hello")
    assert (line.author, line.name, line.status) == (Author.AGENT, "Wang", Status.PENDING)
    assert (await place.state(conversation)).owed_since is None
    assert await place.bus.due("fake", 10) == [conversation]


async def test_the_same_reply_sent_many_times_at_once_is_one(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    said = await asyncio.gather(
        *(place.desk.reply(agent, conversation, "a", "Hello") for _ in range(RACERS))
    )
    assert len({line.id for line in said}) == 1
    assert [one.text for one in await lines(place.database, conversation)].count("Hello") == 1


async def test_a_replys_id_is_good_for_one_conversation(place: Place) -> None:
    first, second = await place.waiting(ANN), await place.waiting(BOB)
    agent = await place.agent("Wang")
    for conversation in (first, second):
        await place.desk.claim(agent, conversation)
    results = await asyncio.gather(
        *(place.desk.reply(agent, one, "a", "Hello") for one in (first, second)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Line"]


async def test_two_agents_may_use_the_same_id(place: Place) -> None:
    first, second = await place.waiting(ANN), await place.waiting(BOB)
    wang, li = await place.agent("Wang"), await place.agent("Li")
    await place.desk.claim(wang, first)
    await place.desk.claim(li, second)
    one = await place.desk.reply(wang, first, "a", "Hello")
    two = await place.desk.reply(li, second, "a", "Hello")
    assert one.id != two.id


async def test_only_who_leads_may_reply(place: Place) -> None:
    conversation = await place.waiting()
    wang, li = await place.agent("Wang"), await place.agent("Li")
    with pytest.raises(Conflict, match="take the conversation"):
        await place.desk.reply(wang, conversation, "a", "Hello")
    await place.desk.claim(wang, conversation)
    with pytest.raises(Conflict, match="Wang") as refused:
        await place.desk.reply(li, conversation, "a", "Hello")
    assert refused.value.facts["holder"] == {"id": wang.id, "name": "Wang"}


async def test_a_note_is_for_colleagues_only(place: Place) -> None:
    conversation = await place.waiting()
    wang, li = await place.agent("Wang"), await place.agent("Li")
    await place.desk.claim(wang, conversation)
    note = await place.desk.note(li, conversation, "n", "She called yesterday.")
    again = await place.desk.note(li, conversation, "n", "She called yesterday.")
    assert note.private
    assert (note.status, again.id) == (None, note.id)
    assert "She called" not in str(await thread(place.database, ANN.key))
    assert (await place.state(conversation)).owed_since is not None


async def test_an_id_of_a_reply_is_none_of_a_note(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    await place.desk.note(agent, conversation, "a", "secret")
    with pytest.raises(Conflict):
        await place.desk.reply(agent, conversation, "a", "Hello")


async def test_a_transfer_to_a_colleague_carries_a_note(place: Place) -> None:
    conversation = await place.waiting()
    wang, li = await place.agent("Wang"), await place.agent("Li", Role.AGENT, "care")
    await place.desk.claim(wang, conversation)
    await place.desk.pass_to_agent(wang, conversation, li.id, "knows lenses")
    state, note = await place.state(conversation), await last(place, conversation)
    assert (state.mode, state.assignee) == (Mode.ASSIGNED, li.id)
    assert (note.text, note.private, note.name) == ("→ Li: knows lenses", True, "Wang")


async def test_a_transfer_to_a_team_puts_it_in_that_queue(place: Place, clock: object) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang", Role.AGENT, "sales")
    await place.desk.claim(agent, conversation)
    await place.desk.pass_to_team(agent, conversation, "care", "售后", "")
    state = await place.state(conversation)
    assert (state.mode, state.team, state.assignee) == (Mode.WAITING, "care", None)
    assert (await last(place, conversation)).text == "→ 售后"
    with pytest.raises(NotFound):
        await place.desk.claim(agent, conversation)


async def test_a_transfer_respects_the_colleagues_capacity(place: Place) -> None:
    first, second = await place.waiting(ANN), await place.waiting(BOB)
    wang, li = await place.agent("Wang"), await place.agent("Li", capacity=1)
    for conversation in (first, second):
        await place.desk.claim(wang, conversation)
    await place.desk.pass_to_agent(wang, first, li.id, "")
    with pytest.raises(Full):
        await place.desk.pass_to_agent(wang, second, li.id, "")
    assert (await place.state(second)).assignee == wang.id


async def test_two_who_pass_to_each_other_at_once_both_succeed_or_hear_why(place: Place) -> None:
    first, second = await place.waiting(ANN), await place.waiting(BOB)
    wang, li = await place.agent("Wang", capacity=1), await place.agent("Li", capacity=1)
    await place.desk.claim(wang, first)
    await place.desk.claim(li, second)
    results = await asyncio.gather(
        place.desk.pass_to_agent(wang, first, li.id, ""),
        place.desk.pass_to_agent(li, second, wang.id, ""),
        return_exceptions=True,
    )
    assert all(result is None or isinstance(result, Full) for result in results)


async def test_an_editor_is_given_no_conversation(place: Place) -> None:
    conversation = await place.waiting()
    wang, editor = await place.agent("Wang"), await place.agent("Ed", Role.EDITOR)
    await place.desk.claim(wang, conversation)
    with pytest.raises(Invalid):
        await place.desk.pass_to_agent(wang, conversation, editor.id, "")
    with pytest.raises(NotFound):
        await place.desk.claim(editor, conversation)


async def test_a_conversation_given_back_is_the_bots_again(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    await place.desk.give_back(agent, conversation)
    await place.write("shipping")
    await place.work(conversation)
    assert (await last(place, conversation)).author is Author.BOT


@pytest.mark.parametrize(("language", "words"), [("zh", "感谢您的光临"), ("en", "How did we do?")])
async def test_a_close_thanks_the_customer_and_asks_for_a_rating(
    place: Place, language: str, words: str
) -> None:
    conversation = await place.waiting(replace(ANN, language=language))
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    await place.desk.close(agent, conversation, "solved", "wanted lenses")
    state, farewell = await place.state(conversation), await last(place, conversation)
    assert (state.mode, state.outcome, state.summary) == (Mode.CLOSED, "solved", "wanted lenses")
    assert (state.owed_since, state.assignee) == (None, agent.id)
    assert words in farewell.text
    assert [one.id for one in farewell.suggestions] == [f"rate:{star}" for star in (5, 4, 3, 2, 1)]


async def test_a_close_of_what_nobody_led_asks_for_no_rating(place: Place) -> None:
    conversation = await place.waiting()
    await place.desk.close(await place.agent("Wang"), conversation, "spam", "")
    farewell = await last(place, conversation)
    assert farewell.author is Author.SYSTEM
    assert farewell.suggestions == ()


async def test_of_a_close_and_a_reply_at_once_nothing_is_said_after_the_end(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    await asyncio.gather(
        place.desk.close(agent, conversation, "solved", ""),
        *(place.desk.reply(agent, conversation, str(number), "Hello") for number in range(RACERS)),
        return_exceptions=True,
    )
    said = await lines(place.database, conversation)
    assert said[-1].author is Author.SYSTEM
    assert [one.seq for one in said] == list(range(1, len(said) + 1))


@pytest.mark.parametrize("deed", ["claim", "reply", "note", "give_back", "close"])
async def test_nothing_is_done_to_a_closed_conversation(place: Place, deed: str) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    await place.desk.close(agent, conversation, "", "")
    words = {"reply": ("k", "x"), "note": ("k", "x"), "close": ("", "")}.get(deed, ())
    with pytest.raises(Conflict, match="closed"):
        await getattr(place.desk, deed)(agent, conversation, *words)


async def test_a_supervisor_may_take_a_conversation_away(place: Place) -> None:
    conversation = await place.waiting()
    wang, li = await place.agent("Wang"), await place.agent("Li")
    boss = await place.agent("Boss", Role.SUPERVISOR)
    await place.desk.claim(wang, conversation)
    with pytest.raises(Conflict):
        await place.desk.pass_to_agent(li, conversation, li.id, "mine")
    await place.desk.pass_to_agent(boss, conversation, boss.id, "let me")
    assert (await place.state(conversation)).assignee == boss.id


@pytest.mark.parametrize("fate", [Fate.UNKNOWN, Fate.REJECTED])
async def test_a_reply_of_unknown_fate_is_sent_again_once(place: Place, fate: Fate) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    line = await place.desk.reply(agent, conversation, "a", "Hello")
    await place.work(conversation, Delivery(fate, "timed out"))
    assert (await last(place, conversation)).status in (Status.UNKNOWN, Status.DEAD)
    twice = await asyncio.gather(
        *(place.desk.resend(agent, conversation, line.id) for _ in range(2))
    )
    assert [one.status for one in twice] == [Status.PENDING, Status.PENDING]
    await place.work(conversation)
    again = await last(place, conversation)
    assert (again.id, again.status, again.detail) == (line.id, Status.SENT, "")
    assert (await place.state(conversation)).owed_since is None


async def test_a_reply_sent_again_has_all_its_tries(place: Place, clock: StillClock) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    line = await place.desk.reply(agent, conversation, "a", "Hello")
    tries = []
    for _ in range(2):
        tries.append(0)
        while (await last(place, conversation)).status is Status.PENDING:
            clock.advance(60 * MINUTE)
            await place.work(conversation, Delivery(Fate.RETRY, "busy"))
            tries[-1] += 1
        await place.desk.resend(agent, conversation, line.id)
    assert tries[0] == tries[1] > 1


async def test_a_reply_sent_again_is_no_answer_to_what_was_asked_since(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    line = await place.desk.reply(agent, conversation, "a", "Hello")
    await place.work(conversation, Delivery(Fate.UNKNOWN, "timed out"))
    await place.write("are you there?")
    await place.desk.resend(agent, conversation, line.id)
    assert (await place.state(conversation)).owed_since is not None


async def test_a_reply_that_arrived_is_not_sent_again(place: Place) -> None:
    conversation = await place.waiting()
    line = await last(place, conversation)
    with pytest.raises(Conflict):
        await place.desk.resend(await place.agent("Wang"), conversation, line.id)


async def test_a_takeover_is_not_followed_by_a_bots_reply_sent_again(place: Place) -> None:
    conversation = (await place.write("shipping")).conversation
    await place.work(conversation, Delivery(Fate.UNKNOWN, "timed out"))
    bot = next(one for one in await lines(place.database, conversation) if one.author is Author.BOT)
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    with pytest.raises(Conflict, match="bot"):
        await place.desk.resend(agent, conversation, bot.id)
    await place.desk.release(agent.id)
    with pytest.raises(Conflict, match="bot"):
        await place.desk.resend(agent, conversation, bot.id)


async def test_what_a_customer_wrote_or_a_note_is_no_delivery(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    note = await place.desk.note(agent, conversation, "", "x")
    asked = (await lines(place.database, conversation))[0]
    for line in (note, asked):
        with pytest.raises(NotFound):
            await place.desk.resend(agent, conversation, line.id)


async def test_who_goes_leaves_their_conversations_in_the_queue(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    owed = (await place.state(conversation)).owed_since
    assert await place.desk.release(agent.id) == 1
    state = await place.state(conversation)
    assert (state.mode, state.assignee, state.waiting_since) == (Mode.WAITING, None, owed)
    assert await place.desk.release(agent.id) == 0


async def test_the_bot_stays_silent_where_the_agent_has_gone(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    await place.desk.release(agent.id)
    await place.write("shipping")
    await place.work(conversation)
    state = await place.state(conversation)
    assert (state.mode, state.led, state.owed_since is None) == (Mode.WAITING, True, False)
    assert (await last(place, conversation)).text == "shipping"


async def test_another_teams_conversation_does_not_exist_for_any_deed(place: Place) -> None:
    conversation = await place.waiting_for("care", ANN)
    agent = await place.agent("Wang", Role.AGENT, "sales")
    desk = place.desk
    for deed in (
        desk.claim(agent, conversation),
        desk.reply(agent, conversation, "a", "x"),
        desk.note(agent, conversation, "a", "x"),
        desk.pass_to_agent(agent, conversation, agent.id, ""),
        desk.pass_to_team(agent, conversation, "sales", "", ""),
        desk.give_back(agent, conversation),
        desk.close(agent, conversation, "", ""),
        desk.resend(agent, conversation, "00"),
        desk.mark_read(agent, conversation, 1),
    ):
        with pytest.raises(NotFound):
            await deed


async def test_every_deed_tells_workers_and_sockets(place: Place) -> None:
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    async with place.hints.listen() as board:
        await place.desk.claim(agent, conversation)
        heard = [await anext(board), await anext(board)]
    assert heard == [
        Hint("work", conversation, ANN.key, "fake"),
        Hint("changed", conversation, ANN.key),
    ]


async def test_agents_and_a_customer_at_once_leave_no_gap_and_no_bot_after_the_agent(
    place: Place,
) -> None:
    conversation = (await place.write("shipping")).conversation
    agents: list[Agent] = [await place.agent(f"agent {number}") for number in range(3)]

    async def work() -> None:
        for _ in range(6):
            await place.bus.claim(conversation, await readings(place.bus, conversation))

    async def lead(agent: Agent) -> None:
        await place.desk.claim(agent, conversation)
        await place.desk.reply(agent, conversation, "a", "I am here")

    await asyncio.gather(
        *(place.write("shipping") for _ in range(6)),
        work(),
        *(lead(agent) for agent in agents),
        return_exceptions=True,
    )
    said = await lines(place.database, conversation)
    assert [one.seq for one in said] == list(range(1, len(said) + 1))
    first = next(one.seq for one in said if one.author is Author.AGENT)
    later = [one for one in said if one.author is Author.BOT and one.seq > first]
    assert later == []
    assert len({one.name for one in said if one.author is Author.AGENT}) == 1
