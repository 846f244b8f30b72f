"""Why the desk did not do something, in the group's words. Pure."""

from adapters.telegram.forum.words import Words
from gateway.conversation import Mode
from gateway.errors import NotFound, Refused
from gateway.surface import Sheet


def refusal(error: Refused, sheet: Sheet | None, words: Words) -> str:
    """A refused deed; `sheet` is how the conversation is now, None for one that is not known."""
    facts = error.facts
    if sheet and sheet.conversation.mode is Mode.CLOSED:
        return words.say("ended")
    if holder := _name(facts.get("holder")):
        return words.say("taken", holder=holder)
    if facts.get("written"):
        return words.say("written")
    if "capacity" in facts:
        return words.say("full", load=facts.get("load"), capacity=facts["capacity"])
    if isinstance(error, NotFound):
        known = "name" in facts
        return words.say("nobody", to=facts["name"]) if known else words.say("not_yours")
    return words.say("refused", text=error)


def unsaid(sheet: Sheet, agent: str, name: str, words: Words) -> str:
    """Why what `agent` wrote can't go to the customer, "" if it can."""
    if sheet.conversation.mode is Mode.CLOSED:
        return words.say("ended_reply", name=name)
    if sheet.conversation.mode is not Mode.ASSIGNED:
        return words.say("unclaimed", name=name)
    if sheet.holder != agent:
        return words.say("taken_reply", name=name, holder=sheet.holder)
    return ""


def _name(holder: object) -> str:
    return str(holder.get("name", "")) if isinstance(holder, dict) else ""
