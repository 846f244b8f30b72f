"""The commands of an operator, as they type them: in their language, with exit codes to rely on."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner, Result

from gateway.cli import VARIABLE, commands
from gateway.extras import extra_for
from gateway.store import Tx, connect

ROOT = Path(__file__).parents[2]
ENGLISH = {"LANG": "C.UTF-8"}
CHINESE = {"LANG": "zh_CN.UTF-8"}
CANARY = "c4nary-7f3e"
WEB = "channels: {website: {adapter: web}}\n"


def typed(*words: str, environment: Mapping[str, str] = ENGLISH) -> Result:
    return CliRunner().invoke(commands(environment), list(words))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq/shop.yaml").write_text(
        "- id: hours\n  questions: [几点开门]\n  answer: 九点。\n", encoding="utf-8"
    )
    path = tmp_path / "config.yaml"
    path.write_text(WEB + "faq: {path: faq}\nstore: sqlite:///frontdesk.db\n", encoding="utf-8")
    return path


def add(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (ENGLISH, "A chat gateway"),
        (CHINESE, "客服聊天网关"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "A chat gateway"),
        ({"LANG": "C", "FRONTDESK_LANG": "zh"}, "客服聊天网关"),
        ({}, "A chat gateway"),
    ],
)
def test_help_speaks_the_readers_language(environment: dict[str, str], said: str) -> None:
    result = typed("--help", environment=environment)
    assert result.exit_code == 0
    assert said in result.output
    assert [name for name in ("run", "check", "faq", "agent", "dead") if name in result.output]


def test_help_imports_nothing_that_it_does_not_need() -> None:
    asked = (
        "import sys; from gateway.cli import commands; commands({})(['--help'], standalone_mode=0)"
    )
    told = "print([one for one in ('aiohttp', 'pydantic', 'numpy', 'yaml') if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}\n{told}"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr


def test_a_good_configuration_is_fine(config: Path) -> None:
    result = typed("check", "-c", str(config))
    assert (result.exit_code, result.output) == (0, "Fine: 1 channels, 1 FAQ entries.\n")
    chinese = typed("-c", str(config), "check", environment=CHINESE)
    assert chinese.output == "没有问题：1 个渠道，1 条常见问题。\n"


def test_the_configuration_may_be_named_by_the_environment(config: Path) -> None:
    result = typed("check", environment={"FRONTDESK_CONFIG": str(config)})
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        *("check", "dead list", "agent list", "schema"),
        *("faq check", "faq ask 几点开门", "faq test", "faq gaps", "faq gaps accept 1"),
    ],
)
def test_the_configuration_may_be_named_anywhere(config: Path, words: str) -> None:
    split = words.split()
    named = ["-c", str(config)]
    said = {
        typed(*split[:place], *named, *split[place:], environment={VARIABLE: "none.yaml"}).output
        for place in range(len(split) + 1)
    }
    assert len(said) == 1, said
    assert "none.yaml" not in said.pop()


def test_the_configuration_that_is_named_last_counts(config: Path, tmp_path: Path) -> None:
    other = str(tmp_path / "none.yaml")
    assert typed("-c", other, "agent", "-c", other, "list", "-c", str(config)).exit_code == 0
    assert typed("-c", str(config), "agent", "list", "--config", other).exit_code == 2


def test_what_looks_like_an_option_may_be_text(config: Path) -> None:
    result = typed("-c", str(config), "faq", "ask", "--", "-c")
    assert result.exit_code == 0, result.output


def test_a_configuration_without_a_name_is_a_mistake() -> None:
    result = typed("check", "-c")
    assert result.exit_code == 2
    assert "requires an argument" in result.output


def test_what_is_wrong_with_config_and_faq_comes_at_once(config: Path) -> None:
    config.write_text(WEB + "faq: {path: faq}\nsever: 1\n", encoding="utf-8")
    (config.parent / "faq/shop.yaml").write_text("- id: hours\n  qestions: [x]\n", encoding="utf-8")
    result = typed("check", "-c", str(config))
    assert result.exit_code == 2
    assert f'{config}:3:1: unknown key "sever": did you mean server?' in result.stderr
    assert "shop.yaml:2" in result.stderr


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_faq_that_is_not_there_is_said_with_the_line_that_names_it(
    config: Path, command: str
) -> None:
    replace(config, "path: faq", "path: nowhere")
    result = typed(command, "-c", str(config))
    assert result.exit_code == 2
    assert f"{config}:2:7: there is no folder {config.parent}/nowhere: " in result.stderr
    (config.parent / "nowhere").mkdir()
    result = typed(command, "-c", str(config), environment=CHINESE)
    assert result.exit_code == 2
    assert f"{config}:2:7: {config.parent}/nowhere：这个文件夹里没有任何" in result.stderr


def test_a_missing_configuration_is_unusable(tmp_path: Path) -> None:
    result = typed("check", "-c", str(tmp_path / "none.yaml"), environment=CHINESE)
    assert result.exit_code == 2
    assert "none.yaml: 打不开这个文件" in result.stderr


@pytest.mark.parametrize(
    ("config_lines", "faq_line", "said"),
    [
        ("", "  examples: [怎么退货]", "shop.yaml:4:1: "),
        ("", "  team: sales", 'shop.yaml:1:1: there is no team "sales"'),
        ("server: {public_url: 'http://shop.example'}", "", "config.yaml:4:10: no https"),
        (
            "server: {public_url: 'https://shop.example', demo: true}",
            "",
            "the demo page is open to the public",
        ),
        ("hints: redis://cache.example", "", "SQLite serves one node"),
    ],
)
def test_what_is_hardly_meant_is_a_finding(
    config: Path, config_lines: str, faq_line: str, said: str
) -> None:
    add(config, config_lines)
    add(config.parent / "faq/shop.yaml", faq_line)
    result = typed("check", "-c", str(config))
    assert result.exit_code == 1
    assert said in result.output
    assert len(result.output.splitlines()) == 1


TWICE = """\
channels:
  bot: {adapter: telegram, token: "123456:old"}
  again: {adapter: telegram, token: "123456:new"}
  other: {adapter: telegram, token: "654321:new"}
