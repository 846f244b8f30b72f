"""Nothing that a request says becomes SQL: every parameter of the API is tried (SECURITY 50)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from gateway.app import Frontdesk, models
from gateway.config import load
from gateway.message import Contact, Message
from gateway.store import Database, connect

NASTY = (
    "'",
    '"',
    "' OR '1'='1",
    "1; DROP TABLE conversations; --",
    "') UNION SELECT value, value FROM secrets --",
    "%",
    "_",
    "\\",
    "\x00",
    "$1",
    "?",
    "-1",
    "9" * 40,
    "1e309",
    "NaN",
    "changed",
    "id DESC",
    "' * ^ NEAR(",
    '"unbalanced',
    "𝒮中 文",
    "x" * 5000,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A running node, its first supervisor's session, and a conversation to ask about."""

    client: aiohttp.ClientSession
    api: str
    conversation: str


@asynccontextmanager
async def signed_in(url: str, folder: Path) -> AsyncIterator[Place]:
    """Start it on a store."""
    path = folder / "config.yaml"
    shop = Path(__file__).parents[2] / "faq/content"
    text = f"server: {{port: 0}}\nfaq: {{path: {shop}}}\nchannels: {{website: {{adapter: web}}}}\n"
    path.write_text(f"{text}store: '{url}'\n", encoding="utf-8")
    node = Frontdesk(load(path, {}, models()))
    api = f"{await node.start()}/api/v1"
    contact = Contact("website", "visitor")
    receipt = await node.bus.accept(Message("1", contact, "转人工"))
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
            account = {"name": "admin", "password": node.first_password}
            async with client.post(f"{api}/session", json=account) as answer:
                client.headers["X-CSRF-Token"] = (await answer.json())["csrf"]
            yield Place(client, api, receipt.conversation)
    finally:
        await node.stop()


async def counts(database: Database) -> dict[str, int]:
    found = {}
    for table in ("contacts", "conversations", "secrets", "agents"):
        [row] = await database.rows(f"SELECT COUNT(*) AS n FROM {table}")
        found[table] = int(row["n"])
    return found


def queries(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Every path that can be asked with GET, with each of its parameters."""
    return [
        (path, parameter["name"])
        for path, methods in document["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", ())
    ]


async def test_every_parameter_of_every_list_is_a_value(database_url: str, tmp_path: Path) -> None:
    async with signed_in(database_url, tmp_path) as place:
        store = connect(database_url)
        await store.open()
        before = await counts(store)
        async with place.client.get(f"{place.api}/openapi.json") as answer:
            asked = queries(await answer.json())
        assert len(asked) > 8
        for path, parameter in asked:
            for text in NASTY:
                await ask(place, path, parameter, text)
        assert await counts(store) == before
        await store.close()


async def ask(place: Place, path: str, parameter: str, text: str) -> None:
    nasty = path.replace(f"{{{parameter}}}", quote(text, safe=""))
    url = f"{place.api}{nasty}".replace("{id}", place.conversation)
    async with place.client.get(url, params={parameter: text}) as answer:
        said = await answer.text()
        assert answer.status < 500, (path, parameter, text, said)
        assert not re.search(r"select|syntax error|sqlite|asyncpg", said, re.IGNORECASE)
