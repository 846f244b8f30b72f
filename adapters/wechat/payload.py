"""The platform's XML and JSON, read as what they are: flat lists of named texts.

Parsers that build trees give a hostile body what it wants. This one refuses a document type before
any parser sees it, and ends at the first attribute, at the second tag of a name, in the depth. What
is nested in an event (lists of pictures, of places) nobody here asks for; it is left out.
"""

import json
import re
from collections.abc import Mapping
from typing import NoReturn
from xml.parsers import expat

from gateway.errors import Invalid

Payload = Mapping[str, str]

DEPTH = 4  # below the root
# A document type can only stand before the root; so nothing but a declaration may.
_ROOT = re.compile(r"\ufeff?\s*(?:<\?xml[^<>]*\?>\s*)?<xml>")


def read(body: bytes | str) -> Payload:
    """The texts by their names. Raises Invalid for whatever is not a message's body."""
    text = _decoded(body) if isinstance(body, bytes) else body
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json(text)
    if not _ROOT.match(text):
        raise Invalid("expected <xml>… or a JSON object")
    return _Xml().read(text)


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Invalid("the body is not UTF-8") from None


class _Xml:
    """Collects the texts of the elements right below the root."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._text: list[str] = []
        self._depth = 0
        self._leaf = False

    def read(self, text: str) -> Payload:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            raise Invalid(f"not well-formed XML: {error}") from None
        return self._found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if attributes:
            raise Invalid("a tag has attributes")
        if self._depth > DEPTH:
            raise Invalid("tags lie too deep in each other")
        if self._depth == 1:
            if name in self._found:
                raise Invalid("a tag is there twice")
            self._found[name] = ""
        self._depth += 1
        self._leaf = True
        self._text.clear()

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._leaf:
            self._found[name] = "".join(self._text)
        self._leaf = False


def _json(text: str) -> Payload:
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_once,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        raise Invalid("not a JSON object") from None
    _measure(value, 0)
    return {name: one if isinstance(one, str) else "" for name, one in value.items()}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Invalid("a name is there twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise Invalid(f"{constant} is no value")


def _measure(value: object, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth > DEPTH:
            raise Invalid("values lie too deep in each other")
        for part in value.values() if isinstance(value, dict) else value:
            _measure(part, depth + 1)
