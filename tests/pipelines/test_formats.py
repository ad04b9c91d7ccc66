"""The forms of three sources: declared in a table, refused by the nearest name."""

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.formats import find_format
from pipelines.http.errors import Fatal
from pipelines.sources.changelog.formats import FORMATS as CHANGELOGS
from pipelines.sources.deprecations.formats import FORMATS as DEPRECATIONS


@pytest.mark.parametrize(
    ("source", "word", "nearest"),
    [
        ("status", "statuspages", "statuspage"),
        ("changelog", "markdwon", "markdown"),
        ("deprecations", "opnai", "openai"),
    ],
)
def test_an_unknown_format_is_refused_by_the_nearest_name(source: str, word: str, nearest: str) -> None:
    """The catalog refuses it first; a channel that is made without one is refused here."""
    channel = Channel(source=source, target="x", role="status", format=word)
    with pytest.raises(Fatal, match=rf"{source} has no format '{word}' \(did you mean '{nearest}'\?\)"):
        find_format(sources.load_source(source).FORMATS, channel)


def test_every_changelog_is_a_page_a_feed_or_a_folder() -> None:
    """A format that declares two would be read as only one of them."""
    for name, form in CHANGELOGS.items():
        readers = [form.read_markdown or form.read_html, form.read_entry, form.read_file]
        assert sum(reader is not None for reader in readers) == 1, name
        assert bool(form.endings) == bool(form.read_file), name


def test_every_folder_of_deprecations_says_which_files_are_read() -> None:
    """Without endings every file of the repository would be read as a model."""
    for name, form in DEPRECATIONS.items():
        assert bool(form.endings) == bool(form.read_file), name
