"""The language of the person at the terminal."""

from collections.abc import Mapping
from typing import Literal

VARIABLES = ("FRONTDESK_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str]) -> Literal["zh", "en"]:
    """Chinese where the first of the usual variables that is set begins with zh, else English."""
    chosen = next(filter(None, map(environment.get, VARIABLES)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
