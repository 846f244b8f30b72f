"""`frontdesk faq …`: what staff and developers ask of the FAQ at a terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import cast

import click

from faq import ask as told
from faq import bench
from faq.content import Faq, load
from faq.matcher import Matcher
from faq.problem import DocumentError, Language

DEFAULT = Path(__file__).parent / "content"

_folder = click.option(
    "--path",
    type=click.Path(path_type=Path, file_okay=False),
    help="The FAQ's folder; by default the configured one, or the sample shop.",
)
_language = click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default=lambda: "en" if os.environ.get("LANG", "zh").startswith("en") else "zh",
    help="The language of messages.",
)


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def faq() -> None:
    """Ask the FAQ, and measure it."""


@faq.command()
@click.argument("text")
@click.option("--explain", is_flag=True, help="Also say why.")
@_folder
@_language
@click.pass_obj
def ask(configured: object, text: str, explain: bool, path: Path | None, language: str) -> None:
    """What would be answered to TEXT."""
    tongue = cast("Language", language)
    content = _loaded(path or _configured(configured), tongue)
    match = Matcher(content).match(text)
    click.echo(told.answered(content, text, match, tongue))
    if explain:
        click.echo("\n" + told.explained(match, tongue))


@faq.command()
@click.option("--faq", "faq_file", type=_FILE, required=True, help="id and questions a line.")
@click.option("--queries", type=_FILE, required=True, help="text a line.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def rank(faq_file: Path, queries: Path, out: Path) -> None:
    """Match a file of queries: a JSON line each into OUT, the figures on stdout."""
    click.echo(json.dumps(bench.rank(faq_file, queries, out)))


def _configured(configured: object) -> Path:
    return configured if isinstance(configured, Path) else DEFAULT


def _loaded(folder: Path, language: Language) -> Faq:
    try:
        return load(folder)
    except DocumentError as error:
        click.echo(error.say(language), err=True)
        raise SystemExit(2) from error
