"""What a model refused, said for who wrote the program that sent it: what, where, what to do."""

from typing import Any

from pydantic import ValidationError

from gateway.errors import Invalid

_BODY = "the body"
_TOO_LONG = "is longer than {max_length} characters: shorten it"
_TOO_SHORT = "has too few characters: send at least {min_length}"

_SAID = {
    "missing": "is missing: send it",
    "json_invalid": "is not JSON that can be read ({error}): send one JSON object",
    "model_type": "is not a JSON object: send one, such as {{}}",
    "model_attributes_type": "is not a JSON object: send one, such as {{}}",
    "string_type": "is not text: send a JSON string",
    "string_unicode": "is not text: send it as UTF-8",
    "string_too_long": _TOO_LONG,
    "too_long": _TOO_LONG,
    "string_too_short": _TOO_SHORT,
    "too_short": _TOO_SHORT,
    "string_pattern_mismatch": "is of another form: send what matches {pattern}",
    "int_type": "is not a whole number: send one, without quotes",
    "int_parsing": "is not a whole number: send one",
    "int_parsing_size": "is too large a number: send a smaller one",
    "bool_parsing": "is neither true nor false: send 1 or 0",
    "greater_than_equal": "is less than {ge}: send at least that",
    "less_than_equal": "is more than {le}: send at most that",
    "less_than": "is too large: send less than {lt}",
    "enum": "is not known here: send {expected}",
    "literal_error": "is not known here: send {expected}",
    "value_error": "{error}",
}
_OTHER = "is not what is expected here: openapi.json says what is"


def refusal(error: ValidationError) -> Invalid:
    """The first thing that is wrong as a refusal; `field` names where, "" for the body itself."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = first["loc"]
    field = str(place[0]) if place else ""  # behind it stand pydantic's names for alternatives
    facts: dict[str, Any] = first.get("ctx", {})
    said = _SAID.get(first["type"], _OTHER).format(**facts)
    return Invalid(f"{field or _BODY} {said}", field=field)
