"""How a channel is: what is wrong is said once in the log, and in /readyz while it lasts."""

import logging

from adapters.telegram.errors import ApiError, Declined, Limited, Taken, Unauthorised, Unreached
from gateway.health import OK, Level, State

log = logging.getLogger(__name__)

REFUSED = (
    "Telegram refuses the token: get the current one from @BotFather and put it into the"
    " configuration; tried again every minute"
)
POLLER = (
    "another program polls this bot: stop it, or get a new token from @BotFather; tried again"
    " every 5 s"
)
WEBHOOK = (
    "a webhook is set for this bot, so it can't be polled: set mode: webhook, or take it away with"
    " `frontdesk telegram unhook CHANNEL`; nothing that waits there is lost"
)


class Health:
    """The troubles of one channel, by what they are about."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._troubles: dict[str, str] = {}

    def bad(self, about: str, text: str) -> None:
        """Something is wrong; the same again is not news."""
        if self._troubles.get(about) != text:
            log.warning("channel %s: %s", self._channel, text)
        self._troubles[about] = text

    def good(self, about: str) -> None:
        """It is well (again)."""
        if self._troubles.pop(about, None):
            log.warning("channel %s is well again: %s", self._channel, about)

    @property
    def state(self) -> State:
        """For `/readyz`."""
        if not self._troubles:
            return OK
        return State(Level.DEGRADED, "; ".join(self._troubles.values()))


def advice(error: ApiError) -> str:
    """What is wrong and what to do, for an operator."""
    match error:
        case Unauthorised():
            return REFUSED
        case Taken() if "webhook" in str(error).lower():
            return WEBHOOK
        case Taken():
            return POLLER
        case Limited():
            return f"Telegram wants us to wait {error.retry_after / 1000:g} s"
        case Unreached():
            return (
                f"Telegram can't be reached ({error}): check the network, api_base and proxies;"
                " tried again by itself"
            )
        case Declined():
            return f"Telegram declines what is asked ({error}): check the configuration"
        case _:
            return f"Telegram is not well ({error}); tried again by itself"
