"""The console's fixtures: the real program, and real windows on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.console.office import Office, Windows, open_office, open_windows

expect.set_options(timeout=20_000)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The program, with an empty store."""
    async with open_office(tmp_path) as office:
        yield office


@pytest.fixture
async def windows(office: Office) -> AsyncIterator[Windows]:
    """A browser that looks at the program."""
    async with open_windows(office) as windows:
        yield windows
