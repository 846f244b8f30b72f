"""What is to be done in a topic, case by case, without a group."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.telegram.forum.plan import patience, step
from adapters.telegram.forum.steps import Card, Close, Edit, Make, Paint, Post, Reopen, Upload
from adapters.telegram.forum.topic import Topic, gone, noticed, read, write
from adapters.telegram.text import units
from gateway.conversation import Mode
from gateway.language import both
from gateway.message import Attachment, Author, Budget, Kind, Status, Suggestion
from tests.telegram.sheets import AT, GROUP, ID, LIN, follow, line, sheet, view

ASKED = line(1, "我的包裹在哪", routed="unknown")
QUEUED = line(2, "正在为您转接", Author.SYSTEM, status=Status.SENT)


def shown(lines: int = 2, **facts: Any) -> Topic:
    """The topic once the first two lines stand in it."""
    _, topic = follow(Topic(), sheet(ASKED, QUEUED, **facts))
    assert topic.seen == lines
    return topic


def texts(topic: Topic, *lines: Any, **facts: Any) -> list[str]:
    steps, _ = follow(topic, sheet(ASKED, QUEUED, *lines, **facts))
    return [one.deed.text for one in steps if isinstance(one.deed, Post)]


def test_a_queued_conversation_gets_a_topic_and_a_card() -> None:
    steps, topic = follow(Topic(), sheet(ASKED, QUEUED))

    make, card = (one.deed for one in steps)
    assert make == Make("#abcdef 林女士", "waiting")
    assert isinstance(card, Card)
    for part in ("林女士", "website", "中文", "11-14 22:13", "我的包裹在哪", "没有合适的答案"):
        assert part in card.text
    assert [label for label, _ in card.buttons[0]] == ["🙋 接待", "↪️ 转接", "✅ 结束"]
    assert all(len(data.encode()) <= 64 for row in card.buttons for _, data in row)
    assert topic.seen == 2


def test_a_conversation_that_the_bot_leads_gets_none() -> None:
    assert follow(Topic(), sheet(ASKED, mode=Mode.BOT)) == ([], Topic())


def test_what_was_said_meanwhile_comes_in_one_message() -> None:
    said = [line(seq, f"第{seq}句") for seq in range(3, 28)]

    (post,) = texts(shown(), *said)

    assert post.splitlines() == [f"👤 林女士：第{seq}句" for seq in range(3, 28)]


def test_a_long_text_is_cut_and_nothing_of_it_is_lost() -> None:
    said = "字" * 3000 + "😀" * 3000

    posts = texts(shown(), line(3, said))

    assert all(units(post) <= 4096 for post in posts)
    assert "".join(posts).replace("\n", "").replace("│ ", "") == f"👤 林女士：{said}"


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        (line(3, "您好", Author.AGENT, name="小王", status=Status.SENT), "🎧 小王：您好"),
        (line(3, "48 小时内", Author.BOT, status=Status.SENT), "🤖 机器人：48 小时内"),
        (line(3, "问过仓库", Author.AGENT, name="小王", private=True), "📝 小王：问过仓库"),
        (line(3, "怎么退货", kind=Kind.CHOICE), "👤 林女士：☑ 怎么退货"),
        (line(3, "", kind=Kind.LEFT), "👤 林女士：（离开了）"),
        (
            line(3, "选一个", Author.BOT, suggestions=(Suggestion("a", "退货"),)),
            "🤖 机器人：选一个\n│ [退货]",
        ),
        (
            line(3, "", attachments=(Attachment("place", "南京路 1 号"),)),
            "👤 林女士：[位置] 南京路 1 号",
        ),
    ],
)
def test_a_line_reads(said: Any, reads: str) -> None:
    assert texts(shown(), said) == [reads]


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\u2028", "字" * 1500 + " ", "字" * 1994], ids=repr)
def test_a_customer_can_not_write_what_looks_like_a_colleagues_line(gap: str) -> None:
    said = f"你好{gap}🎧 小王：可以退款"

    written = "\n".join(texts(shown(), line(3, said), line(4, f"{said}{gap}{said}", edited=AT)))
    told = "\n".join(texts(shown(), line(1, said, edited=AT)))

    assert "可以退款" in written
    assert not [one for one in f"{written}\n{told}".splitlines() if one.startswith("🎧")]


def test_what_a_colleague_wrote_in_the_topic_is_not_said_again() -> None:
    own = line(3, "您好", Author.AGENT, name="小王", external=f"a1:topic:{GROUP}:99")
    elsewhere = line(4, "在的", Author.AGENT, name="小李", external="a2:web-key")

    assert texts(shown(), own, elsewhere) == ["🎧 小李：在的"]


def test_a_customers_own_id_hides_nothing_from_the_topic() -> None:
    """A site's visitor chooses the ids of their messages."""
    assert texts(shown(), line(3, "在吗", external=f"v1:topic:{GROUP}:99")) == ["👤 林女士：在吗"]


