"""The whole story in two windows: asked, answered, guessed, queued, taken, cut, killed, closed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from playwright.async_api import expect

from tests.chromium import open_browser
from tests.story.program import Program
from tests.story.windows import Agent, Customer, page
from tests.story.wire import Wire

NEW_PASSWORD = "清目眼镜 2026 号前台"


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    program = Program(tmp_path)
    await program.start()
    yield program
    await program.stop()


@pytest.fixture
async def wire(program: Program) -> AsyncIterator[Wire]:
    wire = Wire(program.port)
    await wire.start()
    yield wire
    await wire.stop()


@pytest.mark.browser
async def test_the_whole_story(program: Program, wire: Wire) -> None:
    async with open_browser() as chromium, ClientSession() as session:
        agent = Agent(await page(chromium, 1440, 900))
        await agent.sign_in(program.base, program.password, NEW_PASSWORD)
        customer = Customer(await page(chromium, 1200, 800))
        await customer.open(wire.base)
        await _a_known_question_is_answered(customer)
        await _a_near_one_is_guessed_and_tapped(customer)
        earlier = await _somebody_else_waits_already(session, program)
        await _an_unknown_one_queues_with_its_place(customer)
        await _the_agent_is_told_and_takes_it_by_keyboard(agent, customer)
        await _a_cut_loses_and_doubles_nothing(agent, customer, wire)
        await _a_killed_process_comes_back_with_everything(agent, customer, program)
        await _the_chat_is_closed_rated_and_recorded(agent, customer, program)
        await earlier.close()
        assert agent.errors == customer.errors == []


async def _a_known_question_is_answered(customer: Customer) -> None:
    await customer.say("运费怎么算")
    await customer.sees("订单满99元全国包邮")
    helpful = customer.chat.get_by_role("button", name="有帮助", exact=True)
    await helpful.click()
    await expect(helpful).to_have_attribute("aria-pressed", "true")


async def _a_near_one_is_guessed_and_tapped(customer: Customer) -> None:
    await customer.say("退款")
    taps = customer.chat.locator(".suggestion")
    await expect(taps.last).to_have_text("都不是")
    await customer.paint("widget")
    chosen = taps.first
    label = await chosen.inner_text()
    await chosen.click()
    await expect(customer.chat.locator(".message.customer .bubble").last).to_have_text(label)
    await expect(customer.chat.locator(".message.bot .bubble")).to_have_count(4)


async def _somebody_else_waits_already(
    session: ClientSession, program: Program
) -> ClientWebSocketResponse:
    socket = await session.ws_connect(f"{program.base}/widget/website/socket")
    await socket.send_json({"type": "hello", "token": None, "after": 0, "language": "en"})
    await socket.send_json({"type": "message", "id": "first", "text": "a human, please"})
    while json.loads(await socket.receive_str()).get("mode") != "waiting":
        pass
    return socket


async def _an_unknown_one_queues_with_its_place(customer: Customer) -> None:
    await customer.say("转人工，我想问问火星上能不能配镜")
    await customer.sees("您前面还有 1 位顾客")
    await expect(customer.chat.locator(".status")).to_have_text("正在排队，您前面还有 1 位")


async def _the_agent_is_told_and_takes_it_by_keyboard(agent: Agent, customer: Customer) -> None:
    await expect(agent.page).to_have_title("(2) 前台")
    await agent.page.get_by_role("button", name="开启").click()
    await agent.press("j", "j")
    await expect(agent.page.locator(".thread")).to_contain_text("火星上能不能配镜")
    await agent.paint("console-waiting")
    await agent.press("t")
    await expect(customer.chat.locator(".status")).to_contain_text("为您服务中")
    await agent.writes("您好，我是小前，火星暂时配不了，地球可以。")
    reply = await customer.sees("火星暂时配不了")
    await expect(customer.chat.locator(".message.agent .name").first).to_have_text("admin")
    await expect(reply).to_be_visible()


async def _a_cut_loses_and_doubles_nothing(agent: Agent, customer: Customer, wire: Wire) -> None:
    wire.cut()
    await expect(customer.chat.locator(".notice")).to_contain_text("连接中断")
    await customer.say("我在电梯里")
    await agent.press("Escape", "r")
    await agent.writes("没关系，慢慢来。")
    await expect(customer.chat.locator(".message.pending")).to_have_count(1)
    wire.mend()
    await customer.sees("没关系，慢慢来。")
    await customer.sees("我在电梯里")
    await expect(customer.chat.locator(".message.pending")).to_have_count(0)
    await expect(agent.page.locator(".thread")).to_contain_text("我在电梯里")


async def _a_killed_process_comes_back_with_everything(
    agent: Agent, customer: Customer, program: Program
) -> None:
    before = await customer.bubbles()
    await program.kill()
    await customer.say("停电了吗？")
    await agent.press("Escape", "r")
    await agent.writes("我们回来了。")
    await program.start()
    await customer.sees("我们回来了。")
    await customer.sees("停电了吗？")
    await expect(agent.page.locator(".thread")).to_contain_text("停电了吗？")
    after = await customer.bubbles()
    assert after[: len(before)] == before
    assert sorted(after[len(before) :]) == sorted(["停电了吗？", "我们回来了。"])


async def _the_chat_is_closed_rated_and_recorded(
    agent: Agent, customer: Customer, program: Program
) -> None:
    await agent.paint("console")
    await agent.press("Escape", "e")
    dialog = agent.page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await dialog.locator("textarea").fill("问火星配镜，已说明。")
    await agent.paint("console-close")
    await dialog.get_by_role("button", name="结束").click()
    await expect(dialog).to_have_count(0)
    await customer.chat.get_by_role("button", name="5 星").click()
    await customer.chat.locator(".rating input").fill("很快")
    await customer.chat.get_by_role("button", name="提交评价").click()
    await expect(customer.chat.locator(".thanks")).to_have_text("感谢您的评价！")
    await customer.paint("widget-rated")
    expected = {"outcome": "solved", "summary": "问火星配镜，已说明。", "rating": 5}
    await _the_record_says(agent, program, {**expected, "comment": "很快"})


async def _the_record_says(agent: Agent, program: Program, expected: dict[str, object]) -> None:
    api = f"{program.base}/api/v1/conversations"
    answer = await agent.page.request.get(f"{api}?mode=closed")
    [record] = (await answer.json())["items"]
    assert {name: record[name] for name in expected} == expected
    messages = await agent.page.request.get(f"{api}/{record['id']}/messages")
    seqs = [line["seq"] for line in (await messages.json())["items"]]
    assert seqs == list(range(1, len(seqs) + 1))
