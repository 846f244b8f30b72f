"""A table of who answers what."""

from dataclasses import replace

import pytest

from faq.entry import Answer, Entry, Link
from faq.matching.match import Candidate, Decision, Match, Reasons
from gateway.conversation import Conversation, Mode
from gateway.message import NONE, PERSON, Attachment, Author, Contact, Kind, Line, Message
from gateway.router import Reading, Router
from gateway.texts import TEXTS, Texts

NOW = 1_000_000

SHIPPING = Entry(
    "ship",
    ("多久发货", "when do you ship"),
    {("", "zh"): Answer("48 小时内发货。"), ("", "en"): Answer("Within 48 hours.")},
)
RETURNS = Entry(
    "returns",
    ("怎么退货",),
    {("", ""): Answer("七天内可退。", link=Link("https://shop.example/returns", "退货说明"))},
)
WARRANTY = Entry(
    "warranty", ("保修",), {("", ""): Answer("请稍等。")}, team="optician", urgent=True
)
ENTRIES = {entry.id: entry for entry in (SHIPPING, RETURNS, WARRANTY)}


def conversation(mode: Mode = Mode.BOT, **changes: object) -> Conversation:
    base = Conversation("c1", "p1", "website", mode, opened=1, seq=3, owed_since=500)
    return base._replace(**changes)  # type: ignore[arg-type]


def line(text: str = "x", kind: Kind = Kind.TEXT, choice: str = "") -> Line:
    return Line("m1", "c1", 3, Author.CUSTOMER, "", text, 500, kind=kind, choice=choice)


def reading(
    decision: Decision | None, *ids: str, person: bool = False, complaint: bool = False
) -> Reading:
    found = tuple(Candidate(one, 0.3, ENTRIES[one].questions[0]) for one in ids)
    match = Match(decision, found, Reasons("x"), "zh") if decision else None
    return Reading(match, ENTRIES, person=person, complaint=complaint)


ROUTER = Router(Texts())
UNKNOWN = reading(Decision.HANDOFF)


@pytest.mark.parametrize(
    ("before", "said", "read", "reason", "mode"),
    [
        (conversation(), line(), reading(Decision.ANSWER, "ship"), "answer", Mode.BOT),
        (conversation(), line(), reading(Decision.SUGGEST, "ship", "returns"), "suggest", Mode.BOT),
        (conversation(), line(), UNKNOWN, "unknown", Mode.WAITING),
        (conversation(), line(), reading(None), "failed", Mode.WAITING),
        (
            conversation(),
            line(),
            reading(Decision.ANSWER, "ship", person=True),
            "asked",
            Mode.WAITING,
        ),
        (
            conversation(),
            line(),
            reading(Decision.ANSWER, "ship", complaint=True),
            "complaint",
            Mode.WAITING,
        ),
        (conversation(), line(choice=NONE, kind=Kind.CHOICE), UNKNOWN, "asked", Mode.WAITING),
        (conversation(), line(choice=PERSON, kind=Kind.CHOICE), UNKNOWN, "asked", Mode.WAITING),
        (conversation(), line(choice="ship", kind=Kind.CHOICE), UNKNOWN, "answer", Mode.BOT),
        (conversation(), line(choice="gone", kind=Kind.CHOICE), UNKNOWN, "unknown", Mode.WAITING),
        (
            conversation(misses=2),
            line(),
            reading(Decision.SUGGEST, "ship"),
            "unknown",
            Mode.WAITING,
        ),
        (conversation(), line(), reading(Decision.ANSWER, "warranty"), "entry", Mode.WAITING),
        (conversation(), line("", Kind.JOINED), UNKNOWN, "joined", Mode.BOT),
        (conversation(Mode.WAITING), line(), UNKNOWN, "unknown", Mode.WAITING),
        (
            conversation(Mode.WAITING),
            line(),
            reading(Decision.SUGGEST, "ship"),
            "unknown",
            Mode.WAITING,
        ),
        (
            conversation(Mode.WAITING),
            line(),
            reading(Decision.ANSWER, "ship"),
            "answer",
            Mode.WAITING,
        ),
        (
            conversation(Mode.ASSIGNED),
            line(),
            reading(Decision.ANSWER, "ship"),
            "assigned",
            Mode.ASSIGNED,
        ),
        (
            conversation(Mode.ASSIGNED),
            line(),
            reading(None, person=True),
            "assigned",
            Mode.ASSIGNED,
        ),
        (conversation(Mode.CLOSED), line(), UNKNOWN, "closed", Mode.CLOSED),
        (conversation(Mode.CLOSED), line("", Kind.LEFT), UNKNOWN, "closed", Mode.CLOSED),
    ],
)
def test_the_route_of_a_line(
    before: Conversation, said: Line, read: Reading, reason: str, mode: Mode
) -> None:
    route = ROUTER.route(before, said, read, "zh", NOW)
    assert (route.reason, route.conversation.mode) == (reason, mode)
    assert route.conversation.handled == said.seq


