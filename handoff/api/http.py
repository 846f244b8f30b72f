"""The table of routes as aiohttp handlers: parse, admit, do, answer."""

from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from gateway.errors import Invalid
from gateway.files import File
from gateway.files.transfer import Upload, response, upload
from gateway.middleware import streamed
from handoff.api.asks import Cursor
from handoff.api.door import Door
from handoff.api.explain import refusal
from handoff.api.office import Office
from handoff.api.openapi import describe
from handoff.api.route import Call, Nothing, Route, WithCookie
from handoff.api.shapes import Shape
from handoff.api.table import TABLE

ROOT = "/api/v1"

S = TypeVar("S", bound=Shape)


def routes(office: Office, door: Door) -> list[web.RouteDef]:
    """All routes, as handlers."""
    made = (
        web.route(one.method, ROOT + _pattern(one), _handler(office, door, one)) for one in TABLE
    )
    return [*made, web.get(f"{ROOT}/openapi.json", _openapi)]


def _handler(office: Office, door: Door, route: Route) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.StreamResponse:
        who = await door.admit(request, route)
        query = _query(request, route.query)
        if route.handle is None:
            return await office.live.serve(request, who, _after(query))
        body = await _body(request, route, office)
        address, cookie = request.remote or "", door.cookie(request)
        call = Call(who, request.match_info, query, body, address, cookie)
        return _answer(request, await route.handle(office, call), door)

    return streamed(handle) if route.body is Upload else handle


def _answer(
    request: web.Request, result: Shape | WithCookie | File | None, door: Door
) -> web.StreamResponse:
    if isinstance(result, File):
        return response(request, result)
    if not isinstance(result, WithCookie):
        return _json(result)
    answer = _json(result.answer)
    door.set_cookie(answer, result.cookie)
    return answer


def _json(answer: Shape | None) -> web.Response:
    if answer is None:
        return web.Response(status=204)
    return web.Response(text=answer.model_dump_json(), content_type="application/json")


def _query(request: web.Request, model: type[S]) -> S:
    return _valid(lambda: model.model_validate(dict(request.query)))


async def _body(request: web.Request, route: Route, office: Office) -> Shape | Upload:
    model = route.body
    if issubclass(model, Upload):
        return await upload(request, office.files.largest)
    if model is Nothing:
        return model()
    if request.content_type != "application/json":
        raise Invalid("send the body as application/json")
    body = await request.read()
    return _valid(lambda: model.model_validate_json(body))


def _valid(parse: Callable[[], S]) -> S:
    try:
        return parse()
    except ValidationError as error:
        raise refusal(error) from None


def _after(query: Shape) -> int | None:
    after = query.after if isinstance(query, Cursor) else ""
    return None if after == "" else after


def _pattern(route: Route) -> str:
    return route.path.replace("}", ":[0-9a-f]{1,64}}")


async def _openapi(_: web.Request) -> web.Response:
    return web.json_response(describe(TABLE))
