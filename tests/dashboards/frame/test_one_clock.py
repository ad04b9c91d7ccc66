"""One clock: commands and pages tell the same ages of one home, and each kind of source ages in its own time."""

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards.evidence import data
from dashboards.frame import snapshot_reader
from dashboards.frame.freshness import judge_freshness
from dashboards.frame.view import View
from dashboards.words.numbers import SOURCES
from pipelines import cli
from tests.worlds.page_worlds import LATER, NOW
from warehouse.freshness import (
    FRESH_HOURS,
    USUAL,
    Limits,
    describe_freshness,
    format_with_age,
    is_fact_old,
    judge_condition,
    judge_lateness,
    read_limits,
)
from warehouse.settings import Settings, SettingsError
from warehouse.wording import GAP

ROW: dict[str, Any] = {"last_state": "complete", "cadence_hours": 1.0, "as_of_at": NOW.replace(tzinfo=None)}


@pytest.mark.parametrize(("state", "now"), [("sample", NOW), ("live", NOW), ("stale", LATER), ("failed", NOW)])
def test_terminal_and_page_tell_the_same_ages(
    state: str,
    now: datetime,
    state_home: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same sentence in the mark and `status`; the same counts of collections and of facts."""
    monkeypatch.setattr(cli, "exit_now", sys.exit)
    monkeypatch.setenv("HEARTBEAT_HOME", str(state_home(state)))
    # The sample world stands still, whatever the clock says.
    monkeypatch.setenv("HEARTBEAT_NOW", ("2027-03-01T00:00Z" if state == "sample" else now.isoformat()))

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["heartbeat", *words])
        with pytest.raises(SystemExit):
            cli.run()
        return capsys.readouterr().out

    snapshot = snapshot_reader.newest_snapshot()
    assert snapshot is not None
    present = snapshot_reader.current_time(snapshot)
    page = View(snapshot, present, snapshot_reader.load_families(snapshot))
    status, stated = json.loads(run("status", "--json")), data.story(page).answer.replace("*", "")
    label, colour = judge_freshness(snapshot, present)
    things = status["things"]
    fresh = sum(thing["condition"] == "complete" for thing in things)

    assert present == now == datetime.fromisoformat(status["told_at"])
    assert (label, colour) == (status["freshness"], status["colour"])
    assert label in run("status").splitlines()
    counted = f"All {fresh}" if fresh == len(things) else f"{fresh} of {len(things)}"
    verb = "is" if fresh == 1 else "are"
    assert f"{counted} collections {verb} complete and fresh" in stated
    assert f"from {format_with_age(datetime.fromisoformat(min(thing['as_of_at'] for thing in things)), now)}." in stated
    count, old = status["facts"]["count"], status["facts"]["old_count"]
    assert data.describe_old_facts(page).startswith(f"; {old} old fact" if old else "") and count > old


@pytest.mark.parametrize(
    ("source", "cadence", "fresh_hours"),
    [("status", 1, 6), ("reddit", 12, 24), ("prices", 24, 48), ("github", 96, 192), ("changelog", 168, 336)],
)
def test_each_kind_of_source_has_its_own_time(source: str, cadence: float, fresh_hours: int) -> None:
    """An hour after its time it is late, after three times that overdue, unless the operator says otherwise; a channel
    that is visited rarely gets two visits' time. What failed says so first, however old its data are."""
    row = ROW | {"source": source, "cadence_hours": cadence}

    def judge(hours: float, limits: Limits = USUAL) -> list[str]:
        lateness = judge_lateness(row, NOW + timedelta(hours=hours), limits)
        return [lateness, judge_condition(row, lateness)]

    assert judge(fresh_hours) == ["fresh", "complete"] and judge(fresh_hours + 1) == ["stale", "stale"]
    assert judge(3 * fresh_hours) == ["stale", "stale"] and judge(3 * fresh_hours + 1) == ["overdue", "overdue"]
    chosen = read_limits(Settings(HEARTBEAT_FRESHNESS=f" {source}=1:2.5 ,", _env_file=None))
    assert [judge(hours, chosen)[0] for hours in (1, 1.1, 2.6)] == ["fresh", "stale", "overdue"]
    assert judge_condition(row | {"last_state": "failed"}, "overdue") == "failed"


@pytest.mark.parametrize("wrong", ["github", "github=2", "git=1:2", "github=9:2", "github=1:2 status=1:2"])
def test_limits_that_cannot_be_read_are_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"HEARTBEAT_FRESHNESS.*source=late:overdue.*github.*status"):
        read_limits(Settings(HEARTBEAT_FRESHNESS=wrong, _env_file=None))


def test_every_source_that_is_collected_has_a_time() -> None:
    assert set(FRESH_HOURS) == set(SOURCES)


def test_a_fact_read_by_hand_is_relied_on_for_half_a_year() -> None:
    assert not is_fact_old(date(2026, 6, 4), NOW) and is_fact_old(date(2026, 6, 3), NOW)


def test_the_age_of_the_data_is_one_sentence() -> None:
    """And the present instant needs no age; of one collection it said "All 1 collections are fresh"."""
    earlier = ROW["as_of_at"] - timedelta(hours=3)
    rows = [ROW | {"condition": "complete"}, ROW | {"condition": "complete", "as_of_at": earlier}]
    late = [rows[0], rows[1] | {"condition": "stale"}]

    assert describe_freshness(rows[:1], NOW) == "The only collection is fresh"
    never = [ROW | {"condition": "never", "as_of_at": None}]
    assert describe_freshness(never, NOW) == "The only collection never visited"
    assert describe_freshness(rows, NOW) == f"All 2 collections are fresh; oldest data from 3{GAP}h ago"
    assert describe_freshness(rows[:1], NOW, is_sample=True) == "Sample: the only collection is fresh"
    assert describe_freshness(late, NOW) == f"1 of 2 collections late; oldest data from 3{GAP}h ago"
    assert format_with_age(NOW, NOW.astimezone(UTC)) == "1 Dec 2026 06:00 UTC"
    assert re.search(rf"\(7{GAP}d ago\)$", format_with_age(NOW, LATER))
