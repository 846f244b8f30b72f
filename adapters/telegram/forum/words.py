"""What agents read in the group, in both languages."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    # Buttons
    "claim": {"zh": "🙋 接待", "en": "🙋 Claim"},
    "transfer": {"zh": "↪️ 转接", "en": "↪️ Transfer"},
    "return": {"zh": "🤖 交还机器人", "en": "🤖 Back to the bot"},
    "close": {"zh": "✅ 结束", "en": "✅ Close"},
    "back": {"zh": "← 返回", "en": "← Back"},
    # The card
    "customer": {
        "zh": "👤 {name} · {channel} · {language}",
        "en": "👤 {name} · {channel} · {language}",
    },
    "nameless": {"zh": "顾客", "en": "Customer"},
    "language_zh": {"zh": "中文", "en": "Chinese"},
    "language_en": {"zh": "英文", "en": "English"},
    "since": {"zh": "⏳ {time} 起等待", "en": "⏳ Waiting since {time}"},
    "found": {"zh": "🔎 知识库：{found}", "en": "🔎 FAQ: {found}"},
    "budget": {
        "zh": "✉️ 还可主动发 {left} 条，到 {time}",
        "en": "✉️ {left} more may be sent until {time}",
    },
    "help": {
        "zh": "在这里直接写就会发给顾客；// 开头的是内部备注。命令：/claim /note /transfer /return"
        " /close",
        "en": "What you write here goes to the customer; what begins with // is a note between"
        " you. Commands: /claim /note /transfer /return /close",
    },
    # What the FAQ made of a question
    "found_unknown": {"zh": "没有合适的答案", "en": "no answer fits"},
    "found_suggest": {"zh": "不太确定，给了几个选项", "en": "not sure, some choices were offered"},
    "found_answer": {"zh": "答了「{entry}」", "en": "answered with “{entry}”"},
    "found_entry": {"zh": "「{entry}」要由人来处理", "en": "“{entry}” is for a person"},
    "found_asked": {"zh": "顾客要找人工", "en": "the customer asked for a person"},
    "found_complaint": {"zh": "顾客在投诉", "en": "the customer complains"},
    "found_failed": {"zh": "没能查询", "en": "it could not be asked"},
    # Who leads it
    "stage_waiting": {"zh": "⏳ 等待接待", "en": "⏳ Waits for somebody"},
    "stage_waiting_team": {"zh": "⏳ 等待「{team}」接待", "en": "⏳ Waits for {team}"},
    "stage_assigned": {"zh": "🎧 {holder} 正在接待", "en": "🎧 {holder} leads this chat"},
    "stage_bot": {"zh": "🤖 机器人正在接待", "en": "🤖 The bot leads this chat"},
    "stage_closed": {"zh": "✅ 已结束：{outcome}", "en": "✅ Closed: {outcome}"},
    "no_outcome": {"zh": "未填写结果", "en": "no outcome given"},
    # Lines
    "line": {"zh": "{who}：{text}", "en": "{who}: {text}"},
    "bot": {"zh": "🤖 机器人", "en": "🤖 Bot"},
    "system": {"zh": "⚙️ 系统", "en": "⚙️ System"},
    "joined": {"zh": "（来了）", "en": "(came in)"},
    "left": {"zh": "（离开了）", "en": "(left)"},
    "edited": {"zh": "✏️ {name} 改成：{text}", "en": "✏️ {name} now says: {text}"},
    "image": {"zh": "[图片]", "en": "[picture]"},
    "voice": {"zh": "[语音]", "en": "[voice]"},
    "video": {"zh": "[视频]", "en": "[video]"},
    "sticker": {"zh": "[表情]", "en": "[sticker]"},
    "file": {"zh": "[文件]", "en": "[file]"},
    "place": {"zh": "[位置]", "en": "[place]"},
    "contact": {"zh": "[名片]", "en": "[contact]"},
    "not_shown": {
        "zh": "{file}（这里显示不了，请到控制台查看）",
        "en": "{file} (look at it in the console)",
    },
    # What became of replies
    "held": {
        "zh": "⚠️「{text}」还没有发出：要等顾客再写一句才能发。",
        "en": "⚠️ “{text}” has not gone out: it may only be sent once the customer writes again.",
    },
    "unknown": {
        "zh": "⚠️「{text}」不知道是否送到了。可在控制台重发。",
        "en": "⚠️ “{text}” may or may not have arrived. It can be sent again in the console.",
    },
    "dead": {
        "zh": "❌「{text}」没有送到：{detail}。可在控制台重发。",
        "en": "❌ “{text}” did not arrive: {detail}. It can be sent again in the console.",
    },
    "sent": {"zh": "👌「{text}」已经发出。", "en": "👌 “{text}” has gone out after all."},
    "no_reason": {"zh": "原因不明", "en": "nobody said why"},
    # Why something was not done
    "stranger": {
        "zh": "{name} 写的不会发给顾客：不在客服名单里。请管理员把 {id} 加到配置的 agents 里。",
        "en": "What {name} writes does not go to the customer: they are not on the list of agents."
        " An operator can add {id} to `agents` in the configuration.",
    },
    "anonymous": {
        "zh": "匿名管理员写的不会发给顾客，因为不知道是谁。请在群设置里关闭匿名再写。",
        "en": "What anonymous administrators write does not go to the customer, as nobody knows"
        " who it is. Turn off “Remain anonymous” in the group's settings and write again.",
    },
    "no_seat": {
        "zh": "{name} 没有席位：控制台里没有「{agent}」这位客服，或已停用。",
        "en": "{name} has no seat: the console knows no agent called “{agent}”, or they are"
        " disabled.",
    },
    "unclaimed": {
        "zh": "{name}，这条没有发给顾客：请先点「接待」。",
        "en": "{name}, this did not go to the customer: claim the chat first.",
    },
    "taken": {"zh": "{holder} 正在接待。", "en": "{holder} has this chat."},
    "taken_reply": {
        "zh": "{name}，这条没有发给顾客：{holder} 正在接待。备注请以 // 开头。",
        "en": "{name}, this did not go to the customer: {holder} has this chat. Begin notes with"
        " //.",
    },
    "ended": {"zh": "这次咨询已经结束。", "en": "This chat has ended."},
    "ended_reply": {
        "zh": "{name}，这条没有发给顾客：这次咨询已经结束。",
        "en": "{name}, this did not go to the customer: the chat has ended.",
    },
    "written": {
        "zh": "顾客又写了新的内容，看过再结束。",
        "en": "The customer has written since: look at that before you close.",
    },
    "full": {
        "zh": "已经接待了 {load} 位，最多 {capacity} 位。",
        "en": "{load} chats already, of {capacity} at most.",
    },
    "nobody": {"zh": "没有叫「{to}」的客服或团队。", "en": "No agent or team is called “{to}”."},
    "not_yours": {
        "zh": "这次咨询属于别的团队，您看不到。",
        "en": "This chat belongs to another team: it is not yours to see.",
    },
    "refused": {"zh": "没有做成：{text}", "en": "This was not done: {text}"},
    "reopened": {
        "zh": "{name} 关闭了话题，但咨询没有结束：{why}",
        "en": "{name} closed the topic, but the chat goes on: {why}",
    },
    "unknown_command": {
        "zh": "没有 {command} 这个命令，也没有发给顾客。可用：/claim /note /transfer /return"
        " /close",
        "en": "There is no command {command}, and it did not go to the customer. There are /claim"
        " /note /transfer /return /close",
    },
    "transfer_to": {
        "zh": "转给谁？写 /transfer 名字 说明。可以是：{names}",
        "en": "To whom? Write /transfer name note. There are: {names}",
    },
    "close_how": {
        "zh": "结果是？写 /close 结果。可以是：{names}",
        "en": "How did it end? Write /close outcome. There are: {names}",
    },
    "empty_note": {"zh": "备注是空的。", "en": "The note is empty."},
    "already_sent": {
        "zh": "{name}，改动不会更新：原来的那条已经发给顾客了。要更正请再写一条。",
        "en": "{name}, the change does not reach the customer: the message went out as it was."
        " Write another one to put it right.",
    },
    "already_noted": {
        "zh": "{name}，备注仍是原来的内容。",
        "en": "{name}, the note stays as it was first written.",
    },
    "not_for_customers": {
        "zh": "{name}，这条没有发给顾客：只能发文字、图片、语音、视频和文件。",
        "en": "{name}, this did not go to the customer: only text, pictures, voice, video and"
        " files do.",
    },
    "too_big": {
        "zh": "{name}，文件太大，没有发给顾客。最大 20 MB。",
        "en": "{name}, this file is too big and did not go to the customer. At most 20 MB.",
    },
    "lost": {
        "zh": "{name}，没能从 Telegram 取到这个文件，没有发给顾客。请再发一次。",
        "en": "{name}, Telegram did not give us this file, and it did not go to the customer."
        " Send it again.",
    },
    "bad_file": {
        "zh": "{name}，这种文件不能发给顾客。请换成图片或 PDF。",
        "en": "{name}, files like this don't go to customers. Send a picture or a PDF.",
    },
    "busy": {"zh": "请稍后再试。", "en": "Try again in a moment."},
    "stale": {"zh": "这个按钮已经失效。", "en": "This button is out of date."},
    "who_are_you": {
        "zh": "您不在客服名单里。请管理员把 {id} 加到配置的 agents 里。",
        "en": "You are not on the list of agents. An operator can add {id} to `agents` in the"
        " configuration.",
    },
    # The menu of commands
    "menu_claim": {"zh": "接待这位顾客", "en": "take this customer over"},
    "menu_note": {"zh": "写内部备注", "en": "write a note between agents"},
    "menu_transfer": {"zh": "转给同事或团队", "en": "give it to a colleague or a team"},
    "menu_return": {"zh": "交还机器人", "en": "let the bot lead again"},
    "menu_close": {"zh": "结束咨询", "en": "end the chat"},
}


class Words:
    """The texts in the group's language."""

    def __init__(self, language: str) -> None:
        """`language` is zh or en."""
        self.language = "en" if language == "en" else "zh"

    def say(self, key: str, /, **values: object) -> str:
        """The text for `key`; what stands in `values` is not looked through for names again."""
        return WORDS[key][self.language].format(**values)

    def knows(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in WORDS
