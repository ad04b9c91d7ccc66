"""Following a published snapshot: what is fetched is what was published, and the last good one stays."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.snapshots.following import CHECK_SECONDS, Follower, open_published, refresh_followed
from tests.faults.disk import Disk
from tests.faults.injection import Ended, meet_fault
from tests.worlds.published_sets import (
    HOST,
    NOW,
    WebFolder,
    build_small,
    read_figures,
    settings_of,
    write_set,
)
from warehouse.database import WarehouseError
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.followed import KEEP, followed_folder, label_source, read_followed, read_shown
from warehouse.sharing.manifest import MOST_MANIFEST_BYTES, NAME, SnapshotRefused

STEPS = (
    "pipelines.snapshots.following:inspect_snapshot", "pipelines.snapshots.following:keep_followed",
    "warehouse.sharing.followed:write_file", "warehouse.durable:replace_file", "warehouse.durable:sync",
)  # fmt: skip
"""Of a fetch, in their order."""
pytestmark = pytest.mark.slow


def test_what_is_followed_is_what_was_published_and_says_whose_it_is(
    tmp_path: Path, small: Path, settings: Settings
) -> None:
    """Equal figures, labelled with publisher, source and age."""
    write_set(tmp_path / "set", small, publisher="Jane's Lab", data_as_of=NOW - timedelta(hours=4))
    snapshot = open_published(settings, str(tmp_path / "set"))

    assert read_figures(snapshot)[0]["value"] == 1.0
    assert snapshot.origin is not None
    assert (snapshot.origin.publisher, snapshot.origin.source) == ("Jane's Lab", str(tmp_path / "set"))
    assert (snapshot.published_at, snapshot.is_sample) == (NOW, False)
    assert snapshot.origin.data_as_of == NOW - timedelta(hours=4)
    followed = settings.model_copy(update={"snapshot": str(tmp_path / "set" / NAME)})
    assert read_shown(followed) == snapshot
    assert read_shown(settings) is None


def test_a_source_is_asked_again_only_after_a_while_and_only_for_its_manifest(
    web: WebFolder, small: Path, settings: Settings
) -> None:
    """Many readers of one file must cost its publisher next to nothing."""
    manifest = write_set(web.folder, small)
    open_published(settings, web.address)
    open_published(settings, f"{web.address}/{NAME}")
    assert web.requests == [f"/{NAME}", f"/{manifest.file}"]

    later = settings.model_copy(update={"now": NOW + timedelta(seconds=CHECK_SECONDS)})
    open_published(later, web.address)
    assert web.requests == [f"/{NAME}", f"/{manifest.file}", f"/{NAME}"]


@pytest.mark.parametrize("place", [0, 5000, -1])
def test_a_tampered_file_is_refused(tmp_path: Path, small: Path, settings: Settings, place: int) -> None:
    manifest = write_set(tmp_path / "set", small)
    content = bytearray((tmp_path / "set" / manifest.file).read_bytes())
    content[place] ^= 1
    (tmp_path / "set" / manifest.file).write_bytes(content)

    with pytest.raises(SnapshotRefused, match=r"is not what was published: its digest is [0-9a-f]{16}….*nothing of it"):
        open_published(settings, str(tmp_path / "set"))
    assert list(followed_folder(settings.home, str(tmp_path / "set")).glob("*.duckdb")) == []
    assert list(followed_folder(settings.home, str(tmp_path / "set")).glob("*.part")) == []


def test_a_file_that_is_cut_off_is_refused(web: WebFolder, small: Path, settings: Settings) -> None:
    manifest = write_set(web.folder, small)
    web.lengths[f"/{manifest.file}"] = 10_000
    with pytest.raises(WarehouseError, match="the answer is cut off"):
        open_published(settings, web.address)

    (web.folder / manifest.file).write_bytes(small.read_bytes()[:-1])
    web.lengths.clear()
    with pytest.raises(WarehouseError, match=rf"is cut off: {manifest.size - 1:,} of {manifest.size:,} bytes arrived"):
        open_published(settings, web.address)


def test_a_file_that_is_longer_than_its_manifest_says_is_stopped_at_once(
    web: WebFolder, small: Path, settings: Settings
) -> None:
    """No publisher can fill a follower's disk."""
    manifest = write_set(web.folder, small)
    with (web.folder / manifest.file).open("ab") as file:
        file.truncate(manifest.size + 200 * 1024**2)

    with pytest.raises(SnapshotRefused, match=r"larger than its manifest says"):
        open_published(settings, web.address)
    assert read_followed(settings.home, web.address) is None


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"file": "../../etc/passwd"}, "file: String should match pattern"),
    ({"file": "heartbeat-0000000000000000.duckdb"}, "must be named heartbeat-"),
    ({"size": 5 * 1024**4}, "size: Input should be less than or equal to"),
    ({"size": "12"}, "size: Input should be a valid integer"),
    ({"sha256": "x" * 64}, "sha256: String should match pattern"),
    ({"publisher": "a\nb"}, "publisher: String should match pattern"),
    ({"publisher": "a\u009b2J"}, "publisher: String should match pattern"),
    ({"publisher": "a\u202eb"}, "publisher: String should match pattern"),
    ({"publisher": ""}, "publisher: String should have at least 1"),
    ({"published_at": "2026-11-24T16:00:00"}, "published_at: .*timezone"),
    ({"format": 2}, "format: .*a newer Heartbeat may have written it: update yours"),
    ({"extra": 1}, "extra: Extra inputs are not permitted"),
    ({"\x1b]0;owned\x1b\\\u202e": 1}, r"\]0;owned.: Extra inputs are not permitted"),
    ({"licence": "a b"}, "licence: String should match pattern"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=[str(changes)[:40] for changes, _ in WRONG])
