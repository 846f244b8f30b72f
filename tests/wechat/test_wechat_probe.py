"""What an operator reads of an account that is tried: in both languages, with what to do."""

from typing import Any

import pytest

from adapters.wechat import probe
from tests.wechat.platform import SECRET, SEND, TOKEN, Tencent
from tests.wechat.vectors import OURS


async def said(tencent: Tencent, **more: Any) -> list[tuple[str, str, bool]]:
    settings: dict[str, Any] = {"app_secret": SECRET, **more}
    config = OURS.config(api_base=tencent.base, **settings)
    return [(one.zh, one.en, one.fine) async for one in probe("official", config)]


async def test_a_verified_account_may_push(tencent: Tencent) -> None:
    tencent.refuse("/cgi-bin/message/custom/typing", 40003)
    taken, rights = await said(tencent)
    assert taken[2]
    assert rights[2]
    assert "可以发送客服消息" in rights[0]
    assert "are pushed" in rights[1]


@pytest.mark.parametrize(("can_push", "fine"), [("auto", True), (False, True), (True, False)])
async def test_an_unverified_account_only_answers(
    tencent: Tencent, can_push: object, fine: bool
) -> None:
    tencent.verified = False
    _, rights = await said(tencent, can_push=can_push)
    assert "48001" in rights[0]
    assert "48001" in rights[1]
    assert rights[2] is fine


async def test_the_address_to_allow_is_named(tencent: Tencent) -> None:
    tencent.texts[40164] = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"
    tencent.refuse(TOKEN, 40164)
    [(zh, en, fine)] = await said(tencent)
    assert "203.0.113.7 加入白名单" in zh
    assert "add the IP address 203.0.113.7" in en
    assert not fine


async def test_wrong_credentials_are_called_so_and_not_repeated(tencent: Tencent) -> None:
    [(zh, en, fine)] = await said(tencent, app_secret="not-the-secret")
    assert "app_secret 不对" in zh
    assert "app_secret is wrong" in en
    assert "not-the-secret" not in zh + en
    assert not fine


async def test_a_platform_that_can_not_be_reached_is_called_so(tencent: Tencent) -> None:
    await tencent.stop()
    [(zh, en, fine)] = await said(tencent)
    assert "连不上" in zh
    assert "can't reach" in en
    assert not fine


async def test_nobody_gets_a_message(tencent: Tencent) -> None:
    await said(tencent)
    assert tencent.count[SEND] == 0
