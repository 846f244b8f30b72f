"""The configuration: filled in once, refused with line and cure (SECURITY 40–42)."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticKnownError
from pydantic_core._pydantic_core import list_all_errors

from adapters.web.config import Config as WebConfig
from faq.files.document import DocumentError
from gateway.app import models
from gateway.config import Config, load
from gateway.config.schema import write

CANARY = "c4nary-7f3e"
ROOT = Path(__file__).parents[2]


class PagerConfig(BaseModel):
    """A channel of an adapter that needs a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    adapter: Literal["pager"] = "pager"
    token: SecretStr = Field(min_length=1)
    site: str = ""

    @field_validator("site")
    @classmethod
    def _checked(cls, site: str) -> str:
        if site and "." not in site:
            raise ValueError(f"expected a site, not {site!r}")
        return site


ADAPTERS: Mapping[str, type[BaseModel]] = {"pager": PagerConfig, "web": WebConfig}
WEB = "channels: {website: {adapter: web}}\n"


def configured(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, environment or {}, ADAPTERS)


def refused(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        configured(folder, text, environment)
    for problem in caught.value.problems:
        assert any("\u4e00" <= char <= "\u9fff" for char in problem.zh), problem.zh
    return [f"{problem.line}: {problem.en}" for problem in caught.value.problems]


def test_what_is_not_written_has_a_default(tmp_path: Path) -> None:
    config = configured(tmp_path, WEB)
    assert config.server.host == "127.0.0.1"
    assert not config.server.demo
    assert config.delivery.unknown == "hold"
    assert isinstance(config.channels["website"], WebConfig)


def test_relative_paths_start_at_the_files_folder(tmp_path: Path) -> None:
    config = configured(tmp_path, WEB + "store: sqlite:///data/x.db")
    assert config.store.get_secret_value() == f"sqlite:///{tmp_path}/data/x.db"
    assert config.faq.path == tmp_path / "faq/content"
    assert configured(tmp_path, WEB + "faq: {path: /srv/faq}").faq.path == Path("/srv/faq")


def test_headings_with_nothing_below_are_as_if_left_out(tmp_path: Path) -> None:
    assert configured(tmp_path, WEB + "server:\ndesk:\n  hours:\n").desk.hours == {}


@pytest.mark.parametrize("written", ["${PORT:-8080}", '"${PORT:-8080}"', "8080", "${SET}"])
def test_numbers_may_come_from_the_environment(tmp_path: Path, written: str) -> None:
    config = configured(tmp_path, WEB + f"server:\n  port: {written}", {"SET": "8080"})
    assert config.server.port == 8080


def test_a_token_of_digits_stays_text(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        "channels: {p: {adapter: pager, token: ${T}}}".replace("${T}", '"${T}"'),
        {"T": "0042"},
    )
    assert config.secrets() == {"0042"}


def test_values_from_the_environment_are_not_expanded_again(tmp_path: Path) -> None:
    environment = {"A": "${B} $${B}", "B": CANARY}
    config = configured(tmp_path, WEB + 'server: {host: "${A} $${B} ${C:-$B}"}', environment)
    assert config.server.host == "${B} $${B} ${B} $B"


def test_an_unset_variable_without_a_default_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, WEB + "server:\n  port: ${PORT}\n") == [
        "3: the environment has no PORT: set it, or write ${PORT:-default}."
    ]


def test_an_empty_variable_is_set_but_its_default_helps(tmp_path: Path) -> None:
    assert configured(tmp_path, WEB + "server: {host: '${H}'}", {"H": ""}).server.host == ""
    assert configured(tmp_path, WEB + "server: {host: '${H:-x}'}", {"H": ""}).server.host == "x"


