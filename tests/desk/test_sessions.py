"""Signing in and staying in: SECURITY 24–29."""

import asyncio
from http.cookies import SimpleCookie

import pytest

from gateway.clock import MINUTE, SECOND
from gateway.errors import Conflict, Invalid, TooMany, Unauthorized
from gateway.store import Database
from handoff import sessions as rules
from handoff.agents import Presence, Role
from handoff.passwords import AT_ONCE, LONGEST, Cost, Passwords
from handoff.sessions import Sessions
from handoff.settings import Settings
from handoff.throttle import FIRST_DELAY, PAIR
from handoff.tokens import Tokens
from tests.clock import StillClock
from tests.desk.place import PASSWORD, Place, Site, open_place

HERE, THERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def sessions(place: Place) -> Sessions:
    return Sessions(place.database, place.passwords, place.hints, place.clock)


async def cookie(site: Site, name: str = "Wang") -> tuple[str, SimpleCookie]:
    await site.place.agent(name)
    browser = site.browser()
    path = f"{browser.root}/api/v1/session"
    async with browser.session.post(path, json={"name": name, "password": PASSWORD}) as response:
        header = response.headers["Set-Cookie"]
        return header, SimpleCookie(header)


async def test_the_cookie_is_the_browsers_alone(site: Site) -> None:
    header, jar = await cookie(site)
    morsel = jar["frontdesk"]
    assert morsel["httponly"]
    assert (morsel["samesite"], morsel["path"], morsel["secure"]) == ("Lax", "/", "")
    assert len(morsel.value) * 6 >= 128
    assert "omain" not in header


async def test_the_cookie_is_secure_where_browsers_come_by_https(database: Database) -> None:
    async with open_place(database, Settings(public_url="https://desk.example")) as site:
        _, jar = await cookie(site)
        assert jar["__Host-frontdesk"]["secure"]


async def test_the_page_of_the_public_address_may_call(database: Database) -> None:
    async with open_place(database, Settings(public_url="https://desk.example")) as site:
        await site.place.agent("Wang")
        body = {"name": "Wang", "password": PASSWORD}
        for origin, expected in (
            ("https://desk.example", 200),
            ("http://desk.example.evil", 403),
        ):
            status, _ = await site.browser().ask("POST", "/session", body, {"Origin": origin})
            assert status == expected


async def test_the_session_changes_at_every_sign_in_and_the_one_before_ends(site: Site) -> None:
    browser = await site.sign_in("Wang")
    before = {one.value for one in browser.session.cookie_jar}
    assert (await browser.sign_in("Wang"))[0] == 200
    after = {one.value for one in browser.session.cookie_jar}
    assert before.isdisjoint(after)
    stale = site.browser()
    headers = {"Cookie": f"frontdesk={before.pop()}"}
    assert (await stale.ask("GET", "/me", headers=headers))[0] == 401


async def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(site: Site) -> None:
    await site.place.agent("Wang")
    browser = site.browser()
    planted = {"Cookie": "frontdesk=planted", "Origin": browser.root}
    body = {"name": "Wang", "password": PASSWORD}
    assert (await browser.ask("POST", "/session", body, planted))[0] == 200
    assert (await site.browser().ask("GET", "/me", headers=planted))[0] == 401


async def test_the_store_holds_no_cookie_and_no_token(place: Place, sessions: Sessions) -> None:
    agent = await place.agent("Wang")
    secret, _ = await sessions.sign_in("Wang", PASSWORD, HERE)
    token, _ = await Tokens(place.database, place.hints, place.clock).make(agent, "reports")
    kept = [
        str(dict(row))  # type: ignore[call-overload]
        for table in ("sessions", "api_tokens", "agents", "audit")
        for row in await place.database.rows(f"SELECT * FROM {table}")
    ]
    assert len(kept) >= 5
    assert not any(one in row for row in kept for one in (secret, token, PASSWORD))


async def test_names_are_compared_without_case_and_width(place: Place, sessions: Sessions) -> None:
    await place.agent("Wang Li")
    assert (await sessions.sign_in(" ＷＡＮＧ li", PASSWORD, HERE))[1].agent.name == "Wang Li"
    with pytest.raises(Conflict):
        await place.agent("wang LI")


async def test_ten_wrong_passwords_delay_the_next_try_even_a_right_one(
    place: Place, sessions: Sessions, clock: StillClock
) -> None:
    await place.agent("Wang")
    for _ in range(PAIR):
        with pytest.raises(Unauthorized):
            await sessions.sign_in("Wang", "wrong", HERE)
    with pytest.raises(TooMany) as refused:
        await sessions.sign_in("Wang", PASSWORD, HERE)
    assert refused.value.facts["retry_after"] == FIRST_DELAY // SECOND
    assert (await sessions.sign_in("Wang", PASSWORD, THERE))[1].agent.name == "Wang"
    clock.advance(FIRST_DELAY)
    with pytest.raises(Unauthorized):
        await sessions.sign_in("wang", "wrong", HERE)
    clock.advance(FIRST_DELAY)
    with pytest.raises(TooMany):
        await sessions.sign_in("Wang", PASSWORD, HERE)
    clock.advance(FIRST_DELAY)
    await sessions.sign_in("Wang", PASSWORD, HERE)
    with pytest.raises(Unauthorized):
        await sessions.sign_in("Wang", "wrong", HERE)


