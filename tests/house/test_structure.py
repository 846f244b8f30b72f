"""The walls of the house: who may import whom, and what may stand where."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("gateway", "adapters", "faq", "handoff")
MODULES = sorted(path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
CORE = ("gateway", "faq", "handoff")
TEXT = frozenset({".py", ".sql", ".js", ".css", ".html", ".json"})
PLATFORMS = re.compile(r"wechat|weixin|微信|telegram|whatsapp|公众号", re.IGNORECASE)

# app.py puts everything together; the commands start it.
TOGETHER = frozenset({"gateway/app.py", "gateway/cli.py", "gateway/commands.py"})


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name(path)}: no relative imports"
            found = [node.module or ""]
        elif isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        else:
            continue
        yield from (one for one in found if one.partition(".")[0] in (*OURS, "tests"))


def allowed(path: Path, module: str) -> bool:
    """Whether a file may import a module of ours."""
    where, package = name(path), module.partition(".")[0]
    if where in TOGETHER:
        return package != "tests"
    if module in ("gateway.app", "gateway.cli", "gateway.commands"):
        return where == "gateway/__main__.py"
    match where.split("/")[0]:
        case "faq":
            return package == "faq"
        case "gateway":
            return package in ("gateway", "faq")
        case "handoff":
            return package in ("gateway", "handoff")
    platform = ".".join(where.split("/")[:2])
    return package == "gateway" or f"{module}.".startswith(f"{platform}.")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    assert [module for module in imports(path) if not allowed(path, module)] == []


@pytest.mark.parametrize(
    ("where", "module", "may"),
    [
        ("faq/matching/matcher.py", "faq.entry", True),
        ("faq/matching/matcher.py", "gateway.errors", False),
        ("gateway/router.py", "faq.matching.match", True),
        ("gateway/router.py", "handoff.queue", False),
        ("gateway/bus.py", "adapters.web", False),
        ("gateway/bus.py", "gateway.app", False),
        ("gateway/app.py", "handoff.routes", True),
        ("handoff/desk.py", "gateway.store", True),
        ("handoff/desk.py", "faq.matching.match", False),
        ("handoff/desk.py", "adapters.web", False),
        ("adapters/web/socket.py", "adapters.web.frames", True),
        ("adapters/web/socket.py", "adapters.webhook", False),
        ("adapters/web/socket.py", "adapters.other", False),
        ("adapters/web/socket.py", "handoff.desk", False),
        ("gateway/app.py", "tests.clock", False),
    ],
)
def test_the_rule_itself_tells_right_from_wrong(where: str, module: str, may: bool) -> None:
    assert allowed(ROOT / where, module) is may


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_why_it_exists(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_code_stands_in_its_folders_only() -> None:
    """A folder more at the top would be one that nothing checks."""
    top = (path for path in ROOT.iterdir() if not path.name.startswith(".") and path.is_dir())
    found = {path.name for path in top if any(path.rglob("*.py"))}
    assert found == {*OURS, "tests"}


def test_the_core_knows_no_platform() -> None:
    """The table of adapters in app.py aside; a shop's own FAQ may of course speak of them."""
    files = [path for folder in CORE for path in (ROOT / folder).rglob("*") if path.suffix in TEXT]
    assert len(files) > 100
    for path in files:
        text = path.read_text(encoding="utf-8")
        if name(path) == "gateway/app.py":
            text = re.sub(r"^ADAPTERS\b[^}]*\}", "", text, flags=re.MULTILINE)
        assert not (found := PLATFORMS.search(text)), f"{name(path)}: {found}"


def _tracked() -> Iterator[Path]:
    """The project's own text files, without what was installed, built or run."""
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        if hidden or parts[0] in ("tests", "data", "build", "dist") or not path.is_file():
            continue
        if path.suffix in TEXT | {".md", ".yaml", ".toml", ""} and "__pycache__" not in parts:
            yield path


def test_the_project_stands_on_its_own() -> None:
    """Nothing refers to a place outside it, or to the machine that it was written on."""
    outside = re.compile(r"\.\./shared|/[w]ork/|/[r]oot/")
    files = list(_tracked())
    assert len(files) > 150
    for path in files:
        found = outside.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{name(path)}: {found}"


VENDORED = sorted(path for folder in OURS for path in (ROOT / folder).rglob("vendor"))


@pytest.mark.parametrize("folder", VENDORED, ids=name)
def test_what_others_wrote_is_listed_and_unchanged(folder: Path) -> None:
    manifest = json.loads((folder / "VENDOR.json").read_text(encoding="utf-8"))
    listed = {one["file"]: one for one in manifest}
    there = {path.name for path in folder.iterdir()}
    assert there - listed.keys() == {
        "VENDOR.json",
        *(f"{one['name']}.LICENSE.txt" for one in manifest),
    }
    for file, one in listed.items():
        assert one["name"]
        assert one["version"]
        assert one["license"]
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == one["sha256"], file
