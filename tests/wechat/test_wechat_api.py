"""The calls to the platform: one token for all, what codes ask for, and no secret in any word."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.wechat import wire
from adapters.wechat.account import DAY, Account
from adapters.wechat.api import FETCHING, UPLOADING, Api, Upload
from adapters.wechat.config import Config
from adapters.wechat.pauses import Pauses, until_midnight
from adapters.wechat.tokens import Credentials, Tokens
from adapters.wechat.troubles import Doubtful, Refusal, Trouble, Unreachable
from adapters.wechat.wire import Wire
from gateway import sender
from gateway.clock import MINUTE
from gateway.health import Level, State
from gateway.notes import Notes
from gateway.store import Database
from tests.clock import StillClock
from tests.wechat.platform import JPEG, SECRET, SEND, TOKEN, UPLOAD, Tencent
from tests.wechat.vectors import OURS

TEXT = {"touser": "o", "msgtype": "text", "text": {"content": "好"}}


@asynccontextmanager
async def speaking(
    tencent: Tencent, database: Database, clock: StillClock, secret: str = SECRET
) -> AsyncIterator[Api]:
    """A node that speaks to the platform; several share the store."""
    line = Wire(tencent.base, secret)
    await line.open()
    notes = Notes(database, "official", clock)
    pauses = Pauses(notes, clock)
    yield Api(line, Tokens(line, Credentials("wx1", secret), notes, pauses, clock))
    await line.close()


@pytest.fixture
async def api(tencent: Tencent, database: Database, clock: StillClock) -> AsyncIterator[Api]:
    async with speaking(tencent, database, clock) as api:
        yield api


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_case_36_a_token_that_ended_is_fetched_once_and_the_call_repeated_whole(
    api: Api, tencent: Tencent, tmp_path: Path, code: int
) -> None:
    await api.send(TEXT)
    tencent.refuse(UPLOAD, code)
    tencent.expire()
    picture = tmp_path / "a.jpg"
    picture.write_bytes(JPEG)
    assert (await api.upload(Upload("image", picture, "a.jpg", "image/jpeg"))).startswith("upload-")
    assert tencent.count[TOKEN] == 2
    assert [JPEG in call.body for call in tencent.of(UPLOAD)] == [True, True]
    assert [call.query["type"] for call in tencent.of(UPLOAD)] == ["image", "image"]


async def test_case_36_a_token_that_is_refused_for_ever_is_an_error_after_one_refresh(
    api: Api, tencent: Tencent
) -> None:
    await api.send(TEXT)
    tencent.refuse(SEND, 40001, 40001, 40001)
    tencent.expire()
    with pytest.raises(Refusal, match="40001"):
        await api.send(TEXT)
    assert tencent.count[TOKEN] == 2
    assert tencent.count[SEND] == 3


async def test_case_37_twenty_cold_sends_on_two_nodes_fetch_one_token(
    tencent: Tencent, database: Database, clock: StillClock
) -> None:
    both = asyncio.Event()

    async def slowly() -> None:
        await asyncio.wait_for(both.wait(), 30)

    tencent.when_called[TOKEN] = slowly
    async with (
        speaking(tencent, database, clock) as one,
        speaking(tencent, database, clock) as other,
    ):
        sends = [asyncio.create_task(api.send(TEXT)) for _ in range(10) for api in (one, other)]
        await tencent.called(TOKEN)
        both.set()
        await asyncio.gather(*sends)
    assert tencent.count[TOKEN] == 1
    assert tencent.count[SEND] == 20


async def test_twenty_refused_sends_fetch_one_token_more(api: Api, tencent: Tencent) -> None:
    await api.send(TEXT)
    tencent.expire()
    await asyncio.gather(*(api.send(TEXT) for _ in range(20)))
    assert tencent.count[TOKEN] == 2


@pytest.mark.parametrize("code", [40164, 89503])
async def test_case_38_an_address_that_is_not_allowed_pauses_and_is_named(
    code: int,
    tencent: Tencent,
    database: Database,
    clock: StillClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    tencent.texts[code] = f"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in {SECRET}"
    tencent.refuse(TOKEN, code)
    async with speaking(tencent, database, clock) as api:
        with pytest.raises(Refusal) as refused:
            await api.send(TEXT)
        with pytest.raises(Unreachable, match=r"203\.0\.113\.7") as paused:
            await api.send(TEXT)
        assert paused.value.retry_after == 5 * MINUTE
        assert tencent.count[TOKEN] == 1
        account = OURS.config(api_base=tencent.base)
        health = await _health(account, database, clock)
        assert "203.0.113.7" in health.text
        clock.advance(5 * MINUTE)
        await api.send(TEXT)
    words = caplog.text + str(refused.value) + str(paused.value) + health.text
    assert SECRET not in words
    assert refused.value.rid
    assert refused.value.rid in caplog.records[0].__dict__["rid"]


async def _health(config: Config, database: Database, clock: StillClock) -> State:
    notes = Notes(database, "official", clock)
    return await Account(config, notes, Pauses(notes, clock), clock).health()


async def test_a_right_that_was_refused_is_tried_again_after_a_day_and_menus_after_a_month(
    database: Database, clock: StillClock
) -> None:
    notes = Notes(database, "official", clock)
    account, later = (Account(OURS.config(), notes, Pauses(notes, clock), clock) for _ in range(2))
    await account.push_refused()
    await account.menus_refused()
    await later.recall()
    assert [(one.may_push, one.links) for one in (account, later)] == [(False, True)] * 2
    clock.advance(DAY)
    assert [(one.may_push, one.links) for one in (account, later)] == [(True, True)] * 2
    clock.advance(29 * DAY)
    assert not account.links


@pytest.mark.parametrize("code", [40013, 40125])
async def test_wrong_credentials_make_the_channel_unhealthy(
    code: int, tencent: Tencent, database: Database, clock: StillClock
) -> None:
    tencent.refuse(TOKEN, code)
    async with speaking(tencent, database, clock) as api:
        with pytest.raises(Refusal, match=str(code)):
            await api.send(TEXT)
    health = await _health(OURS.config(), database, clock)
    assert health.level is Level.DEGRADED
    assert "app_secret" in health.text


async def test_a_platform_that_stays_busy_is_asked_again_later(api: Api, tencent: Tencent) -> None:
    tencent.refuse(SEND, -1, -1, -1)
    with pytest.raises(Unreachable):
        await api.send(TEXT)
    assert tencent.count[SEND] == 3


async def test_no_word_of_any_trouble_holds_the_secret_or_a_token(
    api: Api, tencent: Tencent, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await api.send(TEXT)
    token = tencent.token
    tencent.texts[48001] = f"access_token={token}"
    tencent.refuse(SEND, 48001)
    troubles = [await _trouble(api)]
    tencent.cut.add(SEND)
    troubles.append(await _trouble(api))
    await tencent.stop()
    troubles.append(await _trouble(api))
    assert [type(one) for one in troubles] == [Refusal, Doubtful, Unreachable]
    for trouble in troubles:
        assert trouble.__cause__ is None
        assert trouble.__suppress_context__ or trouble.__context__ is None
    words = caplog.text + "".join(map(repr, troubles))
    assert token not in words
    assert SECRET not in words


async def _trouble(api: Api) -> Trouble:
    with pytest.raises(Trouble) as caught:
        await api.send(TEXT)
    return caught.value


NONSENSE = ["", "<html>", "[]", "null", "{", '{"errcode": "abc"}', '{"errcode": null}']
NO_TOKEN = [
    "{}",
    '{"access_token": null, "expires_in": 7200}',
    '{"access_token": "", "expires_in": 7200}',
    '{"access_token": "x", "expires_in": "soon"}',
    '{"access_token": "x"}',
]


@pytest.mark.parametrize("said", [*NONSENSE, *NO_TOKEN])
async def test_a_token_that_is_none_is_asked_for_again(
    said: str, api: Api, tencent: Tencent
) -> None:
    tencent.nonsense[TOKEN] = said
    with pytest.raises(Unreachable):
        await api.send(TEXT)
    del tencent.nonsense[TOKEN]
    await api.send(TEXT)
    assert tencent.count[SEND] == 1


@pytest.mark.parametrize("said", NONSENSE)
async def test_an_answer_of_somebody_else_leaves_in_doubt_what_was_sent(
    said: str, api: Api, tencent: Tencent
) -> None:
    tencent.nonsense[SEND] = said
    with pytest.raises(Doubtful):
        await api.send(TEXT)
    assert tencent.count[SEND] == 1


@pytest.mark.parametrize("said", [*NONSENSE, "{}"])
async def test_an_upload_that_has_no_id_is_in_doubt(
    said: str, api: Api, tencent: Tencent, tmp_path: Path
) -> None:
    tencent.nonsense[UPLOAD] = said
    picture = tmp_path / "a.jpg"
    picture.write_bytes(JPEG)
    with pytest.raises(Doubtful):
        await api.upload(Upload("image", picture, "a.jpg", "image/jpeg"))


@pytest.mark.parametrize(
    ("status", "trouble"), [(429, Unreachable), (404, Refusal), (502, Doubtful)]
)
async def test_an_error_of_http_says_whether_it_may_have_been_done(
    status: int, trouble: type[Trouble], api: Api, tencent: Tencent
) -> None:
    tencent.statuses[SEND] = status
    assert type(await _trouble(api)) is trouble


def test_files_have_longer_than_words_and_an_upload_fits_into_the_senders_time() -> None:
    words, upload, fetch = (one.total or 0 for one in (wire.TIMEOUT, UPLOADING, FETCHING))
    assert words < upload < fetch
    assert upload + words < sender.TIMEOUT


async def test_a_redirect_is_not_followed_with_the_token(api: Api, tencent: Tencent) -> None:
    tencent.moved[SEND] = f"{tencent.base}/elsewhere"
    with pytest.raises(Refusal, match="302"):
        await api.send(TEXT)
    assert "/elsewhere" not in tencent.count


def test_the_platforms_day_ends_at_midnight_in_china() -> None:
    evening = 1_700_060_400_000  # 2023-11-15 23:00 in Shanghai
    assert until_midnight(evening) == evening + 60 * MINUTE
