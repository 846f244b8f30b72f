"""A small shop to see the widget in: what `/` shows while nobody has put it on a site of theirs."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.web import AbstractRouteDef, FileResponse, Request, Response, StreamResponse

FILES = Path(__file__).parent / "demo_page"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def demo_routes(channel: str) -> Sequence[AbstractRouteDef]:
    """The routes of the demo shop, which embeds the widget of a web channel."""

    async def shop(request: Request) -> StreamResponse:
        english = request.query.get("language") == "en"
        page = (FILES / ("shop.en.html" if english else "shop.zh.html")).read_text("utf-8")
        page = page.replace("{{channel}}", channel)
        return Response(text=page, content_type="text/html", headers=_HEADERS)

    return (web.get("/", shop), web.get(r"/demo/{file:[a-z]+\.(?:css|svg)}", _file))


async def _file(request: Request) -> StreamResponse:
    return FileResponse(FILES / request.match_info["file"], headers=_HEADERS)
