"""From the YAML that staff write to entries: the short form and the full form.

- question: 运费怎么算        - id: ship_fee
  answer: 满99元包邮。          questions: [运费怎么算, 邮费]
                                answer: {zh: 满99元包邮。, en: Free from 99 yuan.}
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from faq.entry import ANY, Answer, Entry, Link, Place
from faq.files.document import Document
from faq.files.events import Node
from faq.files.fields import Fields
from faq.files.problem import Problem

KEYS = (
    "id",
    "question",
    "questions",
    "answer",
    "tags",
    "valid",
    "team",
    "priority",
    "examples",
    "not",
)
LANGUAGES = ("zh", "en")
_PARTS = ("text", "image", "link", "follow_ups")
ID_LENGTH = 64


def items(document: Document) -> tuple[list[Entry], list[Problem]]:
    """The entries of one file and all that is wrong with them."""
    fields = Fields(document.name)
    entries: list[Entry] = []
    root = document.root
    if isinstance(root.content, list):
        entries = [entry for node in root.content if (entry := _entry(fields, node))]
    elif root.content is not None:
        fields.wrong(
            root,
            "这个文件要写成条目的列表：每个条目以“- ”开头。",
            'expected a list of entries: each begins with "- ".',
        )
    return entries, fields.problems


def _entry(fields: Fields, node: Node) -> Entry | None:
    before = len(fields.problems)
    table = fields.table(node, "条目 entry", KEYS)
    if not table:
        return None
    questions = _questions(fields, node, table)
    entry = Entry(
        id=_id(fields, table, questions),
        questions=questions,
        answers=_answers(fields, table["answer"]) if "answer" in table else {},
        tags=_texts(fields, table, "tags"),
        team=fields.text(table["team"], "team") if "team" in table else "",
        urgent="priority" in table
        and fields.choice(table["priority"], "priority", ("normal", "high")) == "high",
        examples=_texts(fields, table, "examples"),
        never=_texts(fields, table, "not"),
        place=Place(fields.file, node.line),
    )
    if "valid" in table:
        entry = _validity(fields, table["valid"], entry)
    whole = len(fields.problems) == before
    if whole and not {"answer", "team", "priority"} & table.keys():
        fields.wrong(
            node,
            "条目缺少 answer（答案）；如果要由人来回答，请写 team（小组）或 priority。",
            "the entry has no answer; if a person is to answer, write a team or a priority.",
        )
    return entry if len(fields.problems) == before else None


def _texts(fields: Fields, table: dict[str, Node], key: str) -> tuple[str, ...]:
    return fields.texts(table[key], key) if key in table else ()


def _questions(fields: Fields, node: Node, table: dict[str, Node]) -> tuple[str, ...]:
    before = len(fields.problems)
    questions = _texts(fields, table, "question") + _texts(fields, table, "questions")
    if not questions and len(fields.problems) == before:
        fields.wrong(
            node,
            "条目缺少 question 或 questions（顾客的问法）。",
            "the entry has no question or questions.",
        )
    return questions


def _id(fields: Fields, table: dict[str, Node], questions: tuple[str, ...]) -> str:
    """The written id, or the first question where there is none."""
    if "id" not in table:
        return unicodedata.normalize("NFKC", questions[0])[:ID_LENGTH] if questions else ""
    found = fields.text(table["id"], "id")
    if len(found) > ID_LENGTH or any(not character.isprintable() for character in found):
        fields.wrong(
            table["id"],
            f"id 最多 {ID_LENGTH} 个字符，不能有换行等控制字符。",
            f"an id has at most {ID_LENGTH} characters and no control characters.",
        )
    return found


def _validity(fields: Fields, node: Node, entry: Entry) -> Entry:
    table = fields.table(node, "valid", ("from", "to"))
    start = fields.day(table["from"], "valid.from") if "from" in table else None
    end = fields.day(table["to"], "valid.to") if "to" in table else None
    if start and end and end < start:
        fields.wrong(
            table["to"],
            f"结束日期 {end} 早于开始日期 {start}。",
            f"the end {end} is before the beginning {start}.",
        )
    return replace(entry, valid_from=start, valid_to=end)


def _answers(fields: Fields, node: Node) -> dict[tuple[str, str], Answer]:
    """All answers of an entry, by (channel, language)."""
    if not isinstance(node.content, dict):
        return {(ANY, ANY): Answer(fields.text(node, "answer"))}
    general = _of_channel(fields, node, ANY, (*_PARTS, *LANGUAGES, "channels"), Answer(""))
    found = dict(general)
    if "channels" in node.content:
        for channel, child in fields.table(node.content["channels"], "channels").items():
            said = _of_channel(fields, child, channel, (*_PARTS, *LANGUAGES), Answer(""))
            _require_text(fields, child, said)
            found |= said
    _require_text(fields, node, found)
    return found


def _require_text(fields: Fields, node: Node, said: Mapping[tuple[str, str], Answer]) -> None:
    if not said:
        fields.wrong(
            node,
            "answer 里没有文字：请写 text，或按语言写 zh、en。",
            "the answer has no text: write text, or zh and en.",
        )


def _of_channel(
    fields: Fields, node: Node, channel: str, keys: tuple[str, ...], base: Answer
) -> dict[tuple[str, str], Answer]:
    if not isinstance(node.content, dict):
        return {(channel, ANY): Answer(fields.text(node, "answer"))}
    table = fields.table(node, "answer", keys)
    base = _parts(fields, table, base)
    found = {(channel, ANY): base} if base.text else {}
    for language in LANGUAGES:
        if language in table:
            found[channel, language] = _in_language(fields, table[language], base)
    return found


def _in_language(fields: Fields, node: Node, base: Answer) -> Answer:
    if isinstance(node.content, dict):
        answer = _parts(fields, fields.table(node, "answer", _PARTS), replace(base, text=""))
        if not answer.text:
            fields.wrong(node, "缺少 text（答案的文字）。", "text is missing.")
        return answer
    return replace(base, text=fields.text(node, "answer"))


def _parts(fields: Fields, table: dict[str, Node], base: Answer) -> Answer:
    return Answer(
        text=fields.text(table["text"], "text") if "text" in table else base.text,
        image=fields.text(table["image"], "image") if "image" in table else base.image,
        link=_link(fields, table["link"]) if "link" in table else base.link,
        follow_ups=_texts(fields, table, "follow_ups") or base.follow_ups,
    )


def _link(fields: Fields, node: Node) -> Link | None:
    url, words = node, ""
    if isinstance(node.content, dict):
        table = fields.table(node, "link", ("url", "text"))
        if "url" not in table:
            fields.wrong(node, "link 缺少 url（网址）。", "the link has no url.")
            return None
        url = table["url"]
        words = fields.text(table["text"], "link.text") if "text" in table else ""
    address = fields.text(url, "link")
    if address and not address.startswith(("https://", "http://")):
        fields.wrong(
            url,
            f"链接要以 https:// 开头，这里是“{address}”。",
            f'a link starts with https://, but "{address}" came.',
        )
    return Link(address, words)
