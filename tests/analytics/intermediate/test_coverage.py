"""What was collected, what was not, and why a family has no figure: never a zero, never a missing row."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.worlds.figures import PUBLIC, Figures, figures
from tests.worlds.rows import NOW, Rows, cut, measure, one
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse

KINDS = ("tracker", "forum", "subreddit", "tag", "status", "hub", "changelog", "deprecations", "packages", "prices")


def _collections(*runs: tuple[str, int, str, int, int | None]) -> dict[str, Any]:
    """The collection that comes of runs of (run, part, state, rows, expected), an hour apart."""
    connection = empty_warehouse()
    for place, (run, part, state, rows, expected) in enumerate(runs):
        connection.execute(
            "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, finished_at, state, "
            "rows, expected, requests, points, error, load_id) "
            "values ('c', 'github', 'issues', ?, ?, ?, ?, ?, ?, ?, 7, 0, ?, 1)",
            [
                run,
                part,
                datetime(2026, 1, 1, place),
                datetime(2026, 1, 1, place),
                state,
                rows,
                expected,
                "it broke" if state == "failed" else "",
            ],
        )
    build_conformed(connection, "collections")
    (row,) = connection.sql("from staging.collections").to_arrow_table().to_pylist()
    return dict(row)


def test_a_complete_visit_covers_everything() -> None:
    """Unchanged is complete too: the source itself said that nothing is new."""
    row = _collections(("a", 0, "complete", 90, 100), ("b", 0, "unchanged", 0, None))

    assert cut(row, "coverage_share", "as_of_at", "last_state", "expected") == (
        1,
        datetime(2026, 1, 1, 1),
        "unchanged",
        None,
    )


def test_a_partial_visit_covers_its_part_in_all_its_files() -> None:
    """Two landed parts of one run are one visit: 30 and 20 of 200."""
    row = _collections(("a", 0, "partial", 30, 200), ("a", 1, "partial", 20, 200))

    assert cut(row, "coverage_share", "as_of_at", "last_state") == (0.25, None, "partial")


def test_a_file_that_was_landed_twice_is_no_second_part() -> None:
    """Else a copy of a landed file would make half of a visit look like the whole."""
    row = _collections(("a", 0, "partial", 30, 200), ("a", 1, "partial", 20, 200), ("a", 1, "partial", 20, 200))

    assert cut(row, "coverage_share", "requests") == (0.25, 14)


def test_a_failed_visit_takes_nothing_away() -> None:
    """The last good one still counts, with its age; the failure is shown."""
    row = _collections(("a", 0, "complete", 5, 5), ("b", 0, "failed", 0, None))

    assert cut(row, "coverage_share", "as_of_at", "last_state", "last_error") == (
        1,
        datetime(2026, 1, 1),
        "failed",
        "it broke",
    )
    assert row["last_run_at"] == datetime(2026, 1, 1, 1) and row["first_run_at"] == datetime(2026, 1, 1)


def test_what_was_never_reached_has_no_coverage() -> None:
    """Empty, not 0: nothing is known of how much there is."""
    assert cut(_collections(("a", 0, "failed", 0, None)), "coverage_share", "as_of_at") == (None, None)
    assert cut(_collections(("a", 0, "partial", 0, 0)), "coverage_share", "as_of_at") == (None, None)


@pytest.fixture(scope="module")
def bare() -> Figures:
    """All figures of three families of which nothing was collected."""
    rows = Rows()
    for family, side in (("bare", "open"), ("absent", "proprietary"), ("broken", "open")):
        rows.family(family, side)
    rows.add("absences", family_id="absent", channel_kind="offers", state="closed by policy", why="Its vendor says no.")
    for kind in KINDS:
        rows.add("absences", family_id="absent", channel_kind=kind, state="closed by policy", why="Its vendor says no.")
        rows.channel(
            "broken", {"tracker": "sdk"}.get(kind, kind), kind, as_of_at=None, coverage=None, error="503 five times"
        )
    return figures(measure(rows, *PUBLIC))


@pytest.mark.slow
@pytest.mark.parametrize("metric", PUBLIC)
def test_every_family_is_in_every_metric(bare: Figures, metric: str) -> None:
    """With a state and a reason if there is no figure, and no value beside such a state."""
    absent, broken = ([row for row in bare[metric] if row["family_id"] == name] for name in ("absent", "broken"))
    states = {(row["family_id"], row["state"]) for row in bare[metric]}

    assert states == {("bare", "not collected"), ("absent", "closed by policy"), ("broken", "not collected")}
    assert {row["side"] for row in absent} == {"proprietary"}
    visited = [row for row in broken if row["channel_role"] == "all" and row["channel_kind"] in KINDS]
    assert all("server error" in row["note"] and "503" not in row["note"] for row in visited)
    assert all(row["note"] == "Its vendor says no." for row in absent)
    assert all(cut(row, "value", "low", "high", "n") == (None, None, None, 0) for row in bare[metric])


def test_a_group_is_as_old_as_its_oldest_channel_and_covers_the_mean() -> None:
    """One channel half read and one never reached leave a quarter, and the note names the missing one."""
    rows = Rows()
    family = rows.family("family")
    rows.channel(family, coverage=0.5, as_of_at=NOW - timedelta(days=9))
    lost = rows.channel(family, as_of_at=None, coverage=None, error="404")
    row = one(measure(rows), "channel_coverage", subject="threads", channel_kind="tracker", channel_role="all")

    assert cut(row, "coverage_share", "as_of_at", "channels_count") == (0.25, NOW - timedelta(days=9), 2)
    assert row["coverage_note"] == f"Not collected: target-of-{lost} (server error)."
    rows.channel(family, as_of_at=None, coverage=None, error="503")
    more = one(measure(rows), "channel_coverage", subject="threads", channel_kind="tracker", channel_role="all")
    assert more["coverage_note"] == f"Not collected: target-of-{lost} (server error) and others."


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("denied", "denied"),
        ("none", "not read to the end yet"),
        ("unknown", "cause not recorded"),
        (None, "not visited yet"),
    ],
)
def test_the_note_of_a_group_has_the_kind_of_the_fault_and_no_word_of_the_error(fault: str | None, words: str) -> None:
    """Figures are passed on, and an error can name hosts and folders of the machine that collects."""
    rows = Rows()
    lost = rows.channel(rows.family("family"), as_of_at=None, coverage=None, error="git.corp.example is 10.1.2.3")
    for visited in rows.tables["collections"]:
        visited["last_fault"] = fault
    row = one(measure(rows), "channel_coverage", subject="threads", channel_kind="tracker", channel_role="all")
    assert row["coverage_note"] == f"target-of-{lost}: {words}"


def test_threads_are_covered_where_it_was_seen_whether_they_were_answered() -> None:
    """Of 400 held in one channel 33 could be seen, and of 100 held in one half read all: 133 of 600. One never read
    leaves two thirds of that."""
    rows = Rows()
    family = rows.family("family")
    first, half = rows.channel(family), rows.channel(family, coverage=0.5)
    for number in range(400):
        rows.thread(first, has_all_replies=number < 33)
        if number < 100:
            rows.thread(half, [(1, "staff")], has_all_replies=False)
    shares = [
        one(measure(rows), "channel_coverage", subject=subject, channel_kind="tracker", channel_role="all")[
            "coverage_share"
        ]
        for subject in ("threads", "issues")
    ]
    rows.channel(family, as_of_at=None, coverage=None, error="404")
    less = one(measure(rows), "channel_coverage", subject="threads", channel_kind="tracker", channel_role="all")

    assert shares == pytest.approx([133 / 600, 0.75])
    assert less["coverage_share"] == pytest.approx(133 / 600 * 2 / 3)


def test_what_reddit_leaves_out_is_said_beside_its_figures() -> None:
    """A visit can be whole, and its figures are bounded all the same; no other kind of channel says so."""
    rows = Rows()
    family = rows.family("family")
    rows.channel(family, "subreddit", "subreddit")
    rows.channel(family)
    measured = measure(rows)
    said = one(measured, "channel_coverage", subject="threads", channel_kind="subreddit", channel_role="all")
    assert "last 180 days" in said["coverage_note"] and "very large threads" in said["coverage_note"]
    assert "only link elsewhere" in said["coverage_note"]
    other = one(measured, "channel_coverage", subject="threads", channel_kind="tracker", channel_role="all")
    assert other["coverage_note"] is None


def test_items_passed_over_lower_the_coverage_by_their_share() -> None:
    """Of what the source counts in the window, or of all rows that came if it counts nothing."""
    with empty_warehouse() as connection:
        for thing, total, older, rows_count in (("issues", 50, 10, 20), ("posts", None, None, 20)):
            connection.execute(
                "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows, total,"
                " older, passed_over, fault, load_id) values ('c', 's', ?, 'r', 0, ?, 'complete', ?, ?, ?, 2,"
                " 'items skipped', 1)",
                [thing, NOW, rows_count, total, older],
            )
        build_conformed(connection, "collections")
        found = connection.sql("select thing, coverage_share, passed_over_count from staging.collections").fetchall()
    assert sorted(found) == [("issues", 0.95, 2), ("posts", 0.9, 2)]
