"""What must not be read in a log: numbers that belong to a person, and our own secrets. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

# Digits typed in a Chinese input method's full width are the same digits.
_NARROW = {ord("０") + digit: ord("0") + digit for digit in range(10)} | {ord("＠"): ord("@")}
_ALONE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"

# Each run of an address's characters is looked at once: a long one costs no more than its length.
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*+@((?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)
_ID_CARD = re.compile(
    _ALONE + r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]" + _END,
    re.ASCII,
)
_BANK_CARD = re.compile(_ALONE + r"\d{4}(?:[ -]?\d{4}){2}[ -]?\d{2,4}(?:[ -]?\d{1,3})?" + _END)
_MOBILE = re.compile(_ALONE + r"(?:(?:\+|00)?86[ -]?)?(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})" + _END)
_LANDLINE = re.compile(_ALONE + r"\(?(0\d{2,3})\)?[ -]\d{3,4}[ -]?(\d{4})" + _END)
_ABROAD = re.compile(
    r"(?<![0-9A-Za-z])(\+[1-9]\d{0,2})[ -]?(?:\(?\d{1,4}\)?[ -]?){2,4}(\d{2})" + _END
)


def mask(text: str) -> str:
    """The text with e-mail addresses, ID and bank cards and telephone numbers made unreadable.

    A few characters stay, so that a line can be told from another.
    """
    text = text.translate(_NARROW)
    text = _EMAIL.sub(r"\1***@\2", text)
    text = _ID_CARD.sub(lambda found: f"{found[0][:3]}***{found[0][-2:]}", text)
    text = _BANK_CARD.sub(_mask_card, text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _LANDLINE.sub(r"\1-****\2", text)
    return _ABROAD.sub(r"\1 ****\2", text)


def _mask_card(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return f"****{digits[-4:]}" if 15 <= len(digits) <= 19 and _luhn(digits) else found[0]


def _luhn(digits: str) -> bool:
    """Whether the check digit is right: a card's is, a random number's one time in ten."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(d - 9 * (d > 9) for d in doubled)) % 10 == 0


class Secrets:
    """Known secrets, struck out wherever they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Each as it is and as it would stand in a URL; longest first, one may hold another."""
        forms = {form for one in secrets if one for form in (one, quote(one, ""), quote_plus(one))}
        ordered = sorted(forms, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def strike(self, text: str) -> str:
        """The text without them."""
        return self._any.sub("***", text) if self._any else text
