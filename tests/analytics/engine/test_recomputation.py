"""Figures recomputed from the conformed tables in other code agree with those published, and a wrong one is found."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.tools.recomputation.estimators import Line
from tests.tools.recomputation.from_items import compare_items
from tests.tools.recomputation.from_staging import recompute
from tests.tools.recomputation.staged import Staged
from tests.worlds.rows import NOW, Row, Rows, found, measure, tell_labels

METRICS = (
    "open_age_days", "staff_answer_share", "bot_share",
    "answered_share", "first_response_hours", "release_gap_days", "release_regularity_ratio", "stars_count",
    "likes_count", "incident_rate", "change_closure_ratio",
)  # fmt: skip


def _fill_world() -> Rows:
    """One tracker with threads of every fate, changes, releases and a status page; other channels have nothing."""
    rows = Rows()
    family = rows.family("family")
    tracker, page = rows.channel(family), rows.page(family, NOW - timedelta(days=300))
    for number in range(90):
        replies = [(1 + number % 30, ("staff", "outsider", "bot", "asker")[number % 4])] if number % 3 else []
        closed_at = NOW - timedelta(hours=2000 - 7 * number)
        ends: Row = {"state": "closed", "closed_at": closed_at, "first_closed_at": closed_at, "has_all_fields": True}
        rows.thread(tracker, replies, age_hours=3000 + 40 * number, **(ends if number % 2 else {}))
        rows.add(
            "changes", change_id=f"{tracker}#{1000 + number}", channel_id=tracker, family_id=family, channel_role="sdk",
            author_role="outsider", opened_at=NOW - timedelta(days=number), seen_at=NOW,
            closed_at=NOW - timedelta(days=number / 2) if number % 2 else None,
        )  # fmt: skip
    part = rows.channel(rows.family("seen in part"))
    for number in range(80):
        replies = [(1 + number % 30, "outsider")] if number % 3 and number > 1 else []
        rows.thread(part, replies, age_hours=3000 + 40 * number, has_all_replies=number > 1)
    for number in range(30):
        rows.incident(page, NOW - timedelta(days=9.5 * number, hours=number), 2.0)
        rows.add(
            "releases", release_id=f"v{number}", channel_id=tracker, family_id=family, channel_role="sdk",
            released_at=NOW - timedelta(days=number**1.5), is_prerelease=False,
        )  # fmt: skip
    return rows


def test_figures_agree_with_other_code() -> None:
    """Items, windows, roles, weeks, curves and limits are all made anew, and so are the bounds of what was not seen; no
    figure may differ."""
    con = measure(_fill_world(), *METRICS)
    lines = {line.name: line for line in recompute(Staged(con))}
    differing = {name: (line.compared, line.worst_value, line.worst_limit) for name, line in lines.items()
                 if line.differing}  # fmt: skip

    assert differing == {}
    compared = {name.split()[0] for name, line in lines.items() if line.compared}
    assert set(METRICS) - compared == {"stars_count", "likes_count"}
    told = "note like '%For 2% questions it is not%'"
    assert con.sql(f"from metrics.answered_share where value is not null and {told}").fetchall()


def test_shares_that_labels_put_right_agree_with_other_code() -> None:
    """The shift is that of the side's own labels, or of all where it has none, and the error adds to that of chance."""
    rows = Rows()
    for side in ("open", "proprietary"):
        tracker = rows.channel(rows.family(side, side=side))
        for number in range(60):
            kind = "getting it to run" if number % 3 else "using it"
            rows.thread(tracker, age_hours=3000 + 40 * number, question_type=kind)
    con = measure(rows)
    labelled = {"feature": "question_type=getting it to run", "part": "opener", "channel_kind": "tracker"}
    for side, shift, variance in (("all", 0.04, 0.0004), ("open", -0.2, 0.002)):
        own = {"side": side, "labelled_count": 80, "shift": shift, "shift_variance": variance}
        tell_labels(con, "metrics.reading_errors", **labelled, **own)
    for name in ("question_mix_share", "item_clusters"):
        found(con, name)
    (line,) = compare_items(con, "share", "question_mix_share")

    assert (line.compared, line.differing) == (40, 0)
    values = con.sql(
        "select distinct side, round(value, 2) from metrics.question_mix_share"
        " where value is not null and statistic = 'getting it to run' order by all"
    )
    assert values.fetchall() == [("open", 0.47), ("proprietary", 0.71)]


@pytest.mark.parametrize("column", ["value", "low", "high"])
def test_a_figure_that_differs_is_counted(column: str) -> None:
    """One thousandth off is no agreement."""
    line = Line("some_share")
    line.take(SimpleNamespace(**{"value": 0.5, "low": 0.4, "high": 0.6, column: 0.501}), (0.5, 0.4, 0.6))

    assert (line.compared, line.differing) == (1, 1)
