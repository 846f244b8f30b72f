"""The widget in a real browser."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import expect

from adapters.web.tokens import signature
from gateway.conversation import Mode
from gateway.hints import Hint
from gateway.message import Author, Contact, Kind, Suggestion
from gateway.thread import State
from tests.web.shop import Shop, open_shop, until
from tests.web.windows import SITE, Chromium, Window, open_chromium, open_site

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

TAPS = (Suggestion("ship", "发货时间"), Suggestion("fee", "运费"), Suggestion("@none", "都不是"))
STARS = tuple(Suggestion(f"rate:{score}", "★" * score) for score in range(1, 6))


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    async with open_chromium() as chromium:
        yield chromium


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop(limits={"sockets": 50}) as shop:
        yield shop


@pytest.fixture
async def site(shop: Shop) -> AsyncIterator[str]:
    """Somebody's site, on another origin than ours, with the one line in it."""
    async with open_site(SITE.format(language="zh-CN", loader=shop.url("loader.js"))) as site:
        yield site


@pytest.fixture
async def window(chromium: Chromium, site: str) -> Window:
    """A visitor's window on that site, with the chat open."""
    window = await chromium.window()
    await window.open(site)
    return window


async def _speaks(window: Window, shop: Shop, text: str = "你好") -> Contact:
    """The visitor says something; who they are to the desk."""
    before = len(shop.book.received)
    await window.say(text)
    await until(lambda: len(shop.book.received) > before)
    await expect(window.chat.locator(".pending")).to_have_count(0)
    return shop.book.received[-1].contact


async def test_a_question_and_its_answer(window: Window, shop: Shop) -> None:
    await expect(window.bubbles).to_have_text(["您好，欢迎光临！请问有什么可以帮您？"])
    await expect(window.field).to_be_focused()
    who = await _speaks(window, shop, "你们几点\n开门")
    await shop.book.say(who, "九点。", Author.AGENT, name="小王")
    await expect(window.bubbles.last).to_have_text("九点。")
    await expect(window.chat.locator(".message.agent .name")).to_have_text("小王")
    await expect(window.bubbles).to_have_count(3)
    assert shop.book.received[0].text == "你们几点\n开门"
    assert window.errors == []


