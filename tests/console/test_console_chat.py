"""A day at the console: chats by keyboard, input methods, cuts, two agents at once."""

import re

import pytest
from playwright.async_api import Route, expect

from gateway.adapter import Delivery, Fate
from handoff.agents import Role
from tests.console.office import ANN, TOM, Desk, Office, Windows

pytestmark = pytest.mark.browser


async def test_a_chat_is_taken_answered_noted_and_closed_by_keyboard_alone(
    office: Office, windows: Windows
) -> None:
    await office.hire("林晓")
    desk = await windows.open()
    await desk.enter("林晓")
    await desk.sees(".empty", "没有人在排队")
    await office.wait_for_person(TOM, "human please")
    conversation = await office.wait_for_person(ANN)
    await expect(desk.at(".row")).to_have_count(2)
    await expect(desk.page).to_have_title("(2) 前台")

    await desk.press("j", "j", "k", "j")
    await desk.sees(".head h2", "王女士")
    await desk.take()
    await desk.sees(".tab[aria-current]", "我的")
    await desk.type("您好,我来帮您。")
    await desk.press("Shift+Enter")
    await desk.type("请稍等。")
    await desk.press("Enter")
    await desk.sees(".message[data-author=agent]:not(.unsent)", "您好,我来帮您。\n请稍等。")
    await desk.sees(".delivery[data-status=sent]")
    assert office.counter.heard[-1].text == "您好,我来帮您。\n请稍等。"

    await desk.press("Escape", "n")
    await expect(desk.at(".composer textarea")).to_be_focused()
    await desk.type("老客户")
    await desk.press("Enter")
    await desk.sees(".message[data-note=true]", "老客户")
    assert all(reply.text != "老客户" for reply in office.counter.heard)

    await desk.press("Escape", "e")
    summary = await desk.sees("dialog textarea")
    assert "您好,我来帮您。" in await summary.input_value()
    await desk.press("ArrowDown")
    await desk.press("Control+Enter")
    await desk.sees(".take", "会话已结束")
    await expect(desk.at("dialog")).to_have_count(0)
    row = await office.program.database.row(
        "SELECT mode, outcome FROM conversations WHERE id = ?", conversation
    )
    assert row is not None
    assert (row["mode"], row["outcome"]) == ("closed", "follow_up")
    await desk.press("w", "j")
    await desk.sees(".head h2", "Tom Baker")
    assert desk.errors == []