@pytest.mark.parametrize("written", ["${", "${}", "${1}", "a${B", "${B-x}", "${B:-{}}"])
def test_a_variable_of_another_form_is_refused(tmp_path: Path, written: str) -> None:
    [said] = refused(tmp_path, WEB + f"server: {{host: '{written}'}}", {"B": "b"})
    assert "expected ${NAME} or ${NAME:-default}" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("server: {prot: 1}", 'unknown key "prot": did you mean port?'),
        ("sever: {}", 'unknown key "sever": did you mean server?'),
        ("server: {port: abc}", 'server.port: expected a whole number, but "abc" came.'),
        ("server: {port: true}", 'server.port: expected a whole number, but "true" came.'),
        ("server: {port: 70000}", "server.port: expected a number of at most 65535"),
        ("server: {demo: maybe}", 'server.demo: expected true or false, but "maybe" came.'),
        ("server: {host: 127}", "server.host: expected text (put quotes around a number)"),
        ("server: {host: no}", 'write "no"'),
        ("server: [1]", "server: expected `name: value` lines, but a list came."),
        ("server: {public_url: shop.example}", "server.public_url: expected the whole address"),
        ("server: {trusted_proxies: [x]}", "server.trusted_proxies.0: expected an address"),
        ("store: mysql://x", "store: expected sqlite:///path or postgresql://"),
        ("hints: kafka://x", "hints: expected memory:// or redis://"),
        ("desk: {time_zone: Mars}", "desk.time_zone: no such time zone"),
        ("desk: {hours: {sunay: []}}", "did you mean sunday?"),
        ("desk: {hours: {sunday: [9-12]}}", "expected a span of time like 09:00-18:00"),
        ("desk: {hours: {sunday: [09:00-12:00, 11:00-13:00]}}", "overlap"),
        ("desk: {hours: {sunday: [24:00-02:00]}}", "nothing begins then"),
        ("desk: {holidays: [2026-13-01]}", 'expected a date such as 2026-10-01, but "2026-13-01"'),
        ("desk: {special: {soon: []}}", 'expected a date such as 2026-10-01, but "soon" came'),
        ("desk: {teams: {Sales: x}}", "a name begins with a small letter"),
        ("desk: {teams: {sales: {zh: 售前}}}", "en is missing: add it."),
        ("desk: {texts: {zh: {queud: x}}}", "did you mean queued?"),
        ("desk: {texts: {zh: {queued: '{ahead}'}}}", "unknown {ahead}"),
        ("delivery: {unknown: holt}", "did you mean hold?"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    [line] = refused(tmp_path, f"{WEB}# a comment\n{text}\n")
    assert line.startswith("3: ")
    assert said in line


KNOWN: dict[str, Any] = {one["type"]: one for one in list_all_errors()}
SAID_OTHERWISE = {"missing", "extra_forbidden", "value_error", "assertion_error"}


@pytest.mark.parametrize("kind", sorted(KNOWN.keys() - SAID_OTHERWISE))
def test_whatever_a_model_refuses_is_said_in_both_languages(tmp_path: Path, kind: str) -> None:
    known = KNOWN[kind]

    def refuse(_: Any) -> Any:
        facts = known.get("example_context")
        raise PydanticKnownError(kind, facts)  # type: ignore[arg-type]

    class Refusing(BaseModel):
        adapter: str
        value: Annotated[Any, BeforeValidator(refuse)]

    path = tmp_path / "config.yaml"
    path.write_text("channels:\n  w:\n    adapter: x\n    value: 1.5\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load(path, {}, {"x": Refusing})
    [problem] = caught.value.problems
    assert problem.line == 4
    assert known["example_message_python"].strip() not in problem.zh + problem.en
    for text in (problem.zh, problem.en):
        assert re.search(r"channels\.w\.value: ?|channels\.w\.value：", text)
    assert re.search("[\u4e00-\u9fff]", problem.zh)
    assert not re.search("[a-z]{3,} [a-z]{3,}", problem.zh)
    assert not re.search("[\u4e00-\u9fff]", problem.en)


@pytest.mark.parametrize(
    "lines",
    [
        "server: {public_url: 'http://['}",
        "hints: 'redis://['",
        "faq: {path: 5}",
        "faq: {path: [a]}",
        "desk: {texts: {zh: {queued: ''}}}",
        "desk: {capacity: .inf}",
        "desk: {capacity: 1000000000000000000000}",
        "desk: {hours: {monday: [[]]}}",
        "desk: {canned: {a: {}}}",
        "desk: {special: {2026-01-01: 9:30}}",
        "channels: {w: {adapter: web, title: 9:30, colour: 1}}",
        "channels: {w: {adapter: 2026-01-31}}",
        "channels: {w: 1e3}",
    ],
)
def test_what_came_with_pydantics_words_is_said_in_ours(tmp_path: Path, lines: str) -> None:
    text = lines if "channels" in lines else WEB + lines
    with pytest.raises(DocumentError) as caught:
        configured(tmp_path, text + "\n")
    for problem in caught.value.problems:
        assert not re.search("[a-z]{3,} [a-z]{3,}", problem.zh), problem.zh
        assert not re.search("Input|should|[Ii]nvalid|pathlib", problem.en), problem.en


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("server: {}", "1: channels is missing: add it."),
        ("channels: {}", "1: channels: at least 1 must be there."),
        ("channels: {w: {}}", "1: this channel has no adapter: say which (pager, web)."),
        ("channels: {w: {adapter: wbe}}", '1: unknown adapter "wbe": did you mean web?'),
        ("channels: {w: {adapter: web, titel: x}}", '1: unknown key "titel": did you mean title?'),
        (
            "channels: {w: {adapter: web, allowed_origins: []}}",
            "1: channels.w.allowed_origins: at least 1 must be there.",
        ),
        (
            "channels: {w: {adapter: web, allowed_origins: [x]}}",
            "1: channels.w.allowed_origins.0: expected a site",
        ),
        ("channels:\n  p: {adapter: pager}", "2: token is missing: add it."),
        ("channels: {W: {adapter: web}}", "1: channels.W: a name begins with a small letter"),
    ],
)
def test_channels_are_checked_by_their_adapters(tmp_path: Path, text: str, said: str) -> None:
    assert [line[: len(said)] for line in refused(tmp_path, text)] == [said]


