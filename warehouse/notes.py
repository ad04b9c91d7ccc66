"""Notes of a visit: what its reader skipped or excluded, without any fault of the visit itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_NOTES = 50
"""Maximum number of notes that one visit to a stream keeps."""
MOST_SEEN = 20
"""Maximum number of names that a note lists."""


class NoteKind(StrEnum):
    """What a note is about; a closed vocabulary, shared by landed files, the ledger and every page."""

    VALUE_LEFT_OUT = "value excluded"
    """Values of a field that no row may hold, such as an impossible number; they are empty in the landed rows."""
    KEY_CHANGED = "key changed"
    """A key that every item of an answer carried, and that is missing now or has a value of another type."""
    TABLE_PASSED_OVER = "table skipped"
    """A table on a page that names models or ends, under headings that the reader does not know."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a visit."""

    kind: NoteKind
    subject: str
    """The field, or the section of the page."""
    seen: tuple[str, ...] = ()
    """What is there instead: values or headings."""
    count: int = 1


def merge_notes(notes: Iterable[Note]) -> list[Note]:
    """Merges the notes about the same subject, in the order in which they were first made."""
    merged: dict[tuple[NoteKind, str], Note] = {}
    for note in notes:
        key = (note.kind, note.subject)
        if key in merged:
            seen = tuple(dict.fromkeys((*merged[key].seen, *note.seen)))[:MOST_SEEN]
            merged[key] = Note(*key, seen, merged[key].count + note.count)
        elif len(merged) < MOST_NOTES:
            merged[key] = Note(*key, note.seen[:MOST_SEEN], note.count)
    return list(merged.values())
