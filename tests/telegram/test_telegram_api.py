"""What the Bot API says, as what there is to do about it; and the token in none of it."""

from collections.abc import AsyncIterator

import pytest
from aiogram.methods import GetMe, SendMessage

from adapters.telegram.api import Api
from adapters.telegram.errors import (
    ApiError,
    Blocked,
    Declined,
    Failed,
    Limited,
    Taken,
    Unauthorised,
    Unclear,
    Unreached,
)
from adapters.telegram.moved import Moved
from adapters.telegram.pace import Pace, Rates
from gateway.clock import system_clock
from tests.telegram import bot_api
from tests.telegram.bot_api import TOKEN, BotApi, Trouble

TEXT = {"chat_id": 7, "text": "hello"}


@pytest.fixture
async def client(api: BotApi) -> AsyncIterator[Api]:
    client = Api(TOKEN, api.base, Pace(Rates(), system_clock), Moved())
    await client.open()
    yield client
    await client.close()


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (bot_api.limited(2), Limited),
        (Trouble(429, "Too Many Requests"), Limited),
        (Trouble(400, "Bad Request: message text is empty"), Declined),
        (Trouble(404, "Not Found"), Declined),
        (bot_api.UNAUTHORISED, Unauthorised),
        (bot_api.BLOCKED, Blocked),
        (bot_api.OTHER_POLLER, Taken),
        (Trouble(500, "Internal Server Error"), Failed),
        (Trouble(502, "Bad Gateway"), Unclear),
        (Trouble(504, "Gateway Timeout"), Unclear),
        (bot_api.BAD_GATEWAY, Unclear),
        (Trouble(200, body="{"), Unclear),
        (Trouble(200, body="[]"), Unclear),
        (Trouble(reset=True), Unclear),
    ],
)
@pytest.mark.parametrize("typed", [False, True], ids=["ask", "call"])
async def test_each_refusal_is_told_apart(
    api: BotApi, client: Api, trouble: Trouble, kind: type[ApiError], typed: bool
) -> None:
    api.script("sendMessage", trouble)
    method = SendMessage(chat_id=7, text="hello")
    with pytest.raises(kind) as caught:
        await (client.call(method) if typed else client.ask("sendMessage", TEXT))
    assert type(caught.value) is kind
    assert TOKEN not in f"{caught.value!r}{caught.value.__cause__!r}"


async def test_a_time_out_may_have_been_sent(api: BotApi, client: Api) -> None:
    api.script("sendMessage", Trouble(hang=True))
    with pytest.raises(Unclear):
        await client.ask("sendMessage", TEXT, seconds=0.05)
    assert api.texts == ["hello"]


async def test_without_a_connection_it_was_surely_not_sent(api: BotApi, client: Api) -> None:
    await api.stop()
    with pytest.raises(Unreached) as caught:
        await client.ask("sendMessage", TEXT)
    assert TOKEN not in str(caught.value)
    await client.close()
    with pytest.raises(Unreached):
        await client.ask("sendMessage", TEXT)


async def test_a_429_without_a_time_is_three_seconds_and_holds_that_chat(
    api: BotApi, client: Api
) -> None:
    api.script("sendMessage", Trouble(429, "Too Many Requests"))
    with pytest.raises(Limited) as caught:
        await client.ask("sendMessage", TEXT)
    assert caught.value.retry_after == 3000
    with pytest.raises(Limited):
        await client.ask("sendMessage", TEXT)
    await client.ask("sendMessage", {**TEXT, "chat_id": 8})
    assert len(api.of("sendMessage")) == 2


async def test_results_are_typed_where_a_method_is(client: Api) -> None:
    me = await client.call(GetMe())
    assert me.username == "shop_bot"
    sent = await client.call(SendMessage(chat_id=7, text="<b>&_*"))
    assert sent.chat.id == 7


async def test_case_31_no_parse_mode_is_ever_sent(api: BotApi, client: Api) -> None:
    await client.call(SendMessage(chat_id=7, text="<b>&_*"))
    await client.ask("sendMessage", {**TEXT, "text": "<b>&_*"})
    typed, thin = api.of("sendMessage")
    assert typed == {"chat_id": 7, "text": "<b>&_*"}
    assert thin == {"chat_id": 7, "text": "<b>&_*"}


async def test_a_file_cut_short_is_unclear_and_the_token_is_not_in_the_error(
    api: BotApi, client: Api
) -> None:
    api.files["f"] = b"x" * 300_000
    api.cut_downloads = 1
    with pytest.raises(Unclear) as caught:
        await whole(client, "documents/f")
    assert TOKEN not in f"{caught.value!r}"
    assert await whole(client, "documents/f") == api.files["f"]
    with pytest.raises(Declined):
        await whole(client, "nowhere")


async def whole(client: Api, path: str) -> bytes:
    """A file's bytes."""
    return b"".join([chunk async for chunk in client.download(path)])
