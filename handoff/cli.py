"""`frontdesk agent …`: the people of the desk, managed at the terminal of the machine.

The commands talk to the store alone; a running desk notices within a second.
"""

import sys
from collections.abc import Callable, Sequence

import click

from gateway.clock import system_clock
from gateway.config.models import Desk as Rules
from gateway.hints import MemoryHints
from gateway.store import Database
from gateway.store.transcript import Transcript
from gateway.terminal import Terminal
from gateway.texts import Texts
from handoff import agents, passwords
from handoff.agents import Agent, Role
from handoff.desk import Desk
from handoff.passwords import Passwords
from handoff.people import People

Say = Callable[[str, str], str]


def agent(say: Say) -> click.Group:
    """`frontdesk agent add|list|change|password|disable`, in the language that `say` picks."""
    group = click.Group("agent", help=say("客服账号", "The people of the desk"))
    for make in (_add, _list, _change, _password, _disable):
        group.add_command(make(say))
    return group


def _add(say: Say) -> click.Command:
    @click.command("add", help=say("添加一位", "Add somebody."))
    @click.argument("name")
    @_role(say, required=True)
    @_teams(say)
    @_capacity(say)
    @_from_stdin(say)
    @click.pass_obj
    def command(
        terminal: Terminal,
        name: str,
        role: str,
        teams: tuple[str, ...],
        capacity: int | None,
        from_stdin: bool,
    ) -> None:
        rules = terminal.config().desk
        _refuse_unknown(say, teams, rules)
        password = _read() if from_stdin else passwords.make()

        async def use(database: Database) -> Agent:
            return await _people(database).add(
                name,
                Role(role),
                password,
                teams=teams,
                capacity=capacity or rules.capacity,
                must_change=not from_stdin,
            )

        made = terminal.with_store(use)
        click.echo(say(f"已添加 {made.name}（{made.role}）", f"added {made.name} ({made.role})"))
        _show(say, None if from_stdin else password)

    return command


def _list(say: Say) -> click.Command:
    @click.command("list", help=say("列出所有人", "List everybody."))
    @click.pass_obj
    def command(terminal: Terminal) -> None:
        for one in terminal.with_store(agents.everybody):
            teams = " ".join(one.teams) or "-"
            load = f"{one.load}/{one.capacity}"
            status = one.presence(system_clock())
            click.echo(f"{one.name}\t{one.role}\t{teams}\t{load}\t{status}")

    return command


def _change(say: Say) -> click.Command:
    @click.command(
        "change", help=say("改角色、团队或接待上限", "Give another role, teams or capacity.")
    )
    @click.argument("name")
    @_role(say, required=False)
    @_teams(say)
    @click.option("--no-team", is_flag=True, help=say("不属于任何团队", "In no team."))
    @_capacity(say)
    @click.pass_obj
    def command(
        terminal: Terminal,
        name: str,
        role: str | None,
        teams: tuple[str, ...],
        no_team: bool,
        capacity: int | None,
    ) -> None:
        _refuse_unknown(say, teams, terminal.config().desk)

        async def use(database: Database) -> Agent:
            after = await _people(database).change(
                name,
                role=Role(role) if role else None,
                teams=teams if teams or no_team else None,
                capacity=capacity,
            )
            if after.role is Role.EDITOR:
                await _release(database, after)
            return after

        changed = terminal.with_store(use)
        click.echo(say(f"已更新 {changed.name}", f"changed {changed.name}"))

    return command


def _password(say: Say) -> click.Command:
    about = say(
        "设一个新密码，下次登录时须更改；已登录的会话全部结束",
        "Set a password that must be changed at the next sign-in; all sessions end.",
    )

    @click.command("password", help=about)
    @click.argument("name")
    @_from_stdin(say)
    @click.pass_obj
    def command(terminal: Terminal, name: str, from_stdin: bool) -> None:
        password = _read() if from_stdin else passwords.make()

        async def use(database: Database) -> Agent:
            return await _people(database).reset_password(name, password)

        changed = terminal.with_store(use)
        click.echo(say(f"已重设 {changed.name} 的密码", f"reset the password of {changed.name}"))
        _show(say, None if from_stdin else password)

    return command


def _disable(say: Say) -> click.Command:
    about = say(
        "停用账号；正在接待的对话回到队列",
        "Let somebody in no longer; the chats they lead go back to the queue.",
    )

    @click.command("disable", help=about)
    @click.argument("name")
    @click.pass_obj
    def command(terminal: Terminal, name: str) -> None:
        gone, released = terminal.with_store(lambda database: disable(database, name))
        click.echo(
            say(
                f"已停用 {gone.name}，{released} 个对话回到队列",
                f"disabled {gone.name}; chats back in the queue: {released}",
            )
        )

    return command


async def disable(database: Database, name: str) -> tuple[Agent, int]:
    """Disable somebody and give back what they led; who it was, and how much."""
    gone = await _people(database).disable(name)
    return gone, await _release(database, gone)


async def _release(database: Database, who: Agent) -> int:
    desk = Desk(database, Transcript(lambda _: False), MemoryHints(), Texts(), system_clock)
    return await desk.release(who.id)


def _people(database: Database) -> People:
    return People(database, Passwords(), MemoryHints(), system_clock)


def _refuse_unknown(say: Say, teams: Sequence[str], rules: Rules) -> None:
    unknown = sorted(set(teams) - set(rules.teams))
    if unknown:
        names = ", ".join(unknown)
        raise click.UsageError(
            say(f"配置的 desk.teams 里没有：{names}", f"not in desk.teams of the config: {names}")
        )


def _read() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _show(say: Say, password: str | None) -> None:
    if password:
        click.echo(say(f"密码（只显示一次）{password}", f"password (shown once) {password}"))


Option = Callable[[Callable[..., None]], Callable[..., None]]


def _role(say: Say, *, required: bool) -> Option:
    names = click.Choice([role.value for role in Role])
    return click.option("--role", type=names, required=required, help=say("角色", "The role."))


def _teams(say: Say) -> Option:
    about = say("所属团队，可写多个", "A team; may be given more than once.")
    return click.option("--team", "teams", multiple=True, help=about)


def _capacity(say: Say) -> Option:
    about = say("同时接待的上限", "How many chats at once.")
    return click.option("--capacity", type=click.IntRange(1, 100), help=about)


def _from_stdin(say: Say) -> Option:
    about = say("从标准输入读密码", "Read the password from standard input.")
    return click.option("--password-stdin", "from_stdin", is_flag=True, help=about)