async def test_enter_sends_nothing_while_an_input_method_composes(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())
    chrome = await desk.page.context.new_cdp_session(desk.page)
    composing = {"selectionStart": 5, "selectionEnd": 5, "text": "ni'ha"}
    await chrome.send("Input.imeSetComposition", composing)
    await expect(desk.at(".composer textarea")).to_have_value("ni'ha")
    enter = {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    await chrome.send("Input.dispatchKeyEvent", enter)
    await chrome.send("Input.dispatchKeyEvent", {**enter, "windowsVirtualKeyCode": 229})
    await expect(desk.at(".message[data-author=agent], .unsent")).to_have_count(0)
    await chrome.send("Input.insertText", {"text": "你好"})
    await expect(desk.at(".composer textarea")).to_have_value("你好")
    await desk.press("Enter")
    await desk.sees(".message[data-author=agent]", "你好")


async def test_a_suggestion_goes_into_the_reply_with_one_key(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    conversation = await office.wait_for_person()
    await office.say("多久能发货", ANN)
    desk = await windows.open()
    await desk.enter("Lin", conversation)
    await desk.press("t")
    field = desk.at(".composer textarea")
    await expect(field).to_be_focused()
    answer = await desk.at(".suggestion .answer").first.text_content()
    assert answer
    await desk.type("您好!")
    await desk.press("Alt+1")
    await expect(field).to_have_value(f"您好!{answer}")
    await desk.press("Control+z")
    await expect(field).to_have_value("您好!")
    await desk.page.fill(".composer textarea", "")
    await desk.press("Escape", "1")
    await expect(field).to_have_value(answer)


async def test_of_two_agents_the_second_is_told_who_was_first(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    await office.hire("Maya")
    conversation = await office.wait_for_person()
    lin, maya = await windows.open(), await windows.open()
    await lin.enter("Lin", conversation)
    await maya.enter("Maya", conversation)
    await maya.page.route("**/live**", lambda route: route.abort())
    await maya.sees(".take", "客户在等人工回复")
    await maya.page.route("**/claim", lambda route: _after(lin, route))
    await maya.press("t")
    await maya.sees(".toast", "Lin 已经在接待这个会话")
    await maya.sees(".take", "Lin 正在接待")


async def _after(first: Desk, route: Route) -> None:
    await first.take()
    await route.continue_()


async def test_what_is_written_without_a_connection_goes_out_in_order_after_it(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())
    await desk.page.context.set_offline(True)
    await desk.sees(".offline", "连接断开")
    for text in ("一", "二", "三"):
        await desk.type(text)
        await desk.press("Enter")
    await desk.sees(".offline", "3 条消息已保存")
    await office.say("还在吗", ANN)
    await desk.page.context.set_offline(False)
    await expect(desk.at(".unsent")).to_have_count(0)
    await desk.sees(".message[data-author=customer]", "还在吗")
    await expect(desk.at(".delivery[data-status=sent]")).to_have_count(3)
    own = [one.text for one in office.counter.heard if one.author == "agent"]
    assert own == ["一", "二", "三"]


async def test_a_reply_whose_receipt_was_lost_is_said_once(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())

    async def lose(route: Route) -> None:
        await desk.page.unroute("**/messages")
        await route.fetch()
        await route.abort()

    await desk.page.route("**/live**", lambda route: route.abort())
    await desk.page.route("**/messages", lose)
    await desk.type("只说一次\n")
    await expect(desk.at(".unsent")).to_have_count(0)
    await desk.sees(".message[data-author=agent]", "只说一次")
    await desk.type("再说一句\n")
    await desk.sees(".message[data-author=agent]:not(.unsent)", "再说一句")
    await office.counter.said(3)
    own = [one.text for one in office.counter.heard if one.author == "agent"]
    assert own == ["只说一次", "再说一句"]


async def test_unsent_messages_and_drafts_live_through_a_reload(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())
    await desk.page.route("**/messages", lambda route: route.abort())
    await desk.type("第一句")
    await desk.press("Enter")
    await desk.sees(".unsent", "第一句")
    await desk.type("第二句写到一半")
    await desk.page.unroute("**/messages")
    await desk.page.reload()
    await desk.sees(".message[data-author=agent]:not(.unsent)", "第一句")
    await expect(desk.at(".composer textarea")).to_have_value("第二句写到一半")
    own = [one.text for one in office.counter.heard if one.author == "agent"]
    assert own == ["第一句"]


async def test_a_reply_of_unknown_fate_is_shown_and_sent_again_with_one_click(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())
    await office.counter.said(1)
    office.counter.outcomes.append(Delivery(Fate.UNKNOWN, "reset"))
    await desk.type("到了吗")
    await desk.press("Enter")
    await desk.sees(".delivery[data-status=unknown]", "送达未确认")
    await desk.page.get_by_role("button", name="重发").click()
    await desk.sees(".delivery[data-status=sent]")
    assert [one.text for one in office.counter.heard].count("到了吗") == 2


async def test_a_chat_is_passed_to_a_colleague_with_a_note_and_given_back_to_the_bot(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin", Role.SUPERVISOR)
    await office.hire("Maya")
    conversation = await office.wait_for_person()
    lin, maya = await windows.open(), await windows.open(locale="en-GB")
    await lin.enter("Lin", conversation)
    await maya.enter("Maya")
    await maya.page.get_by_role("combobox", name="My status").select_option("busy")
    await lin.take()
    await lin.page.get_by_role("button", name="转接").click()
    await lin.sees(".choice", "忙碌 · 接待中 0/5")
    await lin.sees(".choice", "售后")
    await lin.page.get_by_role("radio", name="Maya").check()
    await lin.page.get_by_role("textbox", name="交接说明").fill("要退款")
    await lin.page.get_by_role("dialog").get_by_role("button", name="转接").click()
    await lin.sees(".take", "Maya 正在接待")
    await maya.page.get_by_role("button", name="Mine").click()
    await (await maya.sees(".row", "王女士")).click()
    await maya.sees(".message[data-note=true]", "要退款")
    await maya.page.get_by_role("button", name="Transfer").click()
    await maya.sees(".choice", "After-sales")
    await maya.press("Escape")
    await maya.page.get_by_role("button", name="Back to bot").click()
    await maya.sees(".take", "The bot is answering")


async def test_a_customer_whom_the_bot_leaves_without_an_answer_stands_in_the_queue(
    office: Office, windows: Windows
) -> None:
    conversation = await office.wait_for_person()
    desk = await windows.leading(conversation)
    await office.age(conversation, 60)
    await desk.page.get_by_role("button", name="交还机器人").click()
    await desk.sees(".take", "机器人没有答上来，客户在等回复。")
    await desk.press("w")
    await expect(desk.at(".tab[aria-current] .figure")).to_have_text("1")
    await desk.sees(".row", "王女士")
    await desk.sees(".figure[title='待回复 1']")
    await desk.take()
    await desk.type("您好\n")
    await expect(desk.at(".clock")).to_have_count(0)
    await expect(desk.at(".figure[title]")).to_have_count(0)
    await desk.press("Escape", "w")
    await desk.sees(".empty", "没有人在排队")


async def test_a_reply_that_turns_out_lost_after_the_close_is_sent_again(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())
    await office.counter.said(1)
    office.counter.way.clear()
    await desk.type("再见")
    await desk.press("Enter", "Escape")
    await office.counter.said(2)
    await desk.press("e", "Control+Enter")
    await desk.sees(".take", "会话已结束")
    await expect(desk.at("dialog")).to_have_count(0)
    office.counter.outcomes += [Delivery(Fate.REJECTED, "blocked")] * 2
    office.counter.way.set()
    await desk.sees(".take", "最后的回复没有送达，请重发")
    await desk.press("w")
    await desk.sees(".row", "王女士")
    await desk.page.get_by_role("button", name="重发").first.click()
    await desk.sees(".empty", "没有人在排队")
    await desk.sees(".take", "客户再来时")


async def test_a_close_waits_for_a_look_at_what_the_customer_has_just_written(
    office: Office, windows: Windows
) -> None:
    conversation = await office.wait_for_person()
    desk = await windows.leading(conversation)
    await desk.press("Escape", "e")
    await (await desk.sees("dialog textarea")).fill("问发货")
    await office.say("还有一个问题", ANN)
    await desk.sees(".row .last", "还有一个问题")
    await desk.press("Control+Enter")
    await desk.sees("dialog [role=alert]", "客户刚刚又发来消息，请先看一眼。")
    await desk.sees(".message[data-author=customer]", "还有一个问题")
    await desk.sees(".head", "我在接待")
    await expect(desk.at("dialog textarea")).to_have_value("问发货")
    await desk.press("Control+Enter")
    await desk.sees(".take", "会话已结束")
    await expect(desk.at("dialog")).to_have_count(0)


async def test_a_clock_runs_by_the_desks_limits_until_the_answer(
    office: Office, windows: Windows
) -> None:
    desk = await windows.leading(await office.wait_for_person())
    await desk.type("您好\n")
    await expect(desk.at(".clock")).to_have_count(0)
    await office.say("多少钱", ANN)
    await expect(desk.at(".head .clock")).to_have_attribute("data-tone", "red")
    await expect(desk.at(".row .clock")).to_have_attribute("data-tone", "red")
    await desk.type("三百元\n")
    await expect(desk.at(".clock")).to_have_count(0)


async def test_search_finds_what_was_said_and_escape_leaves_it(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    await office.say("多久能发货", TOM)
    await office.wait_for_person(ANN)
    desk = await windows.open()
    await desk.enter("Lin")
    await desk.press("/")
    await expect(desk.at("#search")).to_be_focused()
    await desk.type("发")
    await desk.sees(".row .name", "Tom Baker")
    await desk.type("货")
    await expect(desk.at("#search")).to_have_value("发货")
    await expect(desk.at(".row")).to_have_count(1)
    await desk.press("Escape")
    await expect(desk.at("#search")).to_have_value("")
    await desk.sees(".row .name", "王女士")
    await desk.press("j")
    await desk.sees(".head h2", "王女士")


async def test_a_long_chat_begins_with_its_end_and_shows_the_rest_on_request(
    office: Office, windows: Windows
) -> None:
    conversation = await office.wait_for_person()
    for number in range(160):
        await office.say(f"第 {number} 句", ANN)
    desk = await windows.leading(conversation)
    await expect(desk.at(".message")).to_have_count(150)
    await expect(desk.at(".message").last).to_be_in_viewport()
    first = desk.at(".message").first
    await desk.page.get_by_role("button", name="更早的消息").click()
    await expect(desk.at(".message")).to_have_count(161)
    await expect(first).to_have_text(re.compile("转人工"))
    await expect(desk.at(".message").filter(has_text="第 12 句")).to_be_in_viewport()


async def test_it_is_seen_that_the_customer_types_and_what_is_new(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    desk = await windows.open()
    conversation = await office.wait_for_person()
    other = await office.wait_for_person(TOM, "human please")
    await desk.enter("Lin", conversation)
    await desk.take()
    await office.type(conversation, ANN)
    await desk.sees(".typing", "王女士 正在输入")
    await desk.press("Escape", "j")
    await desk.page.goto(f"{office.address}/console/#/c/{other}")
    await desk.sees(".head h2", "Tom Baker")
    await desk.page.get_by_role("button", name="我的").click()
    await office.say("还有一个问题", ANN)
    await desk.sees(".row .unread", "1")
    await desk.sees(".row .last", "还有一个问题")
