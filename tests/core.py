"""What the core offers to an adapter, for adapters that are tried without the whole program."""

from typing import cast

from gateway.adapter import Core, Receive
from gateway.budgets import Budgets
from gateway.clock import Clock
from gateway.files import NoFiles
from gateway.hints import Hints
from gateway.journal import Journal
from gateway.message import Contact
from gateway.notes import Notes
from gateway.store import Database, connect
from gateway.surface import Surface
from gateway.thread import Thread

NOWHERE = "sqlite:////nonexistent/store.db"  # never opened


def make_core(
    receive: Receive,
    thread: Thread,
    hints: Hints,
    clock: Clock,
    key: bytes,
    database: Database | None = None,
) -> Core:
    database = database or connect(NOWHERE)

    async def again(contact: Contact, message: str) -> bool:
        return False

    return Core(
        receive=receive,
        again=again,
        thread=thread,
        hints=hints,
        clock=clock,
        key=key,
        notes=Notes(database, "website", clock),
        journal=Journal(database, "website", clock),
        budgets=Budgets(database, hints, clock),
        files=NoFiles(),
        surface=cast("Surface", None),  # who shows no desk does not ask for it
    )
