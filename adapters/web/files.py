"""The widget's files: taken from visitors over HTTP, and shown to whoever they were sent to."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import hdrs
from aiohttp.web import HTTPForbidden, Request, StreamResponse, json_response

from adapters.web import convert
from adapters.web.frames import Hello
from adapters.web.limits import Places, Quota
from adapters.web.origins import Origins
from adapters.web.seals import Seals
from adapters.web.tokens import Tokens
from gateway.adapter import Core
from gateway.clock import SECOND
from gateway.errors import Forbidden, NotFound, TooMany
from gateway.files import Bounded
from gateway.files.transfer import response, upload
from gateway.message import Contact
from gateway.middleware import streamed

IDENTITY = "X-Identity"  # the site's word on who is logged in, as in a hello
LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Counter:
    """Where the visitors of a channel hand files in and out."""

    core: Core
    origins: Origins
    tokens: Tokens
    seals: Seals
    identity_secret: str
    quota: Quota
    places: Places

    @property
    def largest(self) -> int | None:
        """The bytes that one file may have, None where nobody says."""
        return self.core.files.largest if isinstance(self.core.files, Bounded) else None

    @streamed
    async def take(self, request: Request) -> StreamResponse:
        """Keep a file of the visitor whose token stands in `Authorization: Bearer …`."""
        if not self.origins.allow(request.headers.get(hdrs.ORIGIN), request.host):
            raise HTTPForbidden(text="this site is not on the list of allowed_origins")
        who = self._visitor(request)
        with self._admitted(who, request.remote or ""):
            came = await upload(request, self.largest)
            kept = await self.core.files.keep(who, came.claim, came.data)
        return json_response(convert.attachment(kept, who, self.seals))

    async def show(self, request: Request) -> StreamResponse:
        """A file, for whom its address was sealed."""
        id_, contact = request.match_info["file"], request.query.get("for", "")
        if not self.seals.is_whole(request.query.get("seal", ""), contact, id_):
            raise NotFound("no such file", file=id_)
        file = await self.core.files.find(id_)
        if file.contact not in ("", contact):
            raise NotFound("no such file", file=id_)
        return response(request, file)

    def _visitor(self, request: Request) -> Contact:
        """Who asks, by the same rules as in a hello. Raises Forbidden."""
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer" or len(token) > 256:
            raise Forbidden("this token is not valid")
        hello = Hello(
            type="hello",
            language=request.query.get(LANGUAGE, "")[:64],
            identity=_identity(request.headers.get(IDENTITY, "")),
        )
        now = self.core.clock()
        return convert.contact(hello, token, self.tokens, self.identity_secret, now)

    @contextmanager
    def _admitted(self, who: Contact, address: str) -> Iterator[None]:
        now = self.core.clock()
        self.quota.forget(now)
        if wait := self.quota.admit(who.key, address, now):
            raise TooMany("too many files", retry_after=math.ceil(wait / SECOND))
        if not self.places.take(address):
            raise TooMany("too many files at once", retry_after=1)
        try:
            yield
        finally:
            self.places.leave(address)


def _identity(header: str) -> dict[str, Any] | None:
    try:
        said = json.loads(header)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
