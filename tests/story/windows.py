"""The customer's window and the agent's, in a real Chromium."""

import os
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    FrameLocator,
    Locator,
    Page,
    ViewportSize,
    expect,
)

PICTURES = os.environ.get("FRONTDESK_PICTURES", "")

expect.set_options(timeout=20_000)


class Window:
    """A page; with FRONTDESK_PICTURES set to a folder it is painted there now and then."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def paint(self, name: str) -> None:
        if PICTURES:
            picture = Path(PICTURES) / f"{name}.png"
            await self.page.screenshot(path=picture, animations="disabled")


class Customer(Window):
    """Somebody on the shop's page."""

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    async def open(self, base: str) -> None:
        await self.page.goto(base)
        await self.page.get_by_role("button", name="在线客服").click()
        await expect(self.chat.locator("textarea")).to_be_visible()

    async def say(self, text: str) -> None:
        await self.chat.locator("textarea").fill(text)
        await self.chat.locator("textarea").press("Enter")

    async def sees(self, text: str) -> Locator:
        """The bubble with this text, of which there must be one."""
        bubble = self.chat.locator(".bubble", has_text=text)
        await expect(bubble).to_have_count(1)
        await expect(bubble).to_be_visible()
        return bubble

    async def bubbles(self) -> list[str]:
        return await self.chat.locator(".log .bubble").all_inner_texts()


class Agent(Window):
    """Somebody at the console, with a keyboard."""

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def writes(self, text: str) -> None:
        """Type a reply as soon as the field has the focus, and send it."""
        await expect(self.page.locator(".composer textarea")).to_be_focused()
        await self.page.keyboard.type(text)
        await self.press("Enter")

    async def sign_in(self, base: str, password: str, new: str) -> None:
        """With the first password, which must be changed at once."""
        await self.page.goto(f"{base}/console/")
        await self.page.fill("[name=name]", "admin")
        await self.page.fill("[name=password]", password)
        await self.press("Enter")
        fields = self.page.locator("input[autocomplete=new-password]")
        await expect(fields).to_have_count(2)
        await fields.nth(0).fill(new)
        await fields.nth(1).fill(new)
        await self.press("Enter")
        await expect(self.page.get_by_text("没有人在排队")).to_be_visible()


async def page(chromium: Browser, width: int, height: int, **options: Any) -> Page:
    """A page of somebody with cookies and storage of their own."""
    size: ViewportSize = {"width": width, "height": height}
    context = await chromium.new_context(locale="zh-CN", viewport=size, **options)
    return await context.new_page()
