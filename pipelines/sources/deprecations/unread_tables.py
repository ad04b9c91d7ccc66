"""Finds the tables of a page that speak of ends and are not read, with their headings, for the warnings of a visit."""

from collections.abc import Iterable

from pipelines.http.errors import Fatal
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.page_reader import is_read, locate_tables
from pipelines.sources.deprecations.tables import speaks_of_ends
from pipelines.text.values import clean_line
from warehouse.notes import Note, NoteKind

LONGEST = 80
"""Maximum length of a heading in a note."""


def note_unread_tables(blocks: Iterable[PageBlock], form: DeprecationFormat) -> tuple[Note, ...]:
    """Notes each table with a heading about ends that the reader passes over, under the section that it stands in."""
    notes = []
    for block, context in locate_tables(list(blocks), form):
        if block.kind != "table" or not speaks_of_ends(block):
            continue
        try:
            if is_read(block, context, form):
                continue
        except Fatal:
            # The visit names it, too, as a table that it skipped.
            pass
        headings = tuple(clean_line(title, LONGEST) for title in block.header)
        notes.append(Note(NoteKind.TABLE_PASSED_OVER, clean_line(context.section, LONGEST) or "(no heading)", headings))
    return tuple(notes)
