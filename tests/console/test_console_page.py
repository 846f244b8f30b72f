"""The page: inert to what customers write, open to everybody, no wider than its window."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import expect

from gateway.adapter import Delivery, Fate
from gateway.message import Contact
from handoff.agents import Role
from tests.console.office import ANN, TOM, Desk, Office, Windows

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    'https://shop.example/"onmouseover=alert(1)//',
    "[x](javascript:alert(1)) {{7*7}} ${alert(1)} %3Cscript%3E",
    "\u202egnp.exe <iframe srcdoc='<script>alert(1)</script>'>",
    "data:text/html,<script>alert(1)</script>",
]


async def violations(desk: Desk) -> list[str]:
    """What axe finds on the page as it stands, after its animations."""
    await desk.page.evaluate(
        "Promise.allSettled(document.getAnimations().map((one) => one.finished))"
    )
    await desk.page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found: dict[str, Any] = await desk.page.evaluate("(options) => axe.run(options)", options)
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_at_the_door(windows: Windows, scheme: str) -> None:
    desk = await windows.open(color_scheme=scheme)
    await desk.go()
    await desk.sees("h1", "登录工作台")
    assert await violations(desk) == []
    await desk.sign_in("nobody", "at all")
    await desk.sees(".error", "姓名或密码不对")
    assert await violations(desk) == []
    await desk.sign_in("admin", desk.office.program.first_password or "")
    await desk.sees("h1", "设置自己的密码")
    assert await violations(desk) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_supervisor_is_told_what_is_wrong_with_the_faq(
    office: Office, windows: Windows, scheme: str
) -> None:
    await office.hire("Lin")
    await office.hire("Chen", Role.SUPERVISOR)
    lin, chen = await windows.open(), await windows.open(color_scheme=scheme)
    await lin.enter("Lin")
    await chen.enter("Chen")
    await office.edit("shipping.yaml", "- id: broken\n")
    for desk in (lin, chen):
        async with desk.page.expect_response("**/api/v1/desk"):
            await desk.page.evaluate("dispatchEvent(new Event('focus'))")
    await chen.sees(".refused", "FAQ 的最新改动没有生效：")
    await chen.sees(".refused li", "shipping.yaml:")
    assert await violations(chen) == []
    await expect(lin.at(".refused[data-shown=true]")).to_have_count(0)
    await office.edit("shipping.yaml", "")
    await chen.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(chen.at(".refused[data-shown=true]")).to_have_count(0)


async def test_axe_finds_nothing_on_a_phone(office: Office, windows: Windows) -> None:
    await office.hire("林晓")
    desk = await windows.open(width=390, height=844)
    await desk.enter("林晓")
    assert await violations(desk) == []
    conversation = await office.wait_for_person(ANN)
    await desk.sees(".row")
    assert await violations(desk) == []
    await desk.page.goto(f"{office.address}/console/#/c/{conversation}")
    await desk.sees(".take")
    assert await violations(desk) == []


@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "en-GB")])
async def test_axe_finds_nothing_in_lists_chats_and_dialogs(
    office: Office, windows: Windows, scheme: str, locale: str
) -> None:
    await office.hire("林晓")
    await office.hire("Maya")
    desk = await windows.open(color_scheme=scheme, locale=locale)
    await desk.enter("林晓")
    await desk.sees(".empty")
    assert await violations(desk) == []
    await office.say("多久能发货", TOM)
    conversation = await office.wait_for_person(ANN)
    await desk.sees(".row")
    await desk.page.goto(f"{office.address}/console/#/c/{conversation}")
    await desk.sees(".take")
    assert await violations(desk) == []
    await desk.take()
    await desk.press("Escape", "n")
    await expect(desk.at(".composer[data-kind=note] textarea")).to_be_focused()
    await desk.type("x")
    await desk.press("Enter", "Escape", "r")
    await desk.sees(".message[data-note=true]")
    assert await violations(desk) == []
    for kind in ("transfer", "close", "help", "settings"):
        await _open(desk, kind)
        assert await violations(desk) == [], kind
        await desk.press("Escape")
        await expect(desk.at("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_where_something_is_wrong(
    office: Office, windows: Windows, scheme: str
) -> None:
    await office.hire("林晓")
    desk = await windows.open(color_scheme=scheme)
    await desk.enter("林晓", await office.wait_for_person(ANN))
    await office.counter.said(1)
    await desk.take()
    office.counter.outcomes += [Delivery(Fate.UNKNOWN, "reset"), Delivery(Fate.REJECTED, "blocked")]
    await desk.type("一\n二\n")
    await desk.sees(".delivery[data-status=unknown]")
    await desk.sees(".delivery[data-status=dead]")
    await desk.page.route("**/close", lambda route: route.fulfill(status=503, body=""))
    await desk.press("Escape", "e", "Control+Enter")
    await desk.sees(".toast")
    await desk.press("Escape")
    await desk.page.context.set_offline(True)
    await desk.at(".composer textarea").focus()
    await desk.type("三\n")
    await desk.sees(".unsent", "等待连接")
    await desk.sees(".offline", "连接断开")
    assert await violations(desk) == []


async def _open(desk: Desk, kind: str) -> None:
    if kind in ("transfer", "close"):
        await desk.at(".deed").nth(0 if kind == "transfer" else 2).click()
    else:
        await desk.at(".me button").click()
    if kind == "help":
        await desk.at("dialog .buttons button").first.click()
    await desk.sees("dialog")


async def test_what_customers_write_stays_text(office: Office, windows: Windows) -> None:
    await office.hire("Lin")
    visitor = Contact("shop", "eve", HOSTILE[0], "en")
    conversation = await office.wait_for_person(visitor, "human")
    for text in HOSTILE:
        await office.say(text, visitor)
    desk = await windows.open()
    await desk.enter("Lin", conversation)
    await desk.press("t")
    for text in HOSTILE:
        await desk.sees(".message[data-author=customer]", text)
    await desk.sees(".head h2", HOSTILE[0])
    await desk.sees(".row .name", HOSTILE[0])
    links = await desk.page.eval_on_selector_all(
        ".thread a", "(all) => all.map((one) => [one.href, one.rel, one.target])"
    )
    assert links == [["https://shop.example/", "noopener noreferrer", "_blank"]]
    assert await desk.at(".thread :is(img, script, iframe, b)").count() == 0
    assert await desk.at("svg[onload]").count() == 0
    assert desk.errors == []


async def test_the_browser_reports_no_breach_of_the_policy(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    desk = await windows.open()
    await desk.page.add_init_script(
        "window.breaches = []; addEventListener("
        "'securitypolicyviolation', (event) => breaches.push(event.violatedDirective))"
    )
    await desk.enter("Lin", await office.wait_for_person())
    await desk.take()
    await desk.type("好的\n")
    await desk.sees(".message[data-author=agent]", "好的")
    await desk.press("Escape", "?")
    await desk.sees("dialog")
    assert await desk.page.evaluate("breaches") == []
    assert desk.errors == []


@pytest.mark.parametrize("width", [360, 390, 768, 1024])
async def test_no_width_needs_sideways_scrolling(
    office: Office, windows: Windows, width: int
) -> None:
    await office.hire("林晓")
    long = Contact("shop", "long", "一个名字特别特别长的企业采购联系人(华东大区)", "zh")
    conversation = await office.wait_for_person(long)
    await office.say("https://shop.example/" + "a" * 300, long)
    desk = await windows.open(width, 800, locale="en-GB")

    async def fits() -> None:
        wide = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        assert await desk.page.evaluate(wide) == 0
        assert await desk.page.evaluate(
            "[...document.querySelectorAll('.thread, .rows, .side')]"
            ".every((one) => one.scrollWidth <= one.clientWidth)"
        )

    await desk.go()
    await desk.sees("h1")
    await fits()
    await desk.sign_in("林晓")
    await (await desk.sees(".row")).click()
    await (await desk.sees(".take button.primary")).click()
    await expect(desk.at(".composer textarea")).to_be_focused()
    await fits()
    await desk.at(".deed").first.click()
    await desk.sees("dialog")
    await fits()
    assert conversation in desk.page.url


async def test_a_phone_shows_one_pane_at_a_time_with_a_way_back(
    office: Office, windows: Windows
) -> None:
    await office.hire("林晓")
    await office.wait_for_person(ANN)
    desk = await windows.open(390, 844, has_touch=True)
    await desk.enter("林晓")
    await expect(desk.at(".chat")).to_be_hidden()
    await (await desk.sees(".row")).tap()
    await expect(desk.at(".lists")).to_be_hidden()
    await desk.page.get_by_role("button", name="接待").tap()
    await desk.page.get_by_role("button", name="客户资料").tap()
    await desk.page.get_by_role("searchbox", name="在 FAQ 里找").fill("发货")
    await (await desk.sees(".suggestion button:enabled")).tap()
    await expect(desk.at(".side")).to_be_hidden()
    await expect(desk.at(".composer textarea")).not_to_have_value("")
    await desk.page.get_by_role("button", name="返回").first.tap()
    await expect(desk.at(".lists")).to_be_visible()
    await (await desk.sees(".tab", "我的")).tap()
    await (await desk.sees(".row", "草稿")).tap()
    await desk.page.go_back()
    await expect(desk.at(".lists")).to_be_visible()


async def test_language_and_theme_change_at_once_and_are_remembered(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    desk = await windows.open(color_scheme="light")
    await desk.enter("Lin")
    await desk.page.get_by_role("button", name="设置").click()
    await desk.page.get_by_role("radio", name="深色").click()
    assert await desk.page.evaluate("document.documentElement.dataset.theme") == "dark"
    await desk.page.get_by_role("radio", name="English").click()
    await desk.sees("dialog h2", "Settings")
    await desk.page.reload()
    await desk.sees(".tab", "Waiting")
    assert await desk.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert await desk.page.title() == "Frontdesk"


async def test_single_keys_rest_when_switched_off(office: Office, windows: Windows) -> None:
    await office.hire("Lin")
    await office.wait_for_person()
    desk = await windows.open()
    await desk.enter("Lin")
    await desk.press("?")
    await desk.page.get_by_role("checkbox", name="启用单键快捷键").uncheck()
    await desk.press("Escape")
    await expect(desk.at("dialog")).to_have_count(0)
    await desk.press("j", "?")
    await expect(desk.at("dialog, .head")).to_have_count(0)


async def test_the_offer_of_sound_and_notices_is_one_click(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    desk = await windows.open(permissions=["notifications"])
    await desk.page.add_init_script(
        "window.told = new Promise((tell) => { Notification = class {"
        " static permission = 'granted'; static requestPermission = async () => 'granted';"
        " constructor(title, { body }) { tell(`${title}: ${body}`); } }; });"
        " document.hasFocus = () => window.away !== true"
    )
    await desk.enter("Lin")
    await desk.page.get_by_role("button", name="开启").click()
    await expect(desk.at(".offer")).to_have_count(0)
    await desk.page.evaluate("window.away = true")
    await office.wait_for_person(ANN)
    assert (await desk.page.evaluate("told")).startswith("王女士 在排队")
