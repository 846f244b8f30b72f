"""The console's files as they lie in console/: no build, no inline script, nothing from outside."""

from pathlib import Path

from aiohttp import hdrs, web

from gateway.errors import NotFound

FOLDER = Path(__file__).parent / "console"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}


class Console:
    """Serves the files of a folder, and nothing beside it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @property
    def routes(self) -> list[web.RouteDef]:
        """`/console/` and what its page asks for."""
        return [web.get("/console", _move), web.get("/console/{path:.*}", self._serve)]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = self._find(request.match_info["path"] or "index.html")
        return web.FileResponse(
            path,
            headers={
                hdrs.CONTENT_TYPE: TYPES[path.suffix],
                hdrs.CACHE_CONTROL: "no-cache",
                "Content-Security-Policy": POLICY,
            },
        )

    def _find(self, name: str) -> Path:
        if any(part.startswith(".") or not part for part in name.split("/")):
            raise NotFound("no such page")
        try:
            path = self._folder.joinpath(name).resolve(strict=True)
        except (OSError, ValueError):  # not there; no name at all
            raise NotFound("no such page") from None
        inside = path.is_relative_to(self._folder.resolve())
        if not inside or path.suffix not in TYPES or not path.is_file():
            raise NotFound("no such page")
        return path


async def _move(_: web.Request) -> web.StreamResponse:
    raise web.HTTPMovedPermanently("/console/")
