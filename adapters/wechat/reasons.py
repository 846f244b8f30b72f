"""Why a reply is not out, as agents read it; what the platform said follows in its own words."""

from gateway.language import both

NO_PUSH = both(
    "等顾客再次发言后送出：这个账号只能回复，不能主动发送",
    "held until the customer writes: this account may only answer",
)
NO_BUDGET = both(
    "等顾客再次发言后送出：主动发送的额度已用完",
    "held until the customer writes: no messages are left to send unasked",
)
REST = both(
    "等顾客再次发言后送出：前一部分已送出",
    "held until the customer writes: the first part has gone out",
)


def no_window(code: int) -> str:
    """The platform has refused until the customer writes."""
    return both(
        f"等顾客再次发言后送出：在那之前平台不再接收（{code}）",
        f"held until the customer writes: the platform takes no more until then ({code})",
    )


def later(why: object) -> str:
    """It is tried again."""
    return both(f"暂时没有发出，会自动再发：{why}", f"not sent yet, and tried again: {why}")


def never(why: object) -> str:
    """It is given up."""
    return both(f"无法送达这位顾客：{why}", f"can't be delivered to this customer: {why}")


def doubtful(why: object) -> str:
    """Nobody knows."""
    return both(f"不确定是否已送达：{why}", f"it may or may not have arrived: {why}")
