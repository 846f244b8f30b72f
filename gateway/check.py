"""What is allowed in a configuration and yet hardly meant: found before anything is started."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from faq.content import Faq
from faq.files.document import Document, DocumentError, Problem
from gateway.config import Config

HOME = frozenset({"localhost", "127.0.0.1", "::1"})


def findings(config: Config, document: Document, faq: Faq) -> Iterator[Problem]:
    """What to look at again; `document` is the file that `config` was read from."""
    yield from _teams(config, faq)
    yield from _accounts(config, document)
    yield from _public(config, document)
    if config.store.get_secret_value().startswith("sqlite") and "redis" in _hints(config):
        yield document.problem(
            "hints",
            zh="SQLite 只能一台机器用，redis 没有用处：写 memory://，或改用 postgresql://。",
            en="SQLite serves one node, redis is of no use: write memory://, or use postgresql://.",
        )


def of_folder(document: Document, folder: Path, error: DocumentError) -> DocumentError:
    """What is wrong with the FAQ's folder as a whole, said with the line that names the folder."""
    return DocumentError(
        _at_its_name(document, folder, one) if (one.file, one.line) == (str(folder), 0) else one
        for one in error.problems
    )


def _at_its_name(document: Document, folder: Path, problem: Problem) -> Problem:
    zh, en = f"{folder}：{problem.zh}", f"{folder}: {problem.en}"
    if not folder.exists():
        zh = f"没有 {folder} 这个文件夹：请改 faq.path，或用 frontdesk faq new {folder} 新建。"
        en = f"there is no folder {folder}: change faq.path, or make it: frontdesk faq new {folder}"
    return document.problem("faq", "path", zh=zh, en=en)


def _hints(config: Config) -> str:
    return config.hints.get_secret_value().partition("://")[0]


def _teams(config: Config, faq: Faq) -> Iterator[Problem]:
    for entry in faq.entries:
        if entry.team and entry.team not in config.desk.teams:
            yield Problem(
                entry.place.file,
                entry.place.line,
                1,
                f"没有“{entry.team}”这个小组：请在配置的 desk.teams 里加上，或改这一条的 team。",
                f'there is no team "{entry.team}": add it to desk.teams, or change this entry.',
            )


def _accounts(config: Config, document: Document) -> Iterator[Problem]:
    """Two channels of one account take each other's messages away, or get them twice."""
    channels: Mapping[str, Any] = config.channels
    first: dict[tuple[str, str], str] = {}
    for name, channel in channels.items():
        account = getattr(channel, "account", "")
        other = first.setdefault((channel.adapter, account), name)
        if account and other != name:
            yield document.problem(
                "channels",
                name,
                zh=f"这个渠道和“{other}”是平台上的同一个账号：请去掉其中一个。",
                en=f'this channel and "{other}" are one account on the platform: remove one.',
            )


def _public(config: Config, document: Document) -> Iterator[Problem]:
    url = config.server.public_url
    if not url or urlsplit(url).hostname in HOME:
        return
    if not config.server.secure_cookies:
        yield document.problem(
            "server",
            "public_url",
            zh="没有用 https：密码和聊天内容在路上谁都能看到。",
            en="no https: anybody on the way can read passwords and chats.",
        )
    if config.server.demo:
        yield document.problem(
            "server",
            "demo",
            zh="对外服务时演示页还开着：写 demo: false。",
            en="the demo page is open to the public: write demo: false.",
        )
