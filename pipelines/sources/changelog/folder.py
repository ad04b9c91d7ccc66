"""A changelog in a folder with one file per entry: only new and changed files are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.github_folder import Folder, list_changed_files
from pipelines.sources.changelog.releases import ChangelogFormat, make_release_row

FILES_AT_ONCE = 25
"""Files per batch. Each batch is landed at once, so that an interrupted visit loses little."""


@dataclass(slots=True)
class _ReadFiles:
    """The files read in this visit and before."""

    hashes: dict[str, str]
    """Each file's hash when it was read, by name."""
    skipped: list[str] = field(default_factory=list)
    """Messages for the files of the newest batch that could not be read."""

    def to_cursor(self) -> dict[str, Any]:
        return {"files": dict(self.hashes)}


def read_folder(visit: Visit, form: ChangelogFormat) -> Iterator[Page]:
    """Yields the entries in new and changed files, one page per batch."""
    folder = Folder(visit.channel.base_url, visit.http, visit.tokens.get("GITHUB_TOKEN"))
    files = folder.list_files(visit.cursor.get("etag"), form.endings)
    if files is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    read = _ReadFiles(dict(visit.cursor.get("files") or {}))
    unread = list(list_changed_files(files, read.hashes))
    has_news = False
    for start in range(0, len(unread), FILES_AT_ONCE):
        batch = {name: files[name] for name in unread[start : start + FILES_AT_ONCE]}
        rows = _read_batch(visit, form, folder, batch, read)
        has_news = has_news or bool(rows)
        waiting = max(0, len(unread) - start - FILES_AT_ONCE)
        yield Page(rows, read.to_cursor(), expected=len(unread), waiting=waiting, skipped=tuple(read.skipped))
    if unread and not read.hashes:
        failure = f"none of its {len(unread)} files is an entry; the changelog has changed shape"
        raise Fatal(f"{redact_url(visit.channel.base_url)}: {failure}")
    read.hashes = {name: hash_ for name, hash_ in read.hashes.items() if name in files}
    # A skipped file is read again only when the folder changes: until then its content stays the same.
    cursor = {**read.to_cursor(), "etag": folder.etag}
    yield Page([], cursor, waiting=0, is_unchanged=not has_news)


def _read_batch(
    visit: Visit, form: ChangelogFormat, folder: Folder, batch: dict[str, str], read: _ReadFiles
) -> list[Row]:
    """Reads the files of a batch, given by name and hash, and records them in `read`."""
    rows: list[Row] = []
    read.skipped = []
    for name, hash_ in batch.items():
        try:
            release = form.read_file(name, folder.read(hash_)) if form.read_file else None
        except Fatal as refusal:
            read.skipped.append(str(refusal))
            continue
        if release:
            rows.append(make_release_row(release, folder.make_page_url(name)))
        read.hashes[name] = hash_
    return rows
