"""What lies in the console's folder: vendored as published, complete in both languages, inert."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from handoff.console import FOLDER, TYPES

VENDOR = FOLDER / "vendor"
OWN = sorted(FOLDER.glob("*.js"))
HERE = Path(__file__).parent
STRING = re.compile(
    r'^  (\w+): \{ zh: ("(?:[^"\\]|\\.)*"), en: ("(?:[^"\\]|\\.)*") \},$', re.MULTILINE
)


def strings() -> dict[str, tuple[str, str]]:
    found = STRING.findall((FOLDER / "strings.js").read_text("utf-8"))
    return {key: (json.loads(zh), json.loads(en)) for key, zh, en in found}


def test_vendored_files_are_what_their_manifest_says() -> None:
    manifest = json.loads((VENDOR / "VENDOR.json").read_text())
    assert {one["file"] for one in manifest} == {path.name for path in VENDOR.glob("*.js")}
    for one in manifest:
        assert (VENDOR / f"{one['name']}.LICENSE.txt").is_file()
        assert _sha256((VENDOR / one["file"]).read_bytes()) == one["sha256"], one["file"]


def test_vendored_files_differ_from_what_was_published_only_as_the_manifest_says() -> None:
    for one in json.loads((VENDOR / "VENDOR.json").read_text()):
        text = (VENDOR / one["file"]).read_text("utf-8")
        if change := one["changed"]:
            assert text.count(change["to"]) == 1
            text = text.replace(change["to"], change["from"])
        assert _sha256(text.encode()) == one["published_sha256"], one["file"]


@pytest.mark.parametrize("path", [*OWN, *VENDOR.glob("*.js")], ids=lambda path: path.name)
def test_imports_are_relative_and_there(path: Path) -> None:
    for name in re.findall(r'(?:from|import) ?"([^"]+)"', path.read_text("utf-8")):
        assert name.startswith("./"), name
        assert (path.parent / name).is_file(), name


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_module_makes_markup_or_code_of_text(path: Path) -> None:
    text = path.read_text("utf-8")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "srcdoc"):
        assert word not in text
    assert not re.search(r"\bstyle=", text), "CSP refuses style attributes"


def test_the_page_has_no_inline_script_or_style() -> None:
    page = (FOLDER / "index.html").read_text("utf-8")
    assert not re.search(r"<style|\son\w+=|\sstyle=|javascript:", page)
    assert re.findall(r"<script([^>]*)>([^<]*)</script>", page) == [
        (' type="module" src="main.js"', "")
    ]


def test_the_page_asks_for_every_module_at_once() -> None:
    page = (FOLDER / "index.html").read_text("utf-8")
    preloaded = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    every = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.js")}
    assert sorted(preloaded) == sorted(every - {"main.js"})


def test_every_file_of_the_page_is_there_and_of_a_served_type() -> None:
    page = (FOLDER / "index.html").read_text("utf-8")
    for name in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert (FOLDER / name).is_file(), name
        assert (FOLDER / name).suffix in TYPES, name


def test_every_string_stands_in_both_languages_with_the_same_facts() -> None:
    text = (FOLDER / "strings.js").read_text("utf-8")
    lines = [line for line in text.splitlines() if re.match(r"  \w+: \{ ", line)]
    assert len(lines) == len(strings()) > 100
    for key, (zh, en) in strings().items():
        assert zh.strip(), key
        assert en.strip(), key
        assert set(re.findall(r"\{(\w+)\}", zh)) == set(re.findall(r"\{(\w+)\}", en)), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key
        assert not re.search(r"[,?:;!()]", zh), f"{key}: Chinese has its own punctuation"


def test_every_string_that_is_asked_for_exists_and_every_one_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in OWN if path.name != "strings.js")
    code += (FOLDER / "strings.js").read_text("utf-8").partition("translator")[2]
    known = set(strings())
    assert set(re.findall(r'\bt\("(\w+)"', code)) <= known
    families = set(re.findall(r"`(\w+_)\$\{", code))
    used = {key for key in known if f'"{key}"' in code or key.startswith(tuple(families))}
    assert known == used


def test_no_words_for_people_stand_outside_the_strings() -> None:
    for path in OWN:
        if path.name != "strings.js":
            bare = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
            bare = bare.replace('["zh", "中文"]', "")
            assert not re.search(r"[\u4e00-\u9fff]", bare), path.name


def test_every_symbol_that_is_shown_stands_in_the_page() -> None:
    drawn = set(re.findall(r'<symbol id="icon-(\w+)"', (FOLDER / "index.html").read_text("utf-8")))
    code = "\n".join(path.read_text("utf-8") for path in OWN)
    named = set(re.findall(r'<\$\{Icon\} name="(\w+)"|icon="(\w+)"', code))
    shown = {name for pair in named for name in pair if name}
    assert shown <= drawn
    assert drawn == {name for name in drawn if f'"{name}"' in code}


@pytest.mark.parametrize("path", [*OWN, *FOLDER.glob("*.css")], ids=lambda path: path.name)
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 200 or path.name == "strings.js"


def test_the_pure_modules_keep_their_promises() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the console's pure modules are not tested here")
    files = sorted(str(path) for path in HERE.glob("*.test.mjs"))
    done = subprocess.run(
        [node, "--test", "--test-reporter=spec", *files], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
