"""A picture on its way from one window to the other, over the whole program: in both directions."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Route, expect

from gateway.app import Frontdesk, models
from gateway.config import load
from tests.chromium import open_browser
from tests.console.office import Desk, Office, Windows
from tests.console.test_console_page import violations
from tests.files.samples import HTML, PDF, pixels, wav
from tests.story.windows import PICTURES
from tests.web.test_web_attachments import DROP, PASTE, is_drawn
from tests.web.windows import Chromium, Window

pytestmark = pytest.mark.browser

CONFIG = """
server: {{port: 0, demo: true}}
store: sqlite:///{folder}/frontdesk.db
faq: {{path: {root}/faq/content}}
files: {{path: {folder}/files, max_mb: 1}}
channels: {{website: {{adapter: web, limits: {{sockets: 50}}}}}}
"""
ROOT = Path(__file__).parents[2]
BYTES = pixels(160, 120)


@dataclass
class Both:
    """The program, a visitor at its demo page, and Lin at the desk who leads their chat."""

    office: Office
    desks: Windows
    chromium: Chromium

    async def visitor(self, language: str = "zh") -> Window:
        window = await self.chromium.window()
        await window.open(f"{self.office.address}/?language={language}")
        return window

    async def led(self, visitor: Window, **options: Any) -> Desk:
        """Lin's window, once the visitor has asked for a person."""
        await visitor.say("转人工")
        await expect(visitor.chat.locator(".message.system")).to_have_count(1)
        row = await self.office.program.database.row("SELECT id FROM conversations")
        assert row
        return await self.desks.leading(row["id"], **options)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(folder=tmp_path, root=ROOT), "utf-8")
    program = Frontdesk(load(config, {}, models()))
    address = await program.start()
    async with open_browser() as browser:
        office = Office(program, address, tmp_path)
        yield Both(office, Windows(browser, office), Chromium(browser))
    await program.stop()


async def paste(desk: Desk, data: bytes = BYTES, name: str = "镜架.png") -> None:
    field = desk.at(".composer textarea")
    await field.evaluate(PASTE, [list(data), name, "image/png"])


def chips(desk: Desk, state: str) -> Locator:
    return desk.at(f".chip[data-state={state}]")


async def test_a_pasted_picture_is_sent_and_the_visitor_sees_it(both: Both) -> None:
    visitor = await both.visitor()
    desk = await both.led(visitor)
    await paste(desk)
    await expect(chips(desk, "done")).to_have_count(1)
    assert await is_drawn(desk.at(".chip .face"))
    await desk.press("Enter")
    shown = desk.at(".message[data-author=agent]:not(.unsent) .attachments img")
    assert await is_drawn(shown)
    await expect(shown).to_have_attribute("alt", "镜架.png")
    await expect(desk.at(".tray")).to_have_count(0)
    picture = visitor.chat.locator(".message.agent .picture img")
    assert await is_drawn(picture)
    await expect(desk.at(".row .last")).to_contain_text("镜架.png")
    assert desk.errors == visitor.errors == []


async def test_what_a_visitor_sends_the_agent_sees_and_hears(both: Both) -> None:
    visitor = await both.visitor()
    desk = await both.led(visitor)
    files = [
        FilePayload(name="glasses.png", mimeType="image/png", buffer=BYTES),
        FilePayload(name="voice.wav", mimeType="audio/wav", buffer=wav(2)),
        FilePayload(name="处方.pdf", mimeType="application/pdf", buffer=PDF),
    ]
    await visitor.chat.locator(".chooser").set_input_files(files)
    await expect(visitor.chat.locator(".chip[data-state=done]")).to_have_count(3)
    await visitor.chat.locator(".send").click()
    came = desk.at(".message[data-author=customer] .attachments").last
    assert await is_drawn(came.locator("img"))
    await expect(came.locator("audio")).to_have_js_property("readyState", 4)
    async with desk.page.expect_download() as download:
        await came.get_by_role("link", name="处方.pdf").click()
    assert (await download.value).suggested_filename == "处方.pdf"
    assert desk.errors == visitor.errors == []


