"""What the FAQ should learn from the chats, and how it is taken in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq.cli import DEFAULT, Shop, faq
from faq.content import load
from faq.entry import ANY, Answer
from faq.gaps import Asked, Gap, draft, group, placed, unanswered
from faq.matching.matcher import Matcher

SAMPLE = load(DEFAULT)
MATCHER = Matcher(SAMPLE)
NOW = int(time.time() * 1000)


def unknown(text: str, at: int = 0, answer: str = "", entry: str = "") -> Asked:
    return Asked(text, at, "suggest" if entry else "unknown", entry, answer)


def test_questions_that_mean_the_same_are_one_gap_the_most_asked_first() -> None:
    gaps = group(
        [
            unknown("眼镜可以寄到日本吗", 3),
            unknown("你们招兼职吗", 1),
            unknown("可以寄到日本吗？", 5),
            unknown("请问眼镜能不能寄到日本", 2),
            unknown("眼镜可以寄到日本吗", 4),
        ]
    )
    assert [len(gap.questions) for gap in gaps] == [4, 1]
    assert gaps[0].wordings[0] == "眼镜可以寄到日本吗"
    assert len(gaps[0].wordings) == 3
    assert gaps[0].last == 5


def test_short_questions_are_alike_by_what_they_are_about() -> None:
    asked = ["能寄到日本吗", "可以寄日本么", "招不招兼职", "你们招兼职吗", "is there parking"]
    gaps = group([unknown(text, at) for at, text in enumerate([*asked, "is parking free there"])])
    assert sorted(sorted(gap.wordings) for gap in gaps) == [
        ["is parking free there", "is there parking"],
        ["你们招兼职吗", "招不招兼职"],
        ["可以寄日本么", "能寄到日本吗"],
    ]


def test_of_gaps_asked_as_often_the_latest_comes_first() -> None:
    gaps = group([unknown("你们招兼职吗", 1), unknown("卖助听器吗", 2)])
    assert [gap.wordings[0] for gap in gaps] == ["卖助听器吗", "你们招兼职吗"]


def test_questions_about_one_entry_are_one_gap_however_they_are_worded() -> None:
    [gap] = group([unknown("多少才不要钱", 1, entry="fee"), unknown("寄来贵不贵", 2, entry="fee")])
    assert gap.entry == "fee"


def test_nothing_asked_is_nothing_missing() -> None:
    assert group([]) == []
    assert group([unknown("？？？")]) == []


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (Asked("卖助听器吗", 1, "unknown"), True),
        (Asked("卖助听器吗", 1, "suggest"), True),
        (Asked("卖助听器吗", 1, "failed"), True),
        (Asked("卖助听器吗", 1, "answer", "x"), False),
        (Asked("卖助听器吗", 1, "assigned"), False),
        (Asked("转人工", 1, "asked"), False),
        (Asked("骗子", 1, "complaint"), False),
        (Asked("在吗", 1, ""), False),
        (Asked("？", 1, "unknown"), False),
        (Asked("运费怎么算", 1, "unknown"), False),
    ],
)
def test_only_what_is_still_unanswered_counts(asked: Asked, kept: bool) -> None:
    assert bool(unanswered([asked], SAMPLE, MATCHER)) is kept


def test_a_tap_and_an_agents_words_say_which_entry_is_meant() -> None:
    fee = SAMPLE.entry("ship_fee")
    assert fee
    said = fee.answers[ANY, "zh"].text
    found = unanswered(
        [
            Asked("卖助听器吗", 1, "suggest", "ship_fee"),
            Asked("卖助听器吗", 2, "suggest", "gone"),
            Asked("卖助听器吗", 3, "unknown", "", said),
        ],
        SAMPLE,
        MATCHER,
    )
    assert [one.entry for one in found] == ["ship_fee", "", "ship_fee"]


def test_the_matcher_says_which_entry_most_wordings_are_nearly_about() -> None:
    shy = Matcher(SAMPLE, answer_from=0.99999)
    near = unknown("你好，请问运费怎么算呢，多少钱包邮")
    best = shy.match(near.text).best
    assert best
    assert placed(Gap((near,)), shy).entry == best.id
    assert placed(Gap((near, unknown("卖助听器吗"))), shy).entry == ""
    assert placed(Gap((near,), "ship_time"), shy).entry == "ship_time"


def test_a_draft_is_a_new_entry_with_the_agents_answer() -> None:
    gap = Gap((unknown("卖助听器吗？", 1, "不卖。"), unknown("有助听器吗", 2, "暂时没有。")))
    entry = draft(gap, SAMPLE)
    assert entry.id == "卖助听器吗?"
    assert set(entry.questions) == {"卖助听器吗？", "有助听器吗"}
    assert entry.answers == {(ANY, ANY): Answer("暂时没有。")}
    assert draft(gap, SAMPLE, "有。").answers == {(ANY, ANY): Answer("有。")}
    assert draft(Gap((unknown("卖助听器吗"),)), SAMPLE).answers == {}


def test_a_draft_for_an_entry_has_the_phrasings_that_it_lacks() -> None:
    gap = Gap((unknown("邮费 ", 1), unknown("寄来贵不贵", 2)), "ship_fee")
    fee = SAMPLE.entry("ship_fee")
    assert fee
    assert draft(gap, SAMPLE).questions == (*fee.questions, "寄来贵不贵")
    assert draft(gap, SAMPLE, "贵。", entry="").id == "寄来贵不贵"
    assert draft(gap, SAMPLE, entry="ship_time").id == "ship_time"


def test_ids_of_drafts_are_like_no_other_and_numbers_of_people_stay_out() -> None:
    faq = load(DEFAULT)
    gap = Gap((unknown("ship_fee", 1), unknown("我的电话138****1234，卖助听器吗", 2)))
    entry = draft(gap, faq, "x")
    assert entry.id == "ship_fee 2"
    assert entry.questions == ("ship_fee",)
    assert len(draft(Gap((unknown("好" * 200),)), faq, "x").id) <= 64


FEE = "# 店\n- id: fee\n  questions:\n    - 运费怎么算 # 勿改\n    - 邮费\n  answer: 八元。\n"
ASKED = [
    unknown("卖助听器吗", NOW - 9, "亲，不卖助听器。"),
    unknown("有没有助听器卖", NOW - 8),
    unknown("卖助听器吗", NOW - 7),
    unknown("寄来贵不贵", NOW - 6, entry="fee"),
    unknown("你们招兼职吗", NOW - 5),
]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    (tmp_path / "a.yaml").write_text(FEE, encoding="utf-8")
    return Shop(tmp_path, lambda since: [one for one in ASKED if one.at >= since])


def run(shop: Shop, *arguments: str, zh: bool = False) -> tuple[int, str]:
    group = faq(lambda chinese, english: chinese if zh else english)
    result = CliRunner().invoke(group, ["gaps", *arguments], obj=shop)
    return result.exit_code, result.output


def test_the_list_shows_each_gap_with_a_draft(shop: Shop) -> None:
    code, output = run(shop, zh=True)
    assert code == 0
    assert output.startswith("1. 卖助听器吗  (问过 3 次，最近 ")
    assert "     · 有没有助听器卖\n   新条目：\n     - id: 卖助听器吗\n" in output
    assert "       answer: 亲，不卖助听器。\n" in output
    assert "2. 你们招兼职吗" in output
    assert "       answer: 请写答案\n" in output
    assert "   给“fee”加问法：\n     - 寄来贵不贵\n" in output
    assert "共 3 组。采用第 1 组：frontdesk faq gaps accept 1" in output
    assert run(shop, "--limit", "1")[1].count("asked") == 1


def test_what_is_accepted_is_answered_and_no_gap_any_more(shop: Shop) -> None:
    code, output = run(shop, "accept", "1", "--yes")
    assert (code, output.splitlines()[-1]) == (0, "Written to learned.yaml.")
    code, output = run(shop, "accept", "2", "--yes", zh=True)
    assert (code, output.splitlines()[-1]) == (0, "已写进 a.yaml。")
    assert shop.folder
    text = (shop.folder / "a.yaml").read_text(encoding="utf-8")
    assert text == FEE.replace("    - 邮费\n", "    - 邮费\n    - 寄来贵不贵\n")
    best = Matcher(load(shop.folder)).match("有没有助听器卖").best
    assert best
    assert best.id == "卖助听器吗"
    assert "groups: 1" in run(shop)[1]


def test_a_gap_without_an_answer_wants_one(shop: Shop) -> None:
    code, output = run(shop, "accept", "2", "--yes")
    assert code == 1
    assert 'no agent answered it: say --answer "…"' in output
    code, output = run(shop, "accept", "2", "--yes", "--answer", "招的。", "--into", "b.yaml")
    assert code == 0
    assert shop.folder
    entry = load(shop.folder).entry("你们招兼职吗")
    assert entry
    assert (entry.answer(), Path(entry.place.file).name) == (Answer("招的。"), "b.yaml")


def test_where_a_gap_goes_can_be_told(shop: Shop) -> None:
    assert run(shop, "accept", "3", "--yes", "--new", "--answer", "不贵。")[0] == 0
    assert run(shop, "accept", "1", "--yes", "--entry", "fee")[0] == 0
    assert shop.folder
    found = load(shop.folder)
    assert found.entry("寄来贵不贵")
    fee = found.entry("fee")
    assert fee
    assert fee.questions[2:] == ("卖助听器吗", "有没有助听器卖")


def test_nothing_is_written_without_consent(shop: Shop) -> None:
    code, output = run(shop, "accept", "1")
    assert code == 0
    assert "say --yes to write it" in output
    assert shop.folder
    assert [path.name for path in shop.folder.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("accept", "9"), "there is no group 9, the last is 3"),
        (("accept", "1", "--entry", "nope"), 'there is no entry "nope"'),
        (("accept", "1", "--into", "../x.yaml"), '"../x.yaml": write name.yaml'),
        (("accept", "1", "--into", "words.yaml"), '"words.yaml": write name.yaml'),
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, arguments: Sequence[str], said: str) -> None:
    code, output = run(shop, *arguments)
    assert code == 1
    assert said in output


def test_old_questions_are_left_out_and_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FEE, encoding="utf-8")
    week = 7 * 86_400_000
    asked: Callable[[int], list[Asked]] = lambda since: [  # noqa: E731 - typed for the Shop
        one for one in [unknown("卖助听器吗", NOW - week)] if one.at >= since
    ]
    assert "groups: 1" in run(Shop(tmp_path, asked))[1]
    assert "None: everything" in run(Shop(tmp_path, asked), "--days", "6")[1]


def test_without_chats_it_says_what_to_do(tmp_path: Path) -> None:
    code, output = run(Shop(None))
    assert code == 1
    assert "run it beside config.yaml" in output
