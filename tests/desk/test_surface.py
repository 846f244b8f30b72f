"""Agents who work elsewhere than in the console: the same deeds, the same refusals."""

from dataclasses import replace

import pytest

from gateway.clock import MINUTE
from gateway.conversation import Mode
from gateway.errors import Conflict, NotFound
from gateway.message import Attachment, Grant
from gateway.store import conversations as table
from handoff.agents import Role
from tests.desk.place import Place
from tests.gateway.house import ANN, BOB, said


async def test_a_seat_does_what_the_console_does(place: Place) -> None:
    await place.agent("Wang")
    await place.agent("Li")
    conversation = await place.waiting()
    surface = place.handoff.surface
    wang, li = await surface.seat("wang"), await surface.seat("Li")
    assert await surface.current() == [conversation]
    await wang.claim(conversation)
    with pytest.raises(Conflict) as refused:
        await li.claim(conversation)
    assert refused.value.facts["holder"]["name"] == "Wang"  # type: ignore[index]
    picture = Attachment("image", "a.png", "image/png", 7, id="f1")
    line = await wang.reply(conversation, "1", "hello", [picture])
    assert (await wang.reply(conversation, "1", "hello")).id == line.id
    await wang.note(conversation, "2", "only us")
    sheet = await surface.sheet(conversation, line.seq - 1)
    assert (sheet.holder, sheet.contact) == ("Wang", ANN)
    assert [(one.text, one.private, one.attachments) for one in sheet.lines] == [
        ("hello", False, (picture,)),
        ("only us", True, ()),
    ]
    await wang.close(conversation, "solved", seen=sheet.conversation.seq)
    assert await surface.current() == []
    assert (await surface.sheet(conversation)).conversation.mode is Mode.CLOSED


@pytest.mark.parametrize("to", ["care", "售后", "After-Sales"])
async def test_a_team_is_known_by_any_of_its_names(place: Place, to: str) -> None:
    await place.agent("Wang")
    conversation = await place.waiting()
    seat = await place.handoff.surface.seat("Wang")
    await seat.claim(conversation)
    await seat.transfer(conversation, to, "asks for a refund")
    sheet = await place.handoff.surface.sheet(conversation)
    assert (sheet.conversation.mode, sheet.team, sheet.holder) == (
        Mode.WAITING,
        "After-sales",
        "",
    )


async def test_a_colleague_is_given_it_and_nobody_is_not(place: Place) -> None:
    await place.agent("Wang")
    li = await place.agent("Li")
    conversation = await place.waiting()
    seat = await place.handoff.surface.seat("Wang")
    await seat.claim(conversation)
    with pytest.raises(NotFound):
        await seat.transfer(conversation, "Nobody", "")
    await seat.transfer(conversation, "li", "")
    assert (await table.find(place.database, conversation)).assignee == li.id
    assert await place.handoff.surface.colleagues() == ["Li", "Wang"]


async def test_only_those_who_work_at_the_desk_have_a_seat(place: Place) -> None:
    await place.agent("Ed", Role.EDITOR)
    gone = await place.agent("Gone")
    await place.people.disable("Gone")
    assert gone
    for name in ("Ed", "Gone", "Nobody"):
        with pytest.raises(NotFound):
            await place.handoff.surface.seat(name)


async def test_a_sheet_and_the_console_tell_what_may_still_be_sent(place: Place) -> None:
    grant = Grant("message", 5, 48 * 60 * MINUTE)
    receipt = await place.bus.accept(replace(said("hello", BOB), grant=grant))
    sheet = await place.handoff.surface.sheet(receipt.conversation)
    assert sheet.budget
    assert sheet.budget.left == 5
