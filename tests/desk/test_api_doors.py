"""Who may come in, and as what: SECURITY 23–31, 50, over the table of all routes."""

import asyncio
import re
from typing import Any

import pytest
from yarl import URL

from gateway.files.transfer import Upload
from handoff.agents import Role
from handoff.api.route import PUBLIC, Nothing, Route
from handoff.api.table import TABLE
from tests.desk.place import Site
from tests.gateway.house import ANN, BOB

HTTP = [route for route in TABLE if route.handle is not None]
BODIES: dict[str, dict[str, Any]] = {
    "SignIn": {"name": "nobody", "password": "wrong"},
    "NewPassword": {"old": "wrong", "new": "right and long"},
    "NewStatus": {"status": "away"},
    "NewToken": {"name": "reports"},
    "NewReply": {"id": "a", "text": "x"},
    "NewNote": {"text": "x"},
    "Transfer": {"team": "sales"},
    "Close": {"outcome": "solved", "summary": "x"},
    "Read": {"seq": 1},
    "Upload": {"a text": "as good as any other bytes"},
}


def body(route: Route) -> dict[str, Any] | None:
    return None if route.body is Nothing else BODIES[route.body.__name__]


def url(route: Route, id_: str = "00") -> str:
    return re.sub(r"{\w+}", id_, route.path)


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


async def test_every_route_and_every_role(site: Site) -> None:
    for role in Role:
        browser = await site.sign_in(role.value, role)
        for route in HTTP:
            if route.roles is PUBLIC or route.path == "/session":
                continue
            status, answer = await browser.ask(route.method, url(route), body(route))
            allowed = role in route.roles
            assert (status != 403) is allowed, (role, name(route), status, answer)
            if not allowed:
                assert answer["error"]["code"] == "forbidden"


async def test_every_route_wants_somebody_to_be_signed_in(site: Site) -> None:
    browser = site.browser()
    for route in HTTP:
        if route.roles is not PUBLIC:
            status, answer = await browser.ask(route.method, url(route), body(route))
            assert (status, answer["error"]["code"]) == (401, "unauthorized"), name(route)


async def test_every_write_with_the_cookie_wants_the_csrf_token(site: Site) -> None:
    browser = await site.sign_in("Boss", Role.SUPERVISOR)
    for route in HTTP:
        if route.roles is not PUBLIC and route.method != "GET":
            for token in ("", "0" * 64, "é"):
                headers = {"Origin": browser.root, "X-CSRF-Token": token}
                status, _ = await browser.ask(route.method, url(route), body(route), headers)
                assert status == 403, name(route)


async def test_every_write_from_another_sites_page_is_refused(site: Site) -> None:
    browser = await site.sign_in("Boss", Role.SUPERVISOR)
    for foreign in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"{browser.root}.evil.example"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        for route in HTTP:
            if route.method != "GET":
                headers = {"X-CSRF-Token": browser.csrf, **foreign}
                status, _ = await browser.ask(route.method, url(route), body(route), headers)
                assert status == 403, (name(route), foreign)


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_socket_from_another_sites_page_is_refused(
    site: Site, headers: dict[str, str], token: bool
) -> None:
    browser = await site.sign_in("Wang")
    sent = headers | ({"X-CSRF-Token": browser.csrf} if token else {})
    status, _ = await browser.ask("GET", "/live", headers=sent)
    assert status == 403


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_socket_from_nowhere_without_the_right_token_is_refused(
    site: Site, token: str
) -> None:
    browser = await site.sign_in("Wang")
    headers = {"X-CSRF-Token": token} if token else {}
    assert (await browser.ask("GET", "/live", headers=headers))[0] == 403


async def test_a_socket_of_a_program_shows_the_sessions_token(site: Site) -> None:
    browser = await site.sign_in("Wang")
    async with browser.live(headers={"X-CSRF-Token": browser.csrf}) as sight:
        assert (await sight.next("welcome"))["desk"] == []


async def test_the_live_view_is_for_agents_and_supervisors(site: Site) -> None:
    editor = await site.sign_in("Ed", Role.EDITOR)
    headers = {"Origin": editor.root}
    assert (await editor.ask("GET", "/live", headers=headers))[0] == 403
    assert (await site.browser().ask("GET", "/live", headers=headers))[0] == 401


