"""What a platform lets through, what it holds, and what a customer has changed, in the console."""

import pytest
from playwright.async_api import Locator, expect

from gateway.adapter import Delivery, Fate
from gateway.budgets import Budgets
from gateway.clock import MINUTE, system_clock
from gateway.language import both
from gateway.message import Grant, Message
from tests.console.office import ANN, Desk, Office, Windows

pytestmark = pytest.mark.browser

HOUR = 60 * MINUTE


async def grant(office: Office, count: int, lasts: int, spent: int) -> None:
    """The customer writes, which lets us send so many for a while (ms); some of that is spent."""
    program = office.program
    given = Grant("message", count, lasts)
    await program.bus.accept(Message(f"g{count}", ANN, "在吗", grant=given))
    budgets = Budgets(program.database, program.hints, system_clock)
    await budgets.spend(ANN, [f"reply to g{count}"], spent)
    await program.bus.accept(Message(f"h{count}", ANN, "在吗"))


@pytest.mark.parametrize(
    ("locale", "hours", "minutes", "none"),
    [
        (
            "zh-CN",
            "还能发 3/5 条，剩 31 小时",
            "还能发 2/3 条，剩 20 分钟",
            "额度已用完，等客户再次发言后送出",
        ),
        (
            "en",
            "3 of 5 left, 31 h",
            "2 of 3 left, 20 min",
            "None left: held until the customer writes",
        ),
    ],
)
async def test_what_may_still_be_sent_stands_beside_the_reply(
    office: Office, windows: Windows, locale: str, hours: str, minutes: str, none: str
) -> None:
    desk = await windows.leading(await office.wait_for_person(), locale=locale)
    await expect(desk.at(".budget")).to_have_count(0)
    for count, spent, lasts, said in (
        (5, 2, 31 * HOUR + 30 * MINUTE, hours),
        (3, 1, 20 * MINUTE, minutes),
        (1, 1, HOUR, none),
    ):
        await grant(office, count, lasts, spent)
        await desk.sees(".budget", said)


@pytest.mark.parametrize(
    ("locale", "said", "why"),
    [
        ("zh-CN", "暂缓，等客户再次发言后送出", "额度用完了"),
        ("en", "Held until the customer writes again", "the quota is spent"),
    ],
)
async def test_a_held_reply_says_so_until_the_customer_writes(
    office: Office, windows: Windows, locale: str, said: str, why: str
) -> None:
    desk = await windows.leading(await office.wait_for_person(), locale=locale)
    office.counter.outcomes = [Delivery(Fate.HELD, both("额度用完了", "the quota is spent"))]
    await desk.type("稍等\n")
    await desk.sees(".delivery[data-status=held]", said)
    await expect(desk.at(".delivery .detail")).to_have_text(why)
    await office.say("好的")
    await expect(desk.at(".delivery[data-status=held]")).to_have_count(0)
    await desk.sees(".delivery[data-status=sent]")


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "已编辑"), ("en", "Edited")])
async def test_a_line_that_the_customer_changed_says_so(
    office: Office, windows: Windows, locale: str, said: str
) -> None:
    desk = await windows.leading(await office.wait_for_person(), locale=locale)
    await office.program.bus.accept(Message("e1", ANN, "镜片起雾"))
    await desk.sees(".message[data-author=customer]", "镜片起雾")
    await expect(desk.at(".edited")).to_have_count(0)
    await office.program.bus.accept(Message("e2", ANN, "镜片花了", edits="e1"))
    await expect(_changed(desk)).to_contain_text(["镜片花了"])
    await expect(_changed(desk).locator(".edited")).to_have_text(said)
    await expect(desk.at(".panes").get_by_text("镜片起雾")).to_have_count(0)


def _changed(desk: Desk) -> Locator:
    return desk.at(".message[data-author=customer]:has(.edited)")
