"""Deprecations: each vendor's notices of the end of its models, and how they change over time."""

from collections.abc import Iterator

from pipelines.contract import Page, Stream, Visit
from pipelines.markup import github_folder
from pipelines.sources.deprecations.document import read_document
from pipelines.sources.deprecations.folder import read_folder
from pipelines.sources.deprecations.formats import FORMATS

SISTER_HOSTS = github_folder.SISTER_HOSTS
STREAMS = {"notices": Stream(resumable=True, also=("notice_events",))}


def notices(visit: Visit) -> Iterator[Page]:
    """Yields the notices that are new or changed since the last visit, with an event for each.

    An unchanged page costs one request. A burst of new and vanished notices is held back until a visit a day later
    sees the same.
    """
    form = FORMATS[visit.channel.format]
    yield from read_folder(visit, form) if form.read_file else read_document(visit, form)
