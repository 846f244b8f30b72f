"""The desk's own refusals."""

from gateway.errors import Conflict


class Full(Conflict):
    """The agent leads as many conversations as they may."""

    code = "full"
