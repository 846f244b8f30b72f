"""What the Bot API may answer instead of a result, told apart by what there is to do about it."""


class ApiError(Exception):
    """The root. The text is for people and holds no secret."""


class Limited(ApiError):
    """Too fast: wait `retry_after` ms. Surely not done."""

    def __init__(self, text: str, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Declined(ApiError):
    """The call itself is wrong (400, 404, 413 …): the same again won't help."""

    def __init__(self, text: str, code: int = 400) -> None:
        super().__init__(text)
        self.code = code


class Migrated(Declined):
    """The group has become a supergroup, whose id is `to`."""

    def __init__(self, text: str, to: int) -> None:
        super().__init__(text)
        self.to = to


class Blocked(ApiError):
    """The person has blocked the bot or was deactivated, or the bot is no member there."""


class Unauthorised(ApiError):
    """The token is not valid (any more)."""


class Taken(ApiError):
    """Somebody else polls this bot, or a webhook is set."""


class Failed(ApiError):
    """The Bot API says that it could not do it. Surely not done."""


class Unreached(ApiError):
    """Nobody answered: no connection. Surely not done."""


class Unclear(ApiError):
    """Sent, but no answer that can be read: it may have been done."""