async def test_files_are_dropped_taken_out_and_go_with_words(both: Both) -> None:
    visitor = await both.visitor()
    desk = await both.led(visitor)
    await desk.at(".thread").evaluate(DROP, [list(BYTES), "dropped.png", "image/png"])
    async with desk.page.expect_file_chooser() as opened:
        await desk.page.get_by_role("button", name="添加图片或文件").click()
    bill = FilePayload(name="invoice.pdf", mimeType="application/pdf", buffer=PDF)
    await (await opened.value).set_files([bill])
    await expect(chips(desk, "done")).to_have_count(2)
    await desk.page.get_by_role("button", name="移除 dropped.png").click()
    await expect(desk.at(".composer textarea")).to_be_focused()
    await desk.type("发票在这里")
    await desk.press("Enter")
    mine = visitor.chat.locator(".message.agent").last
    await expect(mine.locator(".bubble")).to_have_text(["发票在这里", "invoice.pdf1 KB"])
    await expect(visitor.chat.locator(".message.agent .picture")).to_have_count(0)


async def test_who_sends_at_once_sends_the_file_when_it_is_there(both: Both) -> None:
    visitor = await both.visitor()
    desk = await both.led(visitor)
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await desk.page.route("**/files?*", hold)
    async with desk.page.expect_request("**/files?*"):
        await paste(desk)
    await expect(chips(desk, "sending").get_by_role("progressbar")).to_be_visible()
    await desk.type("马上")
    await desk.press("Enter")
    await expect(desk.at(".composer textarea")).to_have_value("马上")
    await held[0].continue_()
    await expect(desk.at(".composer textarea")).to_have_value("")
    assert await is_drawn(visitor.chat.locator(".message.agent .picture img"))
    await expect(visitor.chat.locator(".message.agent .bubble")).to_have_text(["马上"])


async def test_a_reply_that_was_not_sent_gives_its_files_back(both: Both) -> None:
    visitor = await both.visitor()
    desk = await both.led(visitor)
    refused = '{"error": {"code": "conflict", "text": "closed"}}'
    await desk.page.route("**/messages", lambda route: route.fulfill(status=409, body=refused))
    await paste(desk)
    await expect(chips(desk, "done")).to_have_count(1)
    await desk.press("Enter")
    await desk.sees(".unsent .attachments img")
    await desk.page.unroute("**/messages")
    await desk.page.get_by_role("button", name="改一改").click()
    await expect(chips(desk, "done")).to_have_count(1)
    await desk.at(".send").click()
    assert await is_drawn(visitor.chat.locator(".message.agent .picture img"))


@pytest.mark.parametrize(
    ("locale", "reason"), [("zh-CN", "不支持这种文件"), ("en", "This kind of file can't be sent")]
)
async def test_a_refused_file_says_why_and_is_not_sent(
    both: Both, locale: str, reason: str
) -> None:
    desk = await both.led(await both.visitor(), locale=locale)
    await paste(desk, HTML, "page.png")
    await expect(chips(desk, "failed").get_by_role("alert")).to_contain_text(reason)
    await expect(desk.at(".send")).to_be_disabled()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_files_can_be_used_by_everybody(both: Both, scheme: str, width: int) -> None:
    visitor = await both.visitor()
    desk = await both.led(visitor, color_scheme=scheme, width=width, height=800)
    files = [
        FilePayload(name="voice.wav", mimeType="audio/wav", buffer=wav(2)),
        FilePayload(name="处方.pdf", mimeType="application/pdf", buffer=PDF),
        FilePayload(name="glasses.png", mimeType="image/png", buffer=BYTES),
    ]
    await visitor.chat.locator(".chooser").set_input_files(files)
    await expect(visitor.chat.locator(".chip[data-state=done]")).to_have_count(3)
    await visitor.chat.locator(".send").click()
    assert await is_drawn(desk.at(".message[data-author=customer] .attachments img"))
    await paste(desk, name="a rather long name of a picture that was pasted.png")
    await paste(desk, HTML, "page.png")
    await expect(chips(desk, "done")).to_have_count(1)
    await expect(chips(desk, "failed")).to_have_count(1)
    assert await violations(desk) == []
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert await desk.page.evaluate(wide) <= 0
    if PICTURES:
        path = Path(PICTURES) / f"console-files-{scheme}-{width}.png"
        await desk.page.screenshot(path=path, animations="disabled")
