"""What the matcher knows of the two languages before it has seen any FAQ."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

POLITE_ZH = """
请问一下 请问下 请问 麻烦问一下 麻烦问下 问一下 问下 想问一下 想问下 想问 想咨询一下 咨询一下 咨询下
你好 您好 你们好 在吗 在么 在不在 哈喽 嗨 客服 老板 店家 掌柜 谢谢你 谢谢您 谢谢 多谢 感谢
麻烦您 麻烦你 麻烦了 麻烦 劳驾 拜托 辛苦了 早上好 下午好 晚上好 打扰了 打扰一下 不好意思
我想知道 想知道 我想了解一下 想了解一下 告诉我一下 告诉我 帮我看看 帮我看下 帮忙看一下 帮我 帮忙
"""
PARTICLES = "吗么嘛呢吧啊呀哦噢哈啦哇喔嗯哎诶唉亲"
"""Say nothing at the end of a run, but may be part of a word elsewhere."""
POLITE_EN = """
hello, hi, hey, dear, please, pls, plz, kindly, thanks, thank you, thx, sir, madam, sorry,
good morning, good afternoon, good evening, excuse me, can you tell me, could you tell me,
could you please tell me, can you please tell me, please tell me, tell me, i would like to know,
id like to know, i want to know, i was wondering, i wonder, do you know, can you help me,
could you help me, help me, can you please, could you please, could you, can you
"""
POLITE = (*POLITE_ZH.split(), *(words.strip() for words in POLITE_EN.split(",")))

_MEANT_ZH = {
    "怎么": "如何 怎样 咋样 咋 怎么样 怎么办 怎么弄 怎么搞 怎么做 怎办",
    "什么": "啥 什麽 神马 甚么",
    "多少": "几多",
    "多少钱": "什么价 啥价 价格 价钱 几钱 多钱 怎么卖",
    "哪里": "哪儿 那里 何处 什么地方 啥地方 在哪",
    "为什么": "为啥 为何 怎么回事 咋回事",
    "可以": "能不能 能否 可否 可不可以 能够 能",
    "没有": "木有 冇",
    "账号": "帐号 账户 帐户",
    "修改": "更改 更换",
    "什么时候": "何时 啥时候 几时 多会儿",
    "多久": "多长时间 几天 多少天",
    "买": "购买",
}
_MEANT_EN = {
    "cost": (
        "price, prices, priced, costs, fee, fees, charge for, rate, rates, how much is, how "
        "much does, how much are, how much do, how much"
    ),
    "money": "cash, funds, fund",
    "card": "cards",
    "phone": "mobile, cell, cellphone, smartphone, telephone, handset",
    "delete": "remove, erase, get rid of, close, deactivate, terminate",
    "cancel": "call off, stop, undo, abort",
    "change": "modify, edit, update, alter, switch, adjust, amend",
    "buy": "purchase, get hold of",
    "begin": "start, commence",
    "shipping": "delivery, postage, shipment, courier, dispatch",
    "ship": "deliver, send, sent, shipped, delivered",
    "package": "parcel, packet",
    "broken": (
        "damaged, defective, faulty, not working, doesnt work, isnt working, does not work, "
        "wont work, stopped working, cracked"
    ),
    "return": "send back, give back",
    "refund": "money back, reimbursement, reimburse",
    "problem": "issue, trouble, error, difficulty, fault",
    "lost": "missing, misplaced, cant find, gone",
    "stolen": "theft, robbed",
    "wrong": "incorrect, mistaken, mistake, error",
    "why": "how come, what is the reason, whats the reason, for what reason",
    "when": "what time, how soon, what day",
    "where": "which place, what place, location, whereabouts",
    "how long": "how many days, how much time, duration, what is the time",
    "can i": "am i able to, is it possible to, may i, could i, am i allowed to",
    "get": "obtain, receive, acquire",
    "help": "assist, assistance, support",
    "account": "profile",
    "pay": "payment, paying",
    "password": "passcode, pin code",
    "store": "shop, outlet, showroom",
    "open": "opening, working hours, business hours, timings",
    "discount": "offer, promotion, deal, coupon, voucher, promo code, promo",
    "guarantee": "warranty",
    "verify": "confirm, validate, authenticate",
    "identity": "id card",
    "show": "display, list, see, view",
    "tell": "inform, let me know",
    "make": "create, set up, setup",
    "need": "require, want, would like, wish",
    "song": "music, track, tune",
    "film": "movie, movies",
    "big": "large, huge",
    "small": "little, tiny",
    "child": "kid, kids, children",
    "doctor": "physician",
    "fast": "quick, quickly, rapid, rapidly",
    "stuck": "pending, frozen, not going through",
    "declined": "rejected, denied, refused, not accepted",
    "transfer": "wire",
    "top up": "topup, top-up, reload, add money, load",
    "atm": "cash machine, cashpoint",
    "withdraw": "take out, withdrawal",
    "current": "present, right now, currently",
}
SYNONYMS = {other: word for word, others in _MEANT_ZH.items() for other in others.split()} | {
    other: word for word, others in _MEANT_EN.items() for other in others.split(", ")
}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """An English word without its ending; other words as they are."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    stemmed: str = snowballstemmer.stemmer("english").stemWord(word)
    return stemmed
