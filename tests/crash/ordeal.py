"""The whole run: load, kills, restarts, a rest, and the verdict."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

from tests.crash.load import Agents, Customers, Visitor
from tests.crash.node_process import Node
from tests.crash.platform import Platform, free_port
from tests.crash.verdict import Ledger, Verdict

CUSTOMERS = 24
VISITORS = 4
AGENTS = 3


class Ordeal:
    """Random, but the same for the same seed as far as processes allow."""

    def __init__(self, folder: Path, seed: int, *, gently: bool = False) -> None:
        """`gently`: by SIGTERM and with a platform that is always well, so that all is known."""
        self._folder = folder
        self._chance = Random(seed)
        self._gently = gently

    async def run(self, kills: int) -> Verdict:
        """End the gateway so many times under load, let it come to rest, and judge."""
        platform = Platform(Random(self._chance.random()), moody=not self._gently)
        await platform.start()
        node = Node(self._folder, free_port(), platform.url)
        await node.start()
        customers = Customers(node.base, self._chance)
        agents = Agents(node.base, self._chance)
        await agents.sign_in("admin", node.password)
        visitors = [Visitor(node.base, self._chance) for _ in range(VISITORS)]
        load = [
            *(asyncio.create_task(customers.write(f"c{number}")) for number in range(CUSTOMERS)),
            *(asyncio.create_task(agents.work()) for _ in range(AGENTS)),
            *(asyncio.create_task(visitor.visit()) for visitor in visitors),
        ]
        for _ in range(kills):
            await asyncio.sleep(0.05 + self._chance.random() * 0.6)
            await self._end(node)
            await node.start()
        for task in load:
            task.cancel()
        await asyncio.gather(*load, return_exceptions=True)
        await _rest(node)
        for visitor in visitors:
            await visitor.catch_up()
        await node.stop()
        await platform.stop()
        with closing(Ledger(node.store)) as ledger:
            return ledger.judge(customers.accepted, agents.accepted, platform.arrivals, visitors)

    async def _end(self, node: Node) -> None:
        if not self._gently:
            await node.kill()
        elif status := await node.stop():
            raise RuntimeError(f"SIGTERM ended it with {status}")


async def _rest(node: Node) -> None:
    """Wait until no worker has anything to do."""
    deadline = time.monotonic() + 180
    while _busy(node.store):
        if time.monotonic() > deadline:
            raise TimeoutError("the gateway did not come to rest")
        await asyncio.sleep(0.2)


def _busy(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as store:
        due, on_the_way = store.execute(
            "SELECT (SELECT COUNT(*) FROM conversations WHERE due IS NOT NULL),"
            " (SELECT COUNT(*) FROM messages WHERE status IN ('pending', 'sending'))"
        ).fetchone()
    return bool(due or on_the_way)
