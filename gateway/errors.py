"""Every error that we raise on purpose: what was expected, what came, what to do."""


class FrontdeskError(Exception):
    """The root: catch this to catch all of ours."""


class StoreUnavailable(FrontdeskError):
    """The database can't be reached or can't write now; nothing was stored, try again."""


class SchemaTooNew(FrontdeskError):
    """The database was written by a newer Frontdesk than this one."""


class Refused(FrontdeskError):
    """A request that the rules don't allow; `code` is stable, the text is for people."""

    code = "refused"

    def __init__(self, text: str, **facts: object) -> None:
        """Keep `facts` (what JSON can hold; for instance who has it) beside the text."""
        super().__init__(text)
        self.facts = facts


class Invalid(Refused):
    """What was sent doesn't have the form that is asked for."""

    code = "invalid"


class NotFound(Refused):
    """No such thing, or not for you to see."""

    code = "not_found"


class Unauthorized(Refused):
    """Nobody we know: sign in, or send an API token."""

    code = "unauthorized"


class Forbidden(Refused):
    """You may not do this."""

    code = "forbidden"


class Conflict(Refused):
    """Somebody or something else was first."""

    code = "conflict"


class TooMany(Refused):
    """More than the limit allows; `facts["retry_after"]` says in how many seconds to try again."""

    code = "too_many"


class TooLarge(Refused):
    """More bytes than are taken: of one file, or of all that somebody has sent."""

    code = "too_large"
