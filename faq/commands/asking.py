"""`faq ask` and `faq rank`: what the matcher makes of one question, and of a file of them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from faq import ask as told
from faq import bench
from faq.commands.shop import Say, Shop, language, loaded, path_option
from faq.encoding.encoder import encoder
from faq.matching.matcher import Matcher

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def ask(say: Say) -> click.Command:
    """`frontdesk faq ask TEXT [--explain]`."""

    @click.command(
        help=say("顾客这样问，会得到什么？", "What would be answered to TEXT?"),
        params=[path_option(say)],
    )
    @click.argument("text")
    @click.option("--explain", is_flag=True, help=say("也说明为什么。", "Also say why."))
    @click.pass_obj
    def command(shop: Shop, text: str, explain: bool, path: Path | None) -> None:
        content = loaded(shop.at(path), say)
        match = Matcher(content).match(text)
        click.echo(told.answered(content, text, match, language(say)))
        if explain:
            click.echo("\n" + told.explained(match, language(say)))

    return command


def rank(say: Say) -> click.Command:
    """`frontdesk faq rank --faq F --queries Q --out P`."""
    about = say(
        "用一个文件里的问题来测：每行一个结果写进 OUT，总数打印在屏幕上。",
        "Match a file of queries: a JSON line each into OUT, the figures on stdout.",
    )

    @click.command(help=about)
    @click.option(
        "--faq",
        "faq_file",
        type=_FILE,
        required=True,
        help=say('每行 {"id","questions"}', 'A line: {"id","questions"}.'),
    )
    @click.option(
        "--queries", type=_FILE, required=True, help=say('每行 {"text"}', 'A line: {"text"}.')
    )
    @click.option(
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        required=True,
        help=say("结果文件。", "Where the results go."),
    )
    @click.option("--semantic", is_flag=True, help=say("也用句向量。", "With sentence embeddings."))
    def command(faq_file: Path, queries: Path, out: Path, semantic: bool) -> None:
        encode = encoder() if semantic else None
        click.echo(json.dumps(bench.rank(faq_file, queries, out, encode)))

    return command
