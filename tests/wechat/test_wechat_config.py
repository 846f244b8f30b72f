"""What an operator may write for an official account, and what is refused with which words."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.wechat.config import Config
from faq.files.document import DocumentError
from gateway.config import load

CHANNEL = {
    "app_id": "wx0123456789abcdef",
    "app_secret": "of-the-tests",
    "token": "gwtoken",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}


def channel(folder: Path, **changes: str | None) -> Config:
    """The channel of a file where a value of None is left out."""
    lines = [f"    {key}: {value}" for key, value in {**CHANNEL, **changes}.items() if value]
    path = folder / "config.yaml"
    path.write_text(
        "\n".join(["channels:", "  official:", "    adapter: wechat", *lines]), encoding="utf-8"
    )
    config = load(path, {}, {"wechat": Config}).channels["official"]
    assert isinstance(config, Config)
    return config


def refused(folder: Path, **changes: str | None) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        channel(folder, **changes)
    [problem] = caught.value.problems
    assert problem.line
    return problem.zh, problem.en


def test_what_is_not_written_has_a_default(tmp_path: Path) -> None:
    config = channel(tmp_path)
    assert (config.mode, config.can_push, config.language) == ("safe", "auto", "zh")
    assert config.api_base == "https://api.weixin.qq.com"
    assert config.menu == tmp_path / "faq/menu.yaml"


@pytest.mark.parametrize("key", ["token", "app_secret"])
@pytest.mark.parametrize("value", ['""', '"  "'])
def test_case_3_an_empty_token_is_refused_by_its_name(tmp_path: Path, key: str, value: str) -> None:
    zh, en = refused(tmp_path, **{key: value})
    assert zh.startswith(f"channels.official.{key}：不能为空")
    assert en.startswith(f"channels.official.{key}: expected a value, but it is empty")


@pytest.mark.parametrize("key", ["aes_key", "previous_aes_key"])
@pytest.mark.parametrize("value", ["A" * 42, "A" * 44, "A" * 42 + "!", "A" * 42 + "é"])
def test_case_13_a_key_of_42_characters_is_refused(tmp_path: Path, key: str, value: str) -> None:
    zh, en = refused(tmp_path, **{key: value})
    assert f"这里有 {len(value)} 个字符" in zh
    assert f"channels.official.{key}: expected an EncodingAESKey of 43 letters" in en
    assert value not in zh + en


@pytest.mark.parametrize("mode", ["safe", "compat"])
def test_a_mode_with_encryption_needs_a_key(tmp_path: Path, mode: str) -> None:
    zh, en = refused(tmp_path, mode=mode, aes_key=None)
    assert "需要 aes_key" in zh
    assert f"mode {mode} needs aes_key" in en


def test_plain_mode_needs_none(tmp_path: Path) -> None:
    assert channel(tmp_path, mode="plain", aes_key=None).aes_key == SecretStr("")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("auto", "auto"),
        ("yes", True),
        ("no", False),
        ("true", True),
        ("false", False),
        ('"yes"', True),
        ('"no"', False),
    ],
)
def test_can_push_is_read_however_yaml_takes_it(tmp_path: Path, written: str, read: object) -> None:
    assert channel(tmp_path, can_push=written).can_push == read


def test_can_push_is_nothing_else(tmp_path: Path) -> None:
    zh, en = refused(tmp_path, can_push="perhaps")
    assert "auto、yes、no" in zh
    assert "expected one of auto, yes, no" in en


def test_what_customers_read_can_be_changed_in_both_languages(tmp_path: Path) -> None:
    config = channel(tmp_path, texts="{placeholder: 稍等, more: {zh: 还有, en: more}}")
    assert (config.texts.placeholder.zh, config.texts.placeholder.en) == ("稍等", "稍等")
    assert (config.texts.more.zh, config.texts.more.en) == ("还有", "more")


def test_no_secret_shows(tmp_path: Path) -> None:
    config = channel(tmp_path, previous_aes_key="B" * 43)
    for secret in ("of-the-tests", "gwtoken", CHANNEL["aes_key"], "B" * 43):
        assert secret not in repr(config)


def test_the_shipped_configurations_sample_is_accepted(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8")
    sample = shipped[shipped.index("# 微信公众号") : shipped.index("# Telegram")]
    lines = [line.replace("# ", "", 1) for line in sample.splitlines()[1:]]
    path = tmp_path / "config.yaml"
    path.write_text("\n".join(["channels:", *lines]), encoding="utf-8")
    environment = {f"WECHAT_{name.upper()}": value for name, value in CHANNEL.items()}
    config = load(path, environment, {"wechat": Config}).channels["official"]
    assert isinstance(config, Config)
    assert (config.app_id, config.mode) == (CHANNEL["app_id"], "safe")