def test_nothing_is_said_where_a_person_leads() -> None:
    for read in (
        reading(Decision.ANSWER, "ship"),
        reading(Decision.SUGGEST, "ship"),
        reading(None),
    ):
        assert ROUTER.route(conversation(Mode.ASSIGNED), line(), read, "zh", NOW).replies == ()


def test_an_answer_pays_what_was_owed_but_not_while_somebody_waits() -> None:
    answer = reading(Decision.ANSWER, "ship")
    assert ROUTER.route(conversation(), line(), answer, "zh", NOW).conversation.owed_since is None
    waiting = ROUTER.route(conversation(Mode.WAITING), line(), answer, "zh", NOW).conversation
    assert waiting.owed_since == 500


def test_the_answer_speaks_the_language_of_the_question() -> None:
    english = replace(reading(Decision.ANSWER, "ship").match, language="en")  # type: ignore[type-var]
    route = ROUTER.route(conversation(), line(), Reading(english, ENTRIES), "zh", NOW)
    assert [reply.text for reply in route.replies] == ["Within 48 hours."]


@pytest.mark.parametrize(
    ("verdict", "mode", "replies"),
    [
        ("@helpful:ship", Mode.BOT, 0),
        ("@unhelpful:ship", Mode.BOT, 1),
        ("@unhelpful:ship", Mode.WAITING, 0),
        ("@unhelpful:ship", Mode.ASSIGNED, 0),
    ],
)
def test_a_verdict_on_an_answer_is_no_question(verdict: str, mode: Mode, replies: int) -> None:
    said = line("没帮助", Kind.CHOICE, verdict)
    route = ROUTER.route(conversation(mode, owed_since=None), said, UNKNOWN, "zh", NOW)
    assert (route.conversation.mode, len(route.replies)) == (mode, replies)
    assert not Message("m", Contact("website", "v"), kind=Kind.CHOICE, choice=verdict).asks


def test_an_answer_says_which_entry_it_is() -> None:
    route = ROUTER.route(conversation(), line(), reading(Decision.ANSWER, "ship"), "zh", NOW)
    assert (route.routed, route.replies[0].routed) == ("answer:ship", "answer:ship")
    assert ROUTER.route(conversation(), line(), UNKNOWN, "zh", NOW).routed == "unknown"


def test_a_link_follows_the_answer() -> None:
    route = ROUTER.route(conversation(), line(), reading(Decision.ANSWER, "returns"), "zh", NOW)
    assert route.replies[0].text == "七天内可退。\n退货说明 https://shop.example/returns"


def test_a_guess_offers_three_entries_and_a_way_out() -> None:
    guess = reading(Decision.SUGGEST, "ship", "returns", "warranty", "ship")
    route = ROUTER.route(conversation(), line(), guess, "zh", NOW)
    assert [tap.id for tap in route.replies[0].suggestions] == ["ship", "returns", "warranty", NONE]
    assert route.conversation.misses == 1


