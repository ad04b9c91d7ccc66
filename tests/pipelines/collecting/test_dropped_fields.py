"""Upstreams that drop a field on the wire: from the answer to the alert and its end, for two kinds of sources."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import steps
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting.run import collect_plan
from tests.upstream import NOW, Upstream, faults
from tests.upstream.messages import Response
from tests.worlds.warehouse_rows import build_conformed
from warehouse.database import open_warehouse
from warehouse.landing import open_zone
from warehouse.load import load_new_files, replace_catalog
from warehouse.settings import Settings

pytestmark = pytest.mark.slow

HUB = Channel(
    source="huggingface", target="acme", role="hub", family="acme",
    models=tuple(f"acme/Kit-{number}B" for number in range(1, 41)),
    things=("models",),
)  # fmt: skip
TRACKER = Channel(source="github", target="acme/kit", role="sdk", family="acme", things=("issues",))


STAGING = ("github__issues", "github__comments", "huggingface__models")
KINDS = ("field emptied", "field filled anew", "volume fallen")


def _drop(content: Any, name: str) -> Any:
    """Takes a field out of everything in an answer."""
    if isinstance(content, dict):
        return {key: _drop(value, name) for key, value in content.items() if key != name}
    return [_drop(value, name) for value in content] if isinstance(content, list) else content


def _without(name: str) -> faults.Fault:
    """The true answer without a field."""
    return lambda request, real: _edit(real(), name)


def _edit(response: Response, name: str) -> Response:
    return response.but(body=json.dumps(_drop(json.loads(response.body), name)).encode()) if response.body else response


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([HUB, TRACKER], seed=5, threads=900, now=NOW) as upstream:
        yield upstream


class _Home:
    """A home that visits both sources once a week."""

    def __init__(self, up: Upstream, folder: Path) -> None:
        self.up = up
        self._values: dict[str, Any] = {
            "HEARTBEAT_HOME": folder / "home", "HEARTBEAT_CATALOG": up.catalog(folder / "catalog"),
            "HEARTBEAT_CATALOG_ONLY": True, "HF_TOKEN": "", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
            "GITHUB_TOKEN": "ghp_canary",
        }  # fmt: skip

    def collect(self, visits: int) -> None:
        """Visits so many times, a week apart."""
        for _ in range(visits):
            self.up.world.advance(hours=24 * 7)
            self.up.forgive()
            settings = self._open()
            plan = planning.make_plan(settings, planning.open_catalog(settings), self.up.world.now - timedelta(days=30))
            collect_plan(plan, settings)

    def _open(self) -> Settings:
        return Settings(**self._values, HEARTBEAT_NOW=self.up.world.now, _env_file=None)

    def judge(self) -> list[tuple[str, ...]]:
        """Loads and builds, and returns the fields that are named."""
        settings = self._open()
        with open_warehouse(settings.home) as connection:
            replace_catalog(connection, steps.make_catalog_rows(planning.open_catalog(settings)))
            load_new_files(connection, open_zone(settings.landing_url), settings.clock())
            build_conformed(connection, *STAGING, "warnings", "channels")
            rows = connection.sql("from staging.warnings left join staging.channels using (channel_id)")
            warnings = [row for row in rows.to_arrow_table().to_pylist() if row["warning_kind"] in KINDS]
        warnings.sort(key=lambda row: (row["source"], row["thing"], row["about"]))
        return [(row["source"], row["thing"], row["about"], *row["seen_names"][:2]) for row in warnings]


def test_a_field_that_two_upstreams_drop_is_named(up: Upstream, tmp_path: Path) -> None:
    """No visit fails: all rows come, complete and fresh, and each says less than it used to."""
    home = _Home(up, tmp_path)
    home.collect(10)
    assert home.judge() == []
    rules = [up.fail("hub", "/api/models", _without("downloadsAllTime"))]
    rules += [up.fail("github", "/graphql", _without("authorAssociation"))]
    home.collect(1)
    assert home.judge() == []
    home.collect(1)
    found = home.judge()
    home.collect(1)
    assert home.judge() == found
    for rule in rules:
        rule.stop()
    home.collect(1)

    assert home.judge() == []
    assert found[-1] == ("huggingface", "models", "downloads_all_time", "100 %", "0 %")
    assert ("github", "issues", "association", "100 %", "0 %") in found
    assert {row[0] for row in found} == {"github", "huggingface"}
