"""The part of the Bot API that a forum group needs, for the tests' server: topics and their rules.

It answers like Telegram: a deleted topic is only heard of as an error, a closed one can't be closed
again, each deed of the bot comes back to it as a service message, and only some marks are taken.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from adapters.telegram.text import TEXT, units
from tests.telegram.bot_api import BOT_ID, BotApi, Call, Json, Trouble

GROUP = -1001234567890
ICONS = {"❗️": "icon-waiting", "💬": "icon-assigned", "🤖": "icon-bot", "✅": "icon-closed"}
REACTIONS = frozenset("👍👎🔥🎉👌🙊✍👀")
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Shop", "username": "shop_bot"}
GONE = Trouble(400, "Bad Request: message thread not found")
TOO_LONG = Trouble(400, "Bad Request: message is too long")
SAME_TOPIC = Trouble(400, "Bad Request: TOPIC_NOT_MODIFIED")


@dataclass
class FakeTopic:
    """A topic as people see it."""

    thread: int
    name: str
    icon: str = ""
    closed: bool = False
    deleted: bool = False
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """What stands in it, as it reads by now."""
        return [one.get("text") or one.get("caption", "") for one in self.messages.values()]

    @property
    def said(self) -> str:
        """All of that."""
        return "\n".join(self.texts)

    @property
    def card(self) -> Json:
        """The newest message with buttons, or that had some."""
        cards = [one for one in self.messages.values() if one.get("is_card")]
        return cards[-1] if cards else {"text": "", "message_id": 0}

    @property
    def buttons(self) -> dict[str, str]:
        """What the card's buttons carry, by their labels."""
        markup = self.card.get("reply_markup") or {"inline_keyboard": []}
        taps = [tap for row in markup["inline_keyboard"] for tap in row]
        return {tap["text"]: tap["callback_data"] for tap in taps}


