"""What Frontdesk itself says to customers, in both languages; every line can be changed in config.

A `{name}` in a text is replaced only by the values that this code passes, once, and what customers
or staff wrote is never looked through for names.
"""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "greeting": {
        "zh": "您好，欢迎光临！请问有什么可以帮您？",
        "en": "Hello and welcome! How can we help you?",
    },
    "suggest": {
        "zh": "您是不是想问：",
        "en": "Did you mean one of these?",
    },
    "none": {
        "zh": "都不是",
        "en": "None of these",
    },
    "unhelpful": {
        "zh": "抱歉没能帮到您。您可以换个说法再问一次，或者让人工客服来帮您。",
        "en": "Sorry that this did not help. Try it in other words, or let a colleague help you.",
    },
    "person": {
        "zh": "转人工",
        "en": "Talk to a person",
    },
    "queued": {
        "zh": "好的，正在为您转接人工客服，马上就来，请稍候。",
        "en": "Let me get a colleague for you. They will be right with you.",
    },
    "queued_behind": {
        "zh": "好的，正在为您转接人工客服。您前面还有 {ahead} 位顾客，请稍候，我们会尽快回复您。",
        "en": "Let me get a colleague for you. Ahead of you in the queue: {ahead}. Thank you for"
        " waiting, we will answer as soon as we can.",
    },
    "complaint": {
        "zh": "非常抱歉给您带来不好的体验。我们已优先为您转接人工客服，会尽快为您处理。",
        "en": "We are sorry about this. You have been moved to the front of the queue, and a"
        " colleague will look into it as soon as possible.",
    },
    "out_of_hours": {
        "zh": "现在是非工作时间，客服暂时不在。您的留言已经记下，上班后我们会第一时间回复您。",
        "en": "We are closed right now. Your message has been noted and we will answer it first"
        " thing when we are back.",
    },
    "closing": {
        "zh": "本次咨询已结束，感谢您的光临！请为我们的服务评分：",
        "en": "This chat has ended. Thank you! How did we do?",
    },
    "closed_by_desk": {
        "zh": "本次咨询已结束，感谢您的光临！如还有问题，直接留言即可。",
        "en": "This chat has ended. Thank you! If anything else comes up, just write to us.",
    },
}

LANGUAGES = ("zh", "en")


class Texts:
    """The texts in force: ours, with the changes of the configuration laid over them."""

    def __init__(self, changes: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """`changes` maps a language to the keys and texts that differ in it."""
        self._changes = changes or {}

    def say(self, key: str, language: str, **values: object) -> str:
        """The text for `key`; a language that we don't speak gets Chinese."""
        language = language if language in LANGUAGES else "zh"
        text = self._changes.get(language, {}).get(key) or TEXTS[key][language]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text
