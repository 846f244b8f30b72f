"""Errors as frames: a stable code for the widget, a sentence for a reader in their language."""

from typing import Any

from gateway.errors import FrontdeskError, NotFound, Refused, TooMany

_TEXTS = {
    "invalid": {
        "zh": "这条内容的格式不对，无法发送。",
        "en": "This does not have the form that is asked for.",
    },
    "not_found": {
        "zh": "这个选项已经失效，请直接输入您的问题。",
        "en": "This choice is not on offer any more. Please write your question.",
    },
    "file_gone": {
        "zh": "附件已经失效，请重新添加后再发送。",
        "en": "A file is not here any more. Please add it again.",
    },
    "forbidden": {
        "zh": "会话凭证无效，请刷新页面后重试。",
        "en": "This session is not valid. Please reload the page.",
    },
    "too_many": {
        "zh": "您发送得太快了，请稍候再试。",
        "en": "That was a little fast. Please wait a moment.",
    },
    "unavailable": {
        "zh": "服务暂时不可用，正在自动重试。",
        "en": "We can't take this right now and will try again by ourselves.",
    },
}


def frame(error: FrontdeskError, language: str, given: str = "") -> dict[str, Any]:
    """The frame for an error; `given` is the refused message's id, if it is about one.

    `retry_after` (seconds) says when the same message may come again.
    """
    code = error.code if isinstance(error, Refused) else "unavailable"
    said = "file_gone" if isinstance(error, NotFound) and "file" in error.facts else code
    told: dict[str, Any] = {"type": "error", "code": code, "text": _TEXTS[said][language]}
    if given:
        told["id"] = given
    if isinstance(error, TooMany):
        told["retry_after"] = error.facts["retry_after"]
    return told