def test_a_file_of_ours_goes_up_between_the_lines() -> None:
    photo = line(4, "这样的", attachments=(Attachment("image", "box.jpg", id="f1"),))

    steps, topic = follow(shown(), sheet(ASKED, QUEUED, line(3, "看"), photo, line(5, "破了")))

    first, upload, last = (one.deed for one in steps)
    assert first == Post("👤 林女士：看\n👤 林女士：这样的")
    assert isinstance(upload, Upload)
    assert upload.file.attachment.id == "f1"
    assert last == Post("👤 林女士：破了")
    assert topic.seen == 5


@pytest.mark.parametrize(
    ("facts", "says", "labels"),
    [
        (
            {"mode": Mode.ASSIGNED, "holder": "小王"},
            "🎧 小王 正在接待",
            ["↪️ 转接", "🤖 交还机器人", "✅ 结束"],
        ),
        ({"mode": Mode.BOT}, "🤖 机器人正在接待", ["🙋 接待"]),
        ({"team": "售后"}, "⏳ 等待「售后」接待", ["🙋 接待", "↪️ 转接", "✅ 结束"]),
    ],
)
def test_who_leads_is_said_and_stands_on_the_card(
    facts: dict[str, Any], says: str, labels: list[str]
) -> None:
    steps, _ = follow(shown(), sheet(ASKED, QUEUED, **facts))

    post, edit = steps[0].deed, steps[1].deed
    assert post == Post(says)
    assert isinstance(edit, Edit)
    assert says in edit.text
    assert [label for label, _ in edit.buttons[0]] == labels


def test_a_new_mode_changes_the_icon() -> None:
    steps, _ = follow(shown(), sheet(ASKED, QUEUED, mode=Mode.ASSIGNED, holder="小王"))

    assert steps[-1].deed == Paint("#abcdef 林女士", "assigned")


def test_a_close_says_how_it_ended_and_closes_the_topic() -> None:
    farewell = line(3, "感谢光临", Author.SYSTEM, status=Status.SENT)
    ended = sheet(ASKED, QUEUED, farewell, mode=Mode.CLOSED, outcome="solved")

    steps, topic = follow(shown(), ended)

    post, edit, paint, close = (one.deed for one in steps)
    assert post == Post("⚙️ 系统：感谢光临\n✅ 已结束：已解决")
    assert isinstance(edit, Edit)
    assert edit.buttons == ()
    assert paint == Paint("#abcdef 林女士", "closed")
    assert close == Close()
    assert topic.closed


def test_the_customers_return_opens_the_topic_again_with_a_new_card() -> None:
    _, closed = follow(shown(), sheet(ASKED, QUEUED, mode=Mode.CLOSED))
    again = line(3, "又来了")._replace(conversation="next")
    other = sheet(again)
    other = replace(other, conversation=other.conversation._replace(id="next222222"))

    steps, topic = follow(closed, other)

    reopen, card, paint = (one.deed for one in steps)
    assert reopen == Reopen()
    assert isinstance(card, Card)
    assert "又来了" in card.text
    assert "我的包裹在哪" not in card.text
    assert paint == Paint("#222222 林女士", "waiting")
    assert (topic.conversation, topic.closed) == ("next222222", False)


def test_a_deleted_topic_is_made_anew_with_what_was_asked() -> None:
    steps, topic = follow(gone(shown()), sheet(ASKED, QUEUED, line(3, "在吗")))

    make, card, post = (one.deed for one in steps)
    assert isinstance(make, Make)
    assert isinstance(card, Card)
    assert "我的包裹在哪" in card.text
    assert post == Post("👤 林女士：在吗")
    assert topic.thread == 7


def test_a_deleted_topic_of_a_closed_conversation_stays_away() -> None:
    _, closed = follow(shown(), sheet(ASKED, QUEUED, mode=Mode.CLOSED))

    assert follow(gone(closed), sheet(ASKED, QUEUED, mode=Mode.CLOSED))[0] == []


def test_the_bots_talk_waits_until_people_lead_again() -> None:
    given_back = sheet(ASKED, QUEUED, line(3, "运费多少"), mode=Mode.BOT)
    steps, topic = follow(shown(), given_back)
    assert steps[0].deed == Post("🤖 机器人正在接待")
    assert topic.seen == 2

    assert texts(topic, line(3, "运费多少"), line(4, "找人")) == [
        "👤 林女士：运费多少\n👤 林女士：找人\n⏳ 等待接待"
    ]


