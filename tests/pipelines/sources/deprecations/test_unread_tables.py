"""Tables about ends that nobody reads are named with their headings, and tables about other things are not."""

import pytest

from pipelines.markup.page_blocks import read_markdown_blocks
from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.page_reader import note_unread_tables
from warehouse.notes import Note, NoteKind

PAGE = """
## Audio

| {} |
| --- | --- |
| speaker-2 | May 1, 2027 |
"""


@pytest.mark.parametrize(
    ("headings", "is_told"),
    [
        ("Model | Shutdown date", False),
        ("Deprecated model | Retirement date", False),
        ("Speech engine | Shutdown date", True),
        ("Model | Day of removal from training", True),
        ("Speech engine | Turn-off day", True),
        ("Model | Price", False),
        ("Region | Data centre", False),
    ],
)
def test_a_table_about_ends_under_unknown_headings_is_told_with_them(headings: str, is_told: bool) -> None:
    """The ends in it are missing, while the rest of the page is read and looks whole."""
    notes = note_unread_tables(read_markdown_blocks(PAGE.format(headings)), DeprecationFormat())

    wanted = Note(NoteKind.TABLE_PASSED_OVER, "Audio", tuple(headings.split(" | ")))
    assert notes == ((wanted,) if is_told else ())
