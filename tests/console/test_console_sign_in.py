"""The door: the first password is changed, wrong ones are told, the session's end leads back."""

import pytest
from playwright.async_api import expect

from handoff.agents import Role
from tests.console.office import PASSWORD, Office, Windows

pytestmark = pytest.mark.browser


async def test_the_first_sign_in_leads_to_a_password_of_ones_own(
    office: Office, windows: Windows
) -> None:
    first = office.program.first_password or ""
    desk = await windows.open()
    await desk.go()
    await desk.sign_in("admin", first)
    await desk.sees("h1", "设置自己的密码")
    await expect(desk.at("[name=old]")).to_have_count(0)

    await desk.page.fill("[name=fresh]", "short")
    await desk.page.fill("[name=again]", "other")
    await desk.press("Enter")
    await desk.sees(".error", "两次输入的新密码不一样")
    await desk.page.fill("[name=again]", "short")
    await desk.press("Enter")
    await desk.sees(".error", "至少 10 个字符")
    await desk.page.fill("[name=fresh]", PASSWORD)
    await desk.page.fill("[name=again]", PASSWORD)
    await desk.press("Enter")
    await desk.sees(".my-name", "admin")

    await desk.page.reload()
    await desk.sees(".my-name", "admin")
    assert desk.errors == []


async def test_a_reload_before_the_change_asks_for_the_first_password_again(
    office: Office, windows: Windows
) -> None:
    first = office.program.first_password or ""
    desk = await windows.open()
    await desk.go()
    await desk.sign_in("admin", first)
    await desk.sees("h1", "设置自己的密码")
    await desk.page.reload()
    await desk.page.fill("[name=old]", first)
    await desk.page.fill("[name=fresh]", PASSWORD)
    await desk.page.fill("[name=again]", PASSWORD)
    await desk.press("Enter")
    await desk.sees(".my-name", "admin")


async def test_a_wrong_password_is_told_in_the_readers_language(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    desk = await windows.open()
    await desk.go()
    await desk.sign_in("Lin", "not this one")
    await desk.sees(".error", "姓名或密码不对")
    await desk.page.get_by_role("radio", name="English").click()
    await desk.sign_in("Lin", "nor this one")
    await desk.sees(".error", "Wrong name or password")
    assert await desk.page.evaluate("document.documentElement.lang") == "en"


async def test_a_reload_while_the_desk_is_away_goes_on_when_it_is_back(
    office: Office, windows: Windows
) -> None:
    await office.hire("Lin")
    desk = await windows.open()
    await desk.enter("Lin")
    await desk.page.route("**/me", lambda route: route.abort())
    await desk.page.reload()
    await desk.sees(".door", "连不上服务器")
    await desk.page.unroute("**/me")
    await desk.sees(".my-name", "Lin")


async def test_an_editor_is_told_that_chats_are_for_others(
    office: Office, windows: Windows
) -> None:
    await office.hire("Wen", Role.EDITOR)
    desk = await windows.open()
    await desk.go()
    await desk.sign_in("Wen")
    await desk.sees(".notice", "编辑不接待会话")
    assert await desk.page.context.cookies() == []


async def test_whoever_is_disabled_is_back_at_the_door_with_their_draft_kept(
    office: Office, windows: Windows
) -> None:
    conversation = await office.wait_for_person()
    desk = await windows.leading(conversation)
    await desk.type("写到一半")
    await office.program.handoff.people.reset_password("Lin", PASSWORD + " 2")
    await desk.sees(".notice", "登录已失效")
    await desk.sign_in("Lin", PASSWORD + " 2")
    await desk.page.fill("[name=fresh]", PASSWORD)
    await desk.page.fill("[name=again]", PASSWORD)
    await desk.press("Enter")
    await expect(desk.at(".composer textarea")).to_have_value("写到一半")
