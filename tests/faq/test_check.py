"""What `faq check` finds, each finding once; and how it says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq.answers import Limits, Votes
from faq.check import findings
from faq.cli import DEFAULT, Shop, faq
from faq.content import load
from faq.finding import Finding, Level

TODAY = date(2026, 11, 22)


def entry(name: str, *questions: str, answer: str = "好的，没问题。", more: str = "") -> str:
    asked = ", ".join(f"'{question}'" for question in questions)
    return f"- id: {name}\n  questions: [{asked}]\n  answer: {answer}\n{more}"


FEE = entry("fee", "运费怎么算", "邮费是多少", "寄过来要付多少运费")
BILL = entry("bill", "怎么开发票", "可以开电子发票吗", "发票抬头怎么填")


def found(
    folder: Path, text: str, votes: Mapping[str, Votes] | None = None, **files: str
) -> list[Finding]:
    for name, content in {"shop": text, **files}.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return findings(load(folder), TODAY, Limits(characters=40, bytes=100), votes)


def test_a_good_faq_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, FEE + BILL) == []


@pytest.mark.parametrize(
    ("text", "level", "line", "zh", "en"),
    [
        (
            FEE + entry("post", "包邮吗", "邮费怎么收", "邮费 是多少？"),
            Level.ERROR, 5,
            "问法“邮费 是多少？”在条目“fee”里也有（shop.yaml:2）",
            'the phrasing "邮费 是多少？" is also one of "fee" (shop.yaml:2)',
        ),
        (
            FEE + entry("post", "包邮吗", "邮费怎么收", "请问运费如何算呀"),
            Level.WARNING, 5,
            "问法“请问运费如何算呀”和条目“fee”的“运费怎么算”几乎一样",
            'the phrasing "请问运费如何算呀" is nearly the same as "运费怎么算" of "fee"',
        ),
        (
            FEE + entry("post", "包邮吗", "哪些地区邮费贵", "运废怎么算"),
            Level.WARNING, 5,
            "问法“运废怎么算”和条目“fee”的“运费怎么算”几乎一样",
            'the phrasing "运废怎么算" is nearly the same',
        ),
        (
            FEE + entry("bill", "开发票", "要发票"),
            Level.WARNING, 4,
            "“bill”只有 2 种问法",
            '"bill" has only 2 phrasings',
        ),
        (
            FEE + entry("bill", "开发票"),
            Level.WARNING, 4,
            "“bill”只有 1 种问法",
            '"bill" has only 1 phrasing;',
        ),
        (
            FEE.replace("  answer", "  valid: {to: 2026-11-21}\n  answer") + BILL,
            Level.WARNING, 1,
            "“fee”在 2026-11-21 已经过期",
            '"fee" expired on 2026-11-21',
        ),
        (
            FEE.replace("  answer", "  valid: {from: 2026-11-23}\n  answer") + BILL,
            Level.NOTE, 1,
            "“fee”从 2026-11-23 开始才会使用",
            '"fee" will be used from 2026-11-23 on',
        ),
        (
            FEE + BILL.replace("好的，没问题。", "{text: 好的, follow_ups: [fees]}"),
            Level.ERROR, 6,
            "追问按钮“fees”没有对应的条目",
            'the follow-up "fees" leads nowhere',
        ),
        (
            FEE + entry("a", "退货", "怎么退货", "想退掉", answer="{zh: 好的, en: Fine}")
            + entry("b", "换货", "怎么换货", "想换一个", answer="{zh: 好的, en: Fine}"),
            Level.WARNING, 1,
            "“fee”缺少英文答案",
            '"fee" has no English answer',
        ),
        (
            FEE.replace("好的，没问题。", "好" * 41),
            Level.WARNING, 3,
            "“fee”的 answer 有 41 个字（123 字节），有的渠道一次最多 40 个字、100 字节",
            'answer of "fee" has 41 characters (123 bytes); some channels take 40 characters',
        ),
        (
            FEE.replace("好的，没问题。", "{channels: {site: " + "好" * 34 + "}}"),
            Level.WARNING, 3,
            "“fee”的 answer.site 有 34 个字（102 字节）",
            'answer.site of "fee" has 34 characters (102 bytes)',
        ),
        (
            FEE.replace("没问题", "运费差不多八元"),
            Level.ERROR, 3,
            "“fee”的 answer 用了不许用的词“差不多”",
            'answer of "fee" uses "差不多", which words.yaml forbids',
        ),
        (
            FEE + entry("join", "怎么加盟", "如何代理", "how to become an Agent"),
            Level.WARNING, 5,
            "问法“how to become an Agent”里有“agent”（words.yaml），会直接转人工",
            'the phrasing "how to become an Agent" holds "agent" (words.yaml)',
        ),
        (
            FEE + entry("bill", "开发票", "要发票", "发票在哪", "？？？"),
            Level.ERROR, 5,
            "照着问法“？？？”来问，得到的却是“-”而不是“bill”",
            'asked with its own phrasing "？？？", "bill" does not come first but "-" does',
        ),
        (
            FEE + BILL + "  examples:\n    - 今天天气怎么样\n",
            Level.ERROR, 8,
            "“bill”的例句“今天天气怎么样”没有得到它的答案，而是",
            'the example "今天天气怎么样" of "bill" does not get its answer, but',
        ),
        (
            FEE + BILL + "  not: [怎么开发票]\n",
            Level.ERROR, 7,
            "“怎么开发票”写在“bill”的 not 里，却还是得到了它的答案",
            '"怎么开发票" stands under not of "bill", but still gets its answer',
        ),
    ],
)  # fmt: skip
def test_each_finding_names_its_line_and_what_to_do(
    tmp_path: Path, text: str, level: Level, line: int, zh: str, en: str
) -> None:
    words = "person: [agent]\nforbidden: [差不多]\n"
    [one] = found(tmp_path, text, words=words)
    assert (one.level, one.problem.line) == (level, line)
    assert zh in one.problem.zh
    assert en in one.problem.en


def test_a_follow_up_to_what_is_not_valid_is_told(tmp_path: Path) -> None:
    fee = FEE.replace("  answer", "  valid: {from: 2026-11-23}\n  answer")
    bill = BILL.replace("好的，没问题。", "{text: 好的, follow_ups: [fee]}")
    [note, dead] = found(tmp_path, fee + bill)
    assert note.level is Level.NOTE
    assert "追问按钮“fee”的条目今天不在有效期内" in dead.problem.zh
    assert 'the follow-up "fee" leads to an entry that is not valid today' in dead.problem.en


def test_entries_that_are_never_valid_together_may_say_the_same(tmp_path: Path) -> None:
    spring = entry("spring", "放假吗", "休息吗", "几号开门", more="  valid: {to: 2026-12-01}\n")
    autumn = entry("autumn", "放假吗", "休息吗", "几号开门", more="  valid: {from: 2026-12-02}\n")
    [note] = found(tmp_path, spring + autumn)
    assert note.level is Level.NOTE


def test_answers_that_most_customers_find_unhelpful_are_told(tmp_path: Path) -> None:
    votes = {"fee": Votes(2, 3), "bill": Votes(3, 3), "gone": Votes(0, 9)}
    [worst] = found(tmp_path, FEE + BILL, votes)
    assert "“fee”的答案有 5 位顾客评价，3 位说没有帮助" in worst.problem.zh
    assert 'of 5 customers who judged the answer of "fee", 3 found it not' in worst.problem.en


def test_a_forbidden_word_is_found_at_the_end_of_a_long_answer() -> None:
    sample = load(DEFAULT)
    first, *others = sample.entries
    texts = {key: replace(answer, text="好的。" * 300 + "差不多。")
             for key, answer in first.answers.items()}  # fmt: skip
    faq = replace(sample, entries=(replace(first, answers=texts), *others))
    worst = [one for one in findings(faq, TODAY, Limits(9999, 9999)) if one.level is Level.ERROR]
    assert ["差不多" in one.problem.zh for one in worst] == [True]


def check(*arguments: str, folder: Path | None = None, zh: bool = False) -> tuple[int, str]:
    group = faq(lambda chinese, english: chinese if zh else english)
    result = CliRunner().invoke(group, ["check", *arguments], obj=Shop(folder))
    return result.exit_code, result.output


def test_the_sample_passes_strictly() -> None:
    code, output = check("--strict", str(DEFAULT))
    assert (code, output) == (0, "Fine: 60 entries.\n")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (FEE + BILL, (0, 0)),
        (FEE + entry("bill", "开发票"), (0, 1)),
        (FEE + BILL + "  not: [怎么开发票]\n", (1, 1)),
        (FEE + "  anser: x\n", (2, 2)),
    ],
)
def test_the_exit_code_says_how_bad_it_is(
    tmp_path: Path, text: str, codes: tuple[int, int]
) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert (check(folder=tmp_path)[0], check("--strict", folder=tmp_path)[0]) == codes


def test_what_cannot_be_read_and_what_should_be_better_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FEE + "- question: x\n  anser: y\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(entry("bill", "开发票"), encoding="utf-8")
    code, output = check(folder=tmp_path, zh=True)
    assert code == 2
    assert "a.yaml:5:3: 不认识“anser”：是不是想写 answer？" in output
    assert "b.yaml:1:1: 提醒：“bill”只有 1 种问法" in output
    assert "有 1 处读不懂" in output


def test_verdicts_of_customers_come_from_the_store(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FEE + BILL, encoding="utf-8")
    asked: list[int] = []

    def votes(since: int) -> Mapping[str, Votes]:
        asked.append(since)
        return {"bill": Votes(1, 9)}

    group = faq(lambda _, english: english)
    result = CliRunner().invoke(group, ["check"], obj=Shop(tmp_path, votes=votes))
    assert "a.yaml:4:1: warning: of 10 customers who judged" in result.output
    assert len(asked) == 1


def test_the_summary_counts(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FEE + entry("bill", "开发票"), encoding="utf-8")
    assert "entries: 2; errors: 0, warnings: 1, notes: 0." in check(folder=tmp_path)[1]
    assert "2 个条目：0 个错误，1 个提醒，0 个说明。" in check(folder=tmp_path, zh=True)[1]