def test_a_complaint_goes_to_the_front_and_an_urgent_entry_to_its_team() -> None:
    complaint = ROUTER.route(conversation(), line(), reading(None, complaint=True), "zh", NOW)
    assert complaint.conversation.priority == 1
    urgent = ROUTER.route(conversation(), line(), reading(Decision.ANSWER, "warranty"), "zh", NOW)
    assert (urgent.conversation.team, urgent.conversation.priority) == ("optician", 1)
    assert [reply.text for reply in urgent.replies] == ["请稍等。"]


@pytest.mark.parametrize(
    ("reason", "open_now", "ahead", "key"),
    [
        ("unknown", True, 0, "queued"),
        ("unknown", True, 2, "queued_behind"),
        ("complaint", True, 2, "complaint"),
        ("complaint", False, 2, "out_of_hours"),
        ("unknown", False, 0, "out_of_hours"),
    ],
)
def test_the_welcome_at_the_desk(reason: str, open_now: bool, ahead: int, key: str) -> None:
    read = reading(None, complaint=reason == "complaint")
    route = ROUTER.route(conversation(), line(), read, "en", NOW)
    draft = ROUTER.welcome(route, "en", open_now=open_now, ahead=ahead)
    assert draft.text == TEXTS[key]["en"].replace("{ahead}", str(ahead))


def test_texts_are_replaced_once_and_in_both_languages() -> None:
    assert all(set(both) == {"zh", "en"} and all(both.values()) for both in TEXTS.values())
    texts = Texts({"en": {"queued_behind": "{ahead} before you {other}"}})
    assert texts.say("queued_behind", "en", ahead="{ahead}") == "{ahead} before you {other}"
    assert texts.say("queued_behind", "fr", ahead=2) == TEXTS["queued_behind"]["zh"].replace(
        "{ahead}", "2"
    )


PICTURE = Attachment("image", "fees.png", "image/png", 9, id="f" * 32)


@pytest.mark.parametrize("text", ["", " \n"])
@pytest.mark.parametrize("mode", [Mode.BOT, Mode.WAITING])
def test_a_line_of_files_alone_is_for_the_desk_and_never_matched(mode: Mode, text: str) -> None:
    said = line(text)._replace(attachments=(PICTURE,))
    route = ROUTER.route(conversation(mode), said, reading(Decision.ANSWER, "ship"), "zh", NOW)
    assert (route.reason, route.conversation.mode, route.replies) == (
        "attachment",
        Mode.WAITING,
        (),
    )


def test_a_voice_message_that_was_understood_is_matched_by_its_words() -> None:
    voice = line("多久发货")._replace(attachments=(Attachment("voice", id="f" * 32),))
    route = ROUTER.route(conversation(), voice, reading(Decision.ANSWER, "ship"), "zh", NOW)
    assert [reply.text for reply in route.replies] == ["48 小时内发货。"]


def test_an_answers_picture_goes_with_it() -> None:
    fee = Entry("fee", ("运费",), {("", ""): Answer("满 99 包邮。", image="fees.png")})
    match = Match(Decision.ANSWER, (Candidate("fee", 0.9, "运费"),), Reasons("x"), "zh")
    read = Reading(match, {"fee": fee}, pictures={("", "fees.png"): PICTURE})
    for one in (line(), line(choice="fee", kind=Kind.CHOICE)):
        [reply] = ROUTER.route(conversation(), one, read, "zh", NOW).replies
        assert (reply.text, reply.attachments) == ("满 99 包邮。", (PICTURE,))
    joined = ROUTER.route(conversation(), line(kind=Kind.JOINED, choice="fee"), read, "zh", NOW)
    assert [reply.attachments for reply in joined.replies] == [(), (PICTURE,)]
    without = replace(read, pictures={})
    [reply] = ROUTER.route(conversation(), line(), without, "zh", NOW).replies
    assert reply.attachments == ()
