"""What `frontdesk check --online` and `frontdesk telegram` say of a bot, in both languages."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from adapters.telegram.cli import command
from gateway.adapter import Remark
from gateway.app import models, probes
from gateway.config import load
from gateway.terminal import Terminal
from tests.telegram import bot_api
from tests.telegram.bot_api import TOKEN, BotApi, Json
from tests.telegram.shop import PACKAGES, configure, webhook

FORUM: Json = {"id": -100, "type": "supergroup", "title": "Desk", "is_forum": True}
ADMIN: Json = {"status": "administrator", "can_manage_topics": True}


async def remarks(folder: Path, api: BotApi, **channel: Any) -> list[Remark]:
    config = load(configure(folder, api.base, **channel), {}, models(PACKAGES))
    ((name, probe),) = probes(config, PACKAGES)
    assert name == "telegram"
    found = [one async for one in probe]
    for one in found:
        assert any("\u4e00" <= char <= "\u9fff" for char in one.zh)
        assert TOKEN not in one.zh + one.en
    return found


async def test_a_bot_that_is_well(tmp_path: Path, api: BotApi) -> None:
    bot, hook = await remarks(tmp_path, api)
    assert bot.fine
    assert "@shop_bot" in bot.en
    assert hook.fine


async def test_a_server_of_ones_own_need_not_tell_a_name(tmp_path: Path, api: BotApi) -> None:
    api.answers["getMe"] = lambda _: {"id": 123456, "is_bot": True, "first_name": "Shop"}
    bot, _ = await remarks(tmp_path, api)
    assert bot.fine
    assert bot.en == "the bot is 123456"


async def test_a_webhook_where_polling_is_wanted(tmp_path: Path, api: BotApi) -> None:
    api.webhook_url = "https://old.example/"
    _, hook = await remarks(tmp_path, api)
    assert not hook.fine
    assert "frontdesk telegram unhook telegram" in hook.en


async def test_no_webhook_where_one_is_wanted(tmp_path: Path, api: BotApi) -> None:
    _, hook = await remarks(tmp_path, api, **webhook())
    assert not hook.fine
    assert "/telegram/telegram" in hook.en


async def test_a_webhook_that_fails(tmp_path: Path, api: BotApi) -> None:
    info = {"url": "https://x.example/", "last_error_message": "Connection refused"}
    api.answers["getWebhookInfo"] = lambda _: info
    _, hook = await remarks(tmp_path, api, **webhook())
    assert "Connection refused" in hook.en


@pytest.mark.parametrize(
    ("chat", "member", "said"),
    [
        (FORUM, ADMIN, ""),
        ({**FORUM, "is_forum": False}, ADMIN, "turn on Topics"),
        (FORUM, {"status": "member"}, "Manage topics"),
        (FORUM, {**ADMIN, "can_manage_topics": False}, "Manage topics"),
    ],
)
async def test_rights_in_the_agents_group(
    tmp_path: Path, api: BotApi, chat: Json, member: Json, said: str
) -> None:
    api.answers |= {"getChat": lambda _: chat, "getChatMember": lambda _: member}
    *_, group = await remarks(tmp_path, api, agents_group=-100)
    assert group.fine == (not said)
    assert said in group.en


async def test_a_token_that_is_refused_and_a_server_that_is_away(
    tmp_path: Path, api: BotApi
) -> None:
    api.script("getMe", bot_api.UNAUTHORISED)
    (refused,) = await remarks(tmp_path, api)
    assert "BotFather" in refused.en
    await api.stop()
    (away,) = await remarks(tmp_path, api)
    assert "can't be asked" in away.en


def typed(folder: Path, *words: str, environment: Mapping[str, str]) -> Result:
    def say(zh: str, en: str) -> str:
        return en

    terminal = Terminal(environment, folder / "config.yaml", lambda: models(PACKAGES))
    return CliRunner().invoke(command(say), words, obj=terminal)


async def test_a_webhook_is_taken_away_by_command_and_nothing_is_dropped(
    tmp_path: Path, api: BotApi
) -> None:
    configure(tmp_path, api.base)
    english = {"FRONTDESK_LANG": "en"}
    done = await asyncio.to_thread(typed, tmp_path, "unhook", "telegram", environment=english)
    assert done.exit_code == 0, done.output
    assert "gone" in done.output
    assert api.of("deleteWebhook") == [{"drop_pending_updates": False}]
    other = await asyncio.to_thread(typed, tmp_path, "unhook", "shop", environment=english)
    assert other.exit_code == 1
    assert "no telegram channel" in other.output