async def test_a_programs_token_needs_no_csrf_and_no_page(site: Site) -> None:
    browser = await site.sign_in("Wang")
    status, made = await browser.ask("POST", "/tokens", {"name": "reports"})
    assert status == 200
    program = site.browser()
    headers = {"Authorization": f"Bearer {made['token']}"}
    status, me = await program.ask("GET", "/me", headers=headers)
    assert (status, me["agent"]["name"], me["csrf"]) == (200, "Wang", "")
    status, _ = await program.ask("PUT", "/me/status", {"status": "busy"}, headers)
    assert status == 200


async def test_a_programs_token_makes_no_tokens_and_changes_no_password(site: Site) -> None:
    browser = await site.sign_in("Wang")
    _, made = await browser.ask("POST", "/tokens", {"name": "reports"})
    headers = {"Authorization": f"Bearer {made['token']}"}
    for route in HTTP:
        if route.console:
            status, _ = await site.browser().ask(route.method, url(route), body(route), headers)
            assert status == 403, name(route)


async def test_a_token_that_was_dropped_opens_nothing(site: Site) -> None:
    browser = await site.sign_in("Wang")
    _, made = await browser.ask("POST", "/tokens", {"name": "reports"})
    other = await site.sign_in("Li")
    assert (await other.ask("DELETE", f"/tokens/{made['id']}"))[0] == 404
    assert [one["name"] for one in (await browser.get("/tokens"))["items"]] == ["reports"]
    assert (await browser.ask("DELETE", f"/tokens/{made['id']}"))[0] == 204
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert (await site.browser().ask("GET", "/me", headers=headers))[0] == 401


async def test_a_wrong_token_is_not_helped_by_a_right_cookie(site: Site) -> None:
    browser = await site.sign_in("Wang")
    assert (await browser.ask("GET", "/me", headers={"Authorization": "Bearer fd_x"}))[0] == 401


async def test_a_proxys_own_password_is_no_token(site: Site) -> None:
    browser = await site.sign_in("Wang")
    assert (await browser.ask("GET", "/me", headers={"Authorization": "Basic eDp5"}))[0] == 200


async def test_another_teams_conversation_is_not_there_on_any_route(site: Site) -> None:
    hidden = await site.place.waiting_for("care", ANN)
    browser = await site.sign_in("Wang", Role.AGENT, "sales")
    missing = "0" * 28
    for route in HTTP:
        if route.path.startswith("/conversations/{id}"):
            there = await browser.ask(route.method, url(route, hidden), body(route))
            nowhere = await browser.ask(route.method, url(route, missing), body(route))
            assert there == nowhere, name(route)
            assert there[0] == 404, (name(route), there)


async def test_lists_show_what_one_may_see_and_no_more(site: Site) -> None:
    await site.place.waiting_for("care", ANN)
    open_to_all = await site.place.waiting(BOB)
    for role, teams, expected in (
        (Role.AGENT, ("sales",), 1),
        (Role.AGENT, (), 1),
        (Role.AGENT, ("care",), 2),
        (Role.SUPERVISOR, (), 2),
    ):
        browser = await site.sign_in(f"{role} {teams}", role, *teams)
        found = (await browser.get("/conversations"))["items"]
        assert len(found) == expected
        assert open_to_all in [one["id"] for one in found]
        for query in ("?team=care", "?q=Ann", f"?contact={ANN.key}", "?owed=1&mode=waiting"):
            shown = (await browser.get(f"/conversations{query}"))["items"]
            assert {one["id"] for one in shown} <= {one["id"] for one in found}, query


