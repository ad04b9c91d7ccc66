"""Ranks and differences as tables of a build, of worlds made by hand."""

from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, measure

HOW = {"metric": "closed_unhelped_share", "channel_kind": "tracker", "window": "365d"}
CLOSED: dict[str, Any] = {"state": "closed", "closed_by_role": "bot", "has_all_replies": True}


def _add(rows: Rows, family: str, unanswered: int, role: str = "sdk", **cells: Any) -> str:
    """A family of 100 threads over ten weeks that a bot closed, so many of which nobody answered."""
    channel = rows.channel(family, role)
    for number in range(100):
        replies = [] if number % 20 < unanswered / 5 else [(1, "staff")]
        rows.thread(
            channel,
            replies,
            age_hours=1000 + 17 * number,
            question_type="getting it to run",
            language="en",
            **CLOSED | cells,
        )
    return channel


def test_ranks_are_of_adjusted_figures_and_the_order_of_rows_changes_nothing() -> None:
    """Less is better here; the near ones cannot be distinguished, the far one can."""
    tables = []
    for order in (1, -1):
        rows = Rows()
        for family, unanswered in [("near", 5), ("nearer", 10), ("far", 60)][::order]:
            _add(rows, rows.family(family), unanswered)
        tables.append(sorted(found(measure(rows), "family_ranks", **HOW), key=lambda row: row["family_id"]))
    far, near, nearer = tables[0]

    assert tables[0] == tables[1]
    assert cut(near, "rank", "rank_low", "rank_high", "level_count") == (1, 1, 2, 1)
    assert cut(nearer, "rank", "level_count") == (2, 1)
    assert cut(far, "rank", "rank_low", "rank_high", "level_count") == (3, 3, 3, 0)
    # All are asked the same, so that nothing is adjusted.
    assert [row["adjusted_value"] for row in tables[0]] == pytest.approx([0.6, 0.05, 0.1])
    assert all(0 <= row["adjusted_low"] < row["adjusted_value"] < row["adjusted_high"] for row in tables[0])


def test_a_family_is_ranked_as_if_it_were_asked_what_the_others_are() -> None:
    """Two families leave the same share of models' and of libraries' questions alone, yet one is asked more about
    models: like for like they are level. One whose role nobody else has is not ranked."""
    rows = Rows()
    for family, shares in (("libraries", (3, 1)), ("models", (1, 3))):
        rows.family(family)
        for role, unanswered, times in (("sdk", 10, shares[0]), ("model", 60, shares[1])):
            for _ in range(times):
                _add(rows, family, unanswered, role)
    _add(rows, rows.family("alone"), 20, "runtime")
    con = measure(rows)
    libraries, models = sorted(found(con, "family_ranks", **HOW), key=lambda row: row["family_id"])
    own = {name: libraries[name] for name in ("segment", "statistic", "channel_kind", "window")}
    counted = found(con, "closed_unhelped_share", channel_role="all", **own)

    assert {row["family_id"]: row["value"] for row in counted} == {"alone": 0.2, "libraries": 0.225, "models": 0.475}
    assert libraries["adjusted_value"] == pytest.approx(models["adjusted_value"]) == pytest.approx(0.35, abs=0.001)


def test_sides_without_a_common_role_are_in_unlike_places() -> None:
    rows = Rows()
    _add(rows, rows.family("open"), 20, "model")
    _add(rows, rows.family("other", "proprietary"), 20, "sdk")

    assert found(measure(rows), "matched_differences", metric="closed_unhelped_share", window="365d") == []
