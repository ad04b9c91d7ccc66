"""Publishing a snapshot for everybody: what is put there, what is excluded, and in which order."""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from pipelines.snapshots.following import open_published, refresh_followed
from pipelines.snapshots.publishing import Publication, hash_file, publish_set
from tests.upstream.ready import NOW as SAMPLE_NOW
from tests.upstream.sites.hub_datasets import Datasets
from tests.worlds.published_sets import (
    NOW,
    PERSON,
    build_small,
    current,
    fill_small,
    hub_server,
    read_figures,
    s3_server,
    settings_of,
)
from warehouse.database import WarehouseError, open_snapshot, open_warehouse
from warehouse.ends import evidence
from warehouse.export import public_metrics
from warehouse.publish import publish_snapshot
from warehouse.receipts.receipt import WITHOUT_ITEMS, make_receipt
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.manifest import NAME, parse_manifest
from warehouse.sharing.public_copy import LEFT_OUT, PERSON_TABLES
from warehouse.snapshot import SAMPLE, Snapshot, query

pytestmark = pytest.mark.slow


def _publish(settings: Settings, target: str, **changes: Any) -> Any:
    values: dict[str, Any] = {"publisher": "Jane's Lab", "licence": "CC-BY-4.0", "is_sample": False} | changes
    return publish_set(settings, Publication(target, **values))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a publisher with a small snapshot, the rows of whose tables lie beside it."""
    monkeypatch.setattr("warehouse.publish.LARGE", 1)
    build_small(tmp_path / "publisher")
    return settings_of(tmp_path / "publisher", HF_TOKEN="hf_canary")


@pytest.fixture
def copy(tmp_path: Path, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The public copy of the small snapshot."""
    manifest = _publish(settings, str(tmp_path / "set"))
    with open_snapshot(tmp_path / "set" / manifest.file) as connection:
        yield connection


def test_a_set_describes_itself_and_is_followed_as_it_was_published(tmp_path: Path, settings: Settings) -> None:
    """Eight files and the snapshot, each found by what the manifest and the metadata say."""
    manifest = _publish(settings, str(tmp_path / "set"))
    folder = tmp_path / "set"

    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [
            "CITATION.cff",
            "README.md",
            "figures.parquet",
            "news.atom",
            evidence.NAME,
            evidence.SCHEMA,
            evidence.DIGEST,
            NAME,
            manifest.file,
        ]
    )
    assert parse_manifest((folder / NAME).read_bytes(), "") == manifest
    assert (hash_file(folder / manifest.file), (folder / manifest.file).stat().st_size) == (
        manifest.sha256, manifest.size,
    )  # fmt: skip
    followed = open_published(settings_of(tmp_path / "looker"), str(folder))
    assert read_figures(followed) == read_figures(current(settings.home))
    assert followed.origin is not None and followed.origin.publisher == "Jane's Lab"


def test_a_public_copy_has_no_pseudonym_of_the_installation_and_no_table_of_single_people(
    copy: duckdb.DuckDBPyConnection,
) -> None:
    """Anyone who has the installation's key, or another copy, must not find the same people here."""
    assert _find_pseudonyms(copy, {PERSON}) == []
    tables = {f"{schema}.{table}" for schema, table in copy.execute(
        "select schema_name, table_name from duckdb_tables()").fetchall()}  # fmt: skip
    assert tables & PERSON_TABLES == set()
    (thread,), (change,) = (
        copy.execute(f"select actor_id from {table}").fetchall()[0] for table in ("staging.threads", "staging.changes")
    )
    assert re.fullmatch(r"[0-9a-f]{16}", thread) and thread == change


def test_a_public_copy_has_no_row_of_a_single_person(copy: duckdb.DuckDBPyConnection) -> None:
    """A person's first day and return, to the microsecond, are found again among the threads of one account."""
    assert copy.execute("from metrics.change_waits").fetchall() == [("change", "qwen.github.a#7")]


def _find_pseudonyms(connection: duckdb.DuckDBPyConnection, known: set[str]) -> list[str]:
    """Lists columns whose texts contain one of these pseudonyms, or whose numbers are made of one."""
    columns = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where not internal and starts_with(data_type, 'VARCHAR')"
    ).fetchall()
    found = []
    for table, column in columns:
        rows = connection.execute(
            f"select distinct unnest(regexp_extract_all(\"{column}\"::varchar, '[0-9a-f]{{16}}')) from {table}"
        ).fetchall()
        found += [f"{table}.{column}"] if known & {text for (text,) in rows} else []
    numbers = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where not internal and data_type = 'UBIGINT'"
    ).fetchall()
    for table, column in numbers:
        where = f"{column} in (select hash(md5(one)) from (select unnest(?::varchar[]) as one))"
        ((count,),) = connection.execute(f"select count(*) from {table} where {where}", [sorted(known)]).fetchall()
        found += [f"{table}.{column}"] if count else []
    return found


