"""Following a published snapshot: fetches it, checks it, keeps the last good one, and looks for a newer one."""

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.http.connections import limit_time
from pipelines.http.errors import Retriable, SourceError
from pipelines.snapshots.places import StorePlace, open_source
from pipelines.snapshots.web import WebSource
from pipelines.text.values import remove_unseen
from warehouse.database import WarehouseError
from warehouse.inspection import inspect_snapshot
from warehouse.lock import Locked, hold_lock
from warehouse.settings import Settings
from warehouse.sharing.followed import (
    Followed,
    followed_folder,
    is_whole,
    keep_followed,
    kept_path,
    label_source,
    note_trouble,
    read_followed,
    remove_spills,
)
from warehouse.sharing.manifest import (
    MOST_MANIFEST_BYTES,
    NAME,
    PublishedManifest,
    SnapshotRefused,
    parse_manifest,
)
from warehouse.snapshot import Snapshot

CHECK_SECONDS = 900.0
"""Time between two looks at a source; each is one small request while nothing changed."""
JITTER = 0.2
"""Share by which that time varies, so that readers who started together do not ask together."""
MANIFEST_SECONDS = 20.0
"""Longest that the manifest may take, which is small; its file has half an hour."""
LOCK_SECONDS = {False: 600.0, True: 1.0}
"""How long to wait for another process that is fetching, by whether something is kept."""


def open_published(settings: Settings, source: str) -> Snapshot:
    """Opens a published snapshot: the source's newest, or the one kept if the source gives nothing usable.

    A source that was asked in the last quarter of an hour is not asked again, whatever it answered, nor one that
    another process is asking. Raises WarehouseError if there is neither, SettingsError if the word names no source.
    """
    kept = read_followed(settings.home, source)
    age = (settings.clock() - kept.checked_at).total_seconds() if kept else CHECK_SECONDS
    if kept and 0 <= age < CHECK_SECONDS:
        return kept.snapshot
    try:
        return refresh_followed(settings, source, LOCK_SECONDS[bool(kept)]).snapshot
    except Locked:
        if kept is None:
            raise
        return kept.snapshot


def follow_published(settings: Settings, source: str, say: Callable[[str], None]) -> Snapshot:
    """Opens a published snapshot, and looks for newer ones until the process ends. Raises as `open_published` does."""
    snapshot = open_published(settings, source)
    Follower(settings, source, lambda line: say(remove_unseen(line))).start()
    return snapshot


def refresh_followed(settings: Settings, source: str, lock_seconds: float = LOCK_SECONDS[False]) -> Followed:
    """Asks the source and fetches what is new. If that fails, the last good snapshot stays, with the reason.

    Raises WarehouseError if nothing is kept, Locked if another process is fetching for longer than `lock_seconds`.
    """
    place = open_source(settings, source)
    folder = followed_folder(settings.home, source)
    with hold_lock(folder, "fetching a published snapshot", wait_seconds=lock_seconds, name="fetch"):
        remove_spills(settings.home, source)
        try:
            manifest = _fetch(place, label_source(source), folder)
            return keep_followed(settings.home, source, manifest, settings.clock())
        except (SourceError, SnapshotRefused, OSError) as error:
            followed = note_trouble(settings.home, source, str(error), settings.clock())
            if followed is None:
                kind = SnapshotRefused if isinstance(error, SnapshotRefused) else WarehouseError
                raise kind(f"{label_source(source)}: {error}; nothing of it is kept here yet") from None
            return followed


def _fetch(place: WebSource | StorePlace, label: str, folder: Path) -> PublishedManifest:
    """Fetches the manifest, and its file unless that is kept already; returns the manifest once both are good."""
    content = bytearray()

    def keep(piece: bytes) -> None:
        content.extend(piece)
        if len(content) > MOST_MANIFEST_BYTES:
            raise SnapshotRefused(f"{label}: {NAME} is larger than {MOST_MANIFEST_BYTES:,} bytes")

    with limit_time(MANIFEST_SECONDS):
        place.fetch(NAME, keep)
    manifest = parse_manifest(bytes(content), label)
    target = kept_path(folder, manifest)
    if not is_whole(target, manifest):
        _fetch_file(place, manifest, target)
    return manifest


def _fetch_file(place: WebSource | StorePlace, manifest: PublishedManifest, target: Path) -> None:
    """Fetches the file of a manifest, and keeps it if it is what the manifest says and a snapshot.

    Raises Retriable if some of it is missing, SnapshotRefused if it is another file.
    """
    for stale in target.parent.glob("*.part"):  # of a process that was killed: the lock is ours
        stale.unlink()
    staging_path = target.with_suffix(".part")
    size, digest = 0, hashlib.sha256()
    try:
        with staging_path.open("wb") as sink:

            def keep(piece: bytes) -> None:
                nonlocal size
                size += len(piece)
                if size > manifest.size:
                    raise SnapshotRefused(f"{manifest.file} is larger than its manifest says ({manifest.size:,} bytes)")
                digest.update(piece)
                sink.write(piece)

            place.fetch(manifest.file, keep)
            sink.flush()
            os.fsync(sink.fileno())
        if size < manifest.size:
            raise Retriable(f"{manifest.file} is cut off: {size:,} of {manifest.size:,} bytes arrived")
        if digest.hexdigest() != manifest.sha256:
            raise SnapshotRefused(
                f"{manifest.file} is not what was published: its digest is {digest.hexdigest()[:16]}…,"
                f" and its manifest says {manifest.sha256[:16]}…"
            )
        inspect_snapshot(staging_path, manifest)
        staging_path.replace(target)
    finally:
        staging_path.unlink(missing_ok=True)


class Follower:
    """Looks for a newer snapshot in the background; pages that are open pick it up by themselves."""

    def __init__(self, settings: Settings, source: str, say: Callable[[str], None]) -> None:
        self._settings, self._source, self._say = settings, source, say
        self._shown = read_followed(settings.home, source)
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Starts looking; a look under way ends with the process."""
        self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(CHECK_SECONDS * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 (no secret depends on it)
            self.check()

    def check(self) -> None:
        """Looks once, and says what changed."""
        try:
            followed = refresh_followed(self._settings, self._source)
        except Exception as error:  # the thread must live on: the next look may succeed
            self._say(f"{label_source(self._source)}: {error}")
            return
        before, self._shown = self._shown, followed
        if before is None or followed.manifest.sha256 != before.manifest.sha256:
            self._say(f"now showing {describe_followed(followed)}")
        elif followed.trouble != before.trouble:
            self._say(
                f"{followed.trouble}; still showing {describe_followed(followed)}"
                if followed.trouble
                else f"{followed.source} answers again"
            )


def describe_followed(followed: Followed) -> str:
    """Says whose a followed snapshot is and how old, in one line."""
    manifest = followed.manifest
    data = f", data as of {manifest.data_as_of:%Y-%m-%d %H:%M} UTC" if manifest.data_as_of else ""
    sample = " (sample world: simulated, not measured)" if manifest.is_sample else ""
    return (
        f"version {manifest.version} by {manifest.publisher}, published {manifest.published_at:%Y-%m-%d %H:%M} UTC"
        f"{data}{sample}"
    )
