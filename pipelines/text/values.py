"""Normalizes values from all sources: instants, days and plain text."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from textwrap import wrap

_MILLISECONDS = 1e11
"""Epoch from which a number counts as milliseconds; in seconds it would be the year 5138."""
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_EPOCH = re.compile(r"-?\d{9,}(\.\d+)?")
_HANG, _NARROWEST = 4, 40
"""Indent of the lines that continue one, and the least width at which lines are wrapped."""
_LONGEST_KNOWN = 40
"""Maximum number of characters of a text whose instant is remembered: each is asked for several times on its way."""


def parse_instant(value: object) -> datetime | None:
    """Parses an instant (aware, UTC) from ISO 8601, RFC 822, epoch seconds or milliseconds, or a datetime.

    Returns None for anything else. A value without an offset counts as UTC.
    """
    return _parse_known(value) if isinstance(value, str) and len(value) <= _LONGEST_KNOWN else _parse_instant(value)


def _parse_instant(value: object) -> datetime | None:
    try:
        instant = _parse_any_form(value)
        return (
            None
            if instant is None
            else (instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC))
        )
    except (ValueError, OverflowError, OSError, TypeError):
        return None


_parse_known = lru_cache(maxsize=1024)(_parse_instant)


def format_instant(value: object) -> str | None:
    """Formats an instant for rows: `YYYY-MM-DDTHH:MM:SS.ffffffZ`; None if it is not an instant."""
    instant = parse_instant(value)
    return None if instant is None else instant.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def require_instant(value: object) -> str:
    """Formats an instant for rows. Raises ValueError for anything else."""
    instant = format_instant(value)
    if instant is None:
        raise ValueError("not an instant")
    return instant


def read_number(value: object, least: int = 1, most: int = 2**53) -> int:
    """Reads a whole number. Raises ValueError for anything else, also for true and false, and beyond the bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"not a whole number from {least} to {most}")
    return value


def hide_secrets(text: str, secrets: Iterable[str]) -> str:
    """Replaces every secret in a text by an ellipsis."""
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return text


def clean_line(value: object, limit: int = 200) -> str:
    """Cleans a text to one line: without control, direction and surrogate characters, in NFC, at most `limit` long.

    An object or a list is no line: it becomes empty, so that a field which changed its type is seen to fall empty.
    """
    text = "" if value is None or isinstance(value, (dict, list)) else str(value)
    if len(text) <= limit and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _SPACES.sub(" ", _UNSEEN.sub("", text[: limit * 20])).strip()
    return unicodedata.normalize("NFC", text)[:limit].rstrip()


def remove_unseen(text: str) -> str:
    """Removes control, direction and surrogate characters, except tabs and line ends."""
    return _UNSEEN.sub("", text)


def _parse_any_form(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if abs(value) > _MILLISECONDS else value, UTC)
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    # Nearly all are ISO 8601, with a dash behind the year.
    if text[4:5] != "-" and _EPOCH.fullmatch(text):
        return _parse_any_form(float(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def wrap_line(line: str, width: int, indent: int = 0) -> list[str]:
    """Wraps a line between words; addresses stay whole, to be followed."""
    width = max(_NARROWEST, width)
    further = " " * (indent + _HANG)
    wrapped = wrap(line, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
    return wrapped if len(line) > width else [line]


def escape_markdown(text: str) -> str:
    """Escapes text of others, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text.replace("\n", " "))
