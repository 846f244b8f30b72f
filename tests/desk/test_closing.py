"""A close ends what the agent has seen, never a line that the customer wrote meanwhile."""

from dataclasses import replace

import pytest

from gateway.conversation import Mode
from gateway.errors import Conflict
from gateway.message import UNHELPFUL, Kind
from handoff.agents import Agent
from tests.desk.place import Place, Site
from tests.gateway.house import said


async def led(place: Place) -> tuple[Agent, str, int]:
    """A conversation in which an agent has answered; the seq of the answer."""
    conversation = await place.waiting()
    agent = await place.agent("Wang")
    await place.desk.claim(agent, conversation)
    line = await place.desk.reply(agent, conversation, "a", "Hello")
    return agent, conversation, line.seq


async def close(place: Place, agent: Agent, conversation: str, seen: int | None = None) -> None:
    await place.desk.close(agent, conversation, "solved", "", seen)


async def test_what_nobody_wrote_in_since_is_closed_with_and_without_a_seq(place: Place) -> None:
    for number, known in enumerate((True, False)):
        conversation = await place.waiting()
        agent = await place.agent(f"agent {number}")
        await place.desk.claim(agent, conversation)
        line = await place.desk.reply(agent, conversation, "a", "Hello")
        await close(place, agent, conversation, line.seq if known else None)
        assert (await place.state(conversation)).mode is Mode.CLOSED


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("handled", [True, False])
async def test_a_line_the_agent_has_not_seen_keeps_it_open(
    place: Place, known: bool, handled: bool
) -> None:
    agent, conversation, seq = await led(place)
    receipt = await place.write("one more thing")
    if handled:
        await place.work(conversation)
    with pytest.raises(Conflict, match="written since") as refused:
        await close(place, agent, conversation, seq if known else None)
    assert refused.value.facts == {"written": True}
    state = await place.state(conversation)
    assert (state.mode, state.owed_since is None) == (Mode.ASSIGNED, False)
    await close(place, agent, conversation, receipt.seq)
    assert (await place.state(conversation)).mode is Mode.CLOSED


async def test_a_line_that_was_read_keeps_nothing_open(place: Place) -> None:
    agent, conversation, _ = await led(place)
    receipt = await place.write("bye then")
    await place.work(conversation)
    await place.desk.mark_read(agent, conversation, receipt.seq)
    await close(place, agent, conversation)
    assert (await place.state(conversation)).mode is Mode.CLOSED


async def test_a_verdict_or_a_visit_keeps_nothing_open(place: Place) -> None:
    agent, conversation, seq = await led(place)
    verdict = replace(said("", kind=Kind.CHOICE), choice=f"{UNHELPFUL}ship")
    for message in (verdict, said("", kind=Kind.JOINED)):
        await place.bus.accept(message)
    await close(place, agent, conversation, seq)
    assert (await place.state(conversation)).mode is Mode.CLOSED


async def test_one_who_never_looked_closes_what_the_router_has_seen(place: Place) -> None:
    conversation = await place.waiting(text="buy followers")
    await close(place, await place.agent("Wang"), conversation)
    assert (await place.state(conversation)).mode is Mode.CLOSED


async def test_a_client_hears_that_the_customer_has_written(site: Site) -> None:
    browser = await site.sign_in("Wang")
    conversation = await site.place.waiting()
    path = f"/conversations/{conversation}"
    await browser.ask("POST", f"{path}/claim")
    _, line = await browser.ask("POST", f"{path}/messages", {"id": "a", "text": "Hello"})
    receipt = await site.place.write("wait")
    status, answer = await browser.ask("POST", f"{path}/close", {"seq": line["seq"]})
    assert (status, answer["error"]["code"], answer["error"]["written"]) == (409, "conflict", True)
    status, after = await browser.ask("POST", f"{path}/close", {"seq": receipt.seq})
    assert (status, after["mode"]) == (200, "closed")
    assert (await browser.ask("POST", f"{path}/close", {"seq": -1}))[0] == 400