async def test_what_was_passed_on_is_shown_to_who_passed_it_and_then_gone(site: Site) -> None:
    conversation = await site.place.waiting()
    browser = await site.sign_in("Wang", Role.AGENT, "sales")
    status, after = await browser.ask(
        "POST", f"/conversations/{conversation}/transfer", {"team": "care", "note": "lenses"}
    )
    assert (status, after["team"], after["last"]["text"]) == (200, "care", "help me")
    assert (await browser.ask("GET", f"/conversations/{conversation}"))[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        "mode=waiting'--",
        "mode=waiting,",
        "mode=,bot",
        "limit=0",
        "limit=1000000",
        "limit=1;drop",
        "cursor=x",
        "cursor=AAAA",
        "cursor=MSc7LS0=",
        "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkgMDA=",
        "owed=perhaps",
        "q=%00",
        "q=" + "x" * 201,
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(site: Site, query: str) -> None:
    browser = await site.sign_in("Wang")
    status, answer = await browser.ask("GET", f"/conversations?{query}")
    assert (status, answer["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("evil", ["' OR 1=1 --", '"; DROP TABLE agents; --', "%", "_", "!", "\\"])
async def test_what_a_user_sends_is_never_sql(site: Site, evil: str) -> None:
    await site.place.waiting()
    browser = await site.sign_in("Wang")
    for field in ("team", "contact", "q"):
        status, answer = await browser.ask(
            "GET", f"/conversations?{field}=" + evil.replace("%", "%25").replace("#", "%23")
        )
        assert (status, answer["items"]) == (200, []), field


@pytest.mark.parametrize(
    "text",
    [
        '{"id": {"a": 1}, "text": "x"}',
        '{"id": "a", "text": ["x"]}',
        '{"id": "a", "text": 5}',
        '{"id": "a", "text": "  "}',
        '{"id": "", "text": "x"}',
        '{"id": "a", "text": "\\u0000"}',
        '{"id": "a", "text": "\\ud800"}',
        '{"id": "a"}',
        "[]",
        "null",
        "{",
        "",
        "[" * 100_000,
    ],
)
async def test_a_body_of_another_form_is_refused(site: Site, text: str) -> None:
    conversation = await site.place.waiting()
    browser = await site.sign_in("Wang")
    await browser.ask("POST", f"/conversations/{conversation}/claim")
    path = f"{browser.root}/api/v1/conversations/{conversation}/messages"
    headers = {
        "Origin": browser.root,
        "X-CSRF-Token": browser.csrf,
        "Content-Type": "application/json",
    }
    async with browser.session.post(path, data=text.encode(), headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "invalid"


async def test_a_form_post_is_no_call(site: Site) -> None:
    browser = await site.sign_in("Wang")
    headers = {"Origin": browser.root, "X-CSRF-Token": browser.csrf}
    path = f"{browser.root}/api/v1/me/status"
    async with browser.session.put(path, data={"status": "away"}, headers=headers) as response:
        assert response.status == 400


async def test_the_description_names_every_route_its_roles_and_its_models(site: Site) -> None:
    spec = await site.browser().get("/openapi.json")
    for route in TABLE:
        operation = spec["paths"][route.path][route.method.lower()]
        assert operation["x-roles"] == sorted(route.roles)
        assert operation["summary"]
        names = {one["name"] for one in operation["parameters"]}
        assert names >= set(route.query.model_fields)
        if route.body is Upload:
            assert set(operation["requestBody"]["content"]) == {
                "application/octet-stream",
                "multipart/form-data",
            }
        elif route.body is not Nothing:
            assert route.body.__name__ in spec["components"]["schemas"]
    references = set(re.findall(r"#/components/schemas/(\w+)", str(spec)))
    assert references <= set(spec["components"]["schemas"])


@pytest.mark.parametrize("header", ["X-CSRF-Token", "Cookie", "Authorization", "Origin", "Host"])
async def test_bytes_that_are_no_text_are_refused_like_any_wrong_word(
    site: Site, header: str
) -> None:
    browser = await site.sign_in("Wang")
    address = URL(browser.root)
    cookie = next(iter(browser.session.cookie_jar))
    headers = {
        "Host": f"{address.host}:{address.port}",
        "Cookie": f"{cookie.key}={cookie.value}",
        "X-CSRF-Token": browser.csrf,
        "Content-Length": "0",
        "Connection": "close",
    }
    headers[header] = ("Bearer " if header == "Authorization" else "frontdesk=") + "\udcff\udcfe"
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    reader, writer = await asyncio.open_connection(address.host, address.port)
    request = f"DELETE /api/v1/session HTTP/1.1\r\n{head}\r\n"
    writer.write(request.encode(errors="surrogateescape"))
    answer = await reader.read()
    writer.close()
    status = int(answer.split()[1])
    assert status in (204 if header == "Host" else 401, 400, 401, 403), answer
