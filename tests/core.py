"""What the core offers to an adapter, for adapters that are tried without the whole program."""

from collections.abc import AsyncIterable
from typing import cast

from gateway.adapter import Core, Receive
from gateway.budgets import Budgets
from gateway.clock import Clock
from gateway.errors import Invalid, NotFound
from gateway.files import File
from gateway.hints import Hints
from gateway.journal import Journal
from gateway.message import Attachment, Contact
from gateway.notes import Notes
from gateway.store import Database, connect
from gateway.surface import Surface
from gateway.thread import Thread

NOWHERE = "sqlite:////nonexistent/store.db"  # never opened


class NoFiles:
    """For who keeps none."""

    async def keep(
        self, contact: Contact, attachment: Attachment, data: AsyncIterable[bytes]
    ) -> Attachment:
        """Keep nothing."""
        raise Invalid("no files are kept here", whose=(contact, attachment, data))

    async def find(self, id_: str) -> File:
        """Find nothing."""
        raise NotFound("no such file", id=id_)


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
