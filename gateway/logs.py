"""Log lines: for people at a terminal, JSON for machines, and in neither a secret or a number.

Everything that is printed goes through one formatter, which masks the finished text: arguments,
tracebacks and other libraries' lines too.
"""

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from gateway.clock import isoformat
from gateway.masking import Secrets, mask

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_COLOURS = {"WARNING": "\x1b[33m", "ERROR": "\x1b[31m", "CRITICAL": "\x1b[31;1m"}
_PLAIN = "\x1b[0m"
# What a customer wrote can neither begin a line of its own nor steer the terminal.
_VISIBLE = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160))}


def configure(stream: TextIO, secrets: Iterable[str], *, verbose: bool = False) -> None:
    """Send all logs of this process to `stream`, in the form that suits it."""
    output = logging.StreamHandler(stream)
    kind = Terminal if stream.isatty() else Json
    output.setFormatter(kind(Secrets(secrets)))
    logging.basicConfig(
        handlers=[output], level=logging.DEBUG if verbose else logging.INFO, force=True
    )
    logging.captureWarnings(True)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    # Our own lines say that the store is away, without a traceback each time.
    logging.getLogger("asyncpg").setLevel(logging.ERROR)


class _Masked(logging.Formatter):
    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def _clean(self, text: str) -> str:
        return mask(self._secrets.strike(text))

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        """What was passed as `extra`."""
        found = {key: value for key, value in vars(record).items() if key not in _ORDINARY}
        return {key: self._value(value) for key, value in found.items()}

    def _value(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._clean(str(value))

    def _trace(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        stack = self.formatStack(record.stack_info) if record.stack_info else ""
        return self._clean("\n".join(filter(None, (trace, stack))))


class Json(_Masked):
    """One JSON object a line: `at`, `level`, `logger`, `text`, the extras, and `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as JSON."""
        line = {
            "at": isoformat(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": self._clean(record.getMessage()),
            **self._facts(record),
        }
        if trace := self._trace(record):
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False)


class Terminal(_Masked):
    """`12:30:01 gateway.worker  text key=value`, in colour where it is not good news."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record for a reader, at their own time."""
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        facts = "".join(f" {key}={value}" for key, value in self._facts(record).items())
        text = f"{self._clean(record.getMessage())}{facts}".translate(_VISIBLE)
        line = f"{at} {record.name}  {text}"
        if colour := _COLOURS.get(record.levelname):
            line = f"{colour}{line}{_PLAIN}"
        return "\n".join(filter(None, (line, self._trace(record))))
