"""The widget's files: the loader for other people's pages, and the frame under its strict rules."""

import html
import json
import re
from pathlib import Path
from typing import Any

from aiohttp.web import FileResponse, Request, Response, StreamResponse

from adapters.web.config import Config
from adapters.web.convert import language
from adapters.web.origins import Origins
from gateway.files import Bounded, Files

STATIC = Path(__file__).parent / "static"
ASSET = r"{asset:[a-z]+\.(?:js|css|svg)}"


class Pages:
    """Serves what a browser needs before it opens a socket."""

    def __init__(self, config: Config, files: Files) -> None:
        self._config = config
        self._files = files
        self._ancestors = Origins(config.allowed_origins).ancestors
        self._loader = ""
        self._frame = ""

    def load(self) -> None:
        """Read the two templates."""
        loader = (STATIC / "loader.js").read_text("utf-8")
        self._loader = _fill(_slim(loader), settings=_script(self._look()))
        self._frame = (STATIC / "frame.html").read_text("utf-8")

    async def loader(self, _: Request) -> StreamResponse:
        """The script that a site embeds with one line."""
        headers = {
            **_HEADERS,
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(text=self._loader, content_type="text/javascript", headers=headers)

    async def frame(self, request: Request) -> StreamResponse:
        """The chat itself, for an iframe."""
        page = _fill(
            self._frame,
            language=_TAGS[language(request.query.get("language"))],
            theme=self._config.theme,
            settings=html.escape(json.dumps(self._words(), ensure_ascii=False)),
        )
        headers = {**_HEADERS, "Content-Security-Policy": self._policy(), **_FRESH}
        return Response(text=page, content_type="text/html", headers=headers)

    async def asset(self, request: Request) -> StreamResponse:
        """A file of the frame's."""
        return FileResponse(STATIC / request.match_info["asset"], headers={**_HEADERS, **_FRESH})

    def _policy(self) -> str:
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src"
            " 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
            + self._ancestors
        )

    def _look(self) -> dict[str, Any]:
        return {
            "colour": self._config.colour,
            "ink": self._config.ink,
            "title": self._config.title.model_dump(),
        }

    def _words(self) -> dict[str, Any]:
        own = {name: getattr(self._config, name).model_dump() for name in ("greeting", "offline")}
        largest = self._files.largest if isinstance(self._files, Bounded) else None
        return {**self._look(), **own, "largest": largest}


_TAGS = {"zh": "zh-CN", "en": "en"}
_FRESH = {"Cache-Control": "no-cache"}
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def _fill(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{{{name}}}}}", value)
    return template


def _script(value: Any) -> str:
    """JSON that is safe inside a script: ASCII only, and no tag can end in it."""
    return json.dumps(value).replace("<", "\\u003c")


def _slim(script: str) -> str:
    """Without comments, indents and spaces around signs: it loads on every page of a site."""
    script = re.sub(r" // .*", "", re.sub(r"\n\s*", "\n", script))
    return re.sub(r" ?(=>|\|\||[=?:,{&|>]+) ?", r"\1", script)