def test_all_problems_come_at_once_in_the_files_order(tmp_path: Path) -> None:
    said = refused(
        tmp_path, "store: x\nserver: {prot: 1, host: '${H}'}\nchannels: {w: {adapter: 1}}"
    )
    assert [line.split(":")[0] for line in said] == ["1", "2", "2", "3"]


def test_canary_secrets_are_neither_printed_nor_in_errors(tmp_path: Path) -> None:
    text = (
        "store: postgresql://me:${CANARY}@db.example/x\n"
        "hints: redis://:${CANARY}@cache.example\n"
        "channels: {p: {adapter: pager, token: '${CANARY}'}}\n"
    )
    config = configured(tmp_path, text, {"CANARY": CANARY})
    assert config.secrets() == {CANARY}
    assert CANARY not in repr(config) + str(config) + str(config.model_dump())
    for wrong in (
        "server: {port: '${CANARY}'}",
        "delivery: {unknown: '${CANARY}'}",
        "desk: ['${CANARY}']",
        "server: {trusted_proxies: ['${CANARY}']}",
        "desk: {texts: {zh: {queued: '{x} ${CANARY}'}}}",
    ):
        assert CANARY not in "".join(refused(tmp_path, text + wrong, {"CANARY": CANARY}))


def test_what_an_adapter_says_of_a_value_does_not_show_what_the_environment_gave(
    tmp_path: Path,
) -> None:
    text = "channels: {w: {adapter: pager, token: of our own, site: '${CANARY}'}}"
    [said] = refused(tmp_path, text, {"CANARY": CANARY})
    assert "not '***'" in said


