"""The configuration's JSON Schema, for editors and for finding what may stand where."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.json_schema import models_json_schema

from gateway.config.models import Config

Schema = dict[str, Any]

VARIABLE = {"type": "string", "pattern": r"\$\{\w+(:-[^{}]*)?\}"}


def json_schema(adapters: Mapping[str, type[BaseModel]]) -> Schema:
    """The schema of a whole file whose channels may have these adapters."""
    models: list[type[BaseModel]] = [Config, *adapters.values()]
    names, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/$defs/{model}"
    )
    definitions = definitions["$defs"]
    channel = {
        "type": "object",
        "required": ["adapter"],
        "properties": {"adapter": {"enum": sorted(adapters)}},
        "allOf": [
            {
                "if": {"properties": {"adapter": {"const": name}}},
                "then": names[model, "validation"],
            }
            for name, model in adapters.items()
        ],
    }
    config = definitions.pop(_name(names[Config, "validation"]))
    channels = config["properties"]["channels"]
    channels["patternProperties"] = dict.fromkeys(channels["patternProperties"], channel)
    channels["additionalProperties"] = False
    del definitions["BaseModel"]
    whole: Schema = _for_editors({**config, "$defs": definitions})
    return whole


def schema_at(schema: Schema, path: tuple[str | int, ...]) -> Schema:
    """What may stand at a path; empty where the path leads nowhere."""
    found = schema
    for step in path:
        found = _step(_resolved(schema, found), step)
    return _resolved(schema, found)


def write(adapters: Mapping[str, type[BaseModel]]) -> str:
    """The schema as the text of the file that ships."""
    return json.dumps(json_schema(adapters), ensure_ascii=False, indent=2) + "\n"


def keys_at(schema: Schema, path: tuple[str | int, ...]) -> list[str]:
    """The keys that are known at a path."""
    return list(schema_at(schema, path).get("properties", ()))


def _step(here: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        found = here.get("items", {})
    else:
        others = (here.get("additionalProperties"), *here.get("patternProperties", {}).values())
        found = here.get("properties", {}).get(step) or next(filter(None, others), {})
    return found if isinstance(found, dict) else {}


def _name(reference: Schema) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _resolved(schema: Schema, here: Schema) -> Schema:
    if "$ref" in here:
        found: Schema = schema["$defs"][_name(here)]
        return found
    if "anyOf" in here:
        return _resolved(schema, here["anyOf"][0])
    return here


def _for_editors(schema: Any) -> Any:
    """Without what an editor shows in vain; the environment may give numbers and truth values."""
    if isinstance(schema, list):
        return [_for_editors(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if {"type": "null"} in schema.get("anyOf", ()):
        return _for_editors({**schema, **schema["anyOf"][0], "anyOf": []})
    kept = {key: _for_editors(value) for key, value in schema.items() if not _idle(key, value)}
    if kept.get("type") in ("integer", "number", "boolean"):
        about = {key: kept.pop(key) for key in ("description", "default") if key in kept}
        return {**about, "anyOf": [kept, VARIABLE]}
    return kept


def _idle(key: str, value: Any) -> bool:
    if key == "anyOf":
        return not value
    if key == "default":
        return value is None or isinstance(value, dict) or value == str(SecretStr("…"))
    return key in ("title", "writeOnly") and not isinstance(value, dict)
