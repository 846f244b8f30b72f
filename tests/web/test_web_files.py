"""Visitors' files through the whole program: SECURITY 43–48 at the widget's door, 13, 14, 17."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, FormData

from adapters.web.tokens import signature
from gateway.app import Frontdesk, models
from gateway.clock import SECOND, system_clock
from gateway.config import load
from gateway.store import conversations as table
from tests.files.samples import HTML, PDF, SVG, huge_png, png
from tests.web.shop import Client, Json

CONFIG = """
server: {{port: 0}}
store: sqlite:///{folder}/frontdesk.db
faq: {{path: {folder}/faq}}
files: {{path: {folder}/files, max_mb: 1, contact_mb: 2, per_day: 5}}
channels:
  website:
    adapter: web
    allowed_origins: ["https://shop.example"]
    identity_secret: of-the-shop-42
    limits: {{sockets: 20, files: 8, visitors: 100}}
"""
FAQ = """
- id: fee
  questions: [运费怎么算, how much is shipping]
  answer: {zh: 满 99 包邮。, en: Free from 99 yuan., image: fees.png}
"""


@dataclass
class Door:
    """The program's HTTP side, as a visitor's browser knows it."""

    program: Frontdesk
    base: str
    session: ClientSession

    async def visitor(self, **hello: Any) -> Client:
        """Somebody who has said hello."""
        client = Client(await self.session.ws_connect(f"{self.base}/socket"))
        await client.hello(**hello)
        return client

    async def send(
        self, token: str, data: Any, name: str = "a.png", **headers: str
    ) -> tuple[int, Any]:
        """Upload a file."""
        async with self.session.post(
            f"{self.base}/file",
            params={"name": name},
            data=data,
            headers={"Authorization": f"Bearer {token}", **headers},
        ) as response:
            return response.status, await response.json()

    async def get(self, url: str) -> ClientResponse:
        """Follow the address of an attachment."""
        return await self.session.get(f"{self.base}/{url}")


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "shop.yaml").write_text(FAQ, "utf-8")
    (tmp_path / "faq" / "fees.png").write_bytes(png(4, 4))
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(folder=tmp_path), "utf-8")
    program = Frontdesk(load(config, {}, models()))
    base = await program.start()
    async with ClientSession() as session:
        yield Door(program, f"{base}/widget/website", session)
    await program.stop()


async def line(client: Client, seq: int) -> Json:
    """The line with this number."""
    while (frame := await client.next("message"))["seq"] != seq:
        pass
    return frame


async def test_a_picture_is_sent_shown_and_handed_to_the_desk(door: Door) -> None:
    client = await door.visitor(language="en")
    status, sent = await door.send(client.token, png(), "glasses.png")
    assert (status, sent["kind"], sent["type"], sent["size"]) == (
        200,
        "image",
        "image/png",
        len(png()),
    )
    await client.send(type="message", id="m1", text="", attachments=[sent["id"]])
    said = await line(client, 1)
    assert (said["text"], said["attachments"]) == ("", [sent])
    passed_on = await line(client, 2)
    assert (passed_on["author"], "colleague" in passed_on["text"]) == ("system", True)
    shown = await door.get(sent["url"])
    assert (shown.status, await shown.read()) == (200, png())
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    row = await door.program.database.row("SELECT id FROM conversations")
    assert row
    state = await table.find(door.program.database, row["id"])
    assert (state.mode, state.owed_since is not None) == ("waiting", True)


async def test_a_form_and_words_beside_the_file_are_taken_too(door: Door) -> None:
    client = await door.visitor()
    form = FormData(quote_fields=False)
    form.add_field("file", PDF, filename="处方.pdf", content_type="application/pdf")
    _, sent = await door.send(client.token, form)
    await client.send(type="message", id="m1", text="我的处方", attachments=[sent["id"]])
    said = await line(client, 1)
    assert (said["text"], said["attachments"][0]["name"]) == ("我的处方", "处方.pdf")
    shown = await door.get(sent["url"])
    assert shown.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5")


async def test_an_answers_picture_comes_with_it(door: Door) -> None:
    for language, text in (("zh", "运费怎么算"), ("en", "how much is shipping")):
        client = await door.visitor(language=language)
        await client.send(type="message", id="m1", text=text)
        [picture] = (await line(client, 2))["attachments"]
        assert (picture["kind"], picture["name"]) == ("image", "fees.png")
        assert await (await door.get(picture["url"])).read() == png(4, 4)
        await client.send(type="message", id="m2", text="look", attachments=[picture["id"]])
        assert (await client.next("error"))["code"] == "not_found", "it is nobody's own"


# 47
async def test_another_visitors_file_is_not_found(door: Door) -> None:
    ann, bob = await door.visitor(), await door.visitor()
    _, of_ann = await door.send(ann.token, png())
    _, of_bob = await door.send(bob.token, png())
    path, _, query = of_ann["url"].partition("?")
    _, _, of_bobs = of_bob["url"].partition("?")
    wrong = [
        path,
        f"{path}?{of_bobs}",
        f"{path}?{query[:-1]}",
        f"{path}?seal=&for=",
        f"{path}?{query}0",
    ]
    for url in wrong:
        assert (await door.get(url)).status == 404, url
    assert (await door.get(f"file/{'0' * 32}?{query}")).status == 404
    await bob.send(type="message", id="m1", text="look", attachments=[of_ann["id"]])
    refused = await bob.next("error")
    assert (refused["code"], refused["id"]) == ("not_found", "m1")
    assert (await door.get(of_ann["url"])).status == 200


# 14, 15
@pytest.mark.parametrize("token", ["", "x", "0" * 64, "é", "0" * 5000])
async def test_without_a_token_of_ours_nothing_is_taken(door: Door, token: str) -> None:
    client = await door.visitor()
    status, answer = await door.send(token, png())
    assert (status, answer["error"]["code"]) == (403, "forbidden")
    assert (await door.send(client.token, png()))[0] == 200


async def test_whom_the_site_vouches_for_sends_in_their_own_name(door: Door) -> None:
    expires = system_clock() // SECOND + 60
    signed = signature("of-the-shop-42", "42", "", expires)
    identity = {"id": "42", "name": "", "expires": expires, "signature": signed}
    client = await door.visitor(identity=identity)
    said = str(identity).replace("'", '"')
    _, sent = await door.send(client.token, png(), **{"X-Identity": said})
    await client.send(type="message", id="m1", text="", attachments=[sent["id"]])
    assert (await line(client, 1))["attachments"] == [sent]
    for number, odd in enumerate(("{]", "[" * 7000, "42", said.replace("42", "43"))):
        _, anonymous = await door.send(client.token, png(), **{"X-Identity": odd})
        own = f"odd{number}"
        await client.send(type="message", id=own, text="", attachments=[anonymous["id"]])
        assert (await client.next("error"))["id"] == own


# 13
async def test_a_foreign_sites_page_may_not_send(door: Door) -> None:
    client = await door.visitor()
    own = door.base.removesuffix("/widget/website")
    for origin, status in (
        ("https://evil.example", 403),
        ("null", 403),
        ("https://shop.example", 200),
        (own, 200),
    ):
        assert (await door.send(client.token, png(), Origin=origin))[0] == status, origin


# 43, 44, 46
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
async def test_what_could_harm_is_refused(door: Door, data: bytes, name: str, why: str) -> None:
    client = await door.visitor()
    status, answer = await door.send(client.token, data, name)
    assert (status, answer["error"]["why"]) == (400, why)


# 48
async def test_a_visitor_has_a_quota(door: Door) -> None:
    client = await door.visitor()
    assert (await door.send(client.token, BytesIO(b"x" * 2_000_000), "a.txt"))[0] == 413
    for _ in range(2):
        assert (await door.send(client.token, b"x" * 900_000, "a.txt"))[0] == 200
    status, answer = await door.send(client.token, b"x" * 900_000, "a.txt")
    assert (status, answer["error"]["code"], answer["error"]["why"]) == (
        413,
        "too_large",
        "contact",
    )
    for _ in range(3):
        assert (await door.send(client.token, png()))[0] == 200
    status, answer = await door.send(client.token, png())
    assert (status, answer["error"]["why"]) == (413, "day")
    status, answer = await door.send(client.token, png())
    assert (status, answer["error"]["code"]) == (429, "too_many")
    assert answer["error"]["retry_after"] > 0
    other = await door.visitor()
    assert (await door.send(other.token, png()))[0] == 200


# 17
@pytest.mark.parametrize("attachments", [["x"], [7], "x" * 32, {"0": "0" * 32}, ["0" * 32] * 11])
async def test_attachments_of_another_form_close_the_socket(door: Door, attachments: Any) -> None:
    client = await door.visitor()
    await client.send(type="message", id="m1", text="look", attachments=attachments)
    assert (await client.next("error"))["code"] == "invalid"
    assert await client.closed() == 1008


# 16
async def test_no_token_and_no_seal_reaches_the_desk(door: Door) -> None:
    client = await door.visitor()
    _, sent = await door.send(client.token, png())
    await client.send(type="message", id="m1", text="", attachments=[sent["id"]])
    await line(client, 2)
    rows = await door.program.database.rows("SELECT * FROM messages")
    kept = str([tuple(row) for row in rows])  # type: ignore[arg-type]
    assert sent["id"] in kept
    for secret in (client.token, client.token[:32], sent["url"].partition("seal=")[2]):
        assert secret not in kept
