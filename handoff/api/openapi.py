"""openapi.json, made from the table of routes and the models that validate."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from gateway.files import File
from gateway.files.transfer import Upload
from handoff.api.route import PUBLIC, Nothing, Route
from handoff.api.shapes import Error, Shape

REFERENCE = "#/components/schemas/{model}"


def describe(table: Sequence[Route]) -> dict[str, Any]:
    """The description of all routes, OpenAPI 3.1."""
    models: set[type[Shape]] = {Error}
    for one in table:
        models |= {model for model in (one.answer, one.body) if model and issubclass(model, Shape)}
    models -= {Nothing}
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=REFERENCE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in table:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Frontdesk", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": SECURITY},
    }


BYTES = {"type": "string", "format": "binary"}
SECURITY = {
    "session": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    "token": {"type": "http", "scheme": "bearer"},
}


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "x-roles": sorted(route.roles),
        "parameters": [*_path(route), *_query(route.query)],
        "responses": _responses(route),
        "security": _security(route),
    }
    if route.body is not Nothing:
        operation["requestBody"] = {"required": True, "content": _content(route.body)}
    return operation


def _responses(route: Route) -> dict[str, Any]:
    refused = {"description": "Refused", "content": _content(Error)}
    if route.handle is None:
        done: dict[str, Any] = {"101": {"description": "A WebSocket of JSON text frames"}}
    elif route.answer is None:
        done = {"204": {"description": HTTPStatus.NO_CONTENT.phrase}}
    else:
        done = {"200": {"description": "Done", "content": _content(route.answer)}}
    return {**done, "default": refused}


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.roles is PUBLIC:
        return []
    return [{"session": []}] if route.console else [{"session": []}, {"token": []}]


def _path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query(model: type[Shape]) -> list[dict[str, Any]]:
    fields = model.model_json_schema().get("properties", {})
    return [{"name": name, "in": "query", "schema": schema} for name, schema in fields.items()]


def _content(model: type[Shape] | type[Upload] | type[File]) -> dict[str, Any]:
    if issubclass(model, Upload):
        form = {"type": "object", "properties": {"file": BYTES}, "required": ["file"]}
        return {
            "application/octet-stream": {"schema": BYTES},
            "multipart/form-data": {"schema": form},
        }
    if issubclass(model, File):
        return {"*/*": {"schema": BYTES}}
    return {"application/json": {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}
