"""An entry as staff would write it: the plain values of the full form of the YAML.

What this makes of an entry is read as the same entry again (`faq.items`). The spreadsheet and
everything that writes YAML go through here, so that there is one idea of what stands where.
"""

from __future__ import annotations

from collections.abc import Collection

from faq.entry import ANY, Answer, Entry
from faq.files.events import Value
from faq.files.items import LANGUAGES

Form = dict[str, Value]


def form(entry: Entry) -> Form:
    """The entry's keys in the order in which they are best read; what is empty is left out."""
    written: Form = {"id": entry.id, "questions": list(entry.questions)}
    if entry.answers:
        written["answer"] = _answer(entry)
    for key, texts in (("tags", entry.tags), ("examples", entry.examples), ("not", entry.never)):
        if texts:
            written[key] = list(texts)
    if valid := _validity(entry):
        written["valid"] = valid
    if entry.team:
        written["team"] = entry.team
    if entry.urgent:
        written["priority"] = "high"
    elif not entry.answers and not entry.team:
        written["priority"] = "normal"
    return written


def _validity(entry: Entry) -> Form:
    days = {"from": entry.valid_from, "to": entry.valid_to}
    return {key: day.isoformat() for key, day in days.items() if day}


def _answer(entry: Entry) -> Value:
    """A text where that is all, else the table of languages and channels."""
    general = _of_channel(entry, ANY)
    channels = dict.fromkeys(channel for channel, _ in entry.answers if channel != ANY)
    if channels:
        said: Form = {channel: _text_alone(_of_channel(entry, channel)) for channel in channels}
        return {**general, "channels": said}
    return _text_alone(general)


def _text_alone(said: Form) -> Value:
    return said["text"] if said.keys() == {"text"} else said


def _of_channel(entry: Entry, channel: str) -> Form:
    """Text and parts for all languages, then what single languages have of their own."""
    general = entry.answers.get((channel, ANY))
    tongues = {
        tongue: answer for tongue in LANGUAGES if (answer := entry.answers.get((channel, tongue)))
    }
    shared = general or _common(tongues.values())
    said: Form = {"text": shared.text} if shared.text else {}
    said |= _parts(shared, Answer(""))
    for tongue, answer in tongues.items():
        said[tongue] = _text_alone({"text": answer.text, **_parts(answer, shared)})
    return said


def _common(answers: Collection[Answer]) -> Answer:
    """The parts that all languages have alike."""
    images = {answer.image for answer in answers}
    links = {answer.link for answer in answers}
    follow_ups = {answer.follow_ups for answer in answers}
    return Answer(
        "",
        images.pop() if len(images) == 1 else "",
        links.pop() if len(links) == 1 else None,
        follow_ups.pop() if len(follow_ups) == 1 else (),
    )


def _parts(answer: Answer, base: Answer) -> Form:
    """What an answer has beside its text and not from the base."""
    parts: Form = {}
    if answer.image != base.image:
        parts["image"] = answer.image
    if answer.link and answer.link != base.link:
        url, words = answer.link.url, answer.link.text
        parts["link"] = {"url": url, "text": words} if words else url
    if answer.follow_ups != base.follow_ups:
        parts["follow_ups"] = list(answer.follow_ups)
    return parts
