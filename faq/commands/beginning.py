"""`faq new`: a folder to begin with, so that nobody starts before an empty page."""

from __future__ import annotations

from pathlib import Path

import click

from faq.commands.shop import FINDINGS, SAMPLE, Say

_SCHEMAS = SAMPLE.parent / "schema"
_KEPT = ".schema"
_LINE = "# yaml-language-server: $schema="
_NAMES = ("问答", "answers")


def new(say: Say) -> click.Command:
    """`frontdesk faq new PATH`."""
    about = say(
        "新建一个常见问题文件夹：一条写好的例子、常用的转人工词，改成自己的就行。",
        "Make a FAQ folder of your own to begin with: an example, and words for a person.",
    )

    @click.command(help=about)
    @click.argument("path", type=click.Path(path_type=Path, file_okay=False))
    def command(path: Path) -> None:
        if path.exists() and any(path.iterdir()):
            click.echo(
                say(f"{path} 里已经有东西了：换个名字。", f"{path} is not empty: name another."),
                err=True,
            )
            raise SystemExit(FINDINGS)
        _begin(path, say)
        name = say(*_NAMES)
        click.echo(
            say(
                f"好了。打开 {path / name}.yaml 写第一条，写完运行 frontdesk faq check {path}\n"
                f"要让机器人用它，在 config.yaml 里写：faq: {{path: {path}}}",
                f"Done. Write your first entry in {path / name}.yaml, then run "
                f"frontdesk faq check {path}\n"
                f"To put it to use, write in config.yaml: faq: {{path: {path}}}",
            )
        )

    return command


def _begin(folder: Path, say: Say) -> None:
    (folder / _KEPT).mkdir(parents=True)
    for schema in _SCHEMAS.glob("*.json"):
        (folder / _KEPT / schema.name).write_bytes(schema.read_bytes())
    _, words = (SAMPLE / "words.yaml").read_text(encoding="utf-8").split("\n", 1)
    _write(folder / "words.yaml", "words", words)
    _write(folder / "synonyms.yaml", "synonyms", say(_SYNONYMS_ZH, _SYNONYMS_EN))
    _write(folder / f"{say(*_NAMES)}.yaml", "entries", say(_ENTRIES_ZH, _ENTRIES_EN))


def _write(path: Path, schema: str, text: str) -> None:
    path.write_text(f"{_LINE}{_KEPT}/{schema}.json\n{text}", encoding="utf-8")


_ENTRIES_ZH = """\
#
# 每条问答以“- ”开头。questions 是顾客的各种问法，照抄原话，越多越好；answer 是顾客得到的回答。
# 保存后两秒内生效。写好后运行 frontdesk faq check，它会指出哪里还可以改进。

- id: 营业时间
  questions:
    - 你们几点开门
    - 营业到几点
    - 周末上班吗
    - 现在还有人吗
  answer: 我们每天 9:00 到 21:00 营业，周末不休息。
"""
_ENTRIES_EN = """\
#
# An entry begins with "- ". `questions` are the ways customers ask, in their own words, the more
# the better; `answer` is what they get. A saved file is live within two seconds. When done, run
# frontdesk faq check: it says what could be better.

- id: opening_hours
  questions:
    - what are your opening hours
    - when do you open
    - how late are you open
    - are you open on Sundays
  answer: We are open every day from 9 am to 9 pm, weekends too.
"""
_SYNONYMS_ZH = """\
#
# 同义词：左边是本店的说法，右边是顾客的其他说法。去掉行首的 # 就生效。

# 运费: [快递费, 邮寄费]
"""
_SYNONYMS_EN = """\
#
# On the left our own word, on the right what customers say instead. Take the # away to use one.

# delivery: [shipment]
"""
