"""What an operator may set on a telegram channel, and what is refused at the start, in words."""

import subprocess
import sys
from pathlib import Path

import pytest

from adapters.telegram.config import Config
from faq.files.document import DocumentError
from gateway.config import load

ROOT = Path(__file__).parents[2]
TOKEN = "123456:test-token"


def configured(folder: Path, channel: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(f"channels:\n  bot: {{adapter: telegram, {channel}}}\n", encoding="utf-8")
    config = load(path, {}, {"telegram": Config}).channels["bot"]
    assert isinstance(config, Config)
    return config


def test_a_token_is_all_that_a_channel_needs(tmp_path: Path) -> None:
    config = configured(tmp_path, f'token: "{TOKEN}"')
    assert config.mode == "polling"
    assert config.agents_group == 0
    assert not config.business
    assert config.api_base == "https://api.telegram.org"
    assert TOKEN not in repr(config)


def test_the_library_is_loaded_only_where_a_channel_is_built() -> None:
    """It takes seconds: `frontdesk check` and a shop without Telegram must not pay for it."""
    script = (
        "import sys, adapters.telegram, adapters.telegram.cli; sys.exit('aiogram' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_agents_are_listed_by_their_number(tmp_path: Path) -> None:
    config = configured(
        tmp_path, f'token: "{TOKEN}", agents_group: -1001234, agents: {{42: admin, 43: mei}}'
    )
    assert config.agents_group == -1001234
    assert config.agents == {42: "admin", 43: "mei"}


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("token: x", "BotFather"),
        ('token: ""', "BotFather"),
        (f'token: "{TOKEN}", mode: webhook', "needs a secret"),
        (f'token: "{TOKEN}", mode: webhook, webhook_secret: ""', "needs a secret"),
        (f'token: "{TOKEN}", mode: webhook, webhook_secret: "a b"', "needs a secret"),
        (f'token: "{TOKEN}", webhook_secret: "密钥"', "needs a secret"),
        (f'token: "{TOKEN}", commands: {{Start: a}}', "small letters"),
        (f'token: "{TOKEN}", api_base: ""', "address of the Bot API"),
        (f'token: "{TOKEN}", api_base: "api.telegram.org"', "whole address"),
        (f'token: "{TOKEN}", mode: push', "polling"),
    ],
)
def test_what_can_not_work_is_refused_in_both_languages(
    tmp_path: Path, channel: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        configured(tmp_path, channel)
    (problem,) = caught.value.problems
    assert said in problem.en
    assert any("\u4e00" <= char <= "\u9fff" for char in problem.zh)
    assert problem.line == 2
    assert TOKEN not in f"{problem.zh}{problem.en}"
