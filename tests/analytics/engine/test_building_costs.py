"""What the benchmark of building says besides times, which no test holds: figures, and what was made."""

from pathlib import Path

import duckdb
import pytest

from tests.tools import building
from tests.tools.building import FULL, NOTHING, check_figures, measure_building, measure_step, open_home
from tests.tools.threads_world import CHANGES, change_rows, fill_world
from tests.worlds.figures import figures

pytestmark = pytest.mark.slow
THREADS = 300


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a full build of few threads, to which an issue and an incident changed."""
    home = tmp_path_factory.mktemp("home")
    with open_home(home) as connection:
        fill_world(connection, THREADS)
    assert measure_step(home, FULL)["figures"]["metrics"] > 40
    with open_home(home) as connection:
        assert check_figures(connection, ["one issue", "one incident"]) == []
    return home


def test_most_metrics_of_the_world_have_figures_to_compare(home: Path) -> None:
    """What it has no rows for (packages, notices, models) is left out; holes are equal to holes."""
    with open_home(home) as connection:
        measured = {
            name for name, rows in figures(connection).items() if any(row["state"] == "measured" for row in rows)
        }
    assert len(measured) > 30


def test_most_threads_of_the_world_are_answered_by_others(home: Path) -> None:
    """As in trackers and forums; what only answers cost would otherwise not be measured."""
    with open_home(home) as connection:
        shares = connection.execute(
            "select count(first_anyone_at) / count(*), avg(cast(turn_role = 'asker' as int))"
            " from metrics.thread_responses left join metrics.thread_turns using (thread_id)"
        ).fetchone()
    assert shares is not None and shares[0] > 0.8 and 0.1 < shares[1] < 0.5


def test_each_step_makes_what_it_can_change(home: Path) -> None:
    """A price makes some tables anew; without news no table is made."""
    price = measure_step(home, "one price")
    assert price["figures"]["metrics"] > 0 and price["slowest"]
    nothing = measure_step(home, NOTHING)["figures"]
    assert (nothing["tables"], nothing["metrics"]) == (0, 0) and nothing["seconds"] > 0 and nothing["memory"] > 50


def test_changes_are_rows_of_a_later_load(home: Path) -> None:
    """Each changes some rows, and a hundredth is no single one."""
    with open_home(home) as connection:
        connection.execute("begin")
        counts = {change: change_rows(connection, change) for change in CHANGES}
        connection.execute("rollback")
    assert counts == {"one issue": 1, "one incident": 1, "one price": 1, "1 % of threads": counts["1 % of threads"]}
    assert 1 < counts["1 % of threads"] < THREADS / 20


def test_a_figure_that_a_full_build_gives_otherwise_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A millionth of a price is found; a change of the last digits is none."""

    def change(connection: duckdb.DuckDBPyConnection, full: bool) -> None:
        connection.execute("update metrics.price_usd set value = value * 1.000001")
        connection.execute("update metrics.first_response_hours set value = value * 1.0000000000001")

    monkeypatch.setattr(building, "build_tables", change)
    with open_home(home) as connection:
        connection.execute("begin")
        assert check_figures(connection, []) == ["price_usd"]
        connection.execute("rollback")


def test_figures_that_differ_end_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is timed that is not right."""
    monkeypatch.setattr(building, "run_apart", lambda *_: {"one price": ["price_usd"]})
    with pytest.raises(SystemExit, match=r"one price.*price_usd"):
        measure_building(THREADS, times=1)
