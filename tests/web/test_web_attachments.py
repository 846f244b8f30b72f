"""The widget's files in a real browser, on the demo page of the whole program."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Route, expect

from gateway.app import Frontdesk, models
from gateway.config import load
from gateway.message import Attachment, Line
from gateway.store import transcript
from handoff.agents import Agent, Role
from tests.files.samples import HTML, PDF, chunks, huge_png, pixels, wav
from tests.story.windows import PICTURES
from tests.web.windows import Chromium, Window, open_chromium

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

CONFIG = """
server: {{port: 0, demo: true}}
store: sqlite:///{folder}/frontdesk.db
faq: {{path: {root}/faq/content}}
files: {{path: {folder}/files, max_mb: 1}}
channels: {{website: {{adapter: web, limits: {{sockets: 50}}}}}}
"""
ROOT = Path(__file__).parents[2]
PICTURE = FilePayload(name="眼镜.png", mimeType="image/png", buffer=pixels(160, 120))
BILL = FilePayload(name="invoice.pdf", mimeType="application/pdf", buffer=PDF)

# What a clipboard or a mouse brings, made in the page: no test can hold a real one.
PASTE = """(field, [bytes, name, type]) => {
  const data = new DataTransfer()
  data.items.add(new File([new Uint8Array(bytes)], name, { type }))
  const how = { clipboardData: data, bubbles: true, cancelable: true }
  field.dispatchEvent(new ClipboardEvent('paste', how))
}"""
DROP = """(field, [bytes, name, type]) => {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type }))
  for (const step of ['dragover', 'drop']) {
    field.dispatchEvent(new DragEvent(step, { dataTransfer, bubbles: true, cancelable: true }))
  }
}"""


@dataclass
class Demo:
    """The program with its demo page, and somebody at the desk."""

    program: Frontdesk
    address: str
    agent: Agent

    async def lines(self) -> list[Line]:
        """All that was said."""
        row = await self.program.database.row("SELECT id FROM conversations")
        return await transcript.lines(self.program.database, row["id"]) if row else []

    async def answer(self, text: str, *files: tuple[str, bytes]) -> None:
        """The agent takes the chat and sends files."""
        row = await self.program.database.row("SELECT id, contact FROM conversations")
        assert row
        desk = self.program.handoff._office.desk
        await desk.claim(self.agent, row["id"])
        kept = [
            await self.program.files.attach(row["contact"], Attachment("", name), chunks(data))
            for name, data in files
        ]
        await desk.reply(self.agent, row["id"], text, text, kept)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(folder=tmp_path, root=ROOT), "utf-8")
    program = Frontdesk(load(config, {}, models()))
    address = await program.start()
    agent = await program.handoff.people.add("小王", Role.AGENT, "correct horse battery")
    yield Demo(program, address, agent)
    await program.stop()


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    async with open_chromium() as chromium:
        yield chromium


@pytest.fixture
async def window(chromium: Chromium, demo: Demo) -> Window:
    window = await chromium.window()
    await window.open(demo.address)
    return window


async def add(window: Window, *files: FilePayload) -> None:
    """By the button."""
    async with window.page.expect_file_chooser() as opened:
        await window.chat.locator(".attach").click()
    await (await opened.value).set_files(list(files))


def chips(window: Window, state: str) -> Locator:
    return window.chat.locator(f".chip[data-state={state}]")


async def is_drawn(picture: Locator) -> bool:
    """Whether the browser has the picture's pixels."""
    await expect(picture).to_have_js_property("complete", True)
    return bool(await picture.evaluate("one => one.naturalWidth > 0"))


async def send_ready(window: Window) -> None:
    await expect(window.chat.locator(".tray")).to_be_visible()
    await expect(chips(window, "sending")).to_have_count(0)
    await window.chat.locator(".send").click()
    await expect(window.chat.locator(".tray")).to_be_hidden()
    await expect(window.chat.locator(".pending")).to_have_count(0)


async def test_pictures_and_files_are_sent_by_button_paste_and_drop(
    window: Window, demo: Demo
) -> None:
    await add(window, PICTURE, BILL)
    await expect(chips(window, "done")).to_have_count(2)
    await window.field.fill("请看")
    await send_ready(window)
    mine = window.chat.locator(".message.customer").last
    assert await is_drawn(mine.locator(".picture img"))
    await expect(mine.locator(".picture img")).to_have_attribute("alt", "眼镜.png")
    await expect(mine.locator(".file")).to_have_text("invoice.pdf1 KB")
    for script, name in ((PASTE, "pasted.png"), (DROP, "dropped.png")):
        await window.field.evaluate(script, [list(PICTURE["buffer"]), name, "image/png"])
        await send_ready(window)
        await expect(window.chat.get_by_role("img", name=name)).to_be_visible()
    lines = [line for line in await demo.lines() if line.author == "customer"]
    assert [(line.text, [file.name for file in line.attachments]) for line in lines] == [
        ("请看", ["眼镜.png", "invoice.pdf"]),
        ("", ["pasted.png"]),
        ("", ["dropped.png"]),
    ]
    await window.page.reload()
    await window.launcher.click()
    assert await is_drawn(window.chat.get_by_role("img", name="dropped.png"))
    await expect(window.chat.locator(".picture img")).to_have_count(3)
    assert window.errors == []


