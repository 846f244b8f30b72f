"""Visitors' windows: a real Chromium on a shop's page with the widget in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import (
    Browser,
    Frame,
    FrameLocator,
    Locator,
    Page,
    ViewportSize,
)

from tests.chromium import open_browser

SITE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>shop</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<main><h1>shop</h1></main><script src="{loader}" async></script></html>"""


ARRIVED = """Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished))"""


@dataclass
class Window:
    """A page with the widget, seen by one visitor."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        self.page.on("console", self._note)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("button[aria-expanded]")

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def bubbles(self) -> Locator:
        return self.chat.locator(".log .bubble")

    @property
    def field(self) -> Locator:
        return self.chat.locator("textarea")

    async def open(self, url: str) -> None:
        """Go to a page and open its chat."""
        await self.page.goto(url)
        await self.launcher.click()
        await self.chat.locator(".log[aria-live=polite]").wait_for()

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    def frame(self) -> Frame:
        """The chat's frame."""
        [frame] = [one for one in self.page.frames if "/widget/" in one.url]
        return frame

    async def violations(self) -> list[str]:
        """What axe finds in the chat and in the page around it, when what moves has arrived."""
        found: list[str] = []
        for place in (self.frame(), self.page.main_frame):
            await place.evaluate(ARRIVED)
            results = await Axe().run(place)
            found += [f"{one['id']}: {one['nodes']}" for one in results.response["violations"]]
        return found

    def _note(self, message: Any) -> None:
        if message.type == "error" and "WebSocket" not in message.text:
            self.errors.append(message.text)


@dataclass
class Chromium:
    """A browser; every visitor has cookies and storage of their own."""

    browser: Browser

    async def window(self, width: int = 1200, height: int = 800, **options: Any) -> Window:
        options = {"locale": "zh-CN", **options}
        size = ViewportSize(width=width, height=height)
        context = await self.browser.new_context(viewport=size, **options)
        context.set_default_timeout(20_000)
        return Window(await context.new_page())


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Chromium]:
    """Start and end a browser."""
    async with open_browser() as browser:
        yield Chromium(browser)


@asynccontextmanager
async def open_site(page: str) -> AsyncIterator[str]:
    """A site of one page on an origin of its own; its address."""

    async def serve(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", serve)])
    async with TestServer(app) as server:
        yield str(server.make_url("/"))