@pytest.mark.parametrize(
    ("status", "detail", "says"),
    [
        (Status.HELD, "", "⚠️「您好」还没有发出"),
        (Status.UNKNOWN, "", "⚠️「您好」不知道是否送到了"),
        (Status.DEAD, "blocked", "❌「您好」没有送到：blocked。"),
        (Status.DEAD, both("已屏蔽", "blocked"), "❌「您好」没有送到：已屏蔽。"),
    ],
)
def test_trouble_with_a_reply_is_told_once_and_its_end_too(
    status: Status, detail: str, says: str
) -> None:
    own = line(
        3,
        "您好",
        Author.AGENT,
        name="小王",
        external=f"a1:topic:{GROUP}:99",
        status=status,
        detail=detail,
    )

    (post,) = texts(shown(), own)
    _, topic = follow(shown(), sheet(ASKED, QUEUED, own))

    assert post.startswith(says)
    assert texts(topic, own) == []
    assert texts(topic, own._replace(status=Status.SENT)) == ["👌「您好」已经发出。"]


def test_an_edit_by_the_customer_is_told_once() -> None:
    edited = ASKED._replace(text="包裹 42 在哪", edited=AT + 5)

    steps, topic = follow(shown(), sheet(edited, QUEUED))

    assert steps[0].deed == Post("✏️ 林女士 改成：包裹 42 在哪")
    assert follow(topic, sheet(edited, QUEUED))[0] == []


def test_what_was_edited_before_it_was_shown_comes_once() -> None:
    said = line(3, "包裹 43 在哪", edited=AT + 9)

    assert texts(shown(), said) == ["👤 林女士：包裹 43 在哪"]


def test_notices_come_with_what_else_there_is_to_say() -> None:
    topic = noticed(noticed(shown(), "k", "请先接待。"), "k", "请先接待。")

    steps, after = follow(topic, sheet(ASKED, QUEUED, line(3, "在吗")))

    assert steps[0].deed == Post("请先接待。\n👤 林女士：在吗")
    assert after.notices == ()


def test_many_notices_are_told_in_several_messages() -> None:
    topic = shown()
    for number in range(40):
        topic = noticed(topic, str(number), f"{number} " + "字" * 100)

    posts = texts(topic)

    assert all(units(post) <= 4096 for post in posts)
    assert len("\n".join(posts).splitlines()) == 40


def test_a_notice_that_quotes_a_long_text_is_cut() -> None:
    """One that Telegram refused would be tried for ever, and all behind it would wait."""
    topic = noticed(shown(), "k", "😀" * 4000)

    (post,) = texts(topic, line(3, "字" * 1900))

    assert units(post) <= 4096
    assert post.endswith("字")


def test_the_card_shows_what_may_still_be_sent() -> None:
    steps, _ = follow(shown(), sheet(ASKED, QUEUED, budget=Budget(3, AT, 5)))

    edit = steps[0].deed
    assert isinstance(edit, Edit)
    assert "还可主动发 3 条" in edit.text


def test_a_long_name_is_cut_to_what_telegram_takes() -> None:
    steps, _ = follow(Topic(), sheet(ASKED, contact=replace(LIN, name="\n" + "😀" * 200)))

    make = steps[0].deed
    assert isinstance(make, Make)
    assert make.name.startswith("#abcdef 😀")
    assert units(make.name) == 128


def test_a_topic_whose_making_was_interrupted_is_waited_for_ever_longer() -> None:
    waits = [patience(tries) for tries in (1, 2, 3, 20)]
    topic = Topic(conversation=ID, making=AT, tries=2)

    assert waits == [30_000, 60_000, 120_000, 3_600_000]
    assert step(view(topic, sheet(ASKED)), AT + 59_999) is None
    assert step(view(topic, sheet(ASKED)), AT + 60_000) is not None


def test_a_topic_is_read_as_it_was_written() -> None:
    topic = noticed(replace(shown(), troubles={"r": "held"}), "k", "您好")

    assert read(write(topic)) == topic
    assert read(None) == Topic()


def test_an_english_group_reads_english() -> None:
    steps, _ = follow(Topic(), sheet(ASKED, QUEUED), language="en")

    card = steps[1].deed
    assert isinstance(card, Card)
    assert "Waits for somebody" in card.text
    assert [label for label, _ in card.buttons[0]] == ["🙋 Claim", "↪️ Transfer", "✅ Close"]
