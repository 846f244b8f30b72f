"""The console's files: their types, a strict policy, nothing else of the disk (SECURITY 32)."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import CollectorRegistry
from yarl import URL

from gateway.metrics import Metrics
from gateway.web import address, application, listen
from handoff.console import FOLDER, TYPES, Console


@pytest.fixture
async def root(tmp_path: Path) -> AsyncIterator[str]:
    """A console of a few files, with a secret beside it."""
    console = tmp_path / "console"
    (console / "vendor").mkdir(parents=True)
    (console / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (console / "vendor" / "preact.js").write_text("export {};", encoding="utf-8")
    (console / ".env").write_text("secret", encoding="utf-8")
    (console / "notes.py").write_text("secret", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    (console / "vendor" / "link.js").symlink_to(tmp_path / "secret.js")
    app = application(Console(console).routes, checks={}, metrics=Metrics(CollectorRegistry()))
    runner = await listen(app, "127.0.0.1", 0)
    yield address(runner)
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_the_page_comes_with_a_policy_that_lets_nothing_strange_in(
    root: str, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{root}/console/") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in str(policy)
    assert "*" not in str(policy)


async def test_a_module_is_a_module_and_is_asked_for_again_only_when_it_changed(
    root: str, http: aiohttp.ClientSession
) -> None:
    path = f"{root}/console/vendor/preact.js"
    async with http.get(path) as response:
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-cache"
        tag = response.headers["ETag"]
    async with http.get(path, headers={"If-None-Match": tag}) as response:
        assert response.status == 304


async def test_without_the_slash_one_is_sent_to_the_page(
    root: str, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{root}/console", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (301, "/console/")


@pytest.mark.parametrize(
    "path",
    [
        "../secret.js",
        "%2e%2e/secret.js",
        "..%2fsecret.js",
        "vendor/../../secret.js",
        "vendor/%2e%2e/%2e%2e/secret.js",
        "vendor//preact.js",
        "%2fetc/passwd",
        "/etc/hostname.js",
        "..%5csecret.js",
        ".env",
        "notes.py",
        "vendor",
        "vendor/",
        "index.html%00.js",
        "nothing.js",
        "x" * 5000 + ".js",
    ],
)
async def test_nothing_else_of_the_disk_is_served(
    root: str, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(URL(f"{root}/console/{path}", encoded=True)) as response:
        assert response.status in (400, 404)
        assert "secret" not in await response.text() or "no such" in await response.text()


async def test_a_link_out_of_the_folder_is_not_followed(
    root: str, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{root}/console/vendor/link.js") as response:
        assert response.status == 404


def test_every_file_of_the_console_has_a_type_or_stays_at_home() -> None:
    kinds = {path.suffix for path in FOLDER.rglob("*") if path.is_file()}
    assert kinds - set(TYPES) <= {".md", ".txt", ""}


def test_no_page_of_the_console_has_a_script_or_style_inside() -> None:
    for path in FOLDER.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