async def test_a_tap_is_sent_once_and_ends_the_offer(window: Window, shop: Shop) -> None:
    who = await _speaks(window, shop)
    await shop.book.say(who, "您是不是想问：", suggestions=TAPS)
    taps = window.chat.locator(".suggestion")
    await taps.nth(1).dblclick()
    await expect(window.chat.locator(".pending")).to_have_count(0)
    await expect(window.bubbles.last).to_have_text("运费")
    for number in range(3):
        await expect(taps.nth(number)).to_be_disabled()
    await expect(window.chat.locator(".taken")).to_have_text("运费")
    assert [one.choice for one in shop.book.received if one.kind is Kind.CHOICE] == ["fee"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_answer_is_judged_once_by_keyboard_and_touch(
    chromium: Chromium, shop: Shop, site: str, scheme: str
) -> None:
    options = {"color_scheme": scheme, "has_touch": True, "is_mobile": True}
    window = await chromium.window(390, 780, **options)
    await window.open(site)
    who = await _speaks(window, shop, "多久发货")
    await shop.book.say(who, "48 小时内。", routed="answer:ship")
    judge = window.chat.get_by_role("group", name="这个回答有帮助吗？")
    thumbs = judge.get_by_role("button")
    await expect(thumbs).to_have_count(2)
    for button in await thumbs.all():
        box = await button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert await window.violations() == []
    await window.field.focus()
    for key in ("Shift+Tab", "Shift+Tab", "Enter", "Enter"):
        await window.page.keyboard.press(key)
    await expect(thumbs.nth(1)).to_be_focused()
    assert await window.violations() == []
    await window.open(site)
    await expect(thumbs.nth(1)).to_have_attribute("aria-pressed", "true")
    await thumbs.nth(0).tap(force=True)
    await expect(thumbs.nth(0)).to_have_attribute("aria-pressed", "false")
    assert [one.choice for one in shop.book.received[1:]] == ["@unhelpful:ship"]


async def test_an_offer_stays_ended_after_a_reload(window: Window, shop: Shop, site: str) -> None:
    who = await _speaks(window, shop)
    await shop.book.say(who, "您是不是想问：", suggestions=TAPS)
    await window.chat.locator(".suggestion").first.click()
    await until(lambda: len(shop.book.received) == 2)
    await window.open(site)
    await expect(window.bubbles).to_have_count(4)
    await expect(window.chat.locator(".suggestion:enabled")).to_have_count(0)


async def test_a_cut_loses_nothing_that_was_written(window: Window, shop: Shop) -> None:
    who = await _speaks(window, shop)
    shop.book.down = True
    for lane in shop.adapter._feed:
        lane._transport.abort()
    await expect(window.chat.locator(".notice")).to_contain_text("连接中断")
    await window.say("断线时写的")
    await expect(window.chat.locator(".pending .fate")).to_have_text("等待发送")
    await window.page.reload()
    await window.launcher.click()
    await expect(window.chat.locator(".pending .bubble")).to_have_text("断线时写的")
    shop.book.down = False
    await shop.book.say(who, "我们回来了")
    await window.frame().evaluate("dispatchEvent(new Event('online'))")
    await expect(window.chat.locator(".pending")).to_have_count(0)
    await expect(window.bubbles.filter(has_text="断线时写的")).to_have_count(1)
    await expect(window.bubbles.filter(has_text="我们回来了")).to_have_count(1)
    await expect(window.chat.locator(".notice")).to_be_hidden()
    assert [one.text for one in shop.book.received] == ["你好", "断线时写的"]


async def test_a_hasty_visitors_message_goes_out_later(chromium: Chromium) -> None:
    async with open_shop(limits={"messages": 1, "seconds": 1}) as shop:
        site = SITE.format(language="zh", loader=shop.url("loader.js"))
        async with open_site(site) as address:
            window = await chromium.window()
            await window.open(address)
            await _speaks(window, shop)
            await window.say("等一下")
            await expect(window.chat.locator(".notice")).to_have_text(
                "您发送得太快了，请稍候再试。"
            )
            shop.clock.advance(1000)
            await expect(window.chat.locator(".pending")).to_have_count(0)
            await expect(window.chat.locator(".notice")).to_be_hidden()


async def test_two_tabs_show_the_same(chromium: Chromium, shop: Shop, site: str) -> None:
    first = await chromium.window()
    await first.open(site)
    second = Window(await first.page.context.new_page())
    who = await _speaks(first, shop, "第一页")
    await second.open(site)
    await expect(second.bubbles).to_have_count(2)
    assert (await _speaks(second, shop, "第二页")).id == who.id
    await expect(first.bubbles.last).to_have_text("第二页")
    await expect(first.bubbles).to_have_count(3)


async def test_the_queue_the_agent_and_the_rating(window: Window, shop: Shop, site: str) -> None:
    await window.chat.get_by_role("button", name="转人工").click()
    await until(lambda: len(shop.book.received) == 1)
    assert shop.book.received[0].choice == "@person"
    who = shop.book.received[0].contact
    status = window.chat.locator(".status")
    await shop.book.enter(who, State(Mode.WAITING, ahead=2))
    await expect(status).to_have_text("正在排队，您前面还有 2 位")
    await expect(window.chat.locator(".person")).to_be_hidden()
    await shop.book.say(who, "您好", Author.AGENT, name="小王")
    await shop.book.enter(who, State(Mode.ASSIGNED))
    await expect(status).to_have_text("小王 为您服务中")
    await shop.hints.publish(Hint("typing", contact=who.key, detail="agent"))
    await expect(window.chat.get_by_role("img", name="对方正在输入")).to_be_visible()
    await shop.book.enter(who, State(Mode.CLOSED))
    await shop.book.say(who, "请评分：", Author.SYSTEM, suggestions=STARS)
    await window.chat.get_by_role("button", name="4 星").click()
    await window.chat.locator(".rating input").fill("很好")
    await window.chat.get_by_role("button", name="提交评价").click()
    await expect(window.chat.locator(".thanks")).to_have_text("感谢您的评价！")
    await until(lambda: len(shop.book.received) == 3)
    assert [one.rating for one in shop.book.received] == [0, 4, 4]
    assert shop.book.received[-1].text == "很好"
    await window.open(site)
    await expect(window.chat.locator(".stars .on")).to_have_count(4)
    await expect(window.chat.locator(".stars button:enabled")).to_have_count(0)


async def test_the_visitors_typing_reaches_the_desk_only_while_a_person_listens(
    window: Window, shop: Shop
) -> None:
    who = await _speaks(window, shop)
    async with shop.hints.listen() as hints:
        await window.field.press_sequentially("机器人不用知道")
        await shop.book.enter(who, State(Mode.ASSIGNED))
        await expect(window.chat.locator(".status")).to_have_text("人工客服为您服务中")
        await window.field.press_sequentially("有人吗")
        told = [await anext(hints), await anext(hints)]
    assert [one.kind for one in told] == ["changed", "typing"]


async def test_an_answer_to_a_closed_chat_is_counted_on_its_button(
    window: Window, shop: Shop
) -> None:
    who = await _speaks(window, shop)
    await window.launcher.click()
    await shop.book.say(who, "一")
    await shop.book.say(who, "二")
    await expect(window.launcher).to_have_attribute("aria-label", "在线客服 (2)")
    await window.page.reload()
    await expect(window.launcher).to_have_attribute("aria-label", "在线客服 (2)")
    async with shop.hints.listen() as hints:
        await window.launcher.click()
        assert await anext(hints) == Hint("read", contact=who.key, detail="3")
    await expect(window.launcher).to_have_attribute("aria-label", "在线客服")


async def test_who_reads_further_up_is_told_of_news_and_not_moved(
    window: Window, shop: Shop
) -> None:
    who = await _speaks(window, shop)
    for number in range(30):
        await shop.book.say(who, f"第 {number} 行")
    await expect(window.bubbles).to_have_count(32)
    await expect(window.bubbles.last).to_be_in_viewport()
    await window.bubbles.first.scroll_into_view_if_needed()
    await expect(window.bubbles.last).not_to_be_in_viewport()
    newest = window.chat.get_by_role("button", name="新消息")
    await expect(newest).to_be_hidden()
    await shop.book.say(who, "新的一行")
    await expect(newest).to_be_visible()
    await expect(window.bubbles.first).to_be_in_viewport()
    await newest.click()
    await expect(window.bubbles.last).to_be_in_viewport()
    await expect(newest).to_be_hidden()
    await window.field.fill("一行\n两行\n三行\n四行")
    await expect(window.bubbles.last).to_be_in_viewport(ratio=1)


async def test_a_stranger_costs_no_socket(chromium: Chromium, shop: Shop, site: str) -> None:
    window = await chromium.window()
    await window.page.goto(site)
    await expect(window.launcher).to_be_visible()
    await expect(window.page.locator("iframe")).to_have_count(0)


async def test_enter_that_ends_a_composition_sends_nothing(window: Window, shop: Shop) -> None:
    await window.field.fill("nihao")
    for composing in ("isComposing: true", "keyCode: 229"):
        await window.frame().evaluate(
            "document.querySelector('textarea').dispatchEvent(new KeyboardEvent('keydown',"
            f" {{key: 'Enter', bubbles: true, cancelable: true, {composing}}}))"
        )
    await window.field.press("Shift+Enter")
    await window.field.press_sequentially("shijie")
    assert await window.field.input_value() == "nihao\nshijie"
    await _speaks(window, shop, "你好")
    assert [one.text for one in shop.book.received] == ["你好"]


async def test_the_keyboard_opens_writes_and_closes(
    chromium: Chromium, shop: Shop, site: str
) -> None:
    window = await chromium.window()
    await window.page.goto(site)
    await window.launcher.wait_for()
    await window.page.keyboard.press("Tab")
    await expect(window.launcher).to_be_focused()
    await window.page.keyboard.press("Enter")
    await expect(window.field).to_be_focused()
    await window.page.keyboard.press("Escape")
    await expect(window.page.locator("iframe")).to_be_hidden()
    await expect(window.launcher).to_be_focused()


async def test_a_token_that_is_worth_nothing_any_more_is_replaced(
    window: Window, shop: Shop
) -> None:
    before = await _speaks(window, shop)
    await window.frame().evaluate(
        """for (const key of Object.keys(localStorage))
             if (key.endsWith(':token')) localStorage[key] = JSON.stringify('0'.repeat(64))"""
    )
    await window.page.reload()
    await window.launcher.click()
    after = await _speaks(window, shop, "我又来了")
    assert after.id != before.id
    await expect(window.bubbles).to_have_count(2)


async def test_what_can_never_be_sent_does_not_hold_up_the_rest(window: Window, shop: Shop) -> None:
    await _speaks(window, shop)
    await window.frame().evaluate(
        """for (const key of Object.keys(localStorage)) if (key.endsWith(':outbox'))
             localStorage[key] = JSON.stringify(
               [{ frame: { type: 'message', id: 'a b', text: 'x' }, text: 'x' }])"""
    )
    await window.page.reload()
    await window.launcher.click()
    await expect(window.chat.locator(".failed .fate")).to_contain_text("未能发送")
    await _speaks(window, shop, "后面的照发")
    assert [one.text for one in shop.book.received] == ["你好", "后面的照发"]


async def test_the_site_says_who_is_logged_in(chromium: Chromium) -> None:
    async with open_shop(identity_secret="site") as shop:
        expires = shop.clock() // 1000 + 60
        signed: dict[str, object] = {"id": "42", "name": "Ann", "expires": expires}
        signed["signature"] = signature("site", "42", "Ann", expires)
        page = f"<script>window.frontdesk = {{identity: {json.dumps(signed)}}}</script>"
        page += SITE.format(language="en", loader=shop.url("loader.js"))
        async with open_site(page) as site:
            window = await chromium.window()
            await window.open(site)
            who = await _speaks(window, shop)
            assert (who.id, who.name) == ("u-42", "Ann")


HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "https://evil.example/<script>alert(1)</script>",
    "https://example.com/a?b=1&c=\"onmouseover='alert(1)'。",
]


