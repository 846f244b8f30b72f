"""Files over the API: SECURITY 43–48, 54, 55 on the real server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.files.limits import DAY
from gateway.message import Attachment, Contact, Message
from gateway.store import Database
from handoff.agents import Role
from handoff.records import Records
from tests.clock import StillClock
from tests.desk.place import Browser, Place, Site, open_place
from tests.files.samples import HTML, PDF, SVG, chunks, huge_png, png
from tests.gateway.house import ANN, BOB


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[Site]:
    async with open_place(database, folder=tmp_path / "files") as site:
        yield site


async def lead(site: Site, browser: Browser, contact: Contact = ANN) -> str:
    """A conversation that this browser's agent has taken."""
    conversation = await site.place.waiting(contact)
    status, answer = await browser.ask("POST", f"/conversations/{conversation}/claim", {})
    assert status == 200, answer
    return conversation


async def send(
    browser: Browser, conversation: str, data: Any, name: str = "glasses.png", **headers: str
) -> tuple[int, Any]:
    """Upload the bytes alone, or a form."""
    sent = {"Origin": browser.root, "X-CSRF-Token": browser.csrf, **headers}
    async with browser.session.post(
        f"{browser.root}/api/v1/conversations/{conversation}/files",
        params={"name": name},
        data=data,
        headers=sent,
    ) as response:
        return response.status, await response.json()


async def fetch(browser: Browser, id_: str, **headers: str) -> aiohttp.ClientResponse:
    return await browser.session.get(f"{browser.root}/api/v1/files/{id_}", headers=headers)


async def received(site: Site, contact: Contact, data: bytes, name: str = "") -> Attachment:
    """A file that a customer has sent."""
    kept = await site.place.files.keep(contact, Attachment("file", name), chunks(data))
    await site.place.bus.accept(Message(f"m {kept.id}", contact, attachments=(kept,)))
    return kept


def form(data: bytes, name: str, type_: str = "image/png") -> aiohttp.FormData:
    made = aiohttp.FormData({"ignored": "a field before it"}, quote_fields=False)
    made.add_field("file", data, filename=name, content_type=type_)
    return made


async def test_an_agents_picture_goes_out_with_a_reply_and_can_be_seen(site: Site) -> None:
    lin = await site.sign_in("Lin")
    conversation = await lead(site, lin)
    status, sent = await send(lin, conversation, png())
    assert status == 200, sent
    assert sent == {
        "id": sent["id"],
        "kind": "image",
        "name": "glasses.png",
        "type": "image/png",
        "size": len(png()),
        "url": f"/api/v1/files/{sent['id']}",
    }
    reply = {"id": "r1", "text": " ", "files": [sent["id"]]}
    status, line = await lin.ask("POST", f"/conversations/{conversation}/messages", reply)
    assert status == 200, line
    assert line["text"] == ""
    assert line["attachments"] == [sent]
    assert (await lin.ask("POST", f"/conversations/{conversation}/messages", reply))[1] == line
    response = await fetch(lin, sent["id"])
    assert await response.read() == png()


async def test_a_form_brings_its_first_file(site: Site) -> None:
    lin = await site.sign_in("Lin")
    conversation = await lead(site, lin)
    status, sent = await send(lin, conversation, form(PDF, "发票.pdf", "application/pdf"))
    assert (status, sent["name"], sent["type"]) == (200, "发票.pdf", "application/pdf")
    without = aiohttp.FormData({"file": "just a text"}, default_to_multipart=True)
    status, refused = await send(lin, conversation, without)
    assert (status, refused["error"]["why"]) == (400, "empty")


# 45
@pytest.mark.parametrize(
    ("data", "name", "type_", "how"),
    [
        (png(), "a.png", "image/png", "inline"),
        (PDF, "a.pdf", "application/pdf", "attachment"),
        (b"words", "a.txt", "text/plain", "attachment"),
    ],
)
async def test_only_what_is_safe_is_shown_and_all_of_it_in_a_sandbox(
    site: Site, data: bytes, name: str, type_: str, how: str
) -> None:
    lin = await site.sign_in("Lin")
    kept = await received(site, ANN, data, name)
    response = await fetch(lin, kept.id)
    assert response.headers["Content-Type"] == type_
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response.headers["Content-Disposition"] == f"{how}; filename*=UTF-8''{name}"
    assert "private" in response.headers["Cache-Control"]
    part = await fetch(lin, kept.id, Range="bytes=0-2")
    assert (part.status, await part.read()) == (206, data[:3])


# 43, 44
@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (SVG, "a.svg", "type"),
        (HTML, "a.png", "type"),
        (PDF, "a.png", "mismatch"),
        (huge_png(), "a.png", "pixels"),
        (b"", "a.png", "empty"),
    ],
)
async def test_what_could_harm_is_refused_and_not_kept(
    site: Site, data: bytes, name: str, why: str
) -> None:
    lin = await site.sign_in("Lin")
    conversation = await lead(site, lin)
    for body in (data, form(data, name)):
        status, answer = await send(lin, conversation, body, name)
        assert (status, answer["error"]["why"]) == (400, why)
    assert not [path for path in site.place.folder.rglob("*") if path.is_file()]