def test_a_wrong_manifest_is_refused_by_field(
    tmp_path: Path, small: Path, settings: Settings, changes: dict[str, Any], message: str
) -> None:
    """Strangers write it; a name that leads elsewhere is never followed."""
    write_set(tmp_path / "set", small)
    path = tmp_path / "set" / NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    with pytest.raises(SnapshotRefused, match=message) as caught:
        open_published(settings, str(tmp_path / "set"))
    assert str(tmp_path / "set") in str(caught.value) and str(caught.value).isprintable()


def test_a_manifest_without_end_is_not_read_to_its_end(web: WebFolder, settings: Settings) -> None:
    (web.folder / NAME).write_bytes(b" " * (MOST_MANIFEST_BYTES + 1))
    with pytest.raises(SnapshotRefused, match="larger than 65,536 bytes"):
        open_published(settings, web.address)


HOSTILE = {
    "view": "create view staging.evil as select 1",
    "view in place of a table": "drop table staging.families; create view staging.families as select 1 as family_id",
    "macro": "create macro staging.evil(x) as x + 1",
    "table macro": "create macro main.duckdb_columns() as table select 1 as x",
    "type": "create type staging.mood as enum ('a')",
    "sequence": "create sequence staging.evil",
    "index": "create index evil on staging.families (family_id)",
    "default": "create table staging.evil (x integer default (random() * 10))",
    "generated column": "create table staging.evil (x integer, y integer generated always as (x + 1) virtual)",
    "another schema": "create schema other; create table other.x as select 1 as x",
    "table in main": "create table main.x as select 1 as x",
    "two statements": "update meta.metrics set items_sql = 'select 1) as a; drop table x; select * from (select 1'",
    "no query": "update meta.metrics set items_sql = 'this is none'",
    "a path for a metric": "update meta.metrics set name = 'wait_hours where 1=1 --/../../../settings'",
    "a path for a family": "update staging.families set family_id = '../../../settings'",
    "no label": "delete from meta.snapshot",
    "another label": "update meta.snapshot set is_sample = true",
    "a table missing": "drop table staging.collections",
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_holds_more_than_tables_is_refused(
    tmp_path: Path, small: Path, settings: Settings, statement: str
) -> None:
    """Its digest is right, since the publisher makes that, too."""
    evil = shutil.copyfile(small, tmp_path / "evil.duckdb")
    with duckdb.connect(str(evil)) as connection:
        connection.execute(statement)
    write_set(tmp_path / "set", evil)

    with pytest.raises(SnapshotRefused, match="the published file"):
        open_published(settings, str(tmp_path / "set"))
    assert read_followed(settings.home, str(tmp_path / "set")) is None


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "note").write_bytes(b"hello" * 1000)
    write_set(tmp_path / "set", tmp_path / "note")
    with pytest.raises(SnapshotRefused, match="the published file cannot be opened"):
        open_published(settings, str(tmp_path / "set"))