# 18
async def test_hostile_text_is_inert_everywhere(window: Window, shop: Shop) -> None:
    who = await _speaks(window, shop, HOSTILE[0])
    for text in HOSTILE:
        await shop.book.say(who, text, Author.AGENT, name=text)
        await shop.book.say(who, text, suggestions=[Suggestion("x", text)])
        await shop.book.say(who, text, Author.SYSTEM)
    await expect(window.bubbles).to_have_count(2 + 3 * len(HOSTILE))
    for text in HOSTILE:
        await expect(window.bubbles.get_by_text(text, exact=True).first).to_be_visible()
    links = await window.chat.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert set(links) == {"https://evil.example/", "https://example.com/a?b=1&c="}
    assert await window.chat.locator(".log img, .log script").count() == 0
    assert window.errors == []


# 21
async def test_messages_from_other_origins_are_ignored(
    chromium: Chromium, shop: Shop, site: str
) -> None:
    intruder = """<script>
    const say = { frontdesk: 'close' }
    parent.postMessage(say, '*')
    parent.postMessage({ frontdesk: 'unread', count: 9 }, '*')
    parent.postMessage('done', '*')
    </script>"""
    async with open_site(intruder) as other:
        window = await chromium.window()
        await window.open(site)
        await window.page.evaluate(
            """async (other) => {
              const done = new Promise((done) =>
                addEventListener('message', (event) => event.data === 'done' && done()))
              const frame = document.createElement('iframe')
              frame.src = other
              frame.hidden = true
              document.body.append(frame)
              await done
            }""",
            other,
        )
        chat = window.page.frame_locator("iframe[title]")
        await chat.locator("textarea").fill("还开着")
        await chat.locator("textarea").press("Enter")
        await until(lambda: len(shop.book.received) == 1)
        who = shop.book.received[0].contact
        assert who.id.startswith("a-")
        await shop.book.say(who, "看得到")
        await expect(chat.locator(".bubble").last).to_have_text("看得到")
        await expect(window.launcher).to_have_attribute("aria-label", "在线客服")
        await expect(window.launcher).to_have_attribute("aria-expanded", "true")


