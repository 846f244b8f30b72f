"""What has not gone out is found by its index, however much a contact has said before."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from gateway.conversation import Conversation, Mode
from gateway.store import Row, Tx, Value, connect, outbox
from tests.gateway.house import ANN

CHAT = Conversation("c", ANN.key, ANN.channel, Mode.BOT, 0)


class Explaining:
    """A transaction that keeps how SQLite goes about every statement."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.plans: list[str] = []

    async def rows(self, sql: str, *values: Value) -> Sequence[Row]:
        await self._explain(sql, values)
        return await self.tx.rows(sql, *values)

    async def row(self, sql: str, *values: Value) -> Row | None:
        await self._explain(sql, values)
        return await self.tx.row(sql, *values)

    async def execute(self, sql: str, *values: Value) -> int:
        await self._explain(sql, values)
        return await self.tx.execute(sql, *values)

    async def _explain(self, sql: str, values: tuple[Value, ...]) -> None:
        plan = await self.tx.rows(f"EXPLAIN QUERY PLAN {sql}", *values)
        self.plans += [row["detail"] for row in plan if "messages" in row["detail"]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: outbox.drop(tx, ANN.key, 0),
        lambda tx: outbox.release_held(tx, ANN.key, 0),
        lambda tx: outbox.next_reply(tx, CHAT, ANN, [], 0),
    ],
    ids=["drop", "release", "next"],
)
async def test_what_has_not_gone_out_has_an_index(
    tmp_path: Path, ask: Callable[[Tx], Awaitable[object]]
) -> None:
    store = connect(f"sqlite:///{tmp_path}/one.db")
    await store.open()

    async def body(tx: Tx) -> list[str]:
        explaining = Explaining(tx)
        await ask(explaining)
        return explaining.plans

    [plan] = await store.transaction(body)
    await store.close()
    assert plan == "SEARCH messages USING INDEX messages_unsent (contact=?)"