def test_when_the_source_is_gone_the_last_one_stays_and_says_so(
    web: WebFolder, small: Path, settings: Settings
) -> None:
    """Nothing is blank because a stranger's server is down; when it answers again, the trouble is over."""
    write_set(web.folder, small)
    first = open_published(settings, web.address)
    (web.folder / NAME).rename(web.folder / "away")

    def look(hours: int) -> Any:
        later = settings.model_copy(update={"now": NOW + timedelta(hours=hours)})
        return open_published(later, web.address)

    second, third = look(1), look(2)
    assert second.path == first.path and read_figures(second) == read_figures(first)
    assert second.origin.trouble == f"{web.address}/{NAME}: 404: it is not there"
    assert (second.origin.troubled_at, third.origin.troubled_at) == (NOW + timedelta(hours=1),) * 2
    assert second == replace(third)

    (web.folder / "away").rename(web.folder / NAME)
    assert look(3) == first


def test_a_kept_file_that_was_damaged_is_fetched_anew_and_never_shown(
    web: WebFolder, small: Path, settings: Settings
) -> None:
    """It was opened for good, as a file of its name was there: every page failed, and nothing made it good."""
    write_set(web.folder, small)
    path = open_published(settings, web.address).path
    for damage in (b"", path.read_bytes()[:-1], path.read_bytes()[:9_000] + b"?" + path.read_bytes()[9_001:]):
        path.write_bytes(damage)
        assert read_followed(settings.home, web.address) is None
        assert read_figures(open_published(settings, web.address))[0]["value"] == 1.0


@pytest.mark.parametrize("keeps_names", [True, False])
def test_a_power_cut_at_any_step_of_a_fetch_leaves_the_last_one_or_the_new_one(
    tmp_path: Path, small: Path, settings: Settings, keeps_names: bool
) -> None:
    """Never half of either; the next look has the new one."""
    source = str(tmp_path / "set")
    write_set(tmp_path / "set", small)
    open_published(settings, source)
    write_set(tmp_path / "set", build_small(tmp_path / "publisher", [2.0]).path, version=2)
    for count, step in enumerate(STEPS):
        home = tmp_path / f"home-{count}"
        shutil.copytree(settings.home, home)
        disk = Disk(home)

        def cut(disk: Disk = disk, left: Path = tmp_path / f"left-{count}") -> None:
            disk.leave(left, keeps_names)
            raise Ended

        with disk.watch(), meet_fault(step, 1, cut), pytest.raises(Ended):
            refresh_followed(settings_of(home, HEARTBEAT_NOW=NOW + timedelta(hours=1)), source)
        ours = settings_of(tmp_path / f"left-{count}", HEARTBEAT_NOW=NOW + timedelta(hours=2))
        kept = read_followed(ours.home, source)
        assert kept is not None and read_figures(kept.snapshot)[0]["value"] == kept.manifest.version
        assert read_figures(open_published(ours, source))[0]["value"] == 2.0


def test_a_newer_one_is_fetched_and_old_files_are_removed(
    tmp_path: Path, small: Path, web: WebFolder, settings: Settings
) -> None:
    """A page that is open keeps its file until it has the next one."""
    write_set(web.folder, small)
    open_published(settings, web.address)
    for version in (2, 3, 4):
        path = build_small(tmp_path / "publisher", [version]).path
        write_set(web.folder, path, version=version)
        newest = refresh_followed(settings, web.address).snapshot
        assert read_figures(newest)[0]["value"] == version

    assert len(list(followed_folder(settings.home, web.address).glob("*.duckdb"))) == KEEP