def test_two_copies_of_one_snapshot_cannot_be_joined_by_person(tmp_path: Path, settings: Settings) -> None:
    """The key of each copy is thrown away."""
    copies = [_publish(settings, str(tmp_path / name)) for name in ("one", "two")]
    people = [
        query(Snapshot(tmp_path / name / manifest.file, 1, manifest.published_at, False),
              "select distinct actor_id from staging.threads").to_pylist()
        for name, manifest in zip(("one", "two"), copies, strict=True)
    ]  # fmt: skip
    assert people[0] != people[1]


def test_titles_behind_consent_and_messages_of_the_machine_are_left_out(copy: duckdb.DuckDBPyConnection) -> None:
    """Terms that allow reading need not allow passing on; figures and links may be."""
    titles = dict(copy.execute("select channel_id, title from staging.threads").fetchall())
    assert titles == {"qwen.github.a": "words of qwen.github.a", "qwen.reddit.b": None, "qwen.discourse.c": None}
    assert copy.execute("select count(last_error) from staging.collections").fetchone() == (0,)
    assert copy.execute("from meta.columns").fetchall() == [("value", "The figure.")]


def test_warnings_quote_no_error_and_no_value_that_was_left_out(copy: duckdb.DuckDBPyConnection) -> None:
    """An error can name the machine, and such a value may be anything; what else was seen is public already."""
    assert copy.execute("from staging.warnings order by all").fetchall() == [
        ("items skipped", "", []), ("pattern unmatched", "Chat*", ["Console"]), ("value excluded", "stars", None),
    ]  # fmt: skip


def test_titles_of_channels_that_left_the_catalog_are_left_out(copy: duckdb.DuckDBPyConnection) -> None:
    """Whether their terms allow passing on is not known any more, and rows as collected outlive their channel."""
    rows = copy.execute("select channel_id, title from staging.thread_rows where channel_id like '%github%'").fetchall()
    assert dict(rows) == {"qwen.github.a": "words of qwen.github.a", "qwen.github.gone": None}


def test_links_behind_consent_hold_no_title(copy: duckdb.DuckDBPyConnection) -> None:
    """A link of Discourse has the title in it; it leads to the same post without."""
    whole, short = "https://a.example/t/words-of-it/1/2", "https://a.example/t/1/2"
    wanted = {"qwen.github.a": whole, "qwen.reddit.b": short, "qwen.discourse.c": short}
    for columns, table in (
        ("channel_id, url", "staging.threads"),
        ("split_part(item_id, '#', 1), url", "metrics.thread_questions"),
    ):
        assert dict(copy.execute(f"select {columns} from {table}").fetchall()) == wanted, table
    fixes = dict(copy.execute("select channel_id, fix_url from staging.thread_rows").fetchall())
    assert fixes == wanted | {"qwen.github.gone": short}


def test_the_card_says_whose_it_is_and_what_is_left_out(tmp_path: Path, settings: Settings) -> None:
    """For people and for the Hub; the figures lie beside it."""
    manifest = _publish(settings, str(tmp_path / "set"), publisher="Jane <b> | [x](y)")
    readme = (tmp_path / "set" / "README.md").read_text()
    front = yaml.safe_load(readme.split("---\n")[1])
    assert front["license"] == "cc-by-4.0"
    assert yaml.safe_load((tmp_path / "set" / "CITATION.cff").read_text())["authors"] == [{"name": manifest.publisher}]
    assert front["configs"] == [{"config_name": "figures", "data_files": "figures.parquet"}]
    assert r"Jane \<b\> \| \[x\](y)" in readme and manifest.file in readme
    assert all(sentence.split(":")[0] in readme for sentence in LEFT_OUT)

    figures = pq.read_table(tmp_path / "set" / "figures.parquet")
    assert figures.column_names[0] == "metric" and figures.num_rows == 1


def test_a_licence_that_the_hub_does_not_know_is_named(tmp_path: Path, settings: Settings) -> None:
    _publish(settings, str(tmp_path / "set"), licence="CC-BY-ND-4.0")
    front = yaml.safe_load((tmp_path / "set" / "README.md").read_text().split("---\n")[1])
    assert (front["license"], front["license_name"]) == ("other", "cc-by-nd-4.0")


