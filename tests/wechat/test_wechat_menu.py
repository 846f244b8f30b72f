"""The account's menu as a file: its limits with lines, out and in again, pulled and pushed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.wechat.cli import command
from adapters.wechat.config import Config
from adapters.wechat.menu import Menu, labels, sent, told
from gateway.config import DocumentError, read_written
from gateway.terminal import Terminal
from tests.wechat.platform import CREATE, MENU, SECRET, Tencent
from tests.wechat.vectors import OURS

FILE = """\
# 周一改过，先别动
buttons:
- name: 常见问题
  buttons:
  - name: 退换货  # 问得最多
    key: returns
  - name: 官网
    url: https://shop.example/
- name: 人工客服
  key: '@person'
- name: 小程序
  url: https://shop.example/mini
  appid: wx0123456789abcdef
  pagepath: pages/index
"""
SENT = {
    "button": [
        {
            "name": "常见问题",
            "sub_button": [
                {"type": "click", "name": "退换货", "key": "returns"},
                {"type": "view", "name": "官网", "url": "https://shop.example/"},
            ],
        },
        {"type": "click", "name": "人工客服", "key": "@person"},
        {
            "type": "miniprogram",
            "name": "小程序",
            "url": "https://shop.example/mini",
            "appid": "wx0123456789abcdef",
            "pagepath": "pages/index",
        },
    ]
}
OTHER = {
    "button": [
        {"type": "scancode_push", "name": "扫一扫", "key": "scan", "sub_button": []},
        {"type": "article_id", "name": "文章", "article_id": "a-1"},
        {"type": "media_id", "name": "海报", "media_id": "m-1"},
    ]
}


def menu_file(folder: Path, text: str = FILE) -> Path:
    path = folder / "menu.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_sent_as_the_platform_wants_it(tmp_path: Path) -> None:
    assert sent(read_written(menu_file(tmp_path), Menu).value) == SENT


@pytest.mark.parametrize("menu", [SENT, OTHER])
def test_what_the_platform_tells_can_be_sent_again(menu: dict[str, object]) -> None:
    form = told({"menu": menu})
    assert told({"menu": sent(Menu.model_validate(form))}) == form


def test_no_menu_is_nothing() -> None:
    assert told({}) == told({"menu": {"button": []}}) == {}


def test_buttons_have_names_by_their_keys(tmp_path: Path) -> None:
    assert labels(menu_file(tmp_path)) == {"returns": "退换货", "@person": "人工客服"}
    assert labels(tmp_path / "none.yaml") == {}
    assert labels(menu_file(tmp_path, "buttons: [")) == {}


def item(text: str) -> str:
    return f"buttons:\n- name: 一\n- {text}\n".replace("- name: 一\n", "- name: 一\n  key: a\n")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("buttons: []", 1, "at least 1"),
        ("{}", 1, "buttons is missing"),
        ("[]", 1, "expected `name: value` lines"),
        ("buttons:\n" + "- {name: a, key: a}\n" * 4, 1, "at most 3"),
        (item("name: 二\n  buttons:\n" + "  - {name: a, key: a}\n" * 6), 5, "at most 5"),
        (item("name: 一二三四五六\n  key: a"), 4, "at most 16 bytes"),
        (
            item("name: 二\n  buttons:\n  - {name: " + "二" * 21 + ", key: a}"),
            6,
            "at most 60 bytes",
        ),
        (item(f"name: 二\n  key: {'k' * 129}"), 5, "at most 128 bytes"),
        (item(f"name: 二\n  url: https://{'k' * 1024}"), 5, "at most 1024 bytes"),
        (item("name: 二"), 4, "this button does nothing"),
        (item("name: 二\n  key: a\n  url: https://a.example"), 4, "a button of type view has url"),
        (item("name: 二\n  type: click"), 4, "a button of type click has key, but nothing came"),
        (item("name: 二\n  type: clik\n  key: a"), 5, "did you mean click?"),
        (item("name: 二\n  kei: a"), 5, "did you mean key?"),
        (item("name: no\n  key: a"), 4, 'write "no"'),
        (item("name: 24\n  key: a"), 4, "expected text"),
        (item("name: 二\n  key: a\n  buttons: [{name: a, key: a}]"), 4, "nothing but its name"),
        (item("name: 二\n  buttons: [{name: a, buttons: []}]"), 5, "unknown key"),
    ],
)
def test_what_the_platform_would_refuse_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_written(menu_file(tmp_path, text), Menu)
    first = caught.value.problems[0]
    assert said in first.en
    assert first.line == line
    assert any("\u4e00" <= char <= "\u9fff" for char in first.zh)


Typed = Callable[..., Awaitable[Result]]


@pytest.fixture
def typed(tmp_path: Path, tencent: Tencent) -> Typed:
    """Type `wechat menu …` where two channels are configured, of which one is an account."""
    (tmp_path / "faq/content").mkdir(parents=True)
    (tmp_path / "faq/content/shop.yaml").write_text(
        "- id: returns\n  questions: [怎么退货]\n  answer: 七天内。\n", encoding="utf-8"
    )
    channel = {
        "adapter": "wechat",
        "app_id": OURS.app_id,
        "app_secret": SECRET,
        "token": OURS.token,
        "aes_key": OURS.key,
        "api_base": tencent.base,
    }
    config = tmp_path / "config.yaml"

    async def run(
        *words: str,
        answer: str = "",
        language: str = "en",
        accounts: int = 1,
        faq: str = "faq/content",
    ) -> Result:
        channels = {f"account{number}": channel for number in range(accounts)}
        said = {"faq": {"path": faq}, "channels": channels}
        config.write_text(json.dumps(said), encoding="utf-8")
        terminal = Terminal({"LANG": language}, config, lambda: {"wechat": Config})
        group = command(terminal.pick)
        return await asyncio.to_thread(
            CliRunner().invoke, group, ["menu", *words], input=answer, obj=terminal
        )

    return run


@dataclass(frozen=True)
class Kept:
    """The file where the menu lies if nothing else is said."""

    path: Path

    def write(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    @property
    def sent(self) -> dict[str, object]:
        return sent(read_written(self.path, Menu).value)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "faq/menu.yaml")


async def test_the_live_menu_is_written_beside_the_faq(
    typed: Typed, tencent: Tencent, kept: Kept
) -> None:
    tencent.menu = SENT
    result = await typed("pull")
    assert result.exit_code == 0, result.output
    assert kept.sent == SENT
    assert kept.text.startswith("# 公众号菜单")
    assert "- name: 退换货\n    key: returns\n" in kept.text


@pytest.mark.parametrize(
    ("language", "why"), [("en", "read as a part of the FAQ"), ("zh", "会被当作常见问题")]
)
async def test_a_menu_is_not_written_among_the_faqs_files(
    typed: Typed, tencent: Tencent, kept: Kept, language: str, why: str
) -> None:
    tencent.menu = SENT
    for word in ("pull", "push"):
        result = await typed(word, "--yes", faq="faq", language=language)
        assert result.exit_code == 1
        assert why in result.output
    assert not kept.path.exists()


async def test_pull_leaves_a_file_that_says_the_same(
    typed: Typed, tencent: Tencent, kept: Kept
) -> None:
    tencent.menu = SENT
    kept.write(FILE)
    assert "up to date" in (await typed("pull")).output
    assert kept.text == FILE


async def test_pull_shows_what_changes_and_asks(typed: Typed, tencent: Tencent, kept: Kept) -> None:
    tencent.menu = OTHER
    kept.write(FILE)
    result = await typed("pull", answer="n\n")
    assert result.exit_code == 1
    assert "-- name: 人工客服" in result.output
    assert "+- name: 扫一扫" in result.output
    assert kept.text == FILE
    assert (await typed("pull", answer="y\n")).exit_code == 0
    written = kept.text
    assert written.startswith(
        "# 周一改过，先别动\nbuttons:\n- name: 扫一扫\n  type: scancode_push\n"
    )
    assert told({"menu": kept.sent}) == told({"menu": OTHER})


async def test_pull_puts_a_faulty_file_right(typed: Typed, tencent: Tencent, kept: Kept) -> None:
    tencent.menu = SENT
    kept.write("# 半成品\nbuttons: [")
    assert (await typed("pull", "--yes")).exit_code == 0
    assert kept.sent == SENT
    assert kept.text.startswith("# 半成品\n")


async def test_without_a_menu_there_is_nothing_to_pull(typed: Typed, kept: Kept) -> None:
    result = await typed("pull", language="zh_CN.UTF-8")
    assert result.exit_code == 1
    assert "没有通过接口设置的菜单" in result.output
    assert not kept.text


async def test_push_makes_the_files_menu_the_live_one(
    typed: Typed, tencent: Tencent, kept: Kept
) -> None:
    kept.write(FILE)
    result = await typed("push", "--yes")
    assert result.exit_code == 0, result.output
    [call] = tencent.of(CREATE)
    assert call.json == SENT
    assert "退换货" in call.body.decode()
    assert "already" in (await typed("push")).output
    assert len(tencent.of(CREATE)) == 1


async def test_push_shows_what_changes_and_asks(typed: Typed, tencent: Tencent, kept: Kept) -> None:
    tencent.menu = OTHER
    kept.write(FILE)
    result = await typed("push", answer="n\n")
    assert result.exit_code == 1
    assert "+- name: 人工客服" in result.output
    assert tencent.of(CREATE) == []
    assert (await typed("push", answer="y\n")).exit_code == 0
    assert tencent.menu == SENT


async def test_push_warns_of_keys_that_no_entry_has(
    typed: Typed, tencent: Tencent, kept: Kept
) -> None:
    kept.write(FILE.replace("key: returns", "key: return"))
    result = await typed("push", "--yes")
    assert result.exit_code == 0
    assert f'{kept.path}:6: no FAQ entry has the id "return"' in result.output
    assert "@person" not in result.stderr


async def test_a_faulty_file_is_not_pushed(typed: Typed, tencent: Tencent, kept: Kept) -> None:
    kept.write("buttons:\n- name: 一二三四五六\n  key: a\n")
    result = await typed("push", "--yes")
    assert result.exit_code == 2
    assert f"{kept.path}:2:3: buttons.0.name: at most 16 bytes" in result.output
    assert tencent.calls == []


async def test_what_the_platform_refuses_is_said_without_the_secret(
    typed: Typed, tencent: Tencent, kept: Kept
) -> None:
    kept.write(FILE)
    tencent.refuse(MENU, 48001)
    result = await typed("push", "--yes")
    assert result.exit_code == 1
    assert "the platform did not do it: 48001" in result.output
    assert SECRET not in result.output


async def test_with_several_accounts_one_is_named(typed: Typed, tencent: Tencent) -> None:
    tencent.menu = SENT
    result = await typed("pull", accounts=2)
    assert result.exit_code == 1
    assert "--channel: account0, account1" in result.output
    assert (await typed("pull", "--channel", "account1", accounts=2)).exit_code == 0
    assert (await typed("pull", "--channel", "website", accounts=2)).exit_code == 1
