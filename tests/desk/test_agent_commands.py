"""`frontdesk agent …` as somebody types it, on a real file."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import CliRunner, Result

from gateway.cli import commands
from gateway.clock import system_clock
from gateway.conversation import Mode
from gateway.hints import MemoryHints
from gateway.store import Database, connect
from handoff.passwords import Passwords
from handoff.sessions import Sessions
from tests.desk.place import Place

T = TypeVar("T")
CONFIG = """\
store: sqlite:///{store}
desk: {{capacity: 7, teams: {{sales: {{zh: 售前, en: Sales}}}}}}
channels: {{website: {{adapter: web}}}}
"""

Run = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "desk.db")


@pytest.fixture
def run(tmp_path: Path, store: str) -> Run:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(store=store), encoding="utf-8")

    def run(*words: str, typed: str = "", language: str = "en_US.UTF-8") -> Result:
        whole = ["-c", str(config), "agent", *words]
        return CliRunner().invoke(commands({"LANG": language}), whole, input=typed)

    return run


def with_store(store: str, use: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    async def opened() -> T:
        database = connect(f"sqlite:///{store}")
        await database.open()
        try:
            return await use(database)
        finally:
            await database.close()

    return asyncio.run(opened())


def sign_in(name: str, password: str) -> Callable[[Database], Coroutine[Any, Any, bool]]:
    async def use(database: Database) -> bool:
        sessions = Sessions(database, Passwords(), MemoryHints(), system_clock)
        return (await sessions.sign_in(name, password, ""))[1].agent.must_change

    return use


def test_somebody_is_added_with_a_password_that_is_shown_once(run: Run, store: str) -> None:
    added = run("add", "Boss", "--role", "supervisor")
    assert added.exit_code == 0, added.output
    password = added.output.split()[-1]
    assert with_store(store, sign_in("Boss", password)) is True
    assert password not in run("list").output


def test_a_password_comes_from_standard_input_and_stays(run: Run, store: str) -> None:
    added = run(
        "add", "王丽", "--role", "agent", "--team", "sales", "--password-stdin",
        typed="correct horse\n",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    assert "correct horse" not in added.output
    assert with_store(store, sign_in("王丽", "correct horse")) is False
    assert run("list").output == "王丽\tagent\tsales\t0/7\toffline\n"


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "Boss", "--role", "agent"), "", "already"),
        (("add", "Li", "--role", "king"), "", "king"),
        (("add", "Li", "--role", "agent", "--team", "nope"), "", "nope"),
        (("add", "Li", "--role", "agent", "--password-stdin"), "short\n", "at least 10"),
        (("disable", "Boss"), "", "last supervisor"),
        (("disable", "nobody"), "", "nobody"),
        (("change", "Boss", "--role", "agent"), "", "last supervisor"),
        (("password", "nobody"), "", "nobody"),
    ],
)
def test_what_cant_be_done_is_said(run: Run, words: tuple[str, ...], typed: str, said: str) -> None:
    run("add", "Boss", "--role", "supervisor")
    result = run(*words, typed=typed)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_everything_is_said_in_chinese_too(run: Run) -> None:
    assert "已添加 Boss" in run("add", "Boss", "--role", "supervisor", language="zh_CN").output
    assert "已重设 Boss 的密码" in run("password", "Boss", language="zh_CN").output
    assert "客服账号" in run("--help", language="zh_CN").output


@pytest.mark.parametrize(
    "words",
    [("disable", "wang"), ("change", "wang", "--role", "editor")],
    ids=lambda words: words[0],
)
def test_who_takes_no_more_leaves_their_chats_in_the_queue(
    run: Run, store: str, words: tuple[str, ...]
) -> None:
    async def lead(database: Database) -> str:
        place = Place(database, system_clock)
        conversation = await place.waiting()
        await place.desk.claim(await place.agent("Wang"), conversation)
        return conversation

    conversation = with_store(store, lead)
    done = run(*words)
    assert done.exit_code == 0, done.output
    assert with_store(store, state(conversation)) is Mode.WAITING
    assert "agent" not in run("list").output


def state(conversation: str) -> Callable[[Database], Coroutine[Any, Any, Mode]]:
    async def use(database: Database) -> Mode:
        return (await Place(database, system_clock).state(conversation)).mode

    return use


def test_a_change_and_a_new_password_hold(run: Run, store: str) -> None:
    run("add", "Wang", "--role", "agent", "--team", "sales")
    run("change", "Wang", "--role", "supervisor", "--no-team", "--capacity", "3")
    assert run("list").output == "Wang\tsupervisor\t-\t0/3\toffline\n"
    password = run("password", "Wang").output.split()[-1]
    assert with_store(store, sign_in("Wang", password)) is True