def test_the_same_version_is_put_once_and_the_next_keeps_its_predecessor(tmp_path: Path, settings: Settings) -> None:
    """A reader between manifest and file still finds it; who comes a version later does not need it."""
    target = str(tmp_path / "set")
    files = [_publish(settings, target).file]
    assert _publish(settings, target) is None
    for value in (2.0, 3.0):
        build_small(settings.home, [value])
        files.append(_publish(settings, target).file)

    assert sorted(path.name for path in (tmp_path / "set").glob("*.duckdb")) == sorted(files[1:])
    looker = settings_of(tmp_path / "looker")
    assert read_figures(open_published(looker, target))[0]["value"] == 3.0


def _build_collected(home: Path, data_as_of: datetime, published_at: datetime) -> Settings:
    with open_warehouse(home) as connection:
        fill_small(connection, [2.0], is_sample=False)
        connection.execute("update staging.collections set as_of_at = ?", [data_as_of.replace(tzinfo=None)])
        publish_snapshot(connection, home, published_at, "0.1.0")
    return settings_of(home)


def test_older_data_never_replace_newer(tmp_path: Path, settings: Settings) -> None:
    """As when a second installation, or a restored one, publishes to the same place."""
    newer = _build_collected(tmp_path / "newer", NOW, NOW)
    _publish(newer, str(tmp_path / "set"), publisher="Lab 1")
    with pytest.raises(WarehouseError, match=r"that of Lab 1 has data as of 24 Nov 2026 16:00 UTC, this one") as caught:
        _publish(settings, str(tmp_path / "set"))
    assert f"or delete {NAME} there" in str(caught.value)


def test_a_snapshot_published_long_after_its_data_is_not_shared(tmp_path: Path) -> None:
    wrong = _build_collected(tmp_path / "wrong", NOW, NOW + timedelta(days=8))
    with pytest.raises(WarehouseError, match="data as of 24 Nov 2026 16:00 UTC: if the clock"):
        _publish(wrong, str(tmp_path / "set"))
    assert not (tmp_path / "set").exists()


def test_a_copy_from_the_future_is_replaced_and_its_followers_return(tmp_path: Path, settings: Settings) -> None:
    """Data collected under a wrong clock closed a shared place for years."""
    target, future = str(tmp_path / "set"), NOW + timedelta(days=3650)
    _publish(_build_collected(tmp_path / "wrong", future, future), target)
    looker = settings_of(tmp_path / "looker")
    assert open_published(looker, target).published_at == future
    _publish(settings, target)
    assert refresh_followed(looker, target).snapshot.published_at == NOW


