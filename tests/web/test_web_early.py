"""What a visitor can do before the widget's script is there: nothing that would get lost."""

import pytest
from playwright.async_api import expect

from tests.chromium import open_browser
from tests.web.shop import Shop

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripted", [False, True])
async def test_nobody_types_before_somebody_hears(shop: Shop, scripted: bool) -> None:
    async with open_browser() as chromium:
        page = await chromium.new_page(java_script_enabled=scripted)
        await page.goto(shop.url("frame"))
        field = page.locator("textarea")
        await (expect(field).to_be_enabled() if scripted else expect(field).to_be_disabled())
