"""One node of several does what only one may: it polls, and sees to what others left behind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from gateway.clock import SECOND
from gateway.errors import StoreUnavailable
from gateway.lease import Lease

LASTS = 10 * SECOND
RENEWED = 3.0  # seconds

Work = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


class Duty:
    """Runs its work on the node that has the lease (`is_ours`), and nowhere else."""

    def __init__(self, lease: Lease, work: Work) -> None:
        """`lease` lasts LASTS; `work` runs until it is cancelled."""
        self.is_ours = False
        self._lease = lease
        self._work = work
        self._working: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Try to have the lease, and work while it is ours, until cancelled."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(RENEWED)
        finally:
            await self._rest()

    async def give_up(self) -> None:
        """Let another node begin at once."""
        try:
            await self._lease.give_up()
        except StoreUnavailable as error:
            log.info("the lease runs out by itself: %s", error)

    async def _look(self) -> None:
        try:
            self.is_ours = await self._lease.take()
        except StoreUnavailable:
            return  # nobody can take it now, and nothing is taken in
        if not self.is_ours:
            await self._rest()
        elif self._working is None or self._working.done():
            self._working = asyncio.create_task(_noted(self._work()))

    async def _rest(self) -> None:
        if self._working:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
            self._working = None


async def _noted(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception:
        log.exception("this failed and is begun again")