"""


def test_an_account_that_two_channels_share_is_a_finding(config: Path) -> None:
    replace(config, WEB, TWICE)
    result = typed("check", "-c", str(config))
    assert result.exit_code == 1
    assert 'config.yaml:3:3: this channel and "bot" are one account' in result.output
    assert "other" not in result.output


def test_faq_commands_ask_the_configured_folder_without_needing_secrets(config: Path) -> None:
    add(config, "hints: ${REDIS_URL}")
    result = typed("-c", str(config), "faq", "ask", "几点开门")
    assert result.exit_code == 0
    assert "九点" in result.output


def test_an_empty_store_has_no_dead_letters(config: Path) -> None:
    assert typed("-c", str(config), "dead", "list").output == "There are none.\n"
    result = typed("-c", str(config), "dead", "replay", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.stderr
    assert typed("-c", str(config), "dead", "replay").exit_code == 2


async def test_a_dead_letter_is_listed_masked_and_tried_again(config: Path) -> None:
    store = connect(f"sqlite:///{config.parent}/frontdesk.db")
    await store.open()
    await store.transaction(_bury)
    listed = await asyncio.to_thread(typed, "-c", str(config), "dead", "list")
    assert "a-letter  2023-11-14T22:13:20.000Z  website  bot  call 138****5678" in listed.output
    replayed = await asyncio.to_thread(typed, "-c", str(config), "dead", "replay", "--all")
    assert replayed.output == "1 will be tried again.\n"
    row = await store.row("SELECT status, attempts FROM messages")
    assert row is not None
    assert (row["status"], row["attempts"]) == ("pending", 0)
    await store.close()


async def _bury(tx: Tx) -> None:
    await tx.execute(
        "INSERT INTO contacts (id, channel, platform_id, name, language, first_seen, last_seen)"
        " VALUES ('c', 'website', 'v', 'Li', 'zh', 1, 1)"
    )
    await tx.execute(
        "INSERT INTO conversations (id, contact, channel, mode, seq, handled, opened, changed)"
        " VALUES ('k', 'c', 'website', 'bot', 1, 1, 1, 1)"
    )
    await tx.execute(
        "INSERT INTO messages (conversation, seq, id, contact, channel, author, kind, name, text,"
        " at, status, attempts, changed) VALUES ('k', 1, 'a-letter', 'c', 'website', 'bot', 'text',"
        " '', 'call 13812345678', 1700000000000, 'dead', 8, 1)"
    )


def test_the_schema_that_ships_is_printed() -> None:
    assert typed("schema").output == (ROOT / "config.schema.json").read_text(encoding="utf-8")


@asynccontextmanager
async def running(
    config: Path, *options: str, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway", "run", "-c", str(config), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_run_serves_until_it_is_told_to_stop(config: Path) -> None:
    add(config, "server: {port: 0}")
    async with running(config) as process, aiohttp.ClientSession() as client:
        assert process.stdout is not None
        words = (await process.stdout.readline()).decode().split()
        assert (words[0], words[2], words[4]) == ("console", "name", "password")
        base = words[1].removesuffix("/console/")
        for path in ("healthz", "readyz", "metrics"):
            async with client.get(f"{base}/{path}") as answer:
                assert answer.status == 200, await answer.text()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_a_canary_secret_stays_inside(config: Path) -> None:
    add(config, "server: {port: 0}")
    replace(config, "adapter: web", "adapter: web, identity_secret: '${CANARY}'")
    said = []
    async with running(config, "-v", CANARY=CANARY) as process, aiohttp.ClientSession() as client:
        assert process.stdout is not None
        first = (await process.stdout.readline()).decode()
        base = first.split()[1].removesuffix("/console/")
        for path in ("metrics", "readyz", f"none?{CANARY}", f"widget/website/frame?t={CANARY}"):
            async with client.get(f"{base}/{path}", headers={"Cookie": f"s={CANARY}"}) as answer:
                said.append(await answer.text() + str(answer.headers))
        async with client.post(f"{base}/api/v1/session", json={"name": CANARY}) as answer:
            said.append(await answer.text())
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    assert b"GET /none 404" in err
    assert CANARY not in "".join([*said, first, out.decode(), err.decode()])


async def test_a_port_that_is_taken_is_said_in_a_line(config: Path) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    add(config, f"server: {{port: {port}}}")
    async with running(config) as process:
        _, said = await process.communicate()
        assert process.returncode == 1
        assert said.decode().splitlines()[-1].startswith(f"can't listen on 127.0.0.1:{port}: ")
        assert b"Traceback" not in said
    server.close()
    await server.wait_closed()


async def test_a_store_that_cannot_be_reached_is_said_in_a_line(config: Path) -> None:
    add(config, "server: {port: 0}")
    replace(config, "sqlite:///frontdesk.db", "postgresql://me:c4nary@127.0.0.1:1/none")
    async with running(config) as process:
        _, said = await process.communicate()
        assert process.returncode == 1
        assert b"can't start: " in said
        assert b"c4nary" not in said
        assert b"Traceback" not in said


REQUIREMENTS = (
    "click<9,>=8.2",
    'asyncpg<0.33,>=0.30; extra == "postgres"',
    "six>=1.16; extra == 'pager'",
    'types-pyyaml; extra == "dev"',
)


@pytest.mark.parametrize(
    ("module", "extra"),
    [("asyncpg", "postgres"), ("six", "pager"), ("click", None), ("types_pyyaml", None)],
)
def test_a_missing_library_belongs_to_an_extra(module: str, extra: str | None) -> None:
    assert extra_for(module, REQUIREMENTS) == extra


@pytest.mark.parametrize("command", ["check", "run"])
def test_what_to_install_is_said(config: Path, command: str) -> None:
    """In a Python that doesn't find asyncpg, as where only the base was installed."""
    replace(config, "sqlite:///frontdesk.db", "postgresql://db.example/x")
    hide = "import sys; sys.modules['asyncpg'] = None; from gateway.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", hide, command, "-c", str(config)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 1
    assert "pip install '.[postgres]'" in done.stderr
    assert "Traceback" not in done.stderr