# 21
async def test_the_chat_listens_only_to_the_origin_that_it_was_made_for(
    chromium: Chromium, shop: Shop
) -> None:
    frame = shop.url("frame") + "?origin=https://shop.example"
    async with open_site(f'<iframe src="{frame}"></iframe>') as site:
        window = await chromium.window()
        await window.page.goto(site)
        await expect(window.chat.locator("textarea")).to_be_visible()
        heard = "window.heard = new Promise((done) => addEventListener('message', done))"
        await window.frame().evaluate(f"{heard}; 0")
        await window.page.evaluate(
            "frames[0].postMessage({ frontdesk: 'init', open: true, identity: null }, '*')"
        )
        await window.frame().evaluate("heard.then(() => 0)")
        await expect(window.chat.locator("h1")).to_have_text("")
        assert list(shop.adapter._feed) == []


# 22
async def test_a_site_off_the_list_can_not_embed_the_chat(chromium: Chromium) -> None:
    async with open_shop(allowed_origins=["https://shop.example"]) as shop:
        page = SITE.format(language="zh", loader=shop.url("loader.js"))
        async with open_site(page) as site:
            window = await chromium.window()
            async with window.page.expect_event(
                "console", lambda one: "frame-ancestors" in one.text
            ):
                await window.page.goto(site)
                await window.launcher.click()
            await expect(window.field).to_have_count(0)


