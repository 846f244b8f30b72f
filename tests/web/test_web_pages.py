"""What a browser gets before the socket: the loader, the frame, its files and their headers."""

from collections.abc import Mapping

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.web.demo import demo_routes
from tests.web.shop import Shop, open_shop


async def _get(shop: Shop, path: str, **query: str) -> tuple[int, str, Mapping[str, str]]:
    async with shop.session.get(shop.url(path), params=query) as answer:
        return answer.status, await answer.text(), answer.headers


async def test_the_loader_is_small_and_any_site_may_load_it(shop: Shop) -> None:
    status, script, headers = await _get(shop, "loader.js")
    assert status == 200
    assert len(script.encode()) < 3000
    assert headers["Content-Type"].startswith("text/javascript")
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_the_loader_stays_small_with_a_long_chinese_title() -> None:
    async with open_shop(title={"zh": "清目眼镜在线客服", "en": "Clearview Optics"}) as shop:
        _, script, _ = await _get(shop, "loader.js")
        assert len(script.encode()) < 3000


# 22
@pytest.mark.parametrize(
    ("listed", "ancestors"),
    [
        (["*"], "*"),
        (["https://shop.example/"], "'self' https://shop.example"),
        (["HTTPS://Shop.example:443"], "'self' https://shop.example"),
        (
            ["https://shop.example", "http://*.dev.example:8080"],
            "'self' https://shop.example http://*.dev.example:8080",
        ),
    ],
)
async def test_only_listed_sites_may_embed_the_frame(listed: list[str], ancestors: str) -> None:
    async with open_shop(allowed_origins=listed) as shop:
        _, _, headers = await _get(shop, "frame")
        directives = headers["Content-Security-Policy"].split("; ")
        assert directives[-1] == f"frame-ancestors {ancestors}"


async def test_the_frame_runs_only_our_own_files(shop: Shop) -> None:
    _, page, headers = await _get(shop, "frame")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "<style" not in page
    assert "{{" not in page


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("zh-CN", "zh-CN"), ("", "zh-CN"), ("zh-TW", "zh-CN"), ("en-GB", "en"), ("fr", "en")],
)
async def test_the_frame_speaks_the_language_of_its_page(
    shop: Shop, asked: str, spoken: str
) -> None:
    _, page, _ = await _get(shop, "frame", language=asked)
    assert f'<html lang="{spoken}"' in page


@pytest.mark.parametrize("asset", ["main.js", "view.js", "texts.js", "frame.css"])
async def test_the_frames_files_are_served_and_revalidated(shop: Shop, asset: str) -> None:
    status, _, headers = await _get(shop, asset)
    assert status == 200
    assert headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": headers["ETag"]}
    async with shop.session.get(shop.url(asset), headers=again) as answer:
        assert answer.status == 304


@pytest.mark.parametrize(
    "path", ["nothing.js", "frame.html", "..%2fadapter.py", "%2e%2e/config.py", "a/b.js", ""]
)
async def test_nothing_else_is_served(shop: Shop, path: str) -> None:
    status, _, _ = await _get(shop, path)
    assert status == 404


@pytest.mark.parametrize(("language", "word"), [("zh", "看得清楚"), ("en", "See clearly")])
async def test_the_demo_shop_embeds_the_widget_with_one_line(language: str, word: str) -> None:
    app = web.Application()
    app.add_routes(demo_routes("website"))
    async with TestServer(app) as server, ClientSession() as session:
        async with session.get(server.make_url("/"), params={"language": language}) as answer:
            page = await answer.text()
        assert word in page
        assert '<script src="/widget/website/loader.js" async></script>' in page
        async with session.get(server.make_url("/demo/shop.css")) as answer:
            assert answer.status == 200