async def test_what_an_agent_sends_is_shown_played_or_fetched(window: Window, demo: Demo) -> None:
    await window.say("转人工")
    await expect(window.chat.locator(".message.system")).to_have_count(1)
    await demo.answer("好的", ("图.png", pixels(90, 60)), ("声.wav", wav(2)), ("单.pdf", PDF))
    body = window.chat.locator(".message.agent .body")
    assert await is_drawn(body.locator(".picture img"))
    await expect(body.locator("audio")).to_have_js_property("readyState", 4)
    async with window.page.expect_download() as download:
        await body.locator("a.file").click()
    assert (await download.value).suggested_filename == "单.pdf"
    assert window.errors == []


async def test_a_file_that_is_taken_out_is_not_sent(window: Window, demo: Demo) -> None:
    await add(window, PICTURE, BILL)
    await expect(chips(window, "done")).to_have_count(2)
    await window.chat.get_by_role("button", name="移除 眼镜.png").click()
    await expect(window.chat.locator(".attach")).to_be_focused()
    await send_ready(window)
    [line] = [line for line in await demo.lines() if line.author == "customer"]
    assert [file.name for file in line.attachments] == ["invoice.pdf"]


async def test_more_files_than_a_message_takes_go_in_several(window: Window, demo: Demo) -> None:
    notes = [FilePayload(name=f"{n}.txt", mimeType="text/plain", buffer=b"x") for n in range(12)]
    await add(window, *notes)
    await expect(chips(window, "done")).to_have_count(12)
    await window.field.fill("都在这里")
    await send_ready(window)
    lines = [line for line in await demo.lines() if line.author == "customer"]
    assert [(line.text, len(line.attachments)) for line in lines] == [("都在这里", 10), ("", 2)]


@pytest.mark.parametrize(
    ("language", "name", "data", "reason"),
    [
        ("zh", "a.html", HTML, "不支持这种文件"),
        ("en", "a.html", HTML, "We can’t take this kind of file"),
        ("zh", "a.png", PDF, "文件内容和后缀名不一致"),
        ("en", "a.png", PDF, "This file is not what its name says"),
        ("zh", "a.png", huge_png(), "图片超过 2000 万像素"),
        ("en", "a.png", huge_png(), "This picture has more than 20 megapixels"),
        ("zh", "a.txt", b"", "这个文件是空的"),
        ("en", "a.txt", b"", "This file is empty"),
        ("zh", "a.txt", b"x" * 1_000_001, "超过 1 MB"),
        ("en", "a.txt", b"x" * 1_000_001, "Larger than 1 MB"),
    ],
)
async def test_a_refused_file_says_why_in_the_visitors_language(
    chromium: Chromium, demo: Demo, language: str, name: str, data: bytes, reason: str
) -> None:
    window = await chromium.window()
    await window.open(f"{demo.address}/?language={language}")
    await add(window, FilePayload(name=name, mimeType="", buffer=data))
    await expect(chips(window, "failed").get_by_role("alert")).to_contain_text(reason)
    await expect(window.chat.locator(".send")).to_be_disabled()


async def test_a_cut_is_said_and_the_file_can_be_tried_again(window: Window) -> None:
    async def cut(route: Route) -> None:
        await route.abort()

    await window.page.context.route("**/file?*", cut)
    await add(window, PICTURE)
    await expect(chips(window, "failed")).to_contain_text("请检查网络")
    await window.page.context.unroute("**/file?*")
    await window.chat.get_by_role("button", name="重试").click()
    await expect(chips(window, "done")).to_have_count(1)
    await send_ready(window)


async def test_who_sends_at_once_sends_the_file_with_the_words(window: Window, demo: Demo) -> None:
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await window.page.context.route("**/file?*", hold)
    async with window.page.expect_request("**/file?*"):
        await add(window, PICTURE)
    await expect(chips(window, "sending").get_by_role("progressbar")).to_be_visible()
    await window.say("等它传完")
    await expect(window.field).to_have_value("等它传完")
    await held[0].continue_()
    await expect(window.field).to_have_value("")
    assert await is_drawn(window.chat.locator(".customer .picture img"))
    [line] = [line for line in await demo.lines() if line.author == "customer"]
    assert (line.text, len(line.attachments)) == ("等它传完", 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_files_can_be_used_by_everybody(chromium: Chromium, demo: Demo, scheme: str) -> None:
    options = {"color_scheme": scheme, "has_touch": True, "is_mobile": True}
    window = await chromium.window(390, 780, **options)
    await window.open(demo.address)
    await add(window, PICTURE)
    await send_ready(window)
    await expect(window.chat.locator(".message.system")).to_have_count(1)
    await demo.answer("看这里", ("声.wav", wav(2)), ("说明书.pdf", PDF))
    await expect(window.chat.locator("audio")).to_be_visible()
    await add(window, PICTURE, FilePayload(name="a.html", mimeType="", buffer=HTML))
    await expect(chips(window, "failed")).to_have_count(1)
    for button in await window.chat.locator(".attach, .chip button").all():
        box = await button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert await window.violations() == []
    await paint(window, f"widget-files-{scheme}")


async def paint(window: Window, name: str) -> None:
    """With FRONTDESK_PICTURES set to a folder, what it looks like is painted there."""
    if PICTURES:
        await window.page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")