async def test_a_phone_shows_the_chat_alone(chromium: Chromium, shop: Shop, site: str) -> None:
    window = await chromium.window(390, 780, has_touch=True, is_mobile=True)
    await window.open(site)
    box = await window.page.locator("iframe").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, await window.page.evaluate("innerWidth"))
    await expect(window.launcher).to_be_hidden()
    await window.chat.get_by_role("button", name="收起聊天窗口").click()
    await expect(window.launcher).to_be_visible()


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("zh", "light", 390), ("zh", "dark", 1200), ("en", "dark", 390), ("en", "light", 1200)],
)
async def test_axe_finds_nothing(
    chromium: Chromium, shop: Shop, language: str, scheme: str, width: int
) -> None:
    async with AsyncExitStack() as stack:
        page = SITE.format(language=language, loader=shop.url("loader.js"))
        site = await stack.enter_async_context(open_site(page))
        window = await chromium.window(width, color_scheme=scheme, reduced_motion="reduce")
        await window.open(site)
        assert await window.violations() == []
        who = await _speaks(window, shop)
        await shop.book.say(who, "https://example.com", suggestions=TAPS)
        await shop.book.say(who, "…", suggestions=TAPS)
        await window.chat.locator(".suggestion:enabled").first.click()
        await shop.book.say(who, "正在转接", Author.SYSTEM)
        await shop.book.say(who, "Hello", Author.AGENT, name="Ann")
        await shop.book.enter(who, State(Mode.CLOSED))
        await shop.book.say(who, "?", Author.SYSTEM, suggestions=STARS)
        await window.chat.locator(".stars button").nth(2).click()
        await window.chat.locator(".rating input").wait_for()
        shop.book.down = True
        await window.say("等待")
        await expect(window.chat.locator(".notice")).to_be_visible()
        assert await window.violations() == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Customer service"), ("zh-TW", "在线客服"), ("", "在线客服")]
)
async def test_the_widget_speaks_the_pages_language(
    chromium: Chromium, shop: Shop, language: str, title: str
) -> None:
    async with open_site(SITE.format(language=language, loader=shop.url("loader.js"))) as site:
        window = await chromium.window()
        await window.open(site)
        await expect(window.chat.locator("h1")).to_have_text(title)
        await _speaks(window, shop)
        assert shop.book.received[0].contact.language == ("en" if language == "en" else "zh")
