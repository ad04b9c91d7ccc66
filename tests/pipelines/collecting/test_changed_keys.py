"""An upstream that turns a flag into an object: from the answer to the line, the page and the message, told once."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import steps
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting.run import collect_plan
from pipelines.notifying.alerts import AlertState, advance
from pipelines.notifying.conditions import Evidence, judge_conditions
from tests.upstream import NOW, Upstream
from tests.upstream.faults import Real
from tests.upstream.messages import Request, Response
from tests.worlds.warehouse_rows import build_conformed
from warehouse.attempts.health import HEALTHY
from warehouse.database import open_warehouse
from warehouse.landing import open_zone
from warehouse.load import load_new_files, replace_catalog
from warehouse.settings import Settings
from warehouse.warnings import describe_warning

TRACKER = Channel(source="github", target="acme/kit", role="sdk", family="acme", things=("releases",))


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([TRACKER], seed=5, threads=20, now=NOW) as upstream:
        yield upstream


def _wrap_flag(request: Request, real: Real) -> Response:
    response = real()
    listed = json.loads(response.body)
    return response.but(
        body=json.dumps([one | {"prerelease": {"value": one["prerelease"]}} for one in listed]).encode()
    )


class _Home:
    """A home, and what is told of it."""

    def __init__(self, up: Upstream, folder: Path) -> None:
        self.up, self.state, self.messages = up, AlertState(), list[str]()
        self._values: dict[str, Any] = {
            "HEARTBEAT_HOME": folder / "home", "HEARTBEAT_CATALOG": up.catalog(folder / "catalog"),
            "HEARTBEAT_CATALOG_ONLY": True, "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "GITHUB_TOKEN": "ghp_canary",
        }  # fmt: skip

    def visit(self) -> tuple[str, list[dict[str, Any]], list[Any]]:
        """Visits a day later; gives the visit's state, its warnings and what the releases say of themselves."""
        self.up.world.advance(hours=24)
        self.up.release("acme/kit", f"9.9.{self.up.world.now.day}")
        settings = Settings(**self._values, HEARTBEAT_NOW=self.up.world.now, _env_file=None)
        plan = planning.make_plan(settings, planning.open_catalog(settings), self.up.world.now - timedelta(days=90))
        outcome = collect_plan(plan, settings)[0].outcomes["releases"]
        with open_warehouse(settings.home) as connection:
            replace_catalog(connection, steps.make_catalog_rows(planning.open_catalog(settings)))
            load_new_files(connection, open_zone(settings.landing_url), settings.clock())
            build_conformed(connection, "github__releases", "warnings", "channels")
            flags = connection.execute("select distinct is_prerelease from staging.github__releases").fetchall()
            rows = connection.sql("from staging.warnings left join staging.channels using (channel_id)")
            warnings = [row for row in rows.to_arrow_table().to_pylist() if row["warning_kind"] == "key changed"]
        seen = Evidence(HEALTHY, [], [], warnings, None, "", None, self.up.world.now)
        self.state = advance(self.state, judge_conditions(seen), self.up.world.now, place_count=1)
        self.messages += [f"{message.title}\n{message.body}" for message in self.state.outbox]
        self.state = self.state.change(outbox=())
        return outcome.state, warnings, flags


def test_a_flag_that_becomes_an_object_counts_as_no_and_is_told_once(up: Upstream, tmp_path: Path) -> None:
    """The visits go on, and every other field is right."""
    home = _Home(up, tmp_path)
    assert home.visit()[:2] == ("complete", [])
    rule = up.fail("github", r"/releases\?", _wrap_flag)
    state, warnings, _ = home.visit()
    assert home.visit()[1] and len(home.messages) == 1
    rule.stop()

    assert state == "complete" and home.visit()[1] == [] and len(home.messages) == 1
    assert [(row["thing"], row["about"], row["seen_names"]) for row in warnings] == [
        ("releases", "prerelease of releases", ["an object", "true or false"])
    ]
    told = describe_warning(warnings[0])
    assert told.where == "acme.github.acme-kit releases" and told.sentence.removesuffix(".") in home.messages[0]
    assert re.fullmatch(
        "the key 'prerelease' of releases is an object instead of true or false, [0-9]+ times", told.finding
    )
    assert "Each change is reported once." in home.messages[0]
