"""Cleans rows before they are landed, so that no value of an upstream can break a build: bounds numbers, instants and
texts in every field.

A value that no field may hold becomes empty, that is, unknown, and a note of the visit names its field. Texts lose the
characters that nobody can see, and what goes beyond the limit of length.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipelines.contract import Row
from pipelines.text.values import clean_line, parse_instant, remove_unseen
from warehouse.notes import Note, NoteKind, merge_notes

LARGEST = 2**53
"""Largest size of a number; the warehouse sets aside rows with larger ones."""
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LONGEST_TEXT = 10_000
LONGEST_KEY = 500
MOST_ITEMS = 1_000
"""Maximum number of items of a list or an object."""
DEEPEST = 5
"""Maximum depth of lists and objects within each other."""
EXCERPT = 40
OF_INSTANTS = ("_at", "_on")
"""Ends of the names of fields that hold instants and days."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False)
LandedRow = tuple[str, str, datetime | None, str]
"""Stream, key, source time and body as JSON, as the landing zone's writer takes it."""


@dataclass(slots=True)
class Cleaner:
    """Cleans the rows of one visit and notes what it excluded."""

    notes: list[Note] = field(default_factory=list)

    def clean_rows(self, rows: Iterable[Row], stream: str) -> Iterator[LandedRow]:
        """Yields rows in the form in which they are landed; `stream` is that of rows without their own."""
        for row in rows:
            text = _ENCODER.encode(self._clean_fields(row.body))
            changed = self._clean_instant("source_time", row.source_time)
            is_plain = row.key.isprintable() and len(row.key) <= LONGEST_KEY
            yield row.stream or stream, row.key if is_plain else clean_line(row.key, LONGEST_KEY), changed, text

    def take_notes(self) -> list[Note]:
        """Returns the notes made since the last call."""
        notes, self.notes = self.notes, []
        return notes

    def _clean_fields(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return {str(name): self._clean_value(str(name), value, 1) for name, value in body.items()}

    def _clean_value(self, name: str, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._clean_text(name, value)
        if isinstance(value, (int, float)):
            is_fit = abs(value) <= LARGEST
            return value if is_fit else self._leave_out(name, value)
        if depth > DEEPEST or not isinstance(value, (Mapping, list, tuple)):
            return self._leave_out(name, type(value).__name__)
        if len(value) > MOST_ITEMS:
            self._leave_out(name, f"{len(value)} items")
        if isinstance(value, Mapping):
            items = list(value.items())[:MOST_ITEMS]
            return {remove_unseen(str(key)): self._clean_value(name, item, depth + 1) for key, item in items}
        return [self._clean_value(name, item, depth + 1) for item in value[:MOST_ITEMS]]

    def _clean_text(self, name: str, value: str) -> str | None:
        if name.endswith(OF_INSTANTS):
            return value if self._clean_instant(name, value) is not None else None
        # Nearly every text is short and printable, and needs no search.
        return value if len(value) <= LONGEST_TEXT and value.isprintable() else remove_unseen(value[:LONGEST_TEXT])

    def _clean_instant(self, name: str, value: object) -> datetime | None:
        instant = parse_instant(value)
        if value is None or (instant is not None and EARLIEST <= instant < LATEST):
            return instant
        self._leave_out(name, value)
        return None

    def _leave_out(self, name: str, value: object) -> None:
        # Python refuses to write out an integer of thousands of digits.
        is_endless = isinstance(value, int) and value.bit_length() > 200
        excerpt = "a number of hundreds of digits" if is_endless else clean_line(value, EXCERPT)
        self.notes = merge_notes([*self.notes, Note(NoteKind.VALUE_LEFT_OUT, clean_line(name, EXCERPT), (excerpt,))])
