"""What a model refused, said with the line in the file: expected this, that came, do so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from faq.files.document import Document, Problem, nearest
from gateway.config.schema import keys_at, schema_at

Path = tuple[str | int, ...]

# What was expected, by the beginning of pydantic's error type.
_EXPECTED = {
    "string_type": ("一段文字（数字等请加引号）", "text (put quotes around a number)"),
    "string_pattern_mismatch": ("符合 {pattern} 的文字", "text of the form {pattern}"),
    "string_too_short": ("至少 {min_length} 个字", "at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字", "at most {max_length} characters"),
    "string_": ("一段普通的文字", "plain text"),
    "int_": ("一个整数", "a whole number"),
    "float_": ("一个数字", "a number"),
    "finite_number": ("一个有限的数字", "a finite number"),
    "multiple_of": ("{multiple_of} 的倍数", "a multiple of {multiple_of}"),
    "decimal_": ("一个位数不太多的小数", "a decimal number with not too many digits"),
    "bool_": ("true 或 false", "true or false"),
    "greater_than_equal": ("不小于 {ge} 的数", "a number of at least {ge}"),
    "greater_than": ("大于 {gt} 的数", "a number above {gt}"),
    "less_than_equal": ("不大于 {le} 的数", "a number of at most {le}"),
    "less_than": ("小于 {lt} 的数", "a number below {lt}"),
    "tuple_type": ("一个列表", "a list"),
    "list_type": ("一个列表", "a list"),
    "set_": ("一个列表", "a list"),
    "frozen_set_type": ("一个列表", "a list"),
    "dict_type": ("一组“名字: 内容”", "`name: value` lines"),
    "model_": ("一组“名字: 内容”", "`name: value` lines"),
    "path_": ("一个路径", "a path"),
    "url_": ("一个完整的网址，如 https://shop.example", "a whole address: https://shop.example"),
    "uuid_": ("一个 UUID", "a UUID"),
    "time_delta_": ("一段时长，如 P1DT2H", "a span of time such as P1DT2H"),
    "time_": ("一个钟点，如 09:30", "a time such as 09:30"),
    "datetime_": ("日期和时间，如 2026-10-01T09:30:00Z", "an instant: 2026-10-01T09:30:00Z"),
    "date_": ("一个日期，如 2026-10-01", "a date such as 2026-10-01"),
    "ip_": ("IP 地址或网段，如 10.0.0.0/8", "an address or a network such as 10.0.0.0/8"),
}
_OTHER = ("别的内容", "something else")

# The fact that lists what may be written.
_OPTIONS = {"literal_error": "expected", "enum": "expected", "union_tag_invalid": "expected_tags"}

# What is said whole.
_WHOLE = {
    "missing": ("缺少 {last}：请补上。", "{last} is missing: add it."),
    "bilingual": ("{name}：{zh}", "{name}: {en}"),
    "too_short": (
        "{name}：至少要有 {min_length} 项。",
        "{name}: at least {min_length} must be there.",
    ),
    "too_long": ("{name}：最多 {max_length} 项。", "{name}: at most {max_length} may be there."),
    "value_error": ("{name}：值不对：{error}", "{name}: {error}"),
    "assertion_error": ("{name}：值不对：{error}", "{name}: {error}"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Explains the errors of one model, whose value stands at `at` in the file."""

    document: Document
    model: type[BaseModel]
    at: Path = ()

    def problems(self, error: ValidationError) -> Iterable[Problem]:
        """Every error as a problem with its place."""
        schema = self.model.model_json_schema()
        errors = error.errors(include_url=False, include_input=False)
        for one in errors:
            if one["type"] == "too_short" and any(
                _inside(two["loc"], one["loc"]) for two in errors
            ):
                continue  # pydantic counts only what was right
            zh, en = self._say(one["type"], one["loc"], one.get("ctx", {}), schema)
            path = _without_marks(one["loc"])
            yield self.document.problem(*self.at, *path, zh=zh, en=en)

    def _say(self, kind: str, path: Path, facts: Mapping[str, Any], schema: Any) -> tuple[str, str]:
        if kind == "extra_forbidden":
            return _unknown(str(path[-1]), keys_at(schema, path[:-1]))
        name = ".".join(str(step) for step in (*self.at, *_without_marks(path)))
        if whole := _WHOLE.get(kind):
            zh, en = (
                text.format(name=name, last=path[-1] if path else name, **facts) for text in whole
            )
            return zh, en
        came = self._came(path, schema)
        if listed := _OPTIONS.get(kind):
            return _not_an_option(name, str(facts[listed]), came)
        expected = _expected(kind, facts)
        return (
            f"{name}：要写{expected[0]}，这里是{came[0]}。",
            f"{name}: expected {expected[1]}, but {came[1]} came.",
        )

    def _came(self, path: Path, schema: Any) -> tuple[str, str]:
        if path[-1:] == ("[key]",):
            return f"“{path[-2]}”", f'"{path[-2]}"'
        node = self.document.at(*self.at, *path)
        secret = schema_at(schema, path).get("writeOnly")
        match node.content:
            case dict():
                return "一组“名字: 内容”", "a table"
            case list():
                return "一个列表", "a list"
            case bool() if secret:
                return "true 或 false", "true or false"
            case int() | float() if secret:
                return "一个数字", "a number"
            case _ if secret:
                return "不便显示的内容", "something that is kept secret"
            case _:
                source = node.source[:60]
                return (f"“{source}”", f'"{source}"') if source else ("空白", "nothing")


def _inside(path: Path, other: Path) -> bool:
    return len(path) > len(other) and path[: len(other)] == other


def _expected(kind: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    for start, (zh, en) in _EXPECTED.items():
        if kind.startswith(start):
            return zh.format(**facts), en.format(**facts)
    return _OTHER


def _unknown(key: str, known: Iterable[str]) -> tuple[str, str]:
    known = list(known)
    guess = nearest(key, known)
    zh = f"是不是想写 {guess}？" if guess else f"这里可以写：{'、'.join(known)}。"
    en = f"did you mean {guess}?" if guess else f"known here: {', '.join(known)}."
    return f"不认识“{key}”：{zh}", f'unknown key "{key}": {en}'


def _not_an_option(name: str, expected: str, came: tuple[str, str]) -> tuple[str, str]:
    options = expected.replace(" or ", ", ").replace("'", "").split(", ")
    guess = nearest(came[1].strip('"'), options)
    zh = f"是不是想写 {guess}？" if guess else f"可以写：{'、'.join(options)}。"
    en = f"did you mean {guess}?" if guess else f"expected one of {', '.join(options)}."
    return f"{name}：不认识{came[0]}，{zh}", f"{name}: {came[1]} is not known here, {en}"


def _without_marks(path: Path) -> Path:
    """Pydantic marks a refused key of a table by a step that no file has."""
    return path[:-1] if path[-1:] == ("[key]",) else path
