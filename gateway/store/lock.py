"""One process serves from one SQLite file; a second one is told so instead of doing harm."""

import fcntl
from pathlib import Path
from typing import IO

from gateway.errors import StoreUnavailable


def hold(store: Path) -> IO[str]:
    """Hold the right to serve from `store` until the result is closed or the process ends.

    Raises StoreUnavailable if another process holds it. Commands beside a running server don't.
    """
    file = store.with_name(f"{store.name}.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StoreUnavailable(
            f"{store}: another Frontdesk serves from this file; stop it, or give this one a store"
            " of its own (several nodes need PostgreSQL)"
        ) from error
    return file
