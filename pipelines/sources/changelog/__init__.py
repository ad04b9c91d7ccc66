"""Changelogs: releases with their dates, from Markdown files, GitHub's release feeds, vendors' RSS and dated pages."""

from collections.abc import Iterator

from pipelines.contract import Page, Stream, Visit
from pipelines.markup import github_folder
from pipelines.sources.changelog.document import read_document
from pipelines.sources.changelog.folder import read_folder
from pipelines.sources.changelog.formats import FORMATS

SISTER_HOSTS = github_folder.SISTER_HOSTS
STREAMS = {"entries": Stream(resumable=True)}


def entries(visit: Visit) -> Iterator[Page]:
    """Yields every entry of a file, page or feed; of a folder, those whose files are new or changed."""
    form = FORMATS[visit.channel.format]
    yield from read_folder(visit, form) if form.read_file else read_document(visit, form)
