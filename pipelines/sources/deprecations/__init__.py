"""Deprecations: what each vendor says of the end of its models, and how its word changes over time."""

from collections.abc import Iterator

from pipelines.contract import Page, Stream, Visit
from pipelines.formats import find_format
from pipelines.sources.deprecations import formats
from pipelines.sources.deprecations.document import read_document
from pipelines.sources.deprecations.folder import read_folder

FORMATS = formats.FORMATS
STREAMS = {"notices": Stream(order="whole", resumable=True, also=("notice_events",))}


def notices(visit: Visit) -> Iterator[Page]:
    """Yields the notices that are new or say something else than at the last visit, and what happened to each.

    A page that has not changed costs one request. A burst of new and vanished rows is held back until the same is seen
    a day later.
    """
    form = find_format(FORMATS, visit.channel)
    yield from read_folder(visit, form) if form.read_file else read_document(visit, form)
