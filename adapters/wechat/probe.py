"""What `frontdesk check --online` finds: whether the credentials are taken, and for what."""

from collections.abc import AsyncIterator

from adapters.wechat.api import Api, standalone
from adapters.wechat.codes import Do
from adapters.wechat.config import Config
from adapters.wechat.tokens import address_to_allow
from adapters.wechat.troubles import Refusal, Trouble
from gateway.adapter import Remark

NOBODY = "frontdesk-check"  # an openid that nobody has: the right is looked at before the person

TAKEN = Remark(
    "平台接受 app_id 和 app_secret。", "the platform takes app_id and app_secret.", fine=True
)
PUSHES = Remark(
    "这个账号可以发送客服消息：超过 5 秒的回答和客服的回复都能主动送达。",
    "this account may send customer-service messages: late answers and agents' replies are pushed.",
    fine=True,
)
ANSWERS = Remark(
    "这个账号没有客服消息权限（48001）：只能在顾客发消息时回复，客服的回复要等顾客再次发言才能送达。",
    "this account has no right to customer-service messages (48001): it only answers, and agents'"
    " replies wait until the customer writes again.",
    fine=True,
)
WRONG_PUSH = Remark(
    "can_push 写的是 yes，但这个账号没有客服消息权限（48001）：请改为 auto 或 no，或办理认证。",
    "can_push is yes, but this account has no right to customer-service messages (48001):"
    " set it to auto or no, or have the account verified.",
)


async def remarks(_name: str, config: Config) -> AsyncIterator[Remark]:
    """Try it; nobody gets a message by this."""
    async with standalone(config) as api:
        try:
            await api.servers()
            yield TAKEN
            yield _rights(config, may_push=await _may_push(api))
        except Refusal as refusal:
            yield _refused(refusal)
        except Trouble as trouble:
            yield Remark(
                f"连不上 {config.api_base}：{trouble}。请检查网络和 api_base。",
                f"can't reach {config.api_base}: {trouble}. Check the network and api_base.",
            )


async def _may_push(api: Api) -> bool:
    try:
        await api.show_typing(NOBODY)
    except Refusal as refusal:
        if refusal.do in (Do.NO_RIGHT, Do.REJECT, Do.FAIL):
            return refusal.do is not Do.NO_RIGHT
        raise
    return True


def _rights(config: Config, *, may_push: bool) -> Remark:
    if may_push:
        return PUSHES
    return WRONG_PUSH if config.can_push is True else ANSWERS


def _refused(refusal: Refusal) -> Remark:
    match refusal.do:
        case Do.ALLOW_ADDRESS:
            address = address_to_allow(refusal)
            return Remark(
                f"请在公众平台把 IP 地址 {address or '（见错误信息）'} 加入白名单：{refusal}",
                f"add the IP address {address or '(see the error)'} to the account's IP allowlist"
                f" on the platform: {refusal}",
            )
        case Do.CONFIGURE:
            return Remark(
                f"app_id 或 app_secret 不对，请从公众平台重新复制：{refusal}",
                f"app_id or app_secret is wrong, copy them again from the platform: {refusal}",
            )
    return Remark(f"平台拒绝了：{refusal}", f"the platform refused: {refusal}")