class FakeForum:
    """The group. It answers in place of the server where a call concerns it."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.topics: list[FakeTopic] = []
        self.is_forum = True
        self.status = "administrator"
        self.manages = True
        self.reactions: list[tuple[int, str]] = []
        self._threads = count(100)
        self._messages = count(5000)
        self._tasks: set[asyncio.Task[Any]] = set()
        for name in dir(self):
            if name.startswith("on_"):
                self._plug(name.removeprefix("on_"), getattr(self, name))

    def _plug(self, method: str, answer: Callable[[Json], Any]) -> None:
        def answered(fields: Json) -> Any:
            if fields.get("chat_id") not in (GROUP, None):
                return self.api._result(Call(method, fields))
            return answer(fields)

        self.api.answers[method] = answered

    # What tests look at and do

    @property
    def topic(self) -> FakeTopic:
        """The newest one that is there."""
        there = [one for one in self.topics if not one.deleted]
        return there[-1] if there else FakeTopic(0, "")

    async def says(self, *parts: str) -> str:
        """All that stands in the newest topic, when it has these parts."""
        await self.api.until(lambda: all(part in self.topic.said for part in parts))
        return self.topic.said

    async def offers(self, *labels: str) -> None:
        """Wait until the card has buttons with these labels, and no others."""
        await self.api.until(lambda: [*self.topic.buttons] == [*labels])

    def message(self, user: Json, thread: int | None = None, **content: Any) -> Json:
        """A message in a topic, the newest unless another is named; 0 for General."""
        thread = self.topic.thread if thread is None else thread
        where = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        return {
            "message_id": next(self._messages),
            "from": user,
            "chat": self._chat,
            "date": int(time.time()),
            **where,
            **content,
        }

    async def write(self, user: Json, text: str, thread: int | None = None, **more: Any) -> Json:
        """Somebody writes; the update."""
        update = {"message": self.message(user, thread, text=text, **more)}
        await self.api.push(update)
        return update

    async def press(self, user: Json, label: str, **more: Any) -> str:
        """Somebody presses a button of the newest topic's card; what they are told."""
        await self.api.until(lambda: label in self.topic.buttons)
        query = {
            "id": str(next(self._messages)),
            "from": user,
            "chat_instance": "1",
            "data": self.topic.buttons[label],
            "message": self._shown(self.topic, self.topic.card),
            **more,
        }
        await self.api.push({"callback_query": query})

        def answers() -> list[Json]:
            return [
                one
                for one in self.api.of("answerCallbackQuery")
                if str(one["callback_query_id"]) == query["id"]
            ]

        await self.api.until(lambda: bool(answers()))
        told: str = answers()[0].get("text") or ""
        return told

    async def close_by_hand(self, user: Json) -> None:
        """Somebody closes the newest topic."""
        self.topic.closed = True
        await self.api.push({"message": self.message(user, forum_topic_closed={})})

    def delete(self) -> None:
        """Somebody deletes the newest topic; nobody is told."""
        self.topic.deleted = True

    def made(self, name: str) -> FakeTopic:
        """A new topic."""
        self.topics.append(FakeTopic(next(self._threads), name))
        return self.topics[-1]

    def created(self, topic: FakeTopic) -> Json:
        """The message that says so."""
        about = {"name": topic.name, "icon_color": 7322096}
        return self.message(BOT, topic.thread, forum_topic_created=about)

    def promoted(self) -> Json:
        """The update that comes when somebody changes the bot's rights."""
        about = {"chat": self._chat, "from": BOT, "date": int(time.time())}
        member = {"status": "member", "user": BOT}
        return {"my_chat_member": {**about, "old_chat_member": member, "new_chat_member": member}}

    # What the bot asks

    def on_getChat(self, fields: Json) -> Json:  # noqa: N802  # the method's name
        return {
            **self._chat,
            "is_forum": self.is_forum,
        }

    def on_getChatMember(self, fields: Json) -> Json:  # noqa: N802  # the method's name
        rights = {"can_manage_topics": self.manages}
        return {"status": self.status, "user": BOT, **rights}

    def on_getForumTopicIconStickers(self, fields: Json) -> list[Json]:  # noqa: N802  # its name
        return [
            {
                "file_id": name,
                "file_unique_id": name,
                "type": "custom_emoji",
                "width": 100,
                "height": 100,
                "is_animated": False,
                "is_video": False,
                "emoji": emoji,
                "custom_emoji_id": name,
            }
            for emoji, name in ICONS.items()
        ]

    def on_createForumTopic(self, fields: Json) -> Json | Trouble:  # noqa: N802  # its name
        if not self.manages:
            return Trouble(400, "Bad Request: not enough rights to create a topic")
        topic = self.made(fields["name"])
        topic.icon = fields.get("icon_custom_emoji_id", "")
        self._serve(self.created(topic))
        return {"message_thread_id": topic.thread, "name": topic.name, "icon_color": 7322096}

    def on_editForumTopic(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        topic = self._find(fields)
        if topic is None:
            return Trouble(400, "Bad Request: TOPIC_ID_INVALID")
        icon = fields.get("icon_custom_emoji_id", topic.icon)
        if (fields["name"], icon) == (topic.name, topic.icon):
            return SAME_TOPIC
        topic.name, topic.icon = fields["name"], icon
        self._serve(self.message(BOT, topic.thread, forum_topic_edited={"name": topic.name}))
        return True

    def on_closeForumTopic(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._set_closed(fields, closed=True)

    def on_reopenForumTopic(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._set_closed(fields, closed=False)

    def on_sendMessage(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._post(fields) if units(fields["text"]) <= TEXT else TOO_LONG

    def on_sendPhoto(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._post({**fields, "photo": "uploaded"})

    def on_sendDocument(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._post({**fields, "document": "uploaded"})

    def on_editMessageText(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._change(fields, "text", "reply_markup")

    def on_editMessageReplyMarkup(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        return self._change(fields, "reply_markup")

    def on_setMessageReaction(self, fields: Json) -> Any:  # noqa: N802  # the method's name
        emoji = fields["reaction"][0]["emoji"]
        if emoji not in REACTIONS:
            return Trouble(400, "Bad Request: REACTION_INVALID")
        self.reactions.append((fields["message_id"], emoji))
        return True

    # How it works

    @property
    def _chat(self) -> Json:
        return {"id": GROUP, "type": "supergroup", "title": "Agents", "is_forum": True}

    def _find(self, fields: Json) -> FakeTopic | None:
        thread = fields.get("message_thread_id")
        found = [one for one in self.topics if one.thread == thread and not one.deleted]
        return found[0] if found else None

    def _set_closed(self, fields: Json, *, closed: bool) -> Any:
        topic = self._find(fields)
        if topic is None:
            return Trouble(400, "Bad Request: TOPIC_ID_INVALID")
        if topic.closed == closed:
            return SAME_TOPIC
        topic.closed = closed
        self._serve(
            self.message(
                BOT, topic.thread, **{f"forum_topic_{'closed' if closed else 'reopened'}": {}}
            )
        )
        return True

    def _post(self, fields: Json) -> Any:
        assert fields.get("message_thread_id") != 1, "General is never written into"
        topic = self._find(fields)
        if topic is None:
            return GONE
        id_ = next(self._messages)
        topic.messages[id_] = {**fields, "is_card": "reply_markup" in fields, "message_id": id_}
        return self._shown(topic, topic.messages[id_])

    def _change(self, fields: Json, *names: str) -> Any:
        for topic in self.topics:
            shown = topic.messages.get(fields["message_id"])
            if shown is None or topic.deleted:
                continue
            after = {name: fields.get(name) for name in names}
            if after == {name: shown.get(name) for name in names}:
                return Trouble(400, "Bad Request: message is not modified")
            shown.update(after)
            return self._shown(topic, shown)
        return Trouble(400, "Bad Request: message to edit not found")

    def _shown(self, topic: FakeTopic, message: Json) -> Json:
        return {
            "message_id": message["message_id"],
            "from": BOT,
            "chat": self._chat,
            "date": int(time.time()),
            "message_thread_id": topic.thread,
            "is_topic_message": True,
            "text": message.get("text", ""),
        }

    def _serve(self, message: Json) -> None:
        """A deed of the bot's own comes back to it, a little later."""
        task = asyncio.create_task(self.api.push({"message": message}))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