def test_the_manifest_is_written_last(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that is killed in the middle leaves the former set whole."""
    target = str(tmp_path / "set")
    _publish(settings, target)
    build_small(settings.home, [2.0])
    monkeypatch.setattr("warehouse.durable.os.replace", _fail_at(NAME))
    with pytest.raises(WarehouseError, match="cannot be written to"):
        _publish(settings, target)

    looker = settings_of(tmp_path / "looker")
    assert read_figures(open_published(looker, target))[0]["value"] == 1.0


def _fail_at(name: str) -> Any:
    replace = os.replace

    def fail(source: str, target: str) -> None:
        if str(target).endswith(name):
            raise OSError("killed")
        replace(source, target)

    return fail


def test_a_sample_world_is_published_only_as_such(tmp_path: Path) -> None:
    """Made-up numbers must never pass for measured ones, least of all elsewhere."""
    settings = settings_of(tmp_path / "publisher")
    build_small(settings.home / SAMPLE, is_sample=True)
    with pytest.raises(WarehouseError, match=r"holds only the sample world.*--sample"):
        _publish(settings, str(tmp_path / "set"))

    manifest = _publish(settings, str(tmp_path / "set"), is_sample=True)
    assert manifest.is_sample
    assert "**Sample data.** Made-up numbers" in (tmp_path / "set" / "README.md").read_text()
    snapshot = open_published(settings_of(tmp_path / "looker"), str(tmp_path / "set"))
    assert snapshot.is_sample


def test_nobody_publishes_without_a_name_or_a_snapshot_or_to_a_web_server(tmp_path: Path, settings: Settings) -> None:
    """Each says what to do."""
    with pytest.raises(SettingsError, match="--as NAME, or HEARTBEAT_PUBLISHER"):
        _publish(settings, str(tmp_path / "set"), publisher=" ")
    with pytest.raises(WarehouseError, match="nothing is published yet"):
        _publish(settings_of(tmp_path / "empty"), str(tmp_path / "set"))
    with pytest.raises(SettingsError, match="can only be read"):
        _publish(settings, "https://h.example/set")
    with pytest.raises(SettingsError, match="write credentials") as caught:
        _publish(settings, "s3://key:secret@/x")
    assert "secret" not in str(caught.value)


def test_an_s3_bucket_is_published_to_and_followed_without_keys(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only who writes needs keys; a reader without any does not look for those of a cloud machine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with s3_server("bucket") as address:
        place = "bucket/public/set"
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        with monkeypatch.context() as keys:
            keys.setenv("AWS_ACCESS_KEY_ID", "test")
            keys.setenv("AWS_SECRET_ACCESS_KEY", "test")
            first = _publish(settings, f"s3://{place}")
            build_small(settings.home, [2.0])
            second = _publish(settings, f"s3://{place}")
        assert first.file != second.file
        looker = settings_of(tmp_path / "looker")
        newest = refresh_followed(looker, f"s3://{place}")
        assert read_figures(newest.snapshot)[0]["value"] == 2.0

    gone = refresh_followed(looker, f"s3://{place}")
    assert gone.path == newest.path and "cannot be read" in gone.trouble


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Datasets]:
    """The Hub's emulator, in place of the Hub."""
    with hub_server() as (address, datasets):
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield datasets


def test_a_data_set_of_the_hub_is_published_to_in_one_commit_and_followed_without_a_token(
    tmp_path: Path, settings: Settings, hub: Datasets
) -> None:
    """The token goes if it is written to and nowhere else."""
    target = "hf://datasets/jane/heartbeat"
    looker = settings_of(tmp_path / "looker", HF_TOKEN="hf_canary")
    with pytest.raises(WarehouseError, match="401: not open to everybody"):
        open_published(looker, target)

    files = [_publish(settings, target).file]
    assert read_figures(open_published(looker, target))[0]["value"] == 1.0
    for value in (2.0, 3.0):
        build_small(settings.home, [value])
        files.append(_publish(settings, target).file)
    assert read_figures(refresh_followed(looker, target).snapshot)[0]["value"] == 3.0

    assert len(hub.commits) == 3
    assert f"lfsFile {files[0]}" in hub.commits[0] and f"file {NAME}" in hub.commits[0]
    assert f"deletedFile {files[0]}" in hub.commits[2], "who has just read the former manifest still finds its file"
    assert sorted(name for name in hub.files["jane/heartbeat"] if name.endswith(".duckdb")) == sorted(files[1:])


def test_the_hub_is_not_written_to_without_a_token(settings: Settings, hub: Datasets) -> None:
    """It says which setting is missing, before anything is uploaded."""
    without = settings.model_copy(update={"hf_token": settings_of(settings.home).hf_token})
    with pytest.raises(WarehouseError, match="set HF_TOKEN to a token that may write"):
        _publish(without, "hf://datasets/jane/heartbeat")
    with pytest.raises(WarehouseError, match="401"):
        _publish(settings_of(settings.home, HF_TOKEN="expired"), "hf://datasets/jane/heartbeat")
    assert hub.files == {}


def test_the_sample_world_goes_round_with_every_figure_and_without_a_pseudonym(
    sample_home: Path, tmp_path: Path
) -> None:
    """All metrics and tables that there are, not only those of a small world."""
    own = current(sample_home / SAMPLE)
    settings = settings_of(sample_home)
    manifest = _publish(settings, str(tmp_path / "set"), is_sample=True)
    followed = open_published(settings_of(tmp_path / "looker"), str(tmp_path / "set"))

    metrics = [metric["name"] for metric in public_metrics(own)]
    assert len(metrics) > 40
    for name in metrics:
        assert query(followed, f"from metrics.{name} order by all").equals(
            query(own, f"from metrics.{name} order by all")
        ), name
    figures = pq.read_table(tmp_path / "set" / "figures.parquet")
    assert set(figures.column("metric").to_pylist()) == set(metrics)
    people = {
        row["actor_id"]
        for table in ("staging.threads", "staging.replies", "staging.changes")
        for row in query(own, f"select distinct actor_id from {table} where actor_id is not null").to_pylist()
    }
    with open_snapshot(tmp_path / "set" / manifest.file) as connection:
        assert len(people) > 1000 and _find_pseudonyms(connection, people) == []
    words = {"family": "qwen", "kind": "tracker", "segment": "people", "statistic": "half"}
    receipt = make_receipt(followed, "contributor_absence_factor", words)
    assert [row["reason"] for row in receipt.left_out] == [WITHOUT_ITEMS]
    assert followed.published_at == SAMPLE_NOW