# 46
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.png", "_.._.._etc_passwd.png"),
        ("a\0b.png", "ab.png"),
        ("a.png\r\nSet-Cookie: x=1", "a.pngSet-Cookie: x=1"),
        ("\u202egnp.exe\u202c.png", "gnp.exe.png"),
    ],
)
async def test_a_name_is_data_and_the_bytes_lie_under_another(
    site: Site, name: str, kept: str
) -> None:
    lin = await site.sign_in("Lin")
    conversation = await lead(site, lin)
    status, sent = await send(lin, conversation, png(), name)
    assert (status, sent["name"]) == (200, kept)
    [path] = [path for path in site.place.folder.rglob("*") if path.is_file()]
    assert path == site.place.folder / sent["id"][:2] / sent["id"]
    response = await fetch(lin, sent["id"])
    assert "Set-Cookie" not in response.headers
    assert "\r" not in response.headers["Content-Disposition"]


# 31, 47
async def test_another_teams_file_is_not_found(site: Site) -> None:
    sales = await site.sign_in("Wang", Role.AGENT, "sales")
    boss = await site.sign_in("Boss", Role.SUPERVISOR)
    editor = await site.sign_in("Ed", Role.EDITOR)
    await site.place.waiting_for("care", ANN)
    kept = await received(site, ANN, png())
    assert [
        (await fetch(one, kept.id)).status for one in (sales, boss, editor, site.browser())
    ] == [404, 200, 403, 401]
    assert (await fetch(boss, "0" * 32)).status == 404
    assert (await fetch(boss, "..%2f..%2fetc%2fpasswd")).status == 404


async def test_what_the_faq_shows_every_agent_may_see(site: Site, tmp_path: Path) -> None:
    (tmp_path / "fees.png").write_bytes(png())
    shared = await site.place.files.share(tmp_path / "fees.png")
    assert (await fetch(await site.sign_in("Lin"), shared.id)).status == 200


async def test_only_who_leads_a_chat_may_add_to_it(site: Site) -> None:
    lin, maya = await site.sign_in("Lin"), await site.sign_in("Maya")
    conversation = await lead(site, lin)
    assert (await send(maya, conversation, png()))[0] == 409
    waiting = await site.place.waiting(BOB)
    assert (await send(lin, waiting, png()))[0] == 409
    assert (await send(lin, "0" * 28, png()))[0] == 404
    assert (await send(lin, conversation, png(), **{"X-CSRF-Token": ""}))[0] == 403
    assert not [path for path in site.place.folder.rglob("*") if path.is_file()]


# 47
async def test_no_reply_names_a_file_of_another_chat(site: Site) -> None:
    lin = await site.sign_in("Lin")
    conversation = await lead(site, lin)
    other = await received(site, BOB, png())
    for id_ in (other.id, "0" * 32):
        reply = {"id": "r1", "text": "look", "files": [id_]}
        status, _ = await lin.ask("POST", f"/conversations/{conversation}/messages", reply)
        assert status == 404
    odd: list[Any] = [["../etc/passwd"], [7], ["0" * 32] * 11, "x", {}]
    for files in odd:
        named = {"id": "r1", "text": "look", "files": files}
        status, _ = await lin.ask("POST", f"/conversations/{conversation}/messages", named)
        assert status == 400
    empty = {"id": "r1", "text": " ", "files": []}
    status, answer = await lin.ask("POST", f"/conversations/{conversation}/messages", empty)
    assert (status, "at least one word" in answer["error"]["text"]) == (400, True)


async def test_one_file_that_is_too_large_is_told_so(site: Site) -> None:
    lin = await site.sign_in("Lin")
    conversation = await lead(site, lin)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 10_000

    for data in (b"x" * 200_000, endless()):
        status, answer = await send(lin, conversation, data, "a.txt")
        assert (status, answer["error"]["code"], answer["error"]["why"]) == (
            413,
            "too_large",
            "file",
        )


# 54, 55
async def test_files_go_with_their_person_and_with_time(
    database: Database, clock: StillClock, tmp_path: Path
) -> None:
    place = Place(database, clock, folder=tmp_path / "files")
    records = Records(database, place.hints, clock, place.files)
    boss = await place.agent("Boss", Role.SUPERVISOR)
    for contact in (ANN, BOB):
        kept = await place.files.keep(contact, Attachment("image", "a.png"), chunks(png()))
        await place.bus.accept(Message(f"m {contact.id}", contact, attachments=(kept,)))
    export = await records.export(boss, ANN.key)
    assert [file.name for file in export.files] == ["a.png"]
    await records.forget(boss, ANN.key)
    [left] = [path for path in place.folder.rglob("*") if path.is_file()]
    assert (await place.files.find(left.name)).contact == BOB.key
    clock.advance(31 * DAY)
    await records.retain(30)
    assert not [path for path in place.folder.rglob("*") if path.is_file()]
    assert await database.row("SELECT 1 FROM files") is None
