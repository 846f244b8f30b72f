"""What can go wrong between us and the platform's API; no text here holds a secret or a token."""

from adapters.wechat.codes import Do, what_to_do
from gateway.errors import FrontdeskError


class Trouble(FrontdeskError):
    """The root of the three."""


class Refusal(Trouble):
    """The platform understood and said no: surely nothing was done."""

    def __init__(self, code: int, text: str, rid: str = "") -> None:
        """`text` is the platform's own, without what must not be read; `rid` finds the request."""
        super().__init__(f"{code} {text}".strip())
        self.code = code
        self.text = text
        self.rid = rid

    @property
    def do(self) -> Do:
        """What to do about it."""
        return what_to_do(self.code)


class Unreachable(Trouble):
    """Surely nothing was done: the platform can't be reached, or we are to wait."""

    def __init__(self, text: str, retry_after: int = 0) -> None:
        """`retry_after` in ms, 0 where nobody said."""
        super().__init__(text)
        self.retry_after = retry_after


class Doubtful(Trouble):
    """A time-out or a reset in the middle: it may or may not have been done."""
