"""`heartbeat forget` in a whole world: a planted person and a planted link vanish from every byte that is left."""

import json
import shutil
from pathlib import Path

import pytest

from tests.pipelines.commands.conftest import Run
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.pipelines.commands.forgetting.planted_person import LOGIN, plant_person
from tests.upstream.emulator import Upstream
from warehouse.database import open_warehouse
from warehouse.landing import list_landed, open_zone, read_landed
from warehouse.snapshot import read_current

KEY = b"the same for all runs"


@pytest.fixture
def planted(world: Upstream, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Somebody in the world, and a thread of somebody else; gives all that tells them."""
    return plant_person(world, monkeypatch, KEY)


def digest_tables(home: Path) -> dict[str, object]:
    """Digests the rows of all tables that a build makes."""
    with open_warehouse(home) as connection:
        tables = connection.sql(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('staging', 'metrics')"
        ).fetchall()
        return {
            table: connection.sql(f"select count(*), sum(hash(t)) from (select * from {table}) as t").fetchall()
            for (table,) in tables
        }


@pytest.mark.slow
def test_a_person_and_a_link_vanish_from_every_byte_and_do_not_come_back(
    home: Path, heartbeat: Run, planted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the whole home, raw and unpacked. Another build changes nothing, and another collect brings nothing back."""
    monkeypatch.setattr("warehouse.publish.MANY", 1)
    link, marks = planted["link"], make_marks(**planted)
    for step in ("collect", "build", "publish"):
        assert heartbeat(step)[0] == 0
    holders = set[str]().union(*find_marks(marks, home / "published").values())
    assert any(name.startswith("rows-") for name in holders)
    (home / "attempts" / "00000099-collect-00000000.jsonl").write_text(
        json.dumps({"event": "ended", "error": f"@{LOGIN} at https://{link} broke it"}) + "\n"
    )
    assert find_marks(marks, home).keys() == marks.keys()

    ask = ("forget", f"github:{LOGIN}", f"http://www.{link.upper()}/")
    code, said = heartbeat(*ask)

    assert code == 0 and "nothing of it is left" in said, said
    assert find_marks(marks, home) == {}
    assert len(list((home / "published").glob("snapshot-*"))) == 1 and read_current(home) is not None
    tables = digest_tables(home)
    assert heartbeat("build", "--full")[0] == 0 and digest_tables(home) == tables

    # The whole world once more, by another machine that knows the list only.
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path / "again"))
    shutil.copytree(home / "landing" / ".forgotten", tmp_path / "again" / "landing" / ".forgotten")
    assert heartbeat("collect")[0] == 0
    zone = open_zone(str(tmp_path / "again" / "landing"))
    assert sum(read_landed(zone, path)[1].num_rows for path in list_landed(zone)) > 100
    assert heartbeat("build")[0] == 0
    assert find_marks(marks, tmp_path / "again" / "landing") == {}
