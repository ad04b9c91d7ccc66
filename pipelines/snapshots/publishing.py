"""`heartbeat publish --to`: makes the public copy of a snapshot with its data card and puts it to a place."""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pipelines
from pipelines import sources
from pipelines.commands import sample
from pipelines.http.errors import SourceError
from pipelines.snapshots import card
from pipelines.snapshots.places import StorePlace, open_target
from pipelines.snapshots.web import WebSource
from warehouse.database import WarehouseError
from warehouse.durable import explain_storage_faults
from warehouse.ends.evidence import write_evidence
from warehouse.freshness import format_instant
from warehouse.news import feed
from warehouse.news.items import load_news
from warehouse.notices import make_evidence
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.followed import label_source
from warehouse.sharing.manifest import (
    MOST_MANIFEST_BYTES,
    NAME,
    PublishedManifest,
    SnapshotRefused,
    name_file,
    parse_manifest,
    render_manifest,
)
from warehouse.sharing.public_copy import LEFT_OUT, read_data_as_of, write_public_copy
from warehouse.snapshot import SAMPLE, Snapshot, read_current

EARLIEST = datetime.min.replace(tzinfo=UTC)
LONGEST_CADENCE = timedelta(days=7)
"""Longest time between two visits of a channel in the catalog."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The content of a public copy, and the name under which it is published."""

    target: str
    publisher: str
    licence: str
    is_sample: bool


def publish_set(settings: Settings, publication: Publication) -> PublishedManifest | None:
    """Publishes the current snapshot to a place. Returns None if that place holds it already.

    Raises SettingsError or WarehouseError.
    """
    if not publication.publisher.strip():
        raise SettingsError("say whose snapshot it is: --as NAME, or HEARTBEAT_PUBLISHER")
    target = open_target(settings, publication.target)
    snapshot = _choose_snapshot(settings, publication.is_sample)
    former = read_published_manifest(target, label_source(publication.target))
    if former and _is_same(former, snapshot, publication):
        return None
    _refuse_wrong_clock(snapshot)
    _refuse_newer(former, snapshot, publication, settings.clock())
    with tempfile.TemporaryDirectory(prefix="heartbeat-") as folder:
        with explain_storage_faults("make a public copy", Path(folder)):
            files, manifest = _write_set(Path(folder), snapshot, publication)
        try:
            # Anyone who has just read the former manifest still finds its file.
            target.put_set(files, frozenset({manifest.file} | ({former.file} if former else set())))
        except SourceError as error:
            raise WarehouseError(str(error)) from None
    return manifest


def _refuse_wrong_clock(snapshot: Snapshot) -> None:
    """Raises WarehouseError if a snapshot was published later after its data than any source is visited."""
    data_as_of = read_data_as_of(snapshot)
    if data_as_of and not snapshot.is_sample and snapshot.published_at - data_as_of > LONGEST_CADENCE:
        raise WarehouseError(
            f"this snapshot was published on {format_instant(snapshot.published_at)} with data as of"
            f" {format_instant(data_as_of)}: if the clock of this machine is wrong, correct it and run"
            " `heartbeat publish`; else run `heartbeat collect`, `build` and `publish` first"
        )


def _refuse_newer(
    former: PublishedManifest | None, snapshot: Snapshot, publication: Publication, now: datetime
) -> None:
    """Raises WarehouseError if the target has newer data than the snapshot, or is of a later publish of the same."""
    if former is None or former.is_sample != snapshot.is_sample:
        return
    theirs, own = former.data_as_of or EARLIEST, read_data_as_of(snapshot) or EARLIEST
    # A clock that was wrong once must not block the place until that date.
    is_newer = own < theirs <= now
    is_later = theirs == own and snapshot.published_at < former.published_at <= now
    if is_newer or is_later:
        raise WarehouseError(
            f"{label_source(publication.target)}: holds a newer snapshot, which stays: that of {former.publisher} has"
            f" data as of {format_instant(former.data_as_of)}, this one as of"
            f" {format_instant(read_data_as_of(snapshot))};"
            f" collect, build and publish here first, or delete {NAME} there to go back to this one"
        )


def _choose_snapshot(settings: Settings, is_sample: bool) -> Snapshot:
    if is_sample and read_current(settings.home / SAMPLE) is None:
        sample.open_sample(settings)
    snapshot = read_current(settings.home / SAMPLE if is_sample else settings.home)
    if snapshot is None:
        raise WarehouseError(
            f"{settings.home}: nothing is published yet; run `heartbeat collect` and `heartbeat build`"
        )
    if snapshot.is_sample and not is_sample:
        raise WarehouseError(
            f"{settings.home} holds only the sample world, which is simulated; to publish it as such, add --sample"
        )
    return snapshot


def read_published_manifest(target: WebSource | StorePlace, name: str) -> PublishedManifest | None:
    """Reads the manifest that is there now; None if there is none, or none that can be read."""
    content = bytearray()
    try:
        target.fetch(NAME, lambda piece: content.extend(piece[: MOST_MANIFEST_BYTES + 1 - len(content)]))
        return parse_manifest(bytes(content), name)
    except (SourceError, SnapshotRefused):
        # Writing says what is wrong with the place; a first publication finds nothing.
        return None


def _is_same(former: PublishedManifest, snapshot: Snapshot, publication: Publication) -> bool:
    asked = (snapshot.version, snapshot.build, snapshot.published_at, publication.publisher, publication.licence)
    there = (former.version, former.build, former.published_at, former.publisher, former.licence)
    return asked == there and former.code_version == pipelines.VERSION and former.left_out == LEFT_OUT


def _write_set(folder: Path, snapshot: Snapshot, publication: Publication) -> tuple[list[Path], PublishedManifest]:
    """Writes all files of the set into a folder; returns them in the order in which they are put, the manifest last:
    a set that has it is whole."""
    staging_path = folder / "copy.duckdb"
    write_public_copy(snapshot, staging_path, _list_consent_sources())
    digest = hash_file(staging_path)
    path = staging_path.rename(folder / name_file(digest))
    manifest = PublishedManifest(
        file=path.name, size=path.stat().st_size, sha256=digest, version=snapshot.version, build=snapshot.build,
        published_at=snapshot.published_at, data_as_of=read_data_as_of(snapshot), is_sample=snapshot.is_sample,
        publisher=publication.publisher, licence=publication.licence, left_out=LEFT_OUT,
        code_version=pipelines.VERSION,
    )  # fmt: skip
    evidence = write_evidence(make_evidence(snapshot), folder)
    others = [*evidence, *_write_feed(folder, snapshot), *card.write_card(folder, path, manifest)]
    (folder / NAME).write_bytes(render_manifest(manifest))
    return [path, *others, folder / NAME], manifest


def _write_feed(folder: Path, snapshot: Snapshot) -> list[Path]:
    """Writes the feed of the news of the set; a sample world has none."""
    items = None if snapshot.is_sample else load_news(snapshot)
    if items is None:
        return []
    path = folder / feed.NAME
    path.write_text(feed.render_feed(snapshot, items), encoding="utf-8")
    return [path]


def _list_consent_sources() -> list[str]:
    return [name for name in sources.list_sources() if getattr(sources.load_source(name), "TERMS", "")]


def hash_file(path: Path) -> str:
    """Returns a file's SHA-256 digest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