def test_a_redirect_leads_anywhere_public_and_nowhere_private(
    tmp_path: Path, small: Path, web: WebFolder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release's files lie at another host; the machine's own network is none of the publisher's business."""
    manifest = write_set(web.folder / "real", small)
    port = web.address.rpartition(":")[2]
    for name in (NAME, manifest.file):
        web.redirects[f"/{name}"] = f"{web.address}/real/{name}"
    assert read_figures(open_published(settings, web.address))

    for target, message in {
        f"https://localhost:{port}/x": "localhost resolves to .*, which is not on the public internet",
        f"https://{HOST}:{int(port) % 65535 + 1}/x": "a private host is not open to redirects from elsewhere",
        "https://169.254.169.254/latest/meta-data": "is not on the public internet",
        f"http://{HOST}.nip.io/x": "only https is allowed",
        "file:///etc/passwd": "only https is allowed|UnsupportedProtocol",
        f"{web.address}/{NAME}": "more than 5 redirects",
    }.items():
        web.redirects[f"/{NAME}"] = target
        own = settings_of(tmp_path / "other", HEARTBEAT_ALLOW_PRIVATE_HOSTS=HOST)
        with pytest.raises(WarehouseError, match=message):
            open_published(own, web.address)


@pytest.mark.parametrize(
    "source",
    [
        "https://me:secret@h.example/x",
        "https://h.example/x?sig=secret",
        "ftp://h.example/x",
        "hf://models/a/b",
        "hf://datasets/a",
        "a.duckdb",
    ],
)
def test_a_word_that_names_no_source_is_refused_without_its_secret(settings: Settings, source: str) -> None:
    """It may already be in a shell's history; it need not be in a log, too."""
    with pytest.raises((SettingsError, WarehouseError)) as caught:
        open_published(settings, source)
    assert "secret" not in str(caught.value)


def test_the_name_of_a_source_holds_no_credentials_and_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    """It is shown on pages and passed to the dashboard."""
    assert label_source("s3://key:secret@bucket/a/heartbeat.json?region=eu-west-1") == "s3://bucket/a?region=eu-west-1"
    assert label_source("https://h.example/a/") == label_source("https://h.example/a/heartbeat.json")
    assert label_source(f"{tmp_path}/{NAME}") == label_source(str(tmp_path)) == str(tmp_path)


def test_the_follower_says_once_what_changed_and_lives_on(tmp_path: Path, small: Path, settings: Settings) -> None:
    """A line a quarter of an hour would bury what matters."""
    source = str(tmp_path / "set")
    write_set(tmp_path / "set", small)
    open_published(settings, source)
    said: list[str] = []
    follower = Follower(settings, source, said.append)
    follower.check()
    assert said == []

    write_set(tmp_path / "set", build_small(tmp_path / "publisher", [2.0]).path, version=2, publisher="Jane")
    follower.check()
    (tmp_path / "set" / NAME).rename(tmp_path / "away")
    follower.check()
    follower.check()
    (tmp_path / "away").rename(tmp_path / "set" / NAME)
    follower.check()

    assert [line.partition(" by ")[0] for line in said] == [
        "now showing version 2",
        f"{source}: there is no {NAME}; still showing version 2",
        f"{source} answers again",
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("update staging.collections set as_of_at = 'infinity'", r"staging.collections.as_of_at holds times outside"),
        ("update staging.collections set as_of_at = '200000-01-01'", r"staging.collections.as_of_at holds times outs"),
        ("alter table metrics.wait_hours alter value type varchar", r"metrics.wait_hours.value has the type VARCHAR"),
        ("alter table staging.collections alter as_of_at type varchar", r"as_of_at has the type VARCHAR"),
    ],
)
def test_a_column_that_code_cannot_read_is_refused(
    tmp_path: Path, small: Path, settings: Settings, change: str, fault: str
) -> None:
    """Each was accepted, and `status` and `receipt` ended in a traceback."""
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes(small.read_bytes())
    with duckdb.connect(str(changed)) as connection:
        connection.execute(change)
    write_set(tmp_path / "set", changed)
    with pytest.raises(SnapshotRefused, match=rf"heartbeat-.*{fault}.*ask Somebody to build and publish again"):
        open_published(settings, str(tmp_path / "set"))
