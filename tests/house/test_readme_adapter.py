"""The adapter in the README is one: it takes part in a running Frontdesk."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from gateway.app import ADAPTERS, Frontdesk, models
from gateway.config import load

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


def example(readme: str) -> str:
    text = (ROOT / readme).read_text(encoding="utf-8")
    [code] = re.findall(r"(?ms)^```python\n(.*?)^```$", text)
    return str(code)


class Pagers:
    """The platform: keeps what it was asked to show."""

    def __init__(self) -> None:
        self.shown: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        await self.shown.put(json.loads(await request.read()))
        return web.Response()


@pytest.fixture
async def pagers() -> AsyncIterator[tuple[Pagers, str]]:
    platform = Pagers()
    app = web.Application()
    app.router.add_post("/", platform.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield platform, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


def config(folder: Path, url: str) -> Path:
    (folder / "faq").mkdir()
    (folder / "faq/shop.yaml").write_text(
        "- id: hours\n  questions: [几点开门]\n  answer: 九点。\n", encoding="utf-8"
    )
    path = folder / "config.yaml"
    path.write_text(
        "server: {port: 0}\nfaq: {path: faq}\nstore: sqlite:///frontdesk.db\n"
        f"channels: {{night: {{adapter: pager, url: '{url}'}}}}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("readme", READMES)
async def test_the_adapter_of_the_readme_answers(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pagers: tuple[Pagers, str]
) -> None:
    module = f"pager_{readme.count('.')}"
    (tmp_path / f"{module}.py").write_text(example(readme), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    packages = {**ADAPTERS, "pager": module}
    platform, url = pagers
    node = Frontdesk(load(config(tmp_path, url), {}, models(packages)), packages=packages)
    base = await node.start()
    asked = {"id": "1", "from": "li", "text": "几点开门"}
    async with ClientSession() as session, asyncio.timeout(30):
        for _ in range(2):  # a platform that delivers twice
            async with session.post(f"{base}/pager/night", json=asked) as answer:
                assert answer.status == 200
        assert await platform.shown.get() == {"to": "li", "text": "九点。"}
    await node.stop()
    assert platform.shown.empty()


def test_both_readmes_show_the_same_adapter() -> None:
    assert example(READMES[0]) == example(READMES[1])
