"""Our replies as WeChat takes them: XML in its response, JSON for its API, menus as links; pure."""

import re
from collections.abc import Iterable

from wechatpy.replies import ImageReply, TextReply

from adapters.wechat.taps import number
from gateway.message import Suggestion

Body = dict[str, object]

# What XML can't hold: controls but tab and newline, halves of surrogate pairs, two more.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# In an address only what would end it or a part of it is encoded, so that it stays short; the app
# decodes it like a form, for which + is a space.
_IN_ADDRESS = str.maketrans({char: f"%{ord(char):02X}" for char in "\n \"#%&'+<>"})
_IN_LABEL = str.maketrans("<>", "＜＞")


def passive_text(to: str, ours: str, at: int, text: str) -> str:
    """A text in the response to a request; `at` in s."""
    reply = TextReply(source=ours, target=to, time=at, content=_in_cdata(text))
    return str(reply.render())


def passive_image(to: str, ours: str, at: int, media: str) -> str:
    """A picture in the response to a request; `media` is its id there."""
    reply = ImageReply(source=ours, target=to, time=at, media_id=_in_cdata(media))
    return str(reply.render())


def text(to: str, content: str) -> Body:
    """A text for `message/custom/send`."""
    return {"touser": to, "msgtype": "text", "text": {"content": clean(content)}}


def file(to: str, kind: str, media: str) -> Body:
    """A file for `message/custom/send`: `kind` is image, voice or video."""
    return {"touser": to, "msgtype": kind, kind: {"media_id": media}}


def menu(to: str, head: str, suggestions: Iterable[Suggestion], tail: str = "") -> Body:
    """A text with things to tap for `message/custom/send`."""
    items = [{"id": number(one.id), "content": clean(one.text)} for one in suggestions]
    content = {"head_content": clean(head), "list": items, "tail_content": clean(tail)}
    return {"touser": to, "msgtype": "msgmenu", "msgmenu": content}


def flat(content: str, suggestions: Iterable[Suggestion]) -> str:
    """A text with things to tap as links, for where there is no menu."""
    return "\n".join([content, *map(_link, suggestions)]).strip()


def clean(content: str) -> str:
    """A text without what neither XML nor a screen can show."""
    return _NO_TEXT.sub("", content)


def _link(one: Suggestion) -> str:
    label = clean(one.text)
    address = f"msgmenucontent={label.translate(_IN_ADDRESS)}&msgmenuid={number(one.id)}"
    return f'<a href="weixin://bizmsgmenu?{address}">{label.translate(_IN_LABEL)}</a>'


def _in_cdata(content: str) -> str:
    """What would end the section stands in two of them."""
    return clean(content).replace("]]>", "]]]]><![CDATA[>")
