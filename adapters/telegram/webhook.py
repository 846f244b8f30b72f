"""Our own route for Telegram's webhook: known by its secret, kept on the disk, then confirmed."""

import hmac
import json

from aiohttp import web

from adapters.telegram.intake import Intake
from gateway.errors import Invalid, Unauthorized
from gateway.middleware import takes

LARGEST = 8 * 1024 * 1024  # bytes of an update
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name


class Webhook:
    """Takes what Telegram posts. A store that fails is a 503, and Telegram comes again."""

    def __init__(self, secret: str, intake: Intake) -> None:
        self._secret = secret.encode()
        self._intake = intake

    @takes(LARGEST)
    async def take(self, request: web.Request) -> web.Response:
        """Take one update."""
        given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            raise Unauthorized("the secret token is not this channel's")
        await self._intake.take_one(_update(await request.read()))
        return web.Response()


def _update(body: bytes) -> dict[str, object]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("expected an update as JSON") from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Invalid("expected an update with an update_id")
    return update