def test_a_secret_of_the_wrong_type_is_not_shown(tmp_path: Path) -> None:
    [said] = refused(tmp_path, "channels: {p: {adapter: pager, token: 987654321}}")
    assert "token: expected text" in said
    assert "987654321" not in said


@pytest.mark.parametrize(
    ("written", "came"),
    [("5", "a number"), ("1.5", "a number"), ("true", "true or false"), ("[x]", "a list")],
)
def test_of_a_secret_of_the_wrong_type_the_type_is_told(
    tmp_path: Path, written: str, came: str
) -> None:
    [said] = refused(tmp_path, f"{WEB}store: {written}\n")
    assert said == f"2: store: expected text (put quotes around a number), but {came} came."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("channels: [\n", 1),
        ("server: {port: 1}\nchannels: [\n", 2),
        ("server: {}\n\nchannels: [\n  {adapter: web}\nstore: sqlite:///x\n", 3),
        ("server:\n  demo: true\nchannels: ]\ndelivery: {}\n", 3),
        ("server:\n  host: {port: 1\n  demo: no\nchannels: {}\n", 2),
        ("server: {}\nstore: 'sqlite:///x\nchannels: {}\n", 2),
        ("server:\n  port: 1\n demo: true\nchannels: {}\n", 3),
        ("server:\n\tport: 1\n", 2),
        ("server: {}\nchannels: ]\ndelivery: {}\n", 2),
        ("channels: {w: {adapter: web}}\nstore [\n", 2),
        ("server: {}\nchannels: [\n\n\n# a comment\n", 2),
    ],
)
def test_broken_yaml_is_said_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    [said] = refused(tmp_path, text)
    assert said.startswith(f"{line}: ")


@pytest.mark.parametrize(
    "secret", ["changeme", "Password", "your-token-here", "<token>", "123456", "xxxx"]
)
def test_a_default_password_is_refused(tmp_path: Path, secret: str) -> None:
    [said] = refused(tmp_path, f"channels:\n  p:\n    adapter: pager\n    token: '{secret}'")
    assert said.startswith("4: this is a sample or default password")
    [said] = refused(tmp_path, WEB + f"store: 'postgresql://me:{secret}@db.example/x'")
    assert said.startswith("2: this is a sample or default password")


def test_holidays_are_special_days_without_hours(tmp_path: Path) -> None:
    desk = configured(
        tmp_path,
        WEB + "desk: {holidays: [2026-10-01], special: {2026-10-02: [22:00-02:00]}}",
    ).desk
    assert desk.special_hours == {date(2026, 10, 1): (), date(2026, 10, 2): ("22:00-02:00",)}


def test_changed_texts_come_by_language_and_key(tmp_path: Path) -> None:
    desk = configured(tmp_path, WEB + "desk: {texts: {en: {queued: Hold on!}}}").desk
    assert desk.texts.changes() == {"zh": {}, "en": {"queued": "Hold on!"}}


def test_the_shipped_configuration_starts_without_any_environment() -> None:
    config = load(ROOT / "config.yaml", {}, ADAPTERS)
    assert list(config.channels) == ["website"]
    assert config.server.demo


def test_the_shipped_configurations_samples_are_fine_too(tmp_path: Path) -> None:
    shipped = (ROOT / "config.yaml").read_text(encoding="utf-8")
    desk = shipped[: shipped.index("# 微信")]
    uncommented = re.sub(r"^( +)# ( *\w+:(?: |$))", r"\1\2", desk, flags=re.MULTILINE | re.ASCII)
    config = configured(tmp_path, uncommented)
    assert config.desk.hours["monday"] == ("09:00-12:00", "13:30-18:00")
    assert list(config.desk.teams) == ["sales", "service"]


def test_the_shipped_schema_is_the_models() -> None:
    assert (ROOT / "config.schema.json").read_text(encoding="utf-8") == write(models()), (
        "run `frontdesk schema > config.schema.json`"
    )
