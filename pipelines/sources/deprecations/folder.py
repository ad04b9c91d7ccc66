"""Deprecations in a folder of files: only changed files are read. A first visit lands them batch by batch."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipelines.contract import Page, Visit
from pipelines.http.errors import Fatal
from pipelines.markup.github_folder import Folder, list_changed_files
from pipelines.sources.deprecations.bedrock_cards import Cards
from pipelines.sources.deprecations.changes import Sighting, keep_or_hold, load_memory, make_unchanged_page
from pipelines.sources.deprecations.notice import Bodies, DeprecationFormat, make_bodies

FILES_AT_ONCE = 25
"""Files per batch of a first visit. Each batch is landed at once."""
ReadFiles = dict[str, list[Any]]
"""By file: its hash, and the keys of its notices."""


def read_folder(visit: Visit, form: DeprecationFormat) -> Iterator[Page]:
    """Yields the changes in the files; on a first visit, one page per batch."""
    folder = _open_folder(visit, form)
    read: ReadFiles = dict(visit.cursor.get("files") or {})
    files = folder.list_files(None if visit.cursor.get("held") else visit.cursor.get("etag"), form.endings)
    if files is None:
        yield make_unchanged_page(visit, visit.cursor)
        return
    is_first = not visit.cursor.get("etag")
    gone = [name for name in read if name not in files]
    memory = load_memory(visit)
    batches = _split_batches(
        list(list_changed_files(files, {name: value[0] for name, value in read.items()})), is_first
    )
    for number, batch in enumerate(batches, 1):
        is_last = number == len(batches)
        hashes = {name: files[name] for name in batch}
        bodies, after, skipped = _read_batch(visit, form, folder, hashes, read)
        lost = gone if is_last else []
        touched = [name for name in (*batch, *lost) if after.get(name) != read.get(name) or name in lost]
        scope = tuple(key for name in touched for key in read.get(name, ["", []])[1] if key in memory)
        read = {name: value for name, value in after.items() if name not in lost}
        conditions = {"files": read, "etag": folder.etag if is_last else None}
        for page in keep_or_hold(visit, Sighting(bodies, memory, scope, conditions, is_first)):
            yield replace(page, skipped=skipped)
            memory = dict(page.cursor.get("memory") or {})


def _open_folder(visit: Visit, form: DeprecationFormat) -> Folder | Cards:
    if form.cards:
        return Cards(visit.channel.base_url, visit.http, form.cards)
    return Folder(visit.channel.base_url, visit.http, visit.tokens.get("GITHUB_TOKEN"))


def _split_batches(names: list[str], is_first: bool) -> list[list[str]]:
    """Splits the files of a first visit into batches; at least one, even without files."""
    # Later visits are one batch: a burst can only be judged from all changes together.
    size = FILES_AT_ONCE if is_first else max(len(names), 1)
    return [names[start : start + size] for start in range(0, len(names), size)] or [[]]


def _read_batch(
    visit: Visit, form: DeprecationFormat, folder: Folder | Cards, hashes: Mapping[str, str], read: ReadFiles
) -> tuple[Bodies, ReadFiles, tuple[str, ...]]:
    """Reads files, given by name and hash: their notices, the files read so far, and messages for skipped files."""
    bodies: Bodies = {}
    after, skipped = dict(read), []
    for name, hash_ in hashes.items():
        try:
            notices = form.read_file(folder.read(hash_), name) if form.read_file else []
        except Fatal as refusal:
            skipped.append(str(refusal))
            continue
        own = make_bodies(notices, folder.make_page_url(name))
        bodies |= own
        after[name] = [hash_, sorted(own)]
    if hashes and len(skipped) == len(hashes) and not read:
        raise Fatal(f"{skipped[0]}; none of {len(hashes)} files could be read")
    return bodies, after, tuple(skipped)
