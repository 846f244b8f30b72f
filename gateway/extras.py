"""Which of our optional parts brings a library that is missing."""

import re
from collections.abc import Iterable
from importlib.metadata import requires

_REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+).*;.*extra == ["'](?P<extra>[\w-]+)["']""")


def extra_for(module: str, requirements: Iterable[str] | None = None) -> str | None:
    """The extra to install for a top-level module; None if it isn't one of ours to bring.

    `requirements` are lines as in the package's metadata, whose own are the default.
    """
    for line in requires("frontdesk") or () if requirements is None else requirements:
        found = _REQUIREMENT.match(line)
        if found and found["name"].lower().replace("-", "_") == module and found["extra"] != "dev":
            return found["extra"]
    return None
