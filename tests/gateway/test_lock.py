"""Who may serve from an SQLite file."""

from pathlib import Path

import pytest

from gateway.errors import StoreUnavailable
from gateway.store.lock import hold


def test_only_one_serves_from_a_file_at_a_time(tmp_path: Path) -> None:
    store = tmp_path / "frontdesk.db"
    first = hold(store)
    with pytest.raises(StoreUnavailable, match="another Frontdesk"):
        hold(store)
    first.close()
    hold(store).close()
