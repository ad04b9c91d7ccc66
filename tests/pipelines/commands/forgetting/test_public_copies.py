"""Public copies that hold what is landed no more: nobody is told that nothing is left before they are without it."""

import secrets
from pathlib import Path

import duckdb
import pytest

from tests.pipelines.commands.forgetting.conftest import NOW, Run
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.worlds.published_sets import fill_small
from warehouse.database import open_warehouse
from warehouse.forgetting.renewing import remove_other_versions
from warehouse.publish import publish_snapshot
from warehouse.settings import Settings

NAME = "deleted-zyxa"
"""Somebody who deleted all posts, so that the landed files and tables hold none."""


def _fill(connection: duckdb.DuckDBPyConnection, full: bool = True) -> None:
    fill_small(connection, [1.0], is_sample=False)
    connection.execute("delete from ledger.settings where name = 'build_id'")
    connection.execute("insert into ledger.settings values ('build_id', ?)", [secrets.token_hex(8)])


def _publish(settings: Settings, title: str) -> None:
    """Publishes a version in which all threads have a title, and removes the ones before, as a night does."""
    with open_warehouse(settings.home) as connection:
        _fill(connection)
        connection.execute("update staging.threads set title = ?", [title])
        publish_snapshot(connection, settings.home, NOW, "0.1.0")
    remove_other_versions(settings.home / "published")


def test_a_copy_that_holds_what_is_landed_no_more_is_made_anew(
    settings: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was published before a visit saw the deletion; home and landed files are without it."""
    monkeypatch.setattr("pipelines.steps.build_tables", _fill)
    marks, public = make_marks(name=NAME), Path("public")
    _publish(settings, f"As @{NAME} says")
    assert run("publish", "--to", "public", "--as", "Lab")[0] == 0
    _publish(settings, "As somebody says")
    assert find_marks(marks, public) and not find_marks(marks, settings.home / "published")
    before = find_marks(marks, public)
    code, said = run("forget", f"github:{NAME}", "--dry-run")
    assert code == 0 and "would go: 1 public copy made anew" in said, said
    assert find_marks(marks, public) == before

    code, said = run("forget", f"github:{NAME}")

    assert code == 0 and "gone: 1 public copy made anew" in said, said
    assert find_marks(marks, public, settings.home) == {} and len(list(public.glob("*.duckdb"))) == 1


def test_a_copy_that_cannot_be_reached_keeps_the_request_open(settings: Settings, run: Run) -> None:
    """Also where nothing is landed of it."""
    _publish(settings, "As somebody says")
    assert run("publish", "--to", "public", "--as", "Lab")[0] == 0
    Path("public").rename("drawer")

    code, said = run("forget", f"github:{NAME}")
    assert code == 1 and "public copy" in said and "is not there" in said, said
