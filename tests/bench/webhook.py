"""A WeChat webhook from its request to the answer in it, beside handlers that keep nothing.

Ours verifies, decrypts, keeps the message on the disk, takes the conversation, matches, and writes
the answer down before it is given. The peers are a bare aiohttp handler that answers a constant,
and one as tutorials write it: wechatpy around rapidfuzz's `extractOne` over the same 1,000
phrasings, and nothing kept.
"""

import itertools
import json
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from aiohttp import ClientSession, TCPConnector

from faq.entry import Entry
from tests.bench.faq import made, sentences
from tests.bench.figures import Figures, measure, show
from tests.bench.processes import peers
from tests.crash.platform import free_port
from tests.wechat.house import SIDE, write_config
from tests.wechat.program import Program

PHRASINGS = 1_000
WARM = 200  # requests before anything is measured
LOADS = ((1, 200), (32, 40), (128, 15))  # callers, and rounds of each
ANSWER = "您好，请放心下单。"
Request = tuple[dict[str, str], bytes]


async def run() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"one INSERT and COMMIT on this disk: {_flush(Path(folder)):.2f} ms\n")
        async with _ours(Path(folder)) as ours, peers() as base:
            for mode in ("plain", "safe"):
                await _compare(mode, f"{ours}/wechat/{mode}", base)


async def _compare(mode: str, ours: str, base: str) -> None:
    await _posts(ours, mode, 8, WARM // 8)
    await _posts(f"{base}/wechat/{mode}", mode, 8, WARM // 8)
    for callers, rounds in LOADS:
        durable = await _posts(ours, mode, callers, rounds)
        tutorial = await _posts(f"{base}/wechat/{mode}", mode, callers, rounds)
        bare = await _posts(f"{base}/bare", mode, callers, rounds)
        name = f"webhook, {mode}, {callers} at once"
        show(name, durable, "wechatpy + extractOne, no store", tutorial)
        show(name, durable, "bare aiohttp handler, a constant", bare)


async def _posts(url: str, mode: str, callers: int, rounds: int) -> Figures:
    """Requests are made before the clock runs: sealing them is the platform's work."""
    requests = [iter(list(itertools.islice(_requests(mode, n), rounds))) for n in range(callers)]
    connector = TCPConnector(limit=callers)
    async with ClientSession(connector=connector) as session:

        def caller(mine: Iterator[Request]) -> Callable[[], Awaitable[None]]:
            async def call() -> None:
                query, body = next(mine)
                async with session.post(url, params=query, data=body) as answer:
                    said = await answer.read()
                    assert answer.status == 200, said
                    assert said != b"success", "no answer came in time"

            return call

        return await measure([caller(mine) for mine in requests], rounds)


_numbers = itertools.count(25_000_000_000_000_001)


def _requests(mode: str, caller: int) -> Iterator[Request]:
    texts = questions()[caller::7] + questions()[:caller]
    for text, number in zip(itertools.cycle(texts), _numbers, strict=False):
        now = int(time.time())
        xml = (
            "<xml><ToUserName>gh_bench</ToUserName>"
            f"<FromUserName>oBENCH{caller}</FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content>"
            f"<MsgId>{number}</MsgId></xml>"
        ).encode()
        nonce = str(number % 1_000_000)
        yield SIDE.request(xml, now, nonce) if mode == "safe" else (SIDE.query(now, nonce), xml)


def entries() -> tuple[Entry, ...]:
    """The FAQ of both sides."""
    return made(PHRASINGS, sentences()).entries


def questions() -> list[str]:
    """All phrasings."""
    return [question for entry in entries() for question in entry.questions]


@asynccontextmanager
async def _ours(folder: Path) -> AsyncIterator[str]:
    port = free_port()
    path = write_config(folder, "http://127.0.0.1:9", port)
    (folder / "faq/shop.yaml").write_text(_document(), encoding="utf-8")
    before, _, account = path.read_text(encoding="utf-8").partition("  official:\n")
    channels = f"  safe:\n{account}\n  plain:\n{account}\n    mode: plain\n"
    path.write_text(before + channels, encoding="utf-8")
    program = Program(folder / "log", "gateway", "run", "-c", str(path))
    await program.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await program.stop()


def _document() -> str:
    """JSON is YAML."""
    items = [
        {"id": f"e{e.id}", "questions": list(e.questions), "answer": ANSWER} for e in entries()
    ]
    return json.dumps(items, ensure_ascii=False)


def _flush(folder: Path) -> float:
    """The median of one durable commit, in ms."""
    took = []
    with closing(sqlite3.connect(folder / "flush.db")) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = FULL")
        store.execute("CREATE TABLE one (text TEXT)")
        for _ in range(200):
            began = time.perf_counter()
            store.execute("INSERT INTO one VALUES ('运费怎么算')")
            store.commit()
            took.append(time.perf_counter() - began)
    return sorted(took)[len(took) // 2] * 1e3
