"""What Telegram says to a channel's settings, for `frontdesk check --online`."""

from collections.abc import AsyncIterator
from typing import Any

from adapters.telegram.api import Api
from adapters.telegram.config import Config
from adapters.telegram.errors import ApiError, Unauthorised
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace, Rates
from gateway.adapter import Remark
from gateway.clock import system_clock

Json = dict[str, Any]


async def examine(name: str, config: Config) -> AsyncIterator[Remark]:
    """The bot, its webhook and its rights in the agents' group; nothing is changed."""
    pace = Pace(Rates(), system_clock)
    api = Api(config.token.get_secret_value(), config.api_base, pace, Moved())
    await api.open()
    try:
        me = await api.ask("getMe", {})
        bot = f"@{me['username']}" if me.get("username") else me.get("id", "")
        yield Remark(f"机器人 {bot} 可用", f"the bot is {bot}", fine=True)
        yield _webhook(name, config, await api.ask("getWebhookInfo", {}))
        if config.agents_group:
            yield await _group(config.agents_group, api)
    except Unauthorised:
        yield Remark(
            "Telegram 不认这个令牌：请到 @BotFather 那里取当前的令牌。",
            "Telegram refuses the token: get the current one from @BotFather.",
        )
    except ApiError as error:
        yield Remark(
            f"问不到 Telegram：{error}。请检查网络和 api_base。",
            f"Telegram can't be asked: {error}. Check the network and api_base.",
        )
    finally:
        await api.close()


def _webhook(name: str, config: Config, info: Json) -> Remark:
    url, trouble = info.get("url", ""), info.get("last_error_message", "")
    if config.mode == "polling" and url:
        return Remark(
            f"已登记了 webhook，轮询收不到消息：写 mode: webhook，或执行 frontdesk telegram unhook"
            f" {name}。等着的消息不会丢。",
            "a webhook is set, so polling gets nothing: write mode: webhook, or take it away:"
            f" frontdesk telegram unhook {name}. What waits there is not lost.",
        )
    if config.mode == "webhook" and not url and not config.webhook_url:
        return Remark(
            f"还没有登记 webhook：请填 webhook_url，如 https://chat.example.com/telegram/{name}。",
            f"no webhook is set: write webhook_url: https://chat.example.com/telegram/{name}.",
        )
    waiting = info.get("pending_update_count", 0)
    if config.mode == "webhook" and trouble:
        return Remark(
            f"Telegram 最近一次调用 webhook 失败：{trouble}（等着 {waiting} 条）",
            f"Telegram's last call of the webhook failed: {trouble} ({waiting} are waiting)",
        )
    return Remark(f"接收正常，等着 {waiting} 条", f"receiving is set up, {waiting} wait", fine=True)


async def _group(group: int, api: Api) -> Remark:
    chat = await api.ask("getChat", {"chat_id": group})
    member = await api.ask("getChatMember", {"chat_id": group, "user_id": api.id})
    title = chat.get("title", group)
    if not chat.get("is_forum"):
        return Remark(
            f"群“{title}”没有开话题：在群设置里打开 Topics。",
            f'the group "{title}" has no topics: turn on Topics in its settings.',
        )
    if not (member.get("status") == "administrator" and member.get("can_manage_topics")):
        return Remark(
            f"机器人在群“{title}”里没有权限：设为管理员，并勾选 Manage topics。",
            f'the bot lacks rights in "{title}": make it an administrator with Manage topics.',
        )
    return Remark(f"客服群“{title}”可用", f'the agents\' group is "{title}"', fine=True)
