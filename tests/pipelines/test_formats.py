"""The forms of changelogs and deprecations: declared in a table."""

from pipelines.sources.changelog.formats import FORMATS as CHANGELOGS
from pipelines.sources.deprecations.formats import FORMATS as DEPRECATIONS


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