async def test_wrong_passwords_are_forgotten_after_a_quarter_of_an_hour(
    place: Place, sessions: Sessions, clock: StillClock
) -> None:
    await place.agent("Wang")
    for _ in range(PAIR):
        with pytest.raises(Unauthorized):
            await sessions.sign_in("Wang", "wrong", HERE)
    clock.advance(15 * MINUTE)
    await sessions.sign_in("Wang", PASSWORD, HERE)


async def test_an_unknown_name_is_delayed_like_a_known_one_and_costs_a_hash(
    place: Place, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.agent("Wang")
    costs: list[int] = []
    real = Passwords.matches

    async def counted(self: Passwords, password: str, stored: str | None) -> bool:
        costs.append(1)
        return await real(self, password, stored)

    monkeypatch.setattr(Passwords, "matches", counted)
    errors = []
    for name in ("Wang", "nobody"):
        for _ in range(PAIR + 1):
            with pytest.raises((Unauthorized, TooMany)) as refused:
                await sessions.sign_in(name, "wrong", HERE)
            errors.append((type(refused.value), str(refused.value)))
    assert errors[: PAIR + 1] == errors[PAIR + 1 :]
    assert len(costs) == 2 * PAIR


async def test_of_200_logins_at_once_two_are_checked_and_the_rest_told_to_wait(site: Site) -> None:
    place = site.place
    await place.agent("Wang")
    place.passwords._cost = Cost()
    stored = await place.passwords.hash(PASSWORD)

    async def body(tx: object) -> None:
        await tx.execute("UPDATE agents SET password = ?", stored)  # type: ignore[attr-defined]

    await place.database.transaction(body)
    browsers = [site.browser() for _ in range(200)]
    answers = await asyncio.gather(*(browser.sign_in("Wang") for browser in browsers))
    let_in = [status for status, _ in answers if status == 200]
    turned_away = [answer for status, answer in answers if status == 429]
    assert len(let_in) >= AT_ONCE
    assert len(turned_away) == 200 - len(let_in)
    assert turned_away[0]["error"]["retry_after"] == 1


async def test_never_more_than_two_hashes_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, running, most = Passwords(Cost(4, 1, 1)), 0, 0
    real = asyncio.to_thread

    async def watched(*arguments: object) -> object:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await real(*arguments)  # type: ignore[arg-type]
        finally:
            running -= 1

    monkeypatch.setattr(asyncio, "to_thread", watched)
    await asyncio.gather(*(passwords.hash(PASSWORD) for _ in range(20)))
    assert most == AT_ONCE


async def test_a_password_of_more_than_a_kibibyte_costs_nothing(site: Site) -> None:
    await site.place.agent("Wang")
    browser = site.browser()
    status, answer = await browser.sign_in("Wang", "密" * (LONGEST // 3 + 1))
    assert (status, answer["error"]["code"]) == (400, "invalid")
    assert (await browser.sign_in("Wang", "x" * LONGEST))[0] == 401


async def test_a_password_has_its_own_salt_and_a_length() -> None:
    passwords = Passwords(Cost(4, 1, 1))
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)
    for bad in ("short", "x" * (LONGEST + 1)):
        with pytest.raises(Invalid):
            await passwords.hash(bad)


async def test_an_old_hash_holds_when_the_cost_is_raised() -> None:
    stored = await Passwords(Cost(4, 1, 1)).hash(PASSWORD)
    stronger = Passwords(Cost(5, 2, 1))
    assert await stronger.matches(PASSWORD, stored)
    assert not await stronger.matches("wrong", stored)
    assert not await stronger.matches(PASSWORD, None)


async def test_a_session_ends_when_nobody_used_it_for_long(
    place: Place, sessions: Sessions, clock: StillClock
) -> None:
    await place.agent("Wang")
    secret, _ = await sessions.sign_in("Wang", PASSWORD, HERE)
    for _ in range(3):
        clock.advance(rules.IDLE - MINUTE)
        assert await sessions.whose(secret)
    clock.advance(rules.IDLE)
    assert await sessions.whose(secret) is None


async def test_no_session_lives_longer_than_a_week(
    place: Place, sessions: Sessions, clock: StillClock
) -> None:
    await place.agent("Wang")
    secret, _ = await sessions.sign_in("Wang", PASSWORD, HERE)
    lived = 0
    while await sessions.whose(secret):
        lived += rules.IDLE // 2
        clock.advance(rules.IDLE // 2)
    assert lived == rules.LONGEST


@pytest.mark.parametrize("deed", ["disable", "reset"])
async def test_a_sign_in_that_is_overtaken_opens_no_session(
    place: Place, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    await place.agent("Wang")
    real = Passwords.matches

    async def overtaken(self: Passwords, password: str, stored: str | None) -> bool:
        right = await real(self, password, stored)
        if deed == "disable":
            await place.people.disable("Wang")
        else:
            await place.people.reset_password("Wang", "battery staple")
        return right

    monkeypatch.setattr(Passwords, "matches", overtaken)
    with pytest.raises(Unauthorized):
        await sessions.sign_in("Wang", PASSWORD, HERE)
    assert await place.database.rows("SELECT * FROM sessions") == []


async def test_who_has_a_session_can_guess_the_password_no_oftener(
    place: Place, sessions: Sessions
) -> None:
    await place.agent("Wang")
    _, identity = await sessions.sign_in("Wang", PASSWORD, HERE)
    for _ in range(PAIR):
        with pytest.raises(Invalid):
            await sessions.change_password(identity, "wrong", "battery staple", HERE)
    with pytest.raises(TooMany):
        await sessions.change_password(identity, PASSWORD, "battery staple", HERE)


async def test_a_new_password_ends_every_other_session(site: Site) -> None:
    here, there = await site.sign_in("Wang"), site.browser()
    await there.sign_in("Wang")
    new = {"old": PASSWORD, "new": "battery staple"}
    assert (await here.ask("PUT", "/me/password", {**new, "old": "wrong"}))[0] == 400
    assert (await here.ask("PUT", "/me/password", {**new, "new": "short"}))[0] == 400
    assert (await here.ask("PUT", "/me/password", {"old": PASSWORD, "new": PASSWORD}))[0] == 400
    assert (await here.ask("PUT", "/me/password", new))[0] == 204
    assert (await here.ask("GET", "/me"))[0] == 200
    assert (await there.ask("GET", "/me"))[0] == 401
    assert (await there.sign_in("Wang"))[0] == 401
    assert (await there.sign_in("Wang", "battery staple"))[0] == 200


async def test_signing_out_ends_the_session_and_takes_the_cookie(site: Site) -> None:
    browser = await site.sign_in("Wang")
    secret = next(one.value for one in browser.session.cookie_jar)
    assert (await browser.ask("DELETE", "/session"))[0] == 204
    assert list(browser.session.cookie_jar) == []
    headers = {"Cookie": f"frontdesk={secret}"}
    assert (await site.browser().ask("GET", "/me", headers=headers))[0] == 401


async def test_who_is_disabled_or_given_a_password_is_out(site: Site) -> None:
    await site.place.agent("Boss", Role.SUPERVISOR)
    for name, deed in (
        ("Wang", site.place.people.disable("Wang")),
        ("Li", site.place.people.reset_password("Li", "battery staple")),
    ):
        browser = await site.sign_in(name)
        _, made = await browser.ask("POST", "/tokens", {"name": "reports"})
        await deed
        assert (await browser.ask("GET", "/me"))[0] == 401
        headers = {"Authorization": f"Bearer {made['token']}"}
        assert (await site.browser().ask("GET", "/me", headers=headers))[0] == 401
        assert (await browser.sign_in(name))[0] == 401
    status, answer = await site.browser().sign_in("Li", "battery staple")
    assert (status, answer["must_change"]) == (200, True)


async def test_the_first_supervisor_is_made_once_even_by_two_nodes(place: Place) -> None:
    made = await asyncio.gather(*(place.people.ensure_first() for _ in range(4)))
    passwords = [one for one in made if one]
    assert len(passwords) == 1
    sessions = Sessions(place.database, place.passwords, place.hints, place.clock)
    _, identity = await sessions.sign_in("admin", passwords[0], HERE)
    assert (identity.agent.role, identity.agent.must_change) == (Role.SUPERVISOR, True)


async def test_there_is_always_a_supervisor(place: Place) -> None:
    await place.agent("Boss", Role.SUPERVISOR)
    with pytest.raises(Conflict, match="last supervisor"):
        await place.people.disable("Boss")
    with pytest.raises(Conflict, match="last supervisor"):
        await place.people.change("Boss", role=Role.AGENT)
    await place.agent("Deputy", Role.SUPERVISOR)
    results = await asyncio.gather(
        place.people.disable("Boss"), place.people.disable("Deputy"), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in results) == 1


async def test_an_account_changes_its_role_teams_and_capacity(place: Place) -> None:
    await place.agent("Wang", Role.AGENT, "sales")
    changed = await place.people.change("wang", teams=["care"], capacity=9)
    assert (changed.role, changed.teams, changed.capacity) == (Role.AGENT, ("care",), 9)
    for bad in (0, 101):
        with pytest.raises(Invalid):
            await place.people.change("Wang", capacity=bad)


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\nb\0", "\u202eevil"])
async def test_what_is_no_name_is_refused(place: Place, name: str) -> None:
    with pytest.raises(Invalid):
        await place.agent(name)


async def test_nobody_is_there_without_a_socket(site: Site) -> None:
    browser = await site.sign_in("Wang")

    async def status() -> str:
        people: list[dict[str, str]] = (await browser.get("/agents"))["items"]
        return people[0]["status"]

    assert await status() == Presence.OFFLINE
    async with browser.live() as sight:
        await sight.next("welcome")
        assert await status() == Presence.ONLINE
        await browser.ask("PUT", "/me/status", {"status": "away"})
        assert await status() == Presence.AWAY
