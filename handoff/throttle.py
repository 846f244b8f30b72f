"""Wrong passwords slow down the next try: per account and address, and more loosely for each alone.

The counts are in the store, so that they hold on every node and through a restart.
"""

from gateway.clock import MINUTE, SECOND, new_id
from gateway.errors import TooMany
from gateway.store import Reads, Tx

WINDOW = 15 * MINUTE
PAIR = 10  # wrong passwords for one account from one address
EITHER = 100  # for one account, or from one address, in all
FIRST_DELAY = 15 * SECOND  # doubles with each further wrong password


async def check(reads: Reads, login: str, address: str, now: int) -> None:
    """Raise TooMany while the delay after the last wrong password runs."""
    row = await reads.row(
        "SELECT MAX(at) AS last,"
        " SUM(CASE WHEN login = ? AND address = ? THEN 1 ELSE 0 END) AS pair,"
        " SUM(CASE WHEN login = ? THEN 1 ELSE 0 END) AS login,"
        " SUM(CASE WHEN address = ? THEN 1 ELSE 0 END) AS address"
        " FROM login_failures WHERE at > ? AND (login = ? OR address = ?)",
        login,
        address,
        login,
        address,
        now - WINDOW,
        login,
        address,
    )
    if row is None or row["last"] is None:
        return
    over = max(row["pair"] - PAIR, row["login"] - EITHER, row["address"] - EITHER)
    wait = row["last"] + _delay(over) - now
    if wait > 0:
        raise TooMany("too many wrong passwords: wait a while", retry_after=-(-wait // SECOND))


async def blame(tx: Tx, login: str, address: str, now: int) -> None:
    """Count a wrong password."""
    await tx.execute("DELETE FROM login_failures WHERE at <= ?", now - WINDOW)
    await tx.execute(
        "INSERT INTO login_failures (id, login, address, at) VALUES (?, ?, ?, ?)",
        new_id(now),
        login,
        address,
        now,
    )


async def forgive(tx: Tx, login: str, address: str) -> None:
    """The right password: forget the wrong ones before it."""
    await tx.execute("DELETE FROM login_failures WHERE login = ? AND address = ?", login, address)


def _delay(over: int) -> int:
    return min(FIRST_DELAY << min(over, 16), WINDOW) if over >= 0 else 0
