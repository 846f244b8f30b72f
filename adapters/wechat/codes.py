"""What the platform's error codes ask of us: its table, as data."""

from collections.abc import Mapping
from enum import StrEnum


class Do(StrEnum):
    """What to do about a refusal."""

    TRY_AGAIN = "try again at once"
    RENEW = "fetch a token and try once more"
    ALLOW_ADDRESS = "wait until our address is allowed"
    CONFIGURE = "wait until the credentials are right"
    REJECT = "give up: never to this person"
    PARK = "wait until the person writes"
    TOMORROW = "wait until midnight"
    SLOW_DOWN = "wait a minute"
    SPLIT = "send it in smaller pieces"
    UPLOAD_AGAIN = "upload the picture once more"
    USE_LINKS = "write links in place of a menu"
    NO_RIGHT = "never push again"
    FAIL = "nothing that we know of"


CODES: Mapping[int, Do] = {
    -1: Do.TRY_AGAIN,
    40001: Do.RENEW,
    40014: Do.RENEW,
    42001: Do.RENEW,
    40164: Do.ALLOW_ADDRESS,
    89503: Do.ALLOW_ADDRESS,
    40013: Do.CONFIGURE,
    40125: Do.CONFIGURE,
    40003: Do.REJECT,
    43004: Do.REJECT,
    43019: Do.REJECT,
    45015: Do.PARK,
    45047: Do.PARK,
    45009: Do.TOMORROW,
    45011: Do.SLOW_DOWN,
    45002: Do.SPLIT,
    40007: Do.UPLOAD_AGAIN,
    40200: Do.USE_LINKS,
    48001: Do.NO_RIGHT,
}


def what_to_do(code: int) -> Do:
    """What a code asks for."""
    return CODES.get(code, Do.FAIL)
