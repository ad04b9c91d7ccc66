"""Reads the items of an answer one by one, so that an item in an unknown shape never costs its neighbours."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from pipelines.http.errors import Fatal
from pipelines.http.swarms import MOST_ITEMS
from pipelines.text.values import clean_line

Item = TypeVar("Item")
Value = TypeVar("Value")
SHAPE_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a value of another type or size raises."""
_QUOTED = re.compile(r"(['\"]).*\1", re.DOTALL)


def describe_shape_error(error: Exception) -> str:
    """Describes what reading a value of another shape raised, without any text of the answer."""
    if isinstance(error, KeyError):
        return f"lacks {error}"
    # Python quotes the value that it refuses.
    reason = _QUOTED.sub("…", str(error)) if isinstance(error, ValueError) else ""
    return clean_line(reason, 120) or type(error).__name__


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Reads items of one answer, and names those that it skips."""

    where: str
    """The answer's address, for messages."""
    skipped: list[str] = field(default_factory=list)
    """A description of each item skipped."""

    def read_each(self, items: Iterable[Item], read: Callable[[Item], Value | None]) -> list[Value]:
        """Reads each item, and leaves out those for which `read` returns None. Raises Fatal if none can be read,
        or if there are more than any answer has."""
        values: list[Value] = []
        refusals: list[str] = []
        count = 0
        for count, item in enumerate(items, 1):
            if count > MOST_ITEMS:
                raise Fatal(f"{self.where}: more than {MOST_ITEMS:,} items; no answer of this kind has so many")
            try:
                value = read(item)
            except Fatal as refusal:
                refusals.append(f"item {count} of {self.where} ({refusal})")
            except SHAPE_ERRORS as error:
                refusals.append(f"item {count} of {self.where} (another shape: {describe_shape_error(error)})")
            else:
                values += [] if value is None else [value]
        if refusals and len(refusals) == count:
            raise Fatal(f"{self.where}: none of its {count} items could be read, so nothing is counted: {refusals[0]}")
        self.skipped.extend(refusals)
        return values
