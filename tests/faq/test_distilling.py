"""The sentences that encoders read before the project's tables are made."""

from __future__ import annotations

import random
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from faq.distilling.sentences import misspelt, requests, sentences

DATA = {
    "noun": r"""  1 This software and database is being provided to you | and this is its licence
00001740 03 n 02 order 0 parcel 0 001 ~ 00001930 n 0000 | a thing asked for; "she sent the order"
00001930 03 n 01 Paris 0 000 | a town
""",
    "verb": '00001740 29 v 01 cancel 0 000 01 + 02 00 | put an end to; "he cancelled it"\n',
    "adj": "00001740 00 a 01 late 0 000 | after the usual time\n",
    "adv": "00001740 02 r 01 soon 0 000 | in no long time\n",
}
INDEX = {
    "noun": "order n 1 2 ~ @ 1 9 00001740\nparcel n 1 0 1 0 00001740\nparis n 1 0 1 0 00001930\n"
    "hot_order n 1 0 1 4 00001740\n",
    "verb": "cancel v 1 0 1 1 00001740\n",
    "adj": "late a 1 0 1 1 00001740\n",
}
WORDS = ("order", "parcel", "cancel", "late", "soon", "hot", "Paris", "it's")


@pytest.fixture
def wordnet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("faq.distilling.sentences._QUESTIONS", 60)
    monkeypatch.setattr("faq.distilling.sentences._REQUESTS", 600)
    for kind, lines in DATA.items():
        (tmp_path / f"data.{kind}").write_text(lines, "latin-1")
    for kind, lines in INDEX.items():
        (tmp_path / f"index.{kind}").write_text(lines, "latin-1")
    return tmp_path


def lines(name: str) -> list[str]:
    return resources.files("faq.distilling").joinpath(name).read_text("utf-8").splitlines()


def test_sentences_are_wordnets_and_questions_from_its_words(wordnet: Path) -> None:
    found = sentences(wordnet, WORDS)
    assert found[-6:] == ["cancel", "hot", "late", "order", "parcel", "soon"]
    texts = set(found[:-6])
    written = {"a thing asked for", "she sent the order", "put an end to", "he cancelled it"}
    assert written | {"order, parcel", "a town", "after the usual time"} <= texts
    assert not any("licence" in text or "{" in text or "paris" in text for text in texts)
    words = {word for text in texts - written for word in text.split()}
    assert {"order", "parcel", "hot", "cancel", "late"} <= words
    assert sentences(wordnet, WORDS) == found


def test_requests_are_filled_in_and_each_is_there_once(wordnet: Path) -> None:
    found = requests(wordnet, WORDS)
    assert len(found) == len(set(found)) == 600
    assert not any(re.search("[{}]", text) for text in found)
    openings = Counter(text.split(" ")[0] for text in found)
    assert openings["hello"]
    assert requests(wordnet, WORDS) == found


@pytest.mark.parametrize("name", ["frames.txt", "requests.txt"])
def test_frames_have_no_slot_that_nothing_fits(name: str) -> None:
    frames = lines(name)
    assert len(set(frames)) == len(frames)
    slots = {slot for frame in frames for slot in re.findall("{([^}]*)}", frame)}
    assert slots <= {"noun", "verb", "adj", "thing", "act", "state"}
    assert not any("{" in re.sub("{[a-z]+}", "", frame) for frame in frames)


def test_things_are_listed_once() -> None:
    listed = dict(line.split(": ") for line in lines("things.txt"))
    assert set(listed) == {"noun", "verb", "adj"}
    for kind, own in listed.items():
        words = own.split(", ")
        assert all(re.fullmatch("[a-z]+(?: [a-z]+)*", word) for word in words), kind
        assert [word for word, times in Counter(words).items() if times > 1] == []


def test_now_and_then_a_text_has_one_wrong_letter() -> None:
    dice = random.Random(1)
    text = "where is my parcel"
    found = [misspelt(text, dice) for _ in range(500)]
    wrong = [one for one in found if one != text]
    assert 20 < len(wrong) < 100
    assert {OSA.distance(one, text) for one in wrong} == {1}
    assert all(one.startswith("w") for one in wrong)
    assert {misspelt("a tv", dice) for _ in range(200)} == {"a tv"}
