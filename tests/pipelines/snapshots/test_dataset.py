"""The data set to archive and cite: the same bytes for the same data, described for people and programs."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.snapshots.dataset import Citation, export_dataset
from tests.worlds.published_sets import NOW, PERSON, build_small
from warehouse.database import open_warehouse
from warehouse.export import ExportError
from warehouse.publish import publish_snapshot

CITATION = Citation('Jane\'s Lab: "A"\n- b', "CC-BY-4.0")


def _read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_data_give_the_same_bytes_whenever_and_wherever_they_are_published(tmp_path: Path) -> None:
    """Neither the home, nor the day of publishing, nor the number of the build is in any file."""
    export_dataset(build_small(tmp_path / "here", (1.0, 2.0)), tmp_path / "first", CITATION)
    build_small(tmp_path / "there", (3.0,))
    later = build_small(tmp_path / "there", (2.0, 1.0), now=NOW + timedelta(days=9))
    export_dataset(later, tmp_path / "second", CITATION)
    other = build_small(tmp_path / "other", (1.0, 2.5))
    export_dataset(other, tmp_path / "third", CITATION)

    assert _read(tmp_path / "first") == _read(tmp_path / "second")
    assert _read(tmp_path / "first")["figures.parquet"] != _read(tmp_path / "third")["figures.parquet"]


def test_every_file_and_column_is_described_with_its_digest(tmp_path: Path) -> None:
    """Programs read Croissant and the citation, people the card; hostile names stay text in each."""
    paths = export_dataset(build_small(tmp_path / "home", is_sample=True), tmp_path / "set", CITATION)
    files = _read(tmp_path / "set")
    assert sorted(path.name for path in paths) == sorted(files)

    lines = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
    listed = {name: digest for digest, name in lines}
    assert listed == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"
    }
    croissant = json.loads(files["croissant.json"])
    assert {entry["name"]: entry["sha256"] for entry in croissant["distribution"]} == {
        name: digest for name, digest in listed.items() if name.endswith(".parquet")
    }
    for records in croissant["recordSet"]:
        table = pq.read_table(tmp_path / "set" / f"{records['name']}.parquet")
        assert [entry["name"] for entry in records["field"]] == table.column_names
    figures = pq.read_table(tmp_path / "set" / "figures.parquet").to_pylist()
    assert [(row["metric"], row["value"], row["is_sample"]) for row in figures] == [("wait_hours", 1.0, True)]

    citation = yaml.safe_load(files["CITATION.cff"])
    assert citation["authors"] == [{"name": CITATION.publisher}] and citation["type"] == "dataset"
    assert citation["date-released"] == "2026-11-24"
    digest = hashlib.sha256(files["claims.json"]).hexdigest()
    assert digest in citation["abstract"] and digest in files["README.md"].decode()
    card = files["README.md"].decode()
    assert "**Sample data.**" in card and '| Jane\'s Lab: "A" - b |' in card
    assert not any(PERSON.encode() in content for content in files.values())


def test_a_data_set_needs_an_author_and_data(tmp_path: Path) -> None:
    """Nobody can cite what nobody made, or what holds nothing."""
    snapshot = build_small(tmp_path / "home")
    with pytest.raises(ExportError, match="say whose data set it is: --as NAME, or HEARTBEAT_PUBLISHER"):
        export_dataset(snapshot, tmp_path / "set", Citation(" ", "CC-BY-4.0"))
    with open_warehouse(tmp_path / "home") as connection:
        connection.execute("delete from staging.collections")
        connection.execute("update ledger.settings set value = '9' where name = 'build'")
        empty = publish_snapshot(connection, tmp_path / "home", NOW, "0.1.0")
    assert empty is not None
    with pytest.raises(ExportError, match="nothing was collected yet"):
        export_dataset(empty, tmp_path / "set", CITATION)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["dataset", "--family", "qwen"], "a dataset is always whole"),
        (["dataset", "--format", "csv"], "a dataset is always whole"),
        (["wait_hours", "--as", "Jane"], "only `export dataset` has an author"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(words: list[str], message: str) -> None:
    """Whoever gives it expects something of it."""
    result = CliRunner().invoke(app, ["export", *words])
    assert result.exit_code == 2 and message in " ".join(result.output.replace("│", " ").split())
