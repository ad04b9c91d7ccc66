"""The load, build and publish of a new version of the code: what the last one said is logged before newer rows come."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from analytics.engine.models import ROOT, Model, read_models
from pipelines import sources, steps
from pipelines.collecting.run import Plan, collect_plan
from tests.faults.toy import CHANNELS, START, Toy, make_catalog
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts
from warehouse.database import open_warehouse
from warehouse.settings import Settings

METRIC = "metrics/adoption/package_downloads.sql"


@pytest.fixture
def toy() -> Iterator[Toy]:
    """A package of which thirty days are known, ten downloads on each."""
    upstream = Toy()
    for day in range(30):
        upstream.change("one", day, 10)
    with mock.patch.object(sources, "load_source", return_value=upstream.as_source()):
        yield upstream


def _collect(home: Path, number: int) -> Settings:
    settings = Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_NOW=START + timedelta(days=number), _env_file=None,
        HEARTBEAT_PEOPLE_KEY="a key of thirty-two bytes for tests",
    )  # fmt: skip
    collect_plan(Plan(CHANNELS, START, 100), settings)
    return settings


def _select_models(root: Path = ROOT) -> list[Model]:
    """The one metric, and what it rests on."""
    models, wanted = read_models(root), {"metrics.package_downloads"}
    for model in reversed(models):
        wanted |= model.needs if model.table in wanted else set()
    return [model for model in models if model.table in wanted]


def _refresh(settings: Settings, models: list[Model]) -> list[str]:
    with mock.patch.object(steps, "read_models", return_value=models):
        return steps.refresh_warehouse(settings, make_catalog(), publishes=False).report.built


def _ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
        return rows


def test_what_a_former_version_said_is_logged_though_a_visit_comes_before_the_first_build(
    toy: Toy, tmp_path: Path
) -> None:
    """`heartbeat up` and the schedule collect first; the figures before and after still rest on the same rows."""
    _refresh(_collect(tmp_path, 0), _select_models())
    changed = shutil.copytree(ROOT, tmp_path / "analytics")
    text = (changed / METRIC).read_text(encoding="utf-8")
    (changed / METRIC).write_text(text.replace("then sum(d.downloads_count)", "then 2 * sum(d.downloads_count)"))
    toy.change("one", 29, 40)
    settings = _collect(tmp_path, 1)
    built = _refresh(settings, _select_models(changed))

    where = "family_id = 'one' and segment = 'all' and statistic = 'rolling_30d'"
    said = _ask(tmp_path, f"select old_value, new_value, as_of_at from ledger.restatements where {where}")
    assert said == [(300.0, 600.0, START.replace(tzinfo=None))]
    assert _ask(tmp_path, f"select value from metrics.package_downloads where {where}") == [(660.0,)]
    assert built.count("metrics.package_downloads") == 1
    builds = [one.beginning.about for one in read_attempts(tmp_path, AttemptKind.BUILD)]
    assert sorted(builds) == ["", "", "what was loaded before, by definitions that changed"]


def test_definitions_that_did_not_change_are_built_once(toy: Toy, tmp_path: Path) -> None:
    """What a visit brings is no restatement, and costs no second build."""
    for number in range(2):
        _refresh(_collect(tmp_path, number), _select_models())
        toy.change("one", 29, 40)

    assert _ask(tmp_path, "from ledger.restatements") == []
    assert len(read_attempts(tmp_path, AttemptKind.BUILD)) == 2
