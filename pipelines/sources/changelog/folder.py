"""A changelog that is a folder of files, one an entry: only files that are new or changed are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.github_folder import Folder, list_changed_files, make_page_url
from pipelines.sources.changelog.releases import ChangelogFormat
from pipelines.sources.changelog.rows import release_row

FILES_AT_ONCE = 25
"""Files read before they are landed, so that a visit that is cut short keeps what it has."""


@dataclass(slots=True)
class _ReadFiles:
    """The files that were read, in this visit and before."""

    hashes: dict[str, str]
    """The hash of each file by name, as it was when it was read."""
    others: set[str]
    """Names of files that hold no entry."""
    skipped: list[str] = field(default_factory=list)
    """Files of the newest batch that could not be read, in words."""

    def to_cursor(self) -> dict[str, Any]:
        return {"files": dict(self.hashes), "others": sorted(self.others)}


def read_folder(visit: Visit, form: ChangelogFormat) -> Iterator[Page]:
    """Yields the entries whose files are new or changed, a batch a page."""
    folder = Folder(visit.channel.base_url, visit.http, visit.tokens.get("GITHUB_TOKEN"))
    files = folder.list_files(visit.cursor.get("etag"), form.endings)
    if files is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    read = _ReadFiles(
        dict(visit.cursor.get("files") or {}),
        {str(name) for name in visit.cursor.get("others") or () if name in files},
    )
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
    # A file that was passed over is read again when the folder changes: before that it would be the same file.
    cursor = {**read.to_cursor(), "etag": folder.etag}
    yield Page([], cursor, total=len(files) - len(read.others), waiting=0, is_unchanged=not has_news)


def _read_batch(
    visit: Visit, form: ChangelogFormat, folder: Folder, batch: dict[str, str], read: _ReadFiles
) -> list[Row]:
    """Reads the files of a batch, by name and hash, and notes in `read` what they were."""
    rows: list[Row] = []
    read.skipped = []
    for name, hash_ in batch.items():
        try:
            release = form.read_file(name, folder.read(hash_)) if form.read_file else None
        except Fatal as refusal:
            read.skipped.append(str(refusal))
            continue
        if release:
            rows.append(release_row(release, make_page_url(visit.channel.base_url, name)))
        read.others = read.others - {name} if release else read.others | {name}
        read.hashes[name] = hash_
    return rows
