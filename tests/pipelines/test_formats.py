"""One mechanism for the formats of three sources: found by walking, declared by one object, refused by the nearest
name."""

import sys
from pathlib import Path

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.formats import discover_formats, find_format
from pipelines.http.errors import Fatal
from pipelines.sources import changelog, deprecations
from pipelines.sources.changelog.releases import ChangelogFormat
from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.status.pages import StatusFormat

DECLARED = {"changelog": ChangelogFormat, "deprecations": DeprecationFormat, "status": StatusFormat}


@pytest.mark.parametrize("source", DECLARED)
def test_a_format_is_one_file_and_one_object(source: str) -> None:
    """Whoever adds a form looks into one folder, whatever the source."""
    formats = sources.load_source(source).FORMATS
    folder = Path(sources.load_source(source).formats.__file__).parent

    assert sorted(formats) == sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert {type(declared) for declared in formats.values()} == {DECLARED[source]}


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
    for name, form in changelog.FORMATS.items():
        readers = [form.read_markdown or form.read_html, form.read_entry, form.read_file]
        assert sum(reader is not None for reader in readers) == 1, name
        assert bool(form.endings) == bool(form.read_file), name


def test_every_folder_of_deprecations_says_which_files_are_read() -> None:
    """Without endings every file of the repository would be read as a model."""
    for name, form in deprecations.FORMATS.items():
        assert bool(form.endings) == bool(form.read_file), name


def test_a_file_without_a_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forgotten FORMAT must not be a form that silently does not exist."""
    (tmp_path / "toy_formats").mkdir()
    (tmp_path / "toy_formats" / "__init__.py").touch()
    (tmp_path / "toy_formats" / "half.py").write_text("FORM = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(TypeError, match=r"toy_formats\.half: declare a FORMAT that is a ChangelogFormat"):
        discover_formats("toy_formats", ChangelogFormat)
    for name in ("toy_formats", "toy_formats.half"):
        sys.modules.pop(name)
