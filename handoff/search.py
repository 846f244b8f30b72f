"""Finding conversations by what was said in them: contact's name, summary, or the text of a line.

A word of two Chinese characters is as good as any: the text is looked for as it stands.
"""

from gateway.store import Value

ESCAPE = "!"
WORDS = 8  # the rest of a longer question is left out


def matching(text: str) -> tuple[str, list[Value]]:
    """A condition on `conversations c` and `contacts k`: every word of `text` occurs in it."""
    parts: list[str] = []
    values: list[Value] = []
    for word in text.lower().split()[:WORDS]:
        parts.append(
            "(LOWER(k.name) LIKE ? ESCAPE '!' OR LOWER(c.summary) LIKE ? ESCAPE '!' OR EXISTS"
            " (SELECT 1 FROM messages m WHERE m.conversation = c.id"
            " AND LOWER(m.text) LIKE ? ESCAPE '!'))"
        )
        values += [_pattern(word)] * 3
    return " AND ".join(parts), values


def _pattern(word: str) -> str:
    for special in (ESCAPE, "%", "_"):
        word = word.replace(special, ESCAPE + special)
    return f"%{word}%"
