"""A message is taken in as what it was when it came."""

import asyncio
from types import SimpleNamespace
from typing import Any

from adapters.wechat.convert import Incoming
from adapters.wechat.reception import Reception
from adapters.wechat.turns import Patience, Turns
from gateway.adapter import Receipt
from gateway.message import Contact, Message

RATE = "5 ★"


async def test_what_is_offered_only_after_a_message_came_does_not_make_it_a_tap() -> None:
    async def receive(message: Message) -> Receipt:
        return Receipt("c", 1, new=True)

    async def state(contact: Contact) -> Any:
        return SimpleNamespace(handled=1)

    async def lines(contact: Contact, after: int) -> list[Any]:
        assert turn.accepted
        return []

    core: Any = SimpleNamespace(
        receive=receive, thread=SimpleNamespace(state=state, lines=lines), clock=lambda: 0
    )
    account: Any = SimpleNamespace(may_push=True)
    offered: Any = set()
    beside: Any = None
    reception = Reception(core, Turns(), account, beside, beside, offered, Patience(), "…")
    message = Message("m1", Contact("wechat", "ann"), RATE)
    turn, request = reception.enter(Incoming(theirs="ann", ours="us", message=message), message)
    offered.add(RATE)
    async with asyncio.timeout(20):
        await reception.answer(turn, request)
    assert turn.seq == 1
    await reception.stop()
